"""Packed files: opened only when nothing about them is strange, written without traces."""

import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from portal.uploads.rules import MOST_MEMBERS, MOST_RATIO, MOST_UNPACKED, refuse

_LOCAL_HEADER = 30
_END = 22
# what may stand after a packed part: its checksum and sizes, once more
_DESCRIPTOR = 24
_ENCRYPTED = 0x1
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def unpack(path: Path, kind: str) -> dict[str, bytes]:
    """What is in each part of a packed file, in order; `Invalid` when it could do harm."""
    try:
        with zipfile.ZipFile(path) as opened:
            members = opened.infolist()
            _refuse_many_or_large(path, members)
            _refuse_strange_names(members)
            _refuse_gaps(path, opened, members, kind)
            return {each.filename: opened.read(each) for each in members if not each.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise refuse("damaged") from error


def pack(target: Path, parts: Iterable[tuple[str, bytes]], plain: frozenset[str]) -> None:
    """Write parts so that the same ones always make the same bytes; `plain` are not compressed."""
    with zipfile.ZipFile(target, "w") as written:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            written.writestr(info, content)


def _refuse_many_or_large(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise refuse("too_many_parts", most=MOST_MEMBERS)
    unpacked = sum(each.file_size for each in members)
    if unpacked > min(MOST_UNPACKED, MOST_RATIO * path.stat().st_size):
        raise refuse("bomb")
    if any(each.flag_bits & _ENCRYPTED for each in members):
        raise refuse("encrypted")


def _refuse_strange_names(members: list[zipfile.ZipInfo]) -> None:
    if len({each.filename.casefold() for each in members}) < len(members):
        raise refuse("paths")
    for each in members:
        parts = each.orig_filename.split("/")
        is_link = stat.S_ISLNK(each.external_attr >> 16)
        is_strange = set(each.orig_filename) & set('\\:\0*?"<>|')
        if is_link or is_strange or ".." in parts or parts[0] == "":
            raise refuse("paths")


def _refuse_gaps(
    path: Path, opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], kind: str
) -> None:
    """Every byte belongs to a part or to the list of parts: nothing before, between or after."""
    at = 0
    with path.open("rb") as raw:
        for each in sorted(members, key=lambda each: each.header_offset):
            if not 0 <= each.header_offset - at <= (_DESCRIPTOR if at else 0):
                raise refuse("bomb" if each.header_offset < at else "polyglot", kind=kind)
            raw.seek(each.header_offset + _LOCAL_HEADER - 4)
            lengths = raw.read(4)
            extra = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
            at = each.header_offset + _LOCAL_HEADER + extra + each.compress_size
        listed = opened.start_dir
        if not 0 <= listed - at <= _DESCRIPTOR:
            raise refuse("polyglot", kind=kind)
        raw.seek(listed)
        rest = raw.read()
    end = rest.rfind(b"PK\x05\x06")
    size = int.from_bytes(rest[end + 12 : end + 16], "little")
    if end < size or end + _END + len(opened.comment) != len(rest):
        raise refuse("polyglot", kind=kind)
