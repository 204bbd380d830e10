"""MP4: boxes read strictly; what tells of people, places and times is overwritten where it stands.

Nothing moves, so that what is filmed is found where its table says.
"""

import shutil
import struct
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import msgspec

from portal.uploads.rules import refuse
from portal.uploads.tracks import (
    CONTAINERS,
    DETAILS,
    EMPTIED,
    KEPT,
    Table,
    details_at,
    is_picture,
    used,
)

_CHUNK = 1024 * 1024
_TOP = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"pdin"}
    | {b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"emsg", b"prft"}
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
        _forget_unused(film, top, list(_chunks(film, found, size)))
        for box in found:
            _forget_in(film, box)
        measured = _measure(film, found)
    if zipfile.is_zipfile(target):
        raise refuse("polyglot", kind="MP4")
    return measured


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
        if box.word in CONTAINERS:
            yield from _all_boxes(film, list(boxes(film, box.body, box.end)), depth + 1)


def _chunks(film: BinaryIO, found: list[Box], size: int) -> Iterator[tuple[int, int]]:
    """Where the pieces of all tracks begin and end; every one has to be in the file."""
    tables = [Table()]
    for box in found:
        if box.word == b"trak":
            tables.append(Table())
        elif box.word in (b"stco", b"co64"):
            tables[-1].places, tables[-1].is_wide = _content(film, box), box.word == b"co64"
        elif box.word == b"stsc":
            tables[-1].runs = _content(film, box)
        elif box.word == b"stsz":
            tables[-1].sizes = _content(film, box)
        elif box.word == b"stz2":
            tables[-1].small_sizes = _content(film, box)
    for table in tables:
        for begin, end in used(table):
            if begin >= size or end > size:
                raise refuse("cut")
            yield begin, end


def _forget_unused(film: BinaryIO, top: list[Box], chunks: list[tuple[int, int]]) -> None:
    """Zero what stands among pictures and sound and belongs to no track."""
    is_in_pieces = any(box.word == b"moof" for box in top)
    chunks.sort()
    for before, box in pairwise(top):
        if box.word != b"mdat":
            continue
        inside = [each for each in chunks if box.body <= each[0] < box.end]
        if is_in_pieces and (before.word == b"moof" or inside):
            continue
        at = box.body
        for begin, end in inside:
            if begin > at:
                _zero(film, at, begin)
            at = max(at, end)
        _zero(film, min(at, box.end), box.end)


def _forget_in(film: BinaryIO, box: Box) -> None:
    if box.word in _BLANKED or box.word not in KEPT:
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
        _zero(film, box.body + 12, box.end)
    elif box.word == b"dref":
        for entry in boxes(film, box.body + 8, box.end):
            _keep_inside(film, entry)
    elif box.word == b"stsd":
        for entry in boxes(film, box.body + 8, box.end):
            _forget_described(film, entry)


def _keep_inside(film: BinaryIO, source: Box) -> None:
    """Pictures and sound come from the film itself, not from an address or another file."""
    film.seek(source.body)
    flags = film.read(4)
    if source.word not in (b"url ", b"urn ", b"alis") or not flags[-1] & 1:
        raise refuse("remote")
    _zero(film, source.body + 4, source.end)


def _forget_described(film: BinaryIO, entry: Box) -> None:
    film.seek(entry.body + 8)
    at = details_at(entry.word, int.from_bytes(film.read(2), "big"))
    if entry.word in EMPTIED:
        _zero(film, entry.body + 8, entry.end)
        return
    if at is None or entry.body + at > entry.end:
        raise refuse("damaged")
    if is_picture(entry.word):
        _zero(film, entry.body + _PACKER_AT, entry.body + _PACKER_AT + 32)
    _forget_details(film, entry.body + at, entry.end)


def _forget_details(film: BinaryIO, at: int, end: int, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise refuse("damaged")
    while end - at >= 8:
        box = next(boxes(film, at, end))
        if box.word == b"wave":
            _forget_details(film, box.body, box.end, depth + 1)
        elif box.word not in DETAILS and box.body < box.end:
            blank(film, box)
        at = box.end
    # a list may end with four zeros
    _zero(film, at, end)


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
