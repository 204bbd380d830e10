"""MP4: boxes read strictly; what tells of people, places and times is overwritten where it stands.

Nothing moves, so that what is filmed is found where its table says.
"""

import shutil
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from portal.uploads.rules import refuse

_CHUNK = 1024 * 1024
_TOP = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"pdin"}
    | {b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"emsg", b"prft"}
)
_CONTAINERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf", b"mfra"}
)
_BLANKED = frozenset({b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"emsg", b"prft"})
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
# what a track may hold: pictures, sound, words; others note the places while a camera runs
_TRACKS = frozenset({b"vide", b"soun", b"text", b"subt", b"sbtl", b"clcp", b"subp"})
_DEEPEST = 12
# of a picture's description: where the name of the program that packed it stands, in 32 bytes
_PACKER_AT = 42


class Box(msgspec.Struct, frozen=True):
    """A piece of a film: where its header and its content begin, and where it ends."""

    word: bytes
    start: int
    body: int
    end: int


def clean_film(path: Path, target: Path) -> tuple[int | None, int | None]:
    """Write an MP4 into a file without its notes; the width and height of its picture."""
    if zipfile.is_zipfile(path):
        raise refuse("polyglot", kind="MP4")
    shutil.copyfile(path, target)
    with target.open("r+b") as film:
        size = target.stat().st_size
        top = list(boxes(film, 0, size))
        words = [box.word for box in top]
        if words[0] != b"ftyp" or not set(words) <= _TOP:
            raise refuse("polyglot", kind="MP4")
        if b"moov" not in words or b"mdat" not in words:
            raise refuse("cut")
        found = list(_all_boxes(film, top))
        _refuse_outside(film, found, size)
        for box in found:
            _forget_in(film, box)
        return _measure(film, found)


def boxes(film: BinaryIO, at: int, end: int) -> Iterator[Box]:
    """The boxes between two places; `Invalid` unless they fill it exactly."""
    while at < end:
        film.seek(at)
        header = film.read(16)
        if len(header) < 8:
            raise refuse("cut")
        size, word = struct.unpack(">I4s", header[:8])
        body = at + 8
        if size == 1 and len(header) == 16:
            size, body = int.from_bytes(header[8:], "big"), at + 16
        elif size == 0:
            size = end - at
        if size < body - at:
            raise refuse("damaged")
        if at + size > end:
            raise refuse("cut")
        yield Box(word, at, body, at + size)
        at += size


def blank(film: BinaryIO, box: Box) -> None:
    """Make free space of a box, all zeros."""
    film.seek(box.start + 4)
    film.write(b"free")
    _zero(film, box.body, box.end)


def _all_boxes(film: BinaryIO, found: list[Box], depth: int = 0) -> Iterator[Box]:
    if depth > _DEEPEST:
        raise refuse("damaged")
    for box in found:
        yield box
        if box.word in _CONTAINERS:
            yield from _all_boxes(film, list(boxes(film, box.body, box.end)), depth + 1)


def _refuse_outside(film: BinaryIO, found: list[Box], size: int) -> None:
    """Every chunk of the film has to be in the file."""
    for box in found:
        if box.word not in (b"stco", b"co64"):
            continue
        content = _content(film, box)
        width = 4 if box.word == b"stco" else 8
        count = int.from_bytes(content[4:8], "big")
        places = content[8 : 8 + count * width]
        if len(places) != count * width:
            raise refuse("damaged")
        for at in range(0, len(places), width):
            if int.from_bytes(places[at : at + width], "big") >= size:
                raise refuse("cut")


def _forget_in(film: BinaryIO, box: Box) -> None:
    if box.word in _BLANKED:
        blank(film, box)
    elif box.word in _TIMED:
        # when it was made and changed, in 4 or 8 bytes each
        film.seek(box.body)
        is_long = film.read(1) == b"\1"
        _zero(film, box.body + 4, min(box.end, box.body + (20 if is_long else 12)))
    elif box.word == b"hdlr":
        film.seek(box.body + 8)
        if film.read(4) not in _TRACKS:
            raise refuse("track")
        _zero(film, box.body + 12, box.body + 24)
        _zero(film, box.body + 24, box.end)
    elif box.word == b"stsd":
        for entry in boxes(film, box.body + 8, box.end):
            if entry.word in (b"avc1", b"avc3", b"hvc1", b"hev1", b"mp4v", b"av01", b"vp09"):
                _zero(film, entry.body + _PACKER_AT, min(entry.end, entry.body + _PACKER_AT + 32))


def _measure(film: BinaryIO, found: list[Box]) -> tuple[int | None, int | None]:
    for box in found:
        if box.word == b"tkhd" and box.end - box.body >= 8:
            film.seek(box.end - 8)
            width, height = struct.unpack(">II", film.read(8))
            if width and height:
                return width >> 16, height >> 16
    return None, None


def _content(film: BinaryIO, box: Box) -> bytes:
    film.seek(box.body)
    return film.read(box.end - box.body)


def _zero(film: BinaryIO, begin: int, end: int) -> None:
    film.seek(begin)
    while begin < end:
        begin += film.write(bytes(min(_CHUNK, end - begin)))
