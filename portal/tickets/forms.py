"""What a report says, what somebody answers to it, and which reports to list."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.requests.rules import personal_in
from portal.tickets.rules import NOTE_LENGTH, Reply, State, fits
from portal.vocabularies.terms import Term, Terms

Code = Annotated[str, msgspec.Meta(max_length=60)]

REFUSED = {
    "address": Message("Leave out e-mail addresses and links. Say only what is wrong."),
    "birth": Message("Leave out dates of birth. Say only what is wrong."),
    "number": Message("Leave out phone numbers and numbers of papers. Say only what is wrong."),
}


class Wrong(msgspec.Struct, frozen=True):
    """Which field of a card is wrong, and in what way."""

    field: Code
    problem: Code
    note: Annotated[str, msgspec.Meta(max_length=4000)] | None = None


class Answered(msgspec.Struct, frozen=True):
    """What became of a report; only a refusal has a reason."""

    state: Reply
    reason: Code | None = None


class Filters(Paged, frozen=True):
    """Reports in a state, or all."""

    state: State | None = None


def fields_of(terms: Terms, kind: str) -> list[Term]:
    """The fields of a card of this kind that can be wrong."""
    return [term for term in terms.all("card_fields") if kind in term.extra["cards"].split(";")]


def read_wrong(submitted: Mapping[str, Any], terms: Terms, kind: str) -> Wrong:
    """A report, or `Invalid`: what looks like personal data is not taken."""
    wrong = read_form(Wrong, submitted)
    refuse_unknown(
        {
            "field": (wrong.field, [term.code for term in fields_of(terms, kind)]),
            "problem": (wrong.problem, terms.codes("report_kinds")),
        }
    )
    if not fits(wrong.problem, wrong.field):
        told = Message(
            "This does not fit the detail. Choose another, or “Something else is wrong”."
        )
        raise Invalid({"problem": [told]})
    if len(wrong.note or "") > NOTE_LENGTH:
        said = Message("Write at most %(most)s characters.", {"most": NOTE_LENGTH})
        raise Invalid({"note": [said]})
    if found := personal_in(wrong.note or ""):
        raise Invalid({"note": [REFUSED[found]]})
    return wrong


def read_answered(submitted: Mapping[str, Any], terms: Terms) -> Answered:
    """What became of a report; keeping a detail as it is needs a reason."""
    answered = read_form(Answered, submitted)
    refuse_unknown({"reason": (answered.reason, terms.codes("kept_reasons"))})
    if answered.state == "kept" and answered.reason is None:
        raise Invalid({"reason": [Message("Say why it stays as it is.")]})
    return answered
