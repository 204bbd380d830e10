"""The files of an edition, as `files.json` beside them lists them, sent in whole or in part."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import msgspec

LIST, FOLDER = "files.json", "files"
PIECE = 64 * 1024

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}")
_RANGE = re.compile(rb"bytes=([0-9]{0,15})-([0-9]{0,15})")
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?charset=utf-8)?")

Headers = list[tuple[bytes, bytes]]


class EditionFile(msgspec.Struct, frozen=True):
    """One file that everybody may take; `title` is by language."""

    name: str
    title: dict[str, str]
    bytes: int
    sha256: str
    media_type: str
    language: str | None = None


def read_files(database: Path) -> list[EditionFile]:
    """The files of the generation whose database this is; none while there is no list."""
    folder = database.parent / FOLDER
    try:
        found = msgspec.json.decode((folder / LIST).read_bytes(), type=list[EditionFile])
    except (OSError, msgspec.MsgspecError):
        return []
    # security: names are taken to a folder; only plain ones are
    return [
        each
        for each in found
        if _NAME.fullmatch(each.name) and _TYPE.fullmatch(each.media_type) and _stands(folder, each)
    ]


def stamp_of_list(database: Path) -> int:
    """When the list of files changed last; 0 while there is none."""
    try:
        return (database.parent / FOLDER / LIST).stat().st_mtime_ns
    except OSError:
        return 0


def path_of(database: Path, file: EditionFile) -> Path:
    """Where a listed file lies."""
    return database.parent / FOLDER / file.name


async def send_file(
    scope: Any, send: Any, database: Path, file: EditionFile, headers: Headers
) -> None:
    """Send a listed file, or the part that was asked for; 304 to whoever has it."""
    tag = b'"' + file.sha256[:32].encode("ascii", "ignore") + b'"'
    kept = [(k, v) for k, v in headers if k not in (b"etag", b"vary")]
    kept += [(b"etag", tag), (b"accept-ranges", b"bytes")]
    if _header(scope, b"if-none-match") == tag:
        await _begin(send, 304, kept)
        await send({"type": "http.response.body", "body": b""})
        return
    status, first, last = _asked(scope, file.bytes, tag)
    kept += _about(file)
    if status == 416:
        kept = [*kept, (b"content-range", b"bytes */%d" % file.bytes)]
        await _begin(send, 416, [*kept, (b"content-length", b"0")])
        await send({"type": "http.response.body", "body": b""})
        return
    if status == 206:
        kept.append((b"content-range", b"bytes %d-%d/%d" % (first, last, file.bytes)))
    await _begin(send, status, [*kept, (b"content-length", b"%d" % (last - first + 1))])
    if scope["method"] != "HEAD":
        async for piece in _pieces(path_of(database, file), first, last):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _asked(scope: Any, size: int, tag: bytes) -> tuple[int, int, int]:
    """The status, the first and the last byte; a range that is none is the whole."""
    found = _RANGE.fullmatch(_header(scope, b"range"))
    if not found or found.groups() == (b"", b"") or _header(scope, b"if-range") not in (b"", tag):
        return 200, 0, size - 1
    begin, end = found.groups()
    if not begin:
        first, last = max(size - int(end), 0), size - 1
        return (206, first, last) if int(end) else (416, 0, 0)
    first, last = int(begin), min(int(end) if end else size - 1, size - 1)
    return (416, 0, 0) if first > last else (206, first, last)


async def _pieces(path: Path, first: int, last: int) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as source:
        await source.seek(first)
        left = last - first + 1
        while left > 0 and (piece := await source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def _about(file: EditionFile) -> Headers:
    named = f'attachment; filename="{file.name}"'.encode("ascii")
    about = [(b"content-type", file.media_type.encode("ascii")), (b"content-disposition", named)]
    # a browser must not take what is to be saved for a page
    return [*about, (b"x-content-type-options", b"nosniff"), (b"x-robots-tag", b"noindex")]


def _stands(folder: Path, file: EditionFile) -> bool:
    path = folder / file.name
    try:
        return not path.is_symlink() and path.stat().st_size == file.bytes
    except OSError:
        return False


def _header(scope: Any, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key.lower() == name), b"")


async def _begin(send: Any, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
