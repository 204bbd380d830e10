"""What a coordinator decides of a report, with a note at each cell that is to be corrected."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.reporting.forms import NOT_ASKED, Noted, first_said
from portal.reports.actions import MOST_NOTE
from portal.reports.rules import Written, fields_of

NOTES_WRITTEN = Message("You wrote notes: accept without them, or send the report back.")

# the fields of the page itself
OF_PAGE = ("csrf", "act", "note", "revision")


class Verdict(msgspec.Struct, frozen=True):
    """What a coordinator decides of a report as it was shown, with a note to the whole of it."""

    act: Literal["accept", "accept_anyway", "return"]
    revision: Annotated[int, msgspec.Meta(ge=0)]
    note: Annotated[str, msgspec.Meta(max_length=MOST_NOTE)] | None = None


class Reviewed(msgspec.Struct, frozen=True):
    """A decision with its notes by the fields of cells."""

    act: str
    revision: int
    note: str | None
    notes: dict[str, str]


def read_review(sent: Mapping[str, str], written: Iterable[Written]) -> Reviewed:
    """A decision; a note has a cell of this report to stand at, or `Invalid` at its field.

    Notes are for a report that goes back: to accept with them takes a second word.
    """
    verdict = read_form(Verdict, {name: sent.get(name, "") for name in ("act", "revision", "note")})
    fields = fields_of(written)
    notes: dict[str, str] = {}
    wrong: dict[str, list[Message]] = {}
    for name, text in sent.items():
        if name in OF_PAGE:
            continue
        if name not in fields:
            wrong[name[:200]] = [NOT_ASKED]
            continue
        try:
            said = read_form(Noted, {"note": text}).note
        except Invalid as problem:
            wrong[name] = [first_said(problem)]
            continue
        notes |= {name: said} if said else {}
    if not wrong and verdict.act == "accept" and (notes or verdict.note):
        wrong["act"] = [NOTES_WRITTEN]
    if wrong:
        raise Invalid(wrong)
    return Reviewed(verdict.act, verdict.revision, verdict.note, notes)
