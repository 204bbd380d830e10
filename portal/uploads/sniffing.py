"""What a file is, told by its first bytes and then by its ending; the two have to agree."""

import zipfile
from pathlib import Path, PurePosixPath

from portal.uploads.rules import KINDS, MB, Kind, refuse

# what is taken, by the first bytes; office files are told apart by what is inside
_TAKEN = (
    (0, b"%PDF-", "pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpg"),
    (8, b"WEBP", "webp"),
    (0, b"ID3", "mp3"),
    *((0, bytes((0xFF, second)), "mp3") for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2)),
)

_OTHERS = (
    (0, b"GIF8", "GIF"),
    (0, b"Rar!", "RAR"),
    (0, b"7z\xbc\xaf", "7Z"),
    (0, b"\x1f\x8b", "GZIP"),
    (0, b"MZ", "EXE"),
    (0, b"\x7fELF", "ELF"),
    (0, b"{\\rtf", "RTF"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (0, b"OggS", "OGG"),
    (0, b"fLaC", "FLAC"),
    (0, b"\x1aE\xdf\xa3", "WebM"),
    (8, b"WAVE", "WAV"),
    (8, b"AVI ", "AVI"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_ENDINGS = frozenset({"docm", "dotm", "pptm", "potm", "ppsm", "xlsm", "xltm", "xlsb"})
_BRANDS = {b"qt  ": "MOV", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}
_MARKUP = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<svg", "SVG"), (b"<?xml", "XML"))
_INSIDE = (
    ("word/vbaProject.bin", "DOCM"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "XLSX"),
)


def ending_of(name: str) -> str:
    """The ending of a name in small letters, the usual one where there are two."""
    ending = PurePosixPath(name.strip()).suffix.lower().lstrip(".")
    return {"jpeg": "jpg"}.get(ending, ending)


def recognise(path: Path, name: str) -> Kind:
    """The kind a file is and its name says; `Invalid` when it is none, or they differ."""
    size = path.stat().st_size
    if not size:
        raise refuse("empty")
    ending = ending_of(name)
    with path.open("rb") as opened:
        first = opened.read(1024)
    if ending in _MACRO_ENDINGS:
        raise refuse("macro")
    if first.startswith(_OLD_OFFICE):
        raise refuse("old_office")
    kind = KINDS.get(ending)
    if kind is None:
        raise refuse("type")
    if size > kind.most_bytes:
        raise refuse("large", most=kind.most_bytes // MB)
    really = _really(path, first)
    if really != ending:
        raise _differs(path, first, ending, really)
    return kind


def _differs(path: Path, first: bytes, ending: str, really: str | None) -> Exception:
    if really == "DOCM":
        return refuse("macro")
    if not first.startswith(b"PK") and zipfile.is_zipfile(path):
        return refuse("polyglot", kind=ending.upper())
    if really is None:
        return refuse("not_its_ending", ending=ending)
    return refuse("ending", ending=ending, really=really.upper())


def _really(path: Path, first: bytes) -> str | None:
    for at, mark, ending in (*_TAKEN, *_OTHERS):
        if first[at:].startswith(mark):
            return ending
    if first[4:8] == b"ftyp":
        return _BRANDS.get(first[8:12], "mp4")
    if first.startswith(b"PK\x03\x04"):
        return _packed(path)
    text = first.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((what for mark, what in _MARKUP if text.startswith(mark)), None)


def _packed(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as opened:
            names = set(opened.namelist())
            if "mimetype" in names:
                said = opened.open("mimetype").read(200)
                is_text = said.strip() == KINDS["odt"].media_type.encode()
                return "odt" if is_text else "ZIP"
    except NotImplementedError as error:
        raise refuse("damaged") from error
    except RuntimeError as error:
        raise refuse("encrypted") from error
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        # a packed file without its list of contents, which stands at the end
        raise refuse("cut") from error
    return next((what for name, what in _INSIDE if name in names), "ZIP")
