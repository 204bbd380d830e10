"""Texts of cells in one way of writing, whatever program wrote them."""

import unicodedata
from decimal import Decimal


def clean(text: str) -> str:
    """The text in normal form C, with one kind of line end and nothing blank around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def number_text(value: float) -> str:
    """A number in the shortest way that loses nothing, never with a power of ten."""
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")
