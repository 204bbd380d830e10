"""Pictures of a stored file, and a smaller version of it for a slow line.

Whatever cannot be made is left out: a file without a picture is still a file.
"""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image, ImageOps

from portal.uploads import lighter, video
from portal.uploads.checking import Rendition
from portal.uploads.rules import Kind

log = logging.getLogger("portal")

PICTURES = frozenset({"jpg", "png", "webp"})
WEBP = "image/webp"

# largest width and height in pixels, and the bytes that are aimed at
THUMBNAIL = ((150, 200), 3 * 1024)
PREVIEW = ((900, 1200), 60 * 1024)

MOST_PIXELS = 40_000_000

_QUALITIES = (70, 55, 40, 25, 12)

# PDFium's own state is shared by all threads of a process
_pdfium = threading.Lock()


def make_renditions(path: Path, kind: Kind, folder: Path) -> list[Rendition]:
    """A thumbnail, a preview and a light version, each where it can be made, in a folder."""
    made: list[Rendition] = []
    try:
        picture = _picture_of(path, kind.ending, folder)
        if picture is not None:
            made += _pictures(picture, folder)
        made += _light(path, kind, picture, folder)
    except Exception as error:  # what parses here is C: whatever it raises costs only the picture
        log.warning("no picture could be made of a %s file: %s", kind.ending, type(error).__name__)
    return made


def save_within(picture: Image.Image, target: Path, box: tuple[int, int], most_bytes: int) -> None:
    """Write a picture as webp that fits a box, as well as the bytes allow."""
    width, height = box
    while True:
        fitted = picture.copy()
        fitted.thumbnail((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for quality in _QUALITIES:
            fitted.save(target, "WEBP", quality=quality, method=4)
            if target.stat().st_size <= most_bytes:
                return
        width, height = width * 3 // 4, height * 3 // 4
        if min(width, height) < 16:
            return


def _picture_of(path: Path, ending: str, folder: Path) -> Image.Image | None:
    if ending in PICTURES:
        return _open(path, (lighter.WIDEST, lighter.WIDEST))
    if ending == "pdf":
        return _first_page(path)
    if ending == "mp4":
        poster = video.make_poster(path, folder / "poster.png")
        return None if poster is None else _open(poster, PREVIEW[0])
    return None


def _open(path: Path, box: tuple[int, int]) -> Image.Image | None:
    """A picture, upright and on white, no larger than a box: nothing is unpacked that is vast."""
    with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return None
        opened.draft("RGB", box)
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    sheet = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(sheet, picture.convert("RGBA")).convert("RGB")


def _first_page(path: Path) -> Image.Image | None:
    (width, height), _ = PREVIEW
    with _pdfium, pdfium.PdfDocument(path) as document:
        page = document[0]
        page_width, page_height = page.get_size()
        scale = min(width / page_width, height / page_height)
        bitmap = page.render(scale=scale, may_draw_forms=False)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        page.close()
    return picture


def _pictures(picture: Image.Image, folder: Path) -> Iterator[Rendition]:
    for name, (box, most_bytes) in (("thumbnail", THUMBNAIL), ("preview", PREVIEW)):
        target = folder / f"{name}.webp"
        save_within(picture, target, box, most_bytes)
        with Image.open(target) as written:
            yield Rendition(name, target, WEBP, *written.size)


def _light(
    path: Path, kind: Kind, picture: Image.Image | None, folder: Path
) -> Iterator[Rendition]:
    """A version that saves at least half, or nothing."""
    target: Path | None = None
    media_type = kind.media_type
    size: tuple[int, int] | tuple[()] = ()
    if kind.ending in PICTURES and picture is not None:
        target, media_type, size = lighter.lighten_picture(picture, folder), WEBP, picture.size
    elif kind.ending == "pdf":
        target = lighter.lighten_pdf(path, folder / "light.pdf")
    elif kind.ending == "mp4":
        target = video.lighten(path, folder / "light.mp4")
    if target is not None and target.stat().st_size * 2 <= path.stat().st_size:
        yield Rendition("light", target, media_type, *size)
