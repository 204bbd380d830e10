"""Boxes of a film that may stay, and which bytes its tables say are pictures and sound."""

from collections.abc import Iterator

import msgspec

from portal.uploads.rules import refuse

CONTAINERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf", b"mfra"}
    | {b"dinf"}
)
# security: what stays; whatever else a camera or a program writes is overwritten
KEPT = CONTAINERS | frozenset(
    {b"ftyp", b"mdat", b"pdin", b"styp", b"sidx", b"ssix", b"free"}
    | {b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"elst", b"tref", b"elng", b"dref"}
    | {b"vmhd", b"smhd", b"hmhd", b"nmhd", b"sthd"}
    | {b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stsh", b"stsc", b"stsz", b"stz2"}
    | {b"stco", b"co64", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio", b"padb", b"stdp"}
    | {b"mehd", b"trex", b"leva", b"mfhd", b"tfhd", b"trun", b"tfdt", b"tfra", b"mfro"}
)
# how far into a description the boxes of its details begin, by what is described
_PICTURES = (b"avc1", b"avc3", b"hvc1", b"hev1", b"mp4v", b"av01", b"vp08", b"vp09", b"dvh1",
             b"dvhe", b"s263")  # fmt: skip
_SOUNDS = (b"mp4a", b"ac-3", b"ec-3", b"Opus", b"fLaC", b"alac", b"samr", b"sawb", b".mp3",
           b"ipcm", b"fpcm")  # fmt: skip
_WORDS = {b"tx3g": 38, b"wvtt": 8, b"c608": 8, b"mp4s": 8}
# words whose description may be emptied altogether
EMPTIED = frozenset({b"text", b"stpp", b"sbtt", b"stxt", b"c708"})
_PICTURE_BYTES = 78
_SOUND_BYTES = {0: 28, 1: 44, 2: 64}
DETAILS = frozenset(
    {b"avcC", b"hvcC", b"lhvC", b"vpcC", b"av1C", b"esds", b"colr", b"pasp", b"clap", b"btrt"}
    | {b"fiel", b"mdcv", b"clli", b"dvcC", b"dvvC", b"d263", b"ccst", b"sgpd"}
    | {b"dac3", b"dec3", b"dOps", b"dfLa", b"alac", b"damr", b"pcmC", b"srat", b"chnl", b"chan"}
    | {b"wave", b"frma", b"mp4a", b"enda", b"ftab", b"vttC"}
)


class Table(msgspec.Struct):
    """What a track says of where its pieces are: four tables, as they are in the file."""

    places: bytes = b""
    is_wide: bool = False
    runs: bytes = b""
    sizes: bytes = b""
    small_sizes: bytes = b""


def is_picture(word: bytes) -> bool:
    """Whether a description is one of pictures."""
    return word in _PICTURES


def details_at(word: bytes, version: int) -> int | None:
    """How far into a description its boxes begin; none when nobody knows what it describes."""
    if word in _PICTURES:
        return _PICTURE_BYTES
    if word in _SOUNDS:
        return _SOUND_BYTES.get(version)
    return _WORDS.get(word)


def used(table: Table) -> Iterator[tuple[int, int]]:
    """Where each chunk of a track begins and ends."""
    width = 8 if table.is_wide else 4
    places = _numbers(table.places, width)
    runs = _numbers(table.runs, 4, per_row=3)
    if places and not runs:
        raise refuse("damaged")
    sizes = _sizes(table)
    firsts, counts = runs[::3], runs[1::3]
    at = -1
    for number, place in enumerate(places, 1):
        while at + 1 < len(firsts) and firsts[at + 1] <= number:
            at += 1
        if at < 0:
            raise refuse("damaged")
        yield place, place + sizes.take(counts[at])


class _Sizes(msgspec.Struct):
    """The sizes of samples, one after the other; or one of all of them."""

    each: int
    left: int
    listed: list[int]
    at: int = 0

    def take(self, count: int) -> int:
        """How long the next samples are together."""
        if count > self.left:
            raise refuse("damaged")
        self.left -= count
        if self.each:
            return self.each * count
        self.at += count
        return sum(self.listed[self.at - count : self.at])


def _sizes(table: Table) -> _Sizes:
    content, small = table.sizes, table.small_sizes
    if content:
        each, count = int.from_bytes(content[4:8], "big"), int.from_bytes(content[8:12], "big")
        listed = [] if each else _listed(content[12:], count, 4)
        return _Sizes(each, count, listed)
    bits, count = small[7:8], int.from_bytes(small[8:12], "big")
    if bits not in (b"\x08", b"\x10"):
        # no sizes at all: then there may be no chunks either
        return _Sizes(0, 0, [])
    return _Sizes(0, count, _listed(small[12:], count, bits[0] // 8))


def _numbers(content: bytes, width: int, per_row: int = 1) -> list[int]:
    """The numbers of a table that begins with its version and the count of its rows."""
    return _listed(content[8:], int.from_bytes(content[4:8], "big") * per_row, width)


def _listed(content: bytes, count: int, width: int) -> list[int]:
    if len(content) < count * width:
        raise refuse("damaged")
    return [
        int.from_bytes(content[at : at + width], "big") for at in range(0, count * width, width)
    ]
