"""Texts of cells in one way of writing, whatever program wrote them or opens them.

A spreadsheet takes a CSV cell that begins with `=`, `+`, `-` or `@` for a formula, and a formula
can call programs. Such a cell leaves with an apostrophe before it, which spreadsheets understand as
"this is text", and comes back without. Phone numbers and dates without a year are left as they are:
of digits, spaces and `+-()./,` no formula that calls anything can be made, and a phone number with
an apostrophe before it is one that nobody can dial or copy.
"""

import re
import unicodedata
from decimal import Decimal

BEGINS_FORMULA = "=+-@"

_NUMBER_LIKE = re.compile(r"[-+][-+0-9 ()./,]*")
# with the marks that turn the direction of writing: they can make a name read as another one
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text in normal form C, with one kind of line end and nothing blank around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def number_text(value: float) -> str:
    """A number in the shortest way that loses nothing, never with a power of ten."""
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def printable(text: str) -> str:
    """The cleaned text without characters that no cell may hold; this is what an export gives."""
    return clean(_CONTROL.sub("", clean(text))) if text else ""


def has_control_characters(text: str) -> bool:
    """Whether a cleaned text holds characters that nobody can have typed on purpose."""
    return _CONTROL.search(text) is not None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate this CSV cell; a phone number is no formula."""
    return text[:1] in tuple(BEGINS_FORMULA) and _NUMBER_LIKE.fullmatch(text) is None


def neutralise(text: str) -> str:
    """The cell as it stands in a CSV file; `restore` is the reverse for every text."""
    return f"'{text}" if is_formula(text) or _is_marked(text) else text


def restore(text: str) -> str:
    """The cell as it was before `neutralise`."""
    return text[1:] if _is_marked(text) else text


def _is_marked(text: str) -> bool:
    return text[:1] == "'" and text[1:2] in (*BEGINS_FORMULA, "'")
