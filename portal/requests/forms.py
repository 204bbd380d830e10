"""What somebody asks for, whom they choose, why not, and the filters of the register."""

from collections.abc import Mapping
from datetime import date as Day
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.requests.rules import AHEAD, MOST_OFFERS, NOTE_LENGTH, personal_in
from portal.vocabularies.terms import Terms

Short = Annotated[str, msgspec.Meta(max_length=100)]


class Filters(Paged, frozen=True):
    """The filters of the list."""

    state: str | None = None


class Prefilled(msgspec.Struct, frozen=True):
    """What the form may be filled with beforehand; the fields are those of the nearby question."""

    practitioner: Short | None = None
    place: Short | None = None
    profession: str | None = None
    mode: str | None = None
    language: str | None = None
    gender: str | None = None
    age_group: str | None = None
    specialisation: str | None = None
    date: str | None = None
    part: str | None = None


class Submitted(msgspec.Struct, frozen=True):
    """The form of a new request."""

    profession: str
    mode: Literal["home", "office", "phone", "online"]
    date: Day
    accompaniment: str
    form_key: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
    travel_cost: str | None = None
    practitioner: Short | None = None
    place: Short | None = None
    part: Literal["morning", "afternoon", "evening"] | None = None
    language: str | None = None
    gender: str | None = None
    age_group: str | None = None
    specialisation: str | None = None
    note: Annotated[str, msgspec.Meta(max_length=NOTE_LENGTH)] | None = None


class Chosen(msgspec.Struct, frozen=True):
    """Whom to ask, in this order."""

    first: Short
    second: Short | None = None
    third: Short | None = None
    fourth: Short | None = None
    fifth: Short | None = None

    @property
    def in_order(self) -> tuple[str, ...]:
        """The ids that were chosen."""
        every = (self.first, self.second, self.third, self.fourth, self.fifth)
        return tuple(each for each in every if each)[:MOST_OFFERS]


class Declined(msgspec.Struct, frozen=True):
    """Why not; "no reason" is one."""

    reason: str = "no_reason"


class Ended(msgspec.Struct, frozen=True):
    """Whether it ends because nobody could come, or because it is not needed any more."""

    nobody: bool = False


CODES = {
    "profession": "professions",
    "mode": "modes",
    "part": "parts",
    "language": "languages",
    "gender": "genders",
    "age_group": "age_groups",
    "specialisation": "specialisations",
    "accompaniment": "accompaniment",
    "travel_cost": "travel_costs",
}

_WHY = {
    "address": Message(
        "This looks like an e-mail or web address. Leave it out: the organisations’ duty"
        " telephones are exchanged once somebody accepts."
    ),
    "number": Message(
        "This looks like a telephone, passport or identity number. Leave it out: the"
        " organisations’ duty telephones are exchanged once somebody accepts."
    ),
    "birth": Message("This looks like a date of birth. Leave it out: the age group is enough."),
}


def read_filters(submitted: Mapping[str, Any], terms: Terms) -> Filters:
    """The filters, or `Invalid` naming the field whose code is not known."""
    wanted = read_form(Filters, submitted)
    refuse_unknown({"state": (wanted.state, terms.codes("request_states"))})
    return wanted


def read_request(submitted: Mapping[str, Any], terms: Terms, today: Day) -> Submitted:
    """The form as it was sent; `Invalid` names each field that cannot be used, and why."""
    form = read_form(Submitted, submitted)
    refuse_unknown({name: (getattr(form, name), terms.codes(CODES[name])) for name in CODES})
    wrong: dict[str, list[Message]] = {}
    if not today <= form.date <= today + AHEAD:
        wrong["date"] = [Message("Choose a day from today to three months ahead.")]
    if form.mode == "home" and not form.place:
        wrong["place"] = [Message("Name a settlement.")]
    if form.mode == "home" and form.age_group == "child" and form.accompaniment == "nobody":
        wrong["accompaniment"] = [Message("With a child a second adult must be present.")]
    if form.mode == "home" and form.travel_cost is None:
        wrong["travel_cost"] = [Message("Fill this in.")]
    if found := personal_in(form.note or ""):
        wrong["note"] = [_WHY[found]]
    if wrong:
        raise Invalid(wrong)
    return msgspec.structs.replace(form, travel_cost=form.travel_cost or "none")


def read_reason(submitted: Mapping[str, Any], terms: Terms) -> str:
    """The code of a reason why not."""
    form = read_form(Declined, submitted)
    refuse_unknown({"reason": (form.reason, terms.codes("decline_reasons"))})
    return form.reason


def read_chosen(submitted: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom to ask, in order; `Invalid` when somebody is there twice."""
    chosen = read_form(Chosen, submitted).in_order
    if len(set(chosen)) < len(chosen):
        raise Invalid({"first": [Message("Choose each practitioner once.")]})
    return chosen
