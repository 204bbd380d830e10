"""Which files may be given, how they are told apart, and in which words others are refused."""

from pathlib import Path

import msgspec

from portal.errors import Invalid
from portal.i18n.language import Message


class Kind(msgspec.Struct, frozen=True):
    """One kind of file: its ending, its media type, its first bytes, its largest size."""

    ending: str
    media_type: str
    signatures: tuple[tuple[int, bytes], ...]
    most_bytes: int = 20 * 1024 * 1024


KINDS: dict[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf", ((0, b"%PDF-"),)),
        Kind("png", "image/png", ((0, b"\x89PNG\r\n\x1a\n"),)),
        Kind("jpg", "image/jpeg", ((0, b"\xff\xd8\xff"),)),
    )
}

REFUSALS: dict[str, Message] = {
    "type": Message("This kind of file cannot be taken here."),
}


def refuse(reason: str) -> Invalid:
    """What to raise for a reason."""
    return Invalid({"file": [REFUSALS[reason]]})


def recognise(path: Path, name: str) -> Kind | None:
    """The kind whose ending and first bytes a file has, or None."""
    kind = KINDS.get(Path(name).suffix.lower().lstrip(".").replace("jpeg", "jpg"))
    with path.open("rb") as opened:
        first = opened.read(64)
    if kind is None or not any(first[at:].startswith(mark) for at, mark in kind.signatures):
        return None
    return kind
