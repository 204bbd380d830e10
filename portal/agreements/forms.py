"""What is sent to move an agreement, and to note a training."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from portal.agreements.rules import REASONS
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message

STATES = {"agree": "agreed", "suspend": "suspended", "end": "ended", "propose": "proposed"}


class Step(msgspec.Struct, frozen=True):
    """The step that somebody takes, and why."""

    step: Literal["agree", "suspend", "end", "propose"]
    reason: str | None = None
    spoken: bool = False


class Attended(msgspec.Struct, frozen=True):
    """A training of the register, or one with a day and a title of its own."""

    event: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    held_on: date | None = None
    title: Annotated[str, msgspec.Meta(max_length=120)] | None = None


def read_step(submitted: Mapping[str, Any]) -> Step:
    """The step; hiding somebody needs a reason of the list, for those who ask later."""
    form = read_form(Step, submitted)
    choices = REASONS.get(STATES[form.step])
    if choices is None:
        return Step(form.step, "again" if form.step == "propose" else None, form.spoken)
    if form.reason not in choices:
        raise Invalid({"reason": [Message("Choose a reason.")]})
    return form


def read_attended(submitted: Mapping[str, Any], today: date) -> Attended:
    """The training; `Invalid` when it is neither of the register nor has a day and a title."""
    form = read_form(Attended, submitted)
    if form.event:
        return form
    wrong = {
        name: [Message("Fill this in.")]
        for name in ("held_on", "title")
        if getattr(form, name) is None
    }
    if wrong:
        raise Invalid(wrong)
    if form.held_on and form.held_on > today:
        raise Invalid({"held_on": [Message("Choose a day that is over.")]})
    return form
