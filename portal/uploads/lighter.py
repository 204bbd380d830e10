"""Smaller versions of pictures and of pdf files, for lines on which the whole one takes too long.

In a pdf only its pictures become smaller: text stays text, to be searched, copied and read aloud.
"""

from io import BytesIO
from pathlib import Path
from typing import TypeGuard

import pikepdf
from PIL import Image

WIDEST = 1280

# of a pdf: pictures are cut to these many pixels a side, and left alone below these many bytes
WIDEST_IN_PDF = 1000
SMALL_BYTES = 8 * 1024
MOST_PICTURES = 400
MOST_PIXELS = 40_000_000

_QUALITY = 55
_PLAIN = {"/DeviceRGB": "RGB", "/DeviceGray": "L"}


def lighten_picture(picture: Image.Image, folder: Path) -> Path:
    """The picture, at most 1280 pixels a side, as webp."""
    target = folder / "light.webp"
    picture.save(target, "WEBP", quality=_QUALITY, method=4)
    return target


def lighten_pdf(path: Path, target: Path) -> Path | None:
    """The pdf with smaller pictures in it, or None when it has none to make smaller."""
    with pikepdf.open(path) as pdf:
        pictures = [each for each in pdf.objects if _is_picture(each)]
        if not sum(_shrink(each) for each in pictures[:MOST_PICTURES]):
            return None
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return target


def _is_picture(found: pikepdf.Object) -> TypeGuard[pikepdf.Stream]:
    return (
        isinstance(found, pikepdf.Stream)
        and found.get("/Subtype") == "/Image"
        and not any(name in found for name in ("/ImageMask", "/Decode", "/Mask"))
        and "/Matte" not in found.get("/SMask", {})
        and _colours(found) is not None
        and int(found.get("/Length", 0)) > SMALL_BYTES
        and int(found.Width) * int(found.Height) <= MOST_PIXELS
    )


def _colours(found: pikepdf.Object) -> str | None:
    """RGB or L (grey), also where a profile describes them; None for what is left alone."""
    space = found.get("/ColorSpace")
    if isinstance(space, pikepdf.Name):
        return _PLAIN.get(str(space))
    if isinstance(space, pikepdf.Array) and len(space) == 2 and space[0] == "/ICCBased":
        return {3: "RGB", 1: "L"}.get(int(space[1].get("/N", 0)))
    return None


def _shrink(found: pikepdf.Stream) -> bool:
    """Make one picture smaller in its place; False where that gains nothing."""
    try:
        picture = pikepdf.PdfImage(found).as_pil_image().convert(_colours(found))
    except (pikepdf.PdfError, NotImplementedError, ValueError, OSError):
        return False
    picture.thumbnail((WIDEST_IN_PDF, WIDEST_IN_PDF), Image.Resampling.LANCZOS, reducing_gap=3.0)
    packed = BytesIO()
    picture.save(packed, "JPEG", quality=_QUALITY, optimize=True)
    if packed.tell() >= int(found.Length):
        return False
    found.write(packed.getvalue(), filter=pikepdf.Name.DCTDecode, type_check=False)
    found.Width, found.Height = picture.size
    found.BitsPerComponent = 8
    return True
