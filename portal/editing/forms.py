"""The form of a practitioner's details: submitted text becomes typed values, or errors by field."""

import re
from collections.abc import Callable, Mapping
from datetime import date as Day
from typing import Annotated, Any, Literal

import msgspec

from portal.changes.forms import Number, Wish
from portal.errors import Invalid
from portal.forms import EMAIL, PHONE, read_form
from portal.i18n.language import Message
from portal.vocabularies.terms import Terms

Short = Annotated[str, msgspec.Meta(max_length=200)]
Month = Annotated[int, msgspec.Meta(ge=1, le=12)]


class Edited(msgspec.Struct, frozen=True):
    """The form; `drop` names what is removed unseen, `take` where the text on record is kept."""

    version: Number
    seen: Number = 0
    returned: Number | None = None
    why: str | None = None
    drop: list[str] = []
    take: list[str] = []
    full_name: Short | None = None
    place: Short | None = None
    travel_km: Annotated[float, msgspec.Meta(ge=0, le=1000)] | None = None
    places: Annotated[str, msgspec.Meta(max_length=4000)] | None = None
    regions: list[str] = []
    districts: list[str] = []
    closed_from: Month | None = None
    closed_to: Month | None = None
    transport: str | None = None
    visits_with: str | None = None
    languages: list[str] = []
    specialisations: list[str] = []
    age_groups: list[str] = []
    modes: list[str] = []
    safeguarding_on: Day | None = None
    contact_policy: str | None = None
    contact_hours: Short | None = None
    phone: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    email: Short | None = None
    phone_shared: Literal["yes", "no"] | None = None
    say_when_calling: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    licence_number: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    licence_issuer: Short | None = None
    licence_expires_on: Day | None = None


class Around(msgspec.Struct, frozen=True):
    """What a form is read beside: the record, what its writer sees, and what may be named."""

    record: Mapping[str, Any]
    seen: frozenset[str]
    terms: Terms
    today: Day
    districts: list[str]
    find_place: Callable[[str], str]


def read_edit(submitted: Mapping[str, Any], around: Around) -> Wish:
    """What the form asks for; `Invalid` names every field that cannot be used."""
    form = read_form(Edited, submitted)
    reading = _Reading(form, around, {})
    values = {**_work(reading), **_contact(reading), **_licence(reading)}
    if form.why is not None:
        reading.code("why", "change_reasons")
    if reading.wrong:
        raise Invalid(reading.wrong, reading.candidates)
    kept = {name for name in form.take if name in values}
    return Wish(
        values={field: value for field, value in values.items() if field not in kept},
        base=form.version,
        seen=form.seen,
        why=form.why,
        replaces=form.returned,
    )


FILL_IN = Message("Fill this in.")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_NUMBER_INSIDE = re.compile(r"\d(?:[\s()./+-]*\d){5}")


class _Reading(msgspec.Struct):
    """A form on its way to values, with what is wrong so far."""

    form: Edited
    around: Around
    wrong: dict[str, list[Message | str]]
    candidates: list[Mapping[str, str | int | None]] = []

    def refuse(self, name: str, message: Message) -> None:
        """Say that a field cannot be used."""
        self.wrong.setdefault(name, []).append(message)

    def code(self, name: str, vocabulary: str) -> str | None:
        """One code of a list."""
        chosen: str | None = getattr(self.form, name)
        known = self.around.terms.codes(vocabulary)
        if chosen is not None and chosen not in known:
            choices = {"choices": ", ".join(known)}
            self.refuse(name, Message("Choose one of: %(choices)s.", choices))
        return chosen

    def codes(self, name: str, known: list[str]) -> list[str]:
        """Several codes, those of the record first and in its order."""
        chosen: list[str] = getattr(self.form, name)
        if not set(chosen) <= set(known):
            choices = {"choices": ", ".join(known)}
            self.refuse(name, Message("Choose one of: %(choices)s.", choices))
        before = [code for code in self.around.record.get(name, []) if code in chosen]
        return list(dict.fromkeys([*before, *chosen]))

    def place(self, name: str, text: str) -> str:
        """The id of a settlement."""
        try:
            return self.around.find_place(text)
        except Invalid as problem:
            self.wrong.setdefault(name, []).extend([f"“{text[:60]}”:", *problem.fields["place"]])
            self.candidates += problem.candidates
            return ""

    def is_kept(self, field: str) -> bool:
        """Whether its writer, who does not see it, left a field empty and did not drop it."""
        typed = getattr(self.form, field)
        return typed is None and field not in self.around.seen and field not in self.form.drop


def _work(reading: _Reading) -> dict[str, Any]:
    form, around = reading.form, reading.around
    if form.full_name is None:
        reading.refuse("full_name", FILL_IN)
    if form.place is None:
        reading.refuse("place", FILL_IN)
    if form.safeguarding_on and form.safeguarding_on > around.today:
        said = Message("This day has not come yet. Write the day it happened.")
        reading.refuse("safeguarding_on", said)
    return {
        "name": _in_one_line(form.full_name),
        "place_id": reading.place("place", form.place) if form.place else None,
        "travel_km": form.travel_km,
        "areas": _areas(reading),
        "season": _season(reading),
        "transport": reading.code("transport", "transports"),
        "visits_with": reading.code("visits_with", "visits_with"),
        **{field: _at_least_one(reading, field) for field in ("languages", "age_groups", "modes")},
        "specialisations": reading.codes("specialisations", around.terms.codes("specialisations")),
        "safeguarding_on": form.safeguarding_on and form.safeguarding_on.isoformat(),
    }


def _contact(reading: _Reading) -> dict[str, Any]:
    form = reading.form
    if form.phone and not PHONE.fullmatch(form.phone):
        said = Message("Write a phone number, for example +993 12 345678.")
        reading.refuse("phone", said)
    if form.email and not EMAIL.fullmatch(form.email):
        reading.refuse("email", Message("Write an e-mail address, for example name@example.org."))
    for name in ("full_name", "contact_hours", "say_when_calling"):
        # security: a number here would be shown where the one above is not
        if _NUMBER_INSIDE.search(_TIME.sub("", getattr(form, name) or "")):
            said = Message("Write no phone number here: it belongs in the field for it.")
            reading.refuse(name, said)
    values = {
        "contact_policy": reading.code("contact_policy", "contact_policies"),
        "contact_hours": _in_one_line(form.contact_hours),
        "phone": _in_one_line(form.phone),
        "email": form.email,
        "phone_shared": None if form.phone_shared is None else int(form.phone_shared == "yes"),
        "say_when_calling": form.say_when_calling and form.say_when_calling.replace("\r\n", "\n"),
    }
    return {field: value for field, value in values.items() if not reading.is_kept(field)}


def _licence(reading: _Reading) -> dict[str, Any]:
    form = reading.form
    expires = form.licence_expires_on and form.licence_expires_on.isoformat()
    is_new = expires != reading.around.record["licence_expires_on"]
    if expires and is_new and expires < reading.around.today.isoformat():
        # a licence that is over unlists, and no edit may do that
        said = Message("This day is over. Write the day until which the licence is good.")
        reading.refuse("licence_expires_on", said)
    values = {
        "licence_number": _in_one_line(form.licence_number),
        "licence_issuer": _in_one_line(form.licence_issuer),
        "licence_expires_on": expires,
    }
    return {field: value for field, value in values.items() if not reading.is_kept(field)}


def _areas(reading: _Reading) -> list[list[str]]:
    form, around = reading.form, reading.around
    named = dict.fromkeys(line.strip() for line in (form.places or "").splitlines())
    found = [("place", reading.place("places", text)) for text in named if text]
    regions = reading.codes("regions", around.terms.codes("regions"))
    districts = reading.codes("districts", around.districts)
    found += [("region", code) for code in regions] + [("district", code) for code in districts]
    return [list(pair) for pair in sorted(set(found))]


def _season(reading: _Reading) -> list[int] | None:
    first, last = reading.form.closed_from, reading.form.closed_to
    if first is not None and last is not None:
        return [first, last]
    if first is not None or last is not None:
        name = "closed_to" if last is None else "closed_from"
        reading.refuse(name, Message("Choose both months, or neither."))
    return None


def _at_least_one(reading: _Reading, field: str) -> list[str]:
    chosen = reading.codes(field, reading.around.terms.codes(field))
    if not chosen and reading.around.record[field]:
        said = Message("Leave at least one: without any, nobody finds these details.")
        reading.refuse(field, said)
    return chosen


def _in_one_line(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split())
