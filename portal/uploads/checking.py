"""From a file somebody sent to one that may be stored: recognised, parsed, cleaned."""

from pathlib import Path

import msgspec

from portal.uploads.rules import Kind, recognise, refuse


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


def check(path: Path, name: str, _folder: Path) -> Checked:
    """What may be stored of a file, written into a folder; `Invalid` on `file` saying why not."""
    kind = recognise(path, name)
    if kind is None:
        raise refuse("type")
    return Checked(path, kind)
