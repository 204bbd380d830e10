"""How a visit ended, as it is told."""

from collections.abc import Mapping
from datetime import date as Day
from typing import Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.visits.rules import Outcome
from portal.vocabularies.terms import Terms


class Completed(msgspec.Struct, frozen=True):
    """The form: whether, on which day, why not."""

    outcome: Literal["visited", "not_visited"]
    visited_on: Day | None = None
    no_visit_reason: str | None = None


def read_outcome(submitted: Mapping[str, Any], terms: Terms, created: Day, today: Day) -> Outcome:
    """Codes only; `Invalid` when the day or the reason is missing, or the day cannot be."""
    form = read_form(Completed, submitted)
    refuse_unknown({"no_visit_reason": (form.no_visit_reason, terms.codes("no_visit_reasons"))})
    if form.outcome == "not_visited":
        if form.no_visit_reason is None:
            raise Invalid({"no_visit_reason": [Message("Say why not.")]})
        return Outcome("not_visited", None, form.no_visit_reason)
    if form.visited_on is None or not created <= form.visited_on <= today:
        told = Message("Choose a day from the day it was asked for to today.")
        raise Invalid({"visited_on": [told]})
    return Outcome("visited", form.visited_on)
