"""CSV on its way out, row by row: no cell of it is ever calculated (the rule of portal.sheets)."""

import csv
import io
from codecs import BOM_UTF8, getincrementaldecoder

from portal.texts import neutralise


class Harmless:
    """Takes the bytes of a CSV as they come, gives those of the same CSV with harmless cells."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")()
        self._rest = ""
        self._begun = False

    def take(self, body: bytes, *, further: bool) -> bytes:
        """What can be given away so far; the rest of a row waits for its end."""
        text = self._rest + self._decoder.decode(body, final=not further)
        whole = _end_of_rows(text) if further else len(text)
        self._rest = text[whole:]
        mark = b"" if self._begun else BOM_UTF8  # by which spreadsheets know UTF-8
        self._begun = True
        return mark + _neutralised(text[:whole]).encode()


def _neutralised(text: str) -> str:
    target = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""))
    # security: a spreadsheet would calculate what somebody typed
    csv.writer(target).writerows([_harmless(cell) for cell in row] for row in rows)
    return target.getvalue()


def _harmless(cell: str) -> str:
    bare = cell.lstrip("\t\r\n ")
    return neutralise(bare) if bare[:1] in ("=", "+", "-", "@") else neutralise(cell)


def _end_of_rows(text: str) -> int:
    """Where the last whole row ends: a line end outside of quotes."""
    end = text.rfind("\n")
    while end >= 0 and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, end)
    return end + 1
