"""What is sent to suspend an organisation, to leave, and to record a founding member."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.leaving.rules import LONGEST_NOTE, is_named
from portal.membership.rules import REASONS


class Ending(msgspec.Struct, frozen=True):
    """Why a membership stops, in a code of the list, a sentence beside it, and a ticked box."""

    reason: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    note: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE)] | None = None
    agreed: bool = False


class OwnLeave(msgspec.Struct, frozen=True):
    """An organisation leaves by itself, has read what follows, and names itself."""

    agreed: bool = False
    whole_name: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Founding(msgspec.Struct, frozen=True):
    """Since when, and where the signed minute is."""

    founded_on: date
    minute: Annotated[str, msgspec.Meta(max_length=200)]


def read_ending(sent: Mapping[str, Any], state: str) -> Ending:
    """The reason of the state's own list, and the note; to leave, which is final, a ticked box."""
    form = read_form(Ending, sent)
    wrong: dict[str, list[Message | str]] = {}
    if form.reason not in REASONS[state]:
        wrong["reason"] = [Message("Choose a reason.")]
    if state == "left" and not form.agreed:
        wrong["agreed"] = [Message("Tick this box when the organisation leaves.")]
    if wrong:
        raise Invalid(wrong)
    return form


def read_own(sent: Mapping[str, Any], names: Iterable[str]) -> None:
    """`Invalid` unless the box is ticked and one of the organisation's names was typed."""
    form, problems = read_form(OwnLeave, sent), {}
    if not form.agreed:
        told = Message("Tick this box when your organisation wants to leave.")
        problems["agreed"] = [told]
    if not is_named(form.whole_name, names):
        problems["whole_name"] = [Message("Type the name of your organisation as it stands above.")]
    if problems:
        raise Invalid(problems)


def read_founding(sent: Mapping[str, Any], today: date) -> Founding:
    """The day, which is over, and the minute."""
    form = read_form(Founding, sent)
    if form.founded_on > today:
        raise Invalid({"founded_on": [Message("Choose a day that is over.")]})
    return form
