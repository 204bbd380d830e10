"""What members write of a campaign, and record of an activity."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec

from portal.campaigns.queries import Sides
from portal.campaigns.rules import COUNTED, is_outside
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.requests.rules import personal_in
from portal.vocabularies.terms import Terms

Key = Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
Title = Annotated[str, msgspec.Meta(max_length=120)]
Summary = Annotated[str, msgspec.Meta(max_length=1000)]
People = Annotated[int, msgspec.Meta(ge=0, le=50_000)]

LANGUAGES = ("ru", "tk", "tg")
FIRST_DAY = date(2000, 1, 1)
AHEAD = timedelta(days=730)

REFUSED = {
    "address": Message("Leave out e-mail and web addresses, here and everywhere people may read."),
    "birth": Message("Leave out dates of birth: nothing here may lead to a person."),
    "number": Message("Leave out telephone numbers and numbers of papers."),
}


class Written(msgspec.Struct, frozen=True):
    """A campaign as its form says it; `key` makes a double click save once."""

    key: Key
    title: Title
    begins_on: date
    summary: Summary | None = None
    finishes_on: date | None = None
    in_regions: list[str] = []
    audiences: list[str] = []
    partners: list[str] = []
    title_ru: Title | None = None
    title_tk: Title | None = None
    title_tg: Title | None = None
    summary_ru: Summary | None = None
    summary_tk: Summary | None = None
    summary_tg: Summary | None = None

    def row(self) -> dict[str, Any]:
        """The columns and lists it fills, partners apart."""
        return {
            "title": self.title,
            "titles": self._in_languages("title"),
            "summary": self.summary,
            "summaries": self._in_languages("summary"),
            "starts_on": self.begins_on.isoformat(),
            "ends_on": self.finishes_on and self.finishes_on.isoformat(),
            "regions": self.in_regions,
            "audiences": self.audiences,
        }

    def _in_languages(self, name: str) -> dict[str, str]:
        said = {code: getattr(self, f"{name}_{code}") for code in LANGUAGES}
        return {code: text for code, text in said.items() if text}


class Recorded(msgspec.Struct, frozen=True):
    """An activity as its form says it; a settlement is chosen from a list, a `place` typed."""

    key: Key
    kind: str
    held_on: date
    settlement: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    place: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    women: People | None = None
    men: People | None = None
    girls: People | None = None
    boys: People | None = None
    given_out: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    materials: list[str] = []
    result: Annotated[str, msgspec.Meta(max_length=600)] | None = None
    day_is_right: bool = False

    def row(self) -> dict[str, Any]:
        """The columns and lists it fills, the place apart."""
        same = ("kind", *COUNTED, "given_out", "materials", "result")
        return {name: getattr(self, name) for name in same} | {"held_on": self.held_on.isoformat()}


def read_campaign(submitted: Mapping[str, Any], terms: Terms, partners: Collection[str]) -> Written:
    """A campaign, or `Invalid` by field; `partners` are the organisations one may name."""
    form = read_form(Written, submitted)
    wrong: dict[str, list[Message]] = {}
    if form.finishes_on is not None and form.finishes_on < form.begins_on:
        wrong["finishes_on"] = [Message("The last day comes after the first.")]
    if not form.in_regions:
        wrong["in_regions"] = [Message("Choose at least one region.")]
    known = {"in_regions": terms.codes("regions"), "audiences": terms.codes("audiences")}
    for name, codes in {**known, "partners": list(partners)}.items():
        if not set(getattr(form, name)) <= set(codes):
            wrong[name] = [Message("Choose from the list.")]
    for name in (
        "title",
        "summary",
        *(f"{n}_{c}" for n in ("title", "summary") for c in LANGUAGES),
    ):
        if found := personal_in(getattr(form, name) or ""):
            wrong[name] = [REFUSED[found]]
    if wrong:
        raise Invalid(wrong)
    return form


def read_activity(
    submitted: Mapping[str, Any],
    terms: Terms,
    today: date,
    campaign: Sides,
    materials: Collection[str],
) -> Recorded:
    """An activity, or `Invalid` by field; `materials` are those one may tick."""
    form = read_form(Recorded, submitted)
    wrong = _wrong_with_day(form, today, campaign)
    if form.kind not in terms.codes("activity_kinds"):
        wrong["kind"] = [Message("Choose from the list.")]
    if not set(form.materials) <= set(materials):
        wrong["materials"] = [Message("Choose from the list.")]
    if found := personal_in(form.result or ""):
        wrong["result"] = [REFUSED[found]]
    if wrong:
        raise Invalid(wrong)
    return form


def _wrong_with_day(form: Recorded, today: date, campaign: Sides) -> dict[str, list[Message]]:
    if not FIRST_DAY <= form.held_on <= today + AHEAD:
        return {"held_on": [Message("Choose a day from 2000 to two years ahead.")]}
    if form.held_on > today and any(getattr(form, name) for name in COUNTED):
        said = Message("This day is still to come: leave the numbers of people empty until then.")
        return {"held_on": [said]}
    if is_outside(form.held_on, campaign.starts_on, campaign.ends_on) and not form.day_is_right:
        said = Message(
            "This day is outside the campaign’s time. If it is right, tick the box below."
        )
        return {"held_on": [said]}
    return {}
