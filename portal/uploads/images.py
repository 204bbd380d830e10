"""Pictures: walked to their last byte, then drawn anew, so that only the picture is left."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

from portal.uploads.rules import MOST_PIXELS, refuse

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
# how some phones end a photo: a second picture, or notes of the maker that are dropped here
_SAMSUNG = b"SEFT"
_PLAIN = {
    "JPEG": ("L", "RGB"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("L", "P"),
    "BMP": ("1", "L", "P", "RGB"),
    "TIFF": ("1", "L", "RGB", "RGBA"),
}


def clean_image(path: Path, target: Path, ending: str) -> tuple[int, int]:
    """Draw a picture anew into a file, upright, without anything but itself; width and height."""
    content = path.read_bytes()
    {"jpg": _walk_jpeg, "png": _walk_png, "webp": _walk_webp}[ending](content)
    drawn, size = redraw(content, _FORMATS[ending])
    target.write_bytes(drawn)
    return size


def redraw(content: bytes, format_: str) -> tuple[bytes, tuple[int, int]]:
    """The bytes of a picture drawn anew in its own format, and its size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[format_]) as opened:
                _refuse_large(opened.size)
                upright = _plain(opened, format_)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refuse("pixels", most=MOST_PIXELS // 1_000_000) from error
    except OSError as error:
        raise refuse("damaged") from error
    drawn = BytesIO()
    upright.save(drawn, format_, **_options(content, format_))
    return drawn.getvalue(), upright.size


def _refuse_large(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise refuse("pixels", most=MOST_PIXELS // 1_000_000)


def _plain(opened: Image.Image, format_: str) -> Image.Image:
    """The picture upright, its colours those of a screen, with none of its notes."""
    # security: what the file says of itself is in `info`, and Pillow writes some of it again
    profile = opened.info.get("icc_profile")
    upright = ImageOps.exif_transpose(opened)
    if profile:
        upright = _as_on_screen(upright, profile)
    has_key = "transparency" in upright.info and upright.mode != "P"
    if upright.mode not in _PLAIN[format_] or has_key:
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        upright = upright.convert("RGBA" if has_alpha and "RGBA" in _PLAIN[format_] else "RGB")
    kept = ("transparency",) if upright.mode == "P" else ()
    upright.info = {word: upright.info[word] for word in kept if word in upright.info}
    return upright


def _as_on_screen(image: Image.Image, profile: bytes) -> Image.Image:
    mode = image.mode if image.mode in ("RGB", "RGBA") else "RGB"
    if image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        given, screen = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(image, given, screen, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return shown or image


def _options(content: bytes, format_: str) -> dict[str, Any]:
    if format_ == "JPEG":
        return {"quality": 88, "optimize": True, "progressive": True}
    if format_ == "WEBP":
        return {"lossless": b"VP8L" in content[12:64], "quality": 85, "method": 4}
    return {"optimize": True}


def _walk_jpeg(content: bytes) -> None:
    at = 0
    while at < len(content):
        at = end_of_jpeg(content, at)
        rest = content[at:].lstrip(b"\0")
        if not rest or rest.endswith(_SAMSUNG):
            return
        if not rest.startswith(b"\xff\xd8\xff"):
            raise refuse("polyglot", kind="JPG")
        at = len(content) - len(rest)


def end_of_jpeg(content: bytes, start: int = 0) -> int:
    """Where a JPEG that starts there ends; `Invalid` when it does not."""
    return next(at + length for marker, at, length in segments(content, start) if marker == 0xD9)


def segments(content: bytes, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """The marker, place and length of each segment of a JPEG; what is scanned is part of its."""
    yield 0xD8, start, 2
    at = start + 2
    while at + 2 <= len(content):
        if content[at] != 0xFF:
            raise refuse("damaged")
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            yield marker, at, 2
            return
        length = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 4:
            raise refuse("damaged")
        end = _end_of_scan(content, at + length) if marker == 0xDA else at + length
        yield marker, at, end - at
        at = end
    raise refuse("cut")


def _end_of_scan(content: bytes, at: int) -> int:
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2
    raise refuse("cut")


def _walk_png(content: bytes) -> None:
    at, is_over = 8, False
    while not is_over:
        if at + 12 > len(content):
            raise refuse("cut")
        length, word = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + length
        if end > len(content):
            raise refuse("cut")
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            raise refuse("damaged")
        if word == b"acTL":
            raise refuse("animated")
        is_over, at = word == b"IEND", end
    if at != len(content):
        raise refuse("polyglot", kind="PNG")


def _walk_webp(content: bytes) -> None:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise refuse("cut")
    if end != len(content):
        raise refuse("polyglot", kind="WebP")
    at = 12
    while at + 8 <= end:
        word, length = struct.unpack("<4sI", content[at : at + 8])
        if word in (b"ANIM", b"ANMF"):
            raise refuse("animated")
        at += 8 + length + length % 2
    if at != end:
        raise refuse("damaged")
