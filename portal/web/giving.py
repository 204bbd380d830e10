"""Give a stored file: in pieces from the disk, from where a broken download stopped.

A file is named by the hash of what is in it, so its tag is a strong one: a download goes on only
while the file is still the very same, and starts anew otherwise (RFC 9110, 13 and 14).
"""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio
import msgspec
from anyascii import anyascii
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.response import Stream

from portal.errors import Unavailable

log = logging.getLogger("portal")

CHUNK = 128 * 1024

# `**GIVES` of a handler: what it gives is packed already, and a packed range is no range
GIVES: dict[str, Any] = {"opt": {"is_given": True}}

_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]+")

# a player looks at the first two bytes before it asks for all
_PROBE = 2

Start = Callable[[], Awaitable[None]]


class Thing(msgspec.Struct, frozen=True):
    """What is given: a file on disk, its hash, its type, and the name to save it by.

    Without a name it is shown in its place: only for pictures that we made ourselves.
    """

    path: Path
    hash: str
    media_type: str
    name: str | None = None


class Part(msgspec.Struct, frozen=True):
    """The bytes that are given, both ends included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes these are."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The range begins behind the end."""


def give(
    request: Request[Any, Any, Any], thing: Thing, *, at_start: Start | None = None
) -> Response[Any]:
    """The file or the part that is asked for; `at_start` is awaited after a download's first part.

    Not after what only goes on with a download, asks for the headers, or has the file already.
    """
    size = _size_of(thing)
    box_in(request)
    headers = _headers(thing)
    if _has(request, thing):
        return Response(b"", status_code=304, headers=headers)
    try:
        part = part_of(_asked_range(request, thing), size)
    except Unsatisfiable:
        return _beyond(headers, size)
    given = part or Part(0, size - 1)
    headers["Content-Length"] = str(given.length)
    if part is not None:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    status = 200 if part is None else 206
    if request.scope.get("is_head"):
        return Response(b"", status_code=status, headers=headers, media_type=thing.media_type)
    begins = given.first == 0 and (part is None or given.length > _PROBE)
    return Stream(
        _read(thing.path, given),
        status_code=status,
        headers=headers,
        media_type=thing.media_type,
        background=BackgroundTask(at_start) if begins and at_start is not None else None,
    )


def box_in(request: Request[Any, Any, Any]) -> None:
    """Answer with the policy for files that people gave: a browser runs nothing of them.

    Set where the headers look: `request.state` would be a copy.
    """
    request.scope["state"]["is_given"] = True


def attachment(name: str) -> str:
    """The header by which a browser saves a file under a name of any script (RFC 6266, 8187)."""
    plain = _NOT_PLAIN.sub("_", anyascii(name))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def part_of(asked: str | None, size: int) -> Part | None:
    """The one part a `Range` asks for; None means the whole: no range, several, or nonsense."""
    found = _RANGE.fullmatch(asked or "")
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if not first:
        part = Part(max(size - int(last), 0), size - 1)
    elif last and int(last) < int(first):
        return None
    else:
        part = Part(int(first), min(int(last or size), size - 1))
    if part.length < 1:
        raise Unsatisfiable
    return part


def _size_of(thing: Thing) -> int:
    try:
        return thing.path.stat().st_size
    except OSError as error:
        log.error("a stored file is missing from the disk: %s", thing.hash)
        raise Unavailable from error


def _headers(thing: Thing) -> dict[str, str]:
    name = "inline" if thing.name is None else attachment(thing.name)
    return {
        "Accept-Ranges": "bytes",
        "Content-Disposition": name,
        "ETag": _tag(thing),
    }


def _tag(thing: Thing) -> str:
    return f'"{thing.hash}"'


def _has(request: Request[Any, Any, Any], thing: Thing) -> bool:
    tags = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    return "*" in tags or _tag(thing) in [tag.removeprefix("W/") for tag in tags]


def _asked_range(request: Request[Any, Any, Any], thing: Thing) -> str | None:
    """The `Range` of a request, unless it holds only for another file than there is now."""
    only_if = request.headers.get("if-range")
    if only_if is not None and only_if.strip() != _tag(thing):
        return None
    return request.headers.get("range")


def _beyond(headers: dict[str, str], size: int) -> Response[bytes]:
    del headers["Content-Disposition"]
    headers["Content-Range"] = f"bytes */{size}"
    return Response(b"", status_code=416, headers=headers, media_type="text/plain")


async def _read(path: Path, part: Part) -> AsyncIterator[bytes]:
    left = part.length
    async with await anyio.open_file(path, "rb") as opened:
        await opened.seek(part.first)
        while left > 0 and (chunk := await opened.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
