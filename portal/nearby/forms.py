"""The nearby form: what a member submits becomes a wish."""

from collections.abc import Mapping
from datetime import date as Day
from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.nearby.rules import WEEKDAYS, Wish, days_asked
from portal.places.queries import Place
from portal.vocabularies.terms import Terms

AHEAD = timedelta(days=366)


class Submitted(msgspec.Struct, frozen=True):
    """The fields of the form and of the address, as interface and scripts name them."""

    place: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    region: Annotated[str, msgspec.Meta(max_length=10)] | None = None
    profession: str | None = None
    language: str | None = None
    language_must: bool = False
    gender: str | None = None
    gender_must: bool = False
    age_group: str | None = None
    mode: Literal["home", "office", "phone", "online"] = "home"
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = None
    date: Day | None = None
    part: Literal["morning", "afternoon", "evening"] | None = None
    specialisation: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


_CODES = (
    ("profession", "professions"),
    ("language", "languages"),
    ("gender", "genders"),
    ("age_group", "age_groups"),
    ("specialisation", "specialisations"),
    ("region", "regions"),
)


def read_nearby(submitted: Mapping[str, Any], terms: Terms, today: Day) -> Submitted:
    """The form as it was sent; `Invalid` names each field that cannot be used."""
    form = read_form(Submitted, submitted)
    refuse_unknown(
        {name: (getattr(form, name), terms.codes(vocabulary)) for name, vocabulary in _CODES}
    )
    if form.date and not today <= form.date <= today + AHEAD:
        raise Invalid({"date": [Message("Choose a day from today to one year ahead.")]})
    return form


def wish_of(form: Submitted, place: Place, terms: Terms, today: Day) -> Wish:
    """What the form asks for, at a place that was found. A date goes before a weekday."""
    weekday = WEEKDAYS[form.date.weekday()] if form.date else form.day
    return Wish(
        place_id=place.id,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        days=days_asked(today, form.date, form.day),
        profession=form.profession,
        language=form.language,
        language_must=form.language_must and form.language is not None,
        close_languages=_close(terms, form.language),
        gender=form.gender,
        gender_must=form.gender_must and form.gender is not None,
        age_group=form.age_group,
        mode=form.mode,
        weekday=weekday,
        part=form.part,
        specialisation=form.specialisation,
        limit=form.limit,
    )


def _close(terms: Terms, language: str | None) -> tuple[str, ...]:
    if language is None:
        return ()
    group = terms.extra("languages", language, "close")
    others = [
        tag
        for tag in terms.codes("languages")
        if group and terms.extra("languages", tag, "close") == group and tag != language
    ]
    return (language, *others)
