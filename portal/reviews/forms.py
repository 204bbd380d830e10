"""What a reviewer fills in: verdicts with notes, a conflict of interest, which applications."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, read_form
from portal.i18n.language import Message
from portal.reviews.rules import MOST_NOTE

State = Literal[
    "open", "applicant", "under_review", "more_information", "admitted", "declined", "left"
]


class Filters(Paged, frozen=True):
    """Which applications to list; without a state those that are not decided."""

    state: State = "open"


class Conflict(msgspec.Struct, frozen=True):
    """Why an organisation stands aside: a code of `conflict_reasons`."""

    reason: Annotated[str, msgspec.Meta(max_length=60)]


class Released(msgspec.Struct, frozen=True):
    """Whose place becomes free."""

    review: Annotated[str, msgspec.Meta(max_length=60)]


class Verdicts(msgspec.Struct, frozen=True):
    """What a reviewer said, by the code of the criterion; `act` is to save or to send."""

    verdicts: dict[str, str]
    notes: dict[str, str]
    act: str = "save"


class _Note(msgspec.Struct, frozen=True):
    """One text; the longest a note may be."""

    note: Annotated[str, msgspec.Meta(max_length=MOST_NOTE)] | None = None


class _Act(msgspec.Struct, frozen=True):
    """What to do with the form."""

    act: Literal["save", "send"] = "save"


class _Verdict(msgspec.Struct, frozen=True):
    """What is said of one criterion."""

    verdict: Literal["met", "more", "not_met"] | None = None


def read_verdicts(sent: Mapping[str, str], codes: Collection[str]) -> Verdicts:
    """The verdicts and notes of a form, or `Invalid` by field; what is missing is not judged."""
    rest = {name: text for name, text in sent.items() if not _belongs(name, codes)}
    wrong: dict[str, list[Message | str]] = {}
    verdicts: dict[str, str] = {}
    notes: dict[str, str] = {}
    for code in codes:
        verdict, note = f"verdict-{code}", f"note-{code}"
        try:
            said = read_form(_Verdict, {"verdict": sent.get(verdict, "")}).verdict
            if said is not None:
                verdicts[code] = said
        except Invalid as problem:
            wrong[verdict] = problem.fields["verdict"]
        if text := read_text(sent.get(note, ""), note, wrong):
            notes[code] = text
    act = read_form(_Act, rest).act
    if wrong:
        raise Invalid(wrong)
    return Verdicts(verdicts, notes, act)


def read_text(text: str, name: str, wrong: dict[str, list[Message | str]]) -> str | None:
    """A text as it is kept, or None; one that is too long is said at its field."""
    try:
        # a browser counts a line's end as one character and sends two
        return read_form(_Note, {"note": text.replace("\r\n", "\n")}).note
    except Invalid as problem:
        wrong[name] = problem.fields["note"]
        return None


def _belongs(name: str, codes: Collection[str]) -> bool:
    part, _, code = name.partition("-")
    return part in ("verdict", "note") and code in codes
