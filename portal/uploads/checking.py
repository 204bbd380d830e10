"""From a file somebody sent to one that may be stored: recognised, parsed, cleaned."""

from pathlib import Path

import msgspec

from portal.errors import Invalid
from portal.uploads.films import clean_film
from portal.uploads.images import clean_image
from portal.uploads.odf import clean_odt
from portal.uploads.ooxml import clean_ooxml
from portal.uploads.pdfs import clean_pdf
from portal.uploads.rules import Kind, refuse
from portal.uploads.sniffing import recognise
from portal.uploads.sounds import clean_sound


class Rendition(msgspec.Struct, frozen=True):
    """A smaller picture or file made of another: `thumbnail`, `preview` or `light`."""

    kind: str
    path: Path
    media_type: str
    width: int | None = None
    height: int | None = None


class Checked(msgspec.Struct, frozen=True):
    """A file that may be stored: it is what its ending says, and nothing but that."""

    path: Path
    kind: Kind
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    renditions: list[Rendition] = []


def check(path: Path, name: str, folder: Path) -> Checked:
    """What may be stored of a file, written into a folder; `Invalid` on `file` saying why not."""
    kind = recognise(path, name)
    target = folder / f"clean.{kind.ending}"
    try:
        return _clean(path, target, kind)
    except Invalid:
        raise
    except Exception as error:
        # security: whatever a parser trips over, the file is what is wrong
        raise refuse("damaged") from error


def _clean(path: Path, target: Path, kind: Kind) -> Checked:
    match kind.ending:
        case "pdf":
            return Checked(target, kind, pages=clean_pdf(path, target))
        case "png" | "jpg" | "webp":
            width, height = clean_image(path, target, kind.ending)
            return Checked(target, kind, width=width, height=height)
        case "mp4":
            across, down = clean_film(path, target)
            return Checked(target, kind, width=across, height=down)
        case "mp3":
            clean_sound(path, target)
        case "odt":
            clean_odt(path, target)
        case _:
            clean_ooxml(path, target, kind.ending)
    return Checked(target, kind)
