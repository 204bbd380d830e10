"""What an import says of itself: counts, or every cell that has to be mended."""

import msgspec

from portal.errors import PortalError
from portal.i18n.language import Message


class CellError(msgspec.Struct, frozen=True):
    """One cell that cannot be used; `row` as the spreadsheet shows it, the column names being 1."""

    row: int
    column: str
    message: Message


class Report(msgspec.Struct):
    """What an import did, or would do; with `errors` it did nothing at all.

    `doubts` are new records that may be there already; they are told, and saved all the same.
    """

    kind: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[CellError] = []
    doubts: list[CellError] = []


class WrongCell(PortalError):
    """A text that its column cannot take; the sentence says what to write instead."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message
