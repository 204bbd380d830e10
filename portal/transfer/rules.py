"""How a cell's text is written, so that what went out comes back as the same text.

A spreadsheet takes a CSV cell that begins with `=`, `+`, `-` or `@` for a formula, and a formula
can call programs. Such a cell leaves with an apostrophe before it, which spreadsheets understand as
"this is text", and comes back without. Phone numbers and dates without a year are left as they are:
of digits, spaces and `+-()./,` no formula that calls anything can be made.
"""

import re

from portal.texts import clean

BEGINS_FORMULA = "=+-@"
LONGEST_CELL = 10_000

_NUMBER_LIKE = re.compile(r"[-+][-+0-9 ()./,]*")
# with the marks that turn the direction of writing: they can make a name read as another one
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


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
