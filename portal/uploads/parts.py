"""Pictures, sound, film and letters inside office files: each cleaned as if it came alone."""

import re
import struct
import zipfile
from io import BytesIO
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
# typefaces, and pictures as lists of drawing commands: how they begin
_TYPEFACE = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
_COMMANDS = (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0\0\1", b"\1\0\x09\0\0\3", b"\2\0\x09\0")
_STYLED = re.compile(
    r"@import|@namespace|\\|image-set|\b(image|src|element|expression)\s*\(|-moz-binding"
    r"|url\((?!\s*['\"]?\s*(#|data:image/(png|jpeg|gif);))",
    re.IGNORECASE,
)
_SHOWN_DATA = ("#", "data:image/png", "data:image/jpeg", "data:image/gif")
_NOT_DRAWN = ("script", "foreignObject", "iframe", "set", "handler", "listener", "embed", "object",
              "audio", "video", "discard")  # fmt: skip


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
    is_kept = ending in _IS_A and _IS_A[ending](content)
    if not is_kept or zipfile.is_zipfile(BytesIO(content)):
        raise refuse("embedded")
    return content


def _is_typeface(content: bytes) -> bool:
    return content.startswith(_TYPEFACE)


def _is_hidden_typeface(content: bytes) -> bool:
    """Whether the third table of a typeface whose first 32 bytes are made unreadable is one."""
    at = 12 + 2 * 16
    if len(content) < at + 16:
        return False
    word = content[at : at + 4]
    begin, length = struct.unpack(">II", content[at + 8 : at + 16])
    is_word = bool(re.fullmatch(rb"[ -~]{4}", word))
    return is_word and at <= begin <= len(content) - length


def _is_packed_typeface(content: bytes) -> bool:
    """EOT: it says how long it is, and has its mark where it belongs."""
    says = int.from_bytes(content[:4], "little") == len(content)
    return says and content[34:36] == b"LP"


def _is_drawing(content: bytes) -> bool:
    return content.startswith(_COMMANDS)


_IS_A = {
    "wmf": _is_drawing,
    "ttf": _is_typeface,
    "otf": _is_typeface,
    "odttf": _is_hidden_typeface,
    "fntdata": _is_packed_typeface,
}


def _format_of(content: bytes) -> str:
    if content[8:12] == b"WEBP":
        return "WEBP"
    for mark, format_ in _DRAWN.items():
        if content.startswith(mark):
            return format_
    raise refuse("embedded")


def _without_description(content: bytes) -> bytes:
    """An EMF may begin with the names of its program and of the picture."""
    if len(content) < 72 or content[:4] != b"\1\0\0\0" or content[40:44] != b" EMF":
        raise refuse("damaged")
    if zipfile.is_zipfile(BytesIO(content)):
        raise refuse("embedded")
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
        name = name_of(each)
        if name in _NOT_DRAWN or name.startswith("animate"):
            raise refuse("remote")
        if name == "style" and _STYLED.search("".join(each.itertext())):
            raise refuse("remote")
        for key, value in each.attrib.items():
            word = key.rpartition("}")[2].lower()
            is_far = word == "href" and not value.startswith(_SHOWN_DATA)
            if word.startswith("on") or is_far or word in ("src", "base") or _fetches(value):
                raise refuse("remote")
        forget(each, "docname", "export-filename", "version")
    for each in named(root, "metadata", "namedview"):
        if each.getparent() is not None:
            remove(each)
    return write(root)


def _fetches(value: str) -> bool:
    return "(" in value and _STYLED.search(value) is not None


def _as_a_file(ending: str, content: bytes) -> bytes:
    clean = {"mp3": clean_sound, "mp4": clean_film}[ending]
    with TemporaryDirectory() as folder:
        given, made = Path(folder, "given"), Path(folder, "made")
        given.write_bytes(content)
        clean(given, made)
        return made.read_bytes()
