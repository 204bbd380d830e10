"""The contact sheet: the thumbnails of a page of the gallery as one small picture.

One picture costs a slow phone one request instead of twelve. Works without a thumbnail get a sign
of their kind, drawn here: letters would need a font for every script.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from portal.downloads.queries import Tile
from portal.files import Shelf

WIDTH, HEIGHT = 150, 200
A_ROW = 4
MOST_BYTES = 24 * 1024

_QUALITIES = (45, 35, 25, 15, 5)
_PAPER, _EMPTY, _INK = "#ffffff", "#eef0f2", "#9aa5b1"


@lru_cache(maxsize=64)
def draw_sheet(folder: Path, tiles: tuple[Tile, ...]) -> bytes:
    """The sheet as webp: tiles of 150 × 200, left to right, four a row."""
    rows = max(1, -(-len(tiles) // A_ROW))
    sheet = Image.new("RGB", (WIDTH * A_ROW, HEIGHT * rows), _EMPTY)
    for number, tile in enumerate(tiles):
        row, at = divmod(number, A_ROW)
        sheet.paste(_draw(Shelf(folder), tile), (at * WIDTH, row * HEIGHT))
    return _packed(sheet)


def _draw(shelf: Shelf, tile: Tile) -> Image.Image:
    drawn = Image.new("RGB", (WIDTH, HEIGHT), _EMPTY)
    picture = _open(shelf, tile.hash)
    if picture is not None:
        drawn.paste(picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2))
    elif tile.kind is not None:
        _sign(ImageDraw.Draw(drawn), tile.kind)
    return drawn


def _open(shelf: Shelf, digest: str | None) -> Image.Image | None:
    if digest is None:
        return None
    try:
        with Image.open(shelf.path(digest), formats=("WEBP",)) as opened:
            picture = opened.convert("RGB")
    except OSError:
        return None
    picture.thumbnail((WIDTH, HEIGHT))
    return picture


def _sign(pen: ImageDraw.ImageDraw, kind: str) -> None:
    """A sheet of paper, and on it a triangle for what plays, bars for sound, a list, or lines."""
    pen.rounded_rectangle((35, 40, 115, 160), 6, fill=_PAPER, outline=_INK, width=2)
    if kind == "video":
        pen.polygon([(60, 78), (60, 122), (96, 100)], fill=_INK)
    elif kind == "audio":
        for number, half in enumerate((8, 22, 30, 16, 24)):
            at = 53 + number * 10
            pen.line((at, 100 - half, at, 100 + half), fill=_INK, width=4)
    elif kind == "presentation":
        pen.rectangle((47, 76, 103, 114), outline=_INK, width=3)
        pen.line((75, 114, 75, 134), fill=_INK, width=3)
    elif kind in ("poster", "leaflet"):
        pen.rectangle((47, 54, 103, 104), fill=_INK)
        _lines(pen, (118, 130, 142), 47)
    elif kind == "screening_guide":
        for at in (66, 90, 114, 138):
            pen.rectangle((47, at - 5, 57, at + 5), outline=_INK, width=2)
        _lines(pen, (66, 90, 114, 138), 65)
    else:
        _lines(pen, (62, 78, 94, 110, 126, 142), 47)


def _lines(pen: ImageDraw.ImageDraw, heights: tuple[int, ...], start: int) -> None:
    for height in heights:
        pen.line((start, height, 103, height), fill=_INK, width=3)


def _packed(sheet: Image.Image) -> bytes:
    for quality in _QUALITIES:
        packed = BytesIO()
        sheet.save(packed, "WEBP", quality=quality, method=4)
        if packed.tell() <= MOST_BYTES:
            break
    return packed.getvalue()
