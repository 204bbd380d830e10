"""Pictures, sound, film and letters inside office files: each cleaned as if it came alone."""

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.uploads.films import clean_film
from portal.uploads.images import redraw
from portal.uploads.markup import forget, name_of, named, parse, remove, write
from portal.uploads.rules import refuse
from portal.uploads.sounds import clean_sound

_DRAWN = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp"})
# pictures as lists of drawing commands, and typefaces made unreadable for others
_KEPT = frozenset({"wmf", "odttf", "fntdata", "ttf", "otf"})


def clean_part(name: str, content: bytes) -> bytes:
    """What may stay of a part that is no XML of the office file itself; `Invalid` when nothing."""
    ending = Path(name).suffix.lower().lstrip(".")
    if ending in _PICTURES:
        return redraw(content, _format_of(content))[0]
    if ending == "emf":
        return _without_description(content)
    if ending == "svg":
        return _plain_svg(content)
    if ending in ("mp3", "mp4"):
        return _as_a_file(ending, content)
    if ending in _KEPT and not content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0", b"MZ")):
        return content
    raise refuse("embedded")


def _format_of(content: bytes) -> str:
    if content[8:12] == b"WEBP":
        return "WEBP"
    for mark, format_ in _DRAWN.items():
        if content.startswith(mark):
            return format_
    raise refuse("embedded")


def _without_description(content: bytes) -> bytes:
    """An EMF may begin with the names of its program and of the picture."""
    if len(content) < 72 or content[40:44] != b" EMF":
        raise refuse("damaged")
    length, at = struct.unpack("<II", content[60:68])
    end = at + 2 * length
    if not length:
        return content
    if not 88 <= at <= end <= len(content):
        raise refuse("damaged")
    return content[:60] + bytes(8) + content[68:at] + bytes(end - at) + content[end:]


def _plain_svg(content: bytes) -> bytes:
    root = parse(content)
    for each in list(root.iter()):
        if name_of(each) in ("script", "foreignObject", "iframe"):
            raise refuse("remote")
        for key, value in each.attrib.items():
            word = key.rpartition("}")[2].lower()
            is_far = word == "href" and not value.startswith(("#", "data:image/"))
            if word.startswith("on") or is_far:
                raise refuse("remote")
        forget(each, "docname", "export-filename", "version")
    for each in named(root, "metadata", "namedview"):
        if each.getparent() is not None:
            remove(each)
    return write(root)


def _as_a_file(ending: str, content: bytes) -> bytes:
    clean = {"mp3": clean_sound, "mp4": clean_film}[ending]
    with TemporaryDirectory() as folder:
        given, made = Path(folder, "given"), Path(folder, "made")
        given.write_bytes(content)
        clean(given, made)
        return made.read_bytes()
