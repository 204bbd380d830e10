"""What a coordinator writes of a plan, of an action, and of what serves it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Any

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.plans.rules import CODE, PlanState, Said

Key = Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
Title = Annotated[str, msgspec.Meta(max_length=200)]
Words = Annotated[str, msgspec.Meta(max_length=600)]
Id = Annotated[str, msgspec.Meta(max_length=60)]
Seen = Annotated[str, msgspec.Meta(max_length=40)]

OTHER_LANGUAGES = ("ru", "tk", "tg")
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)

CHOOSE = Message("Choose from the list.")


class PlansWanted(Paged, frozen=True):
    """The filters of the list."""

    country: Annotated[str, msgspec.Meta(max_length=2)] | None = None
    state: PlanState | None = None


class PlanWritten(msgspec.Struct, frozen=True):
    """A plan as its form says it; `key` makes a double click save once."""

    key: Key
    title: Title
    in_countries: list[str]
    begins_on: date
    finishes_on: date
    document: Title | None = None
    seen: Seen | None = None
    title_ru: Title | None = None
    title_tk: Title | None = None
    title_tg: Title | None = None


class ActionWritten(msgspec.Struct, frozen=True):
    """An action as its form says it."""

    key: Key
    action_code: Annotated[str, msgspec.Meta(max_length=27)]
    action_text: Words
    begins_on: date
    finishes_on: date
    responsible: Title | None = None
    organisation: Id | None = None
    seen: Seen | None = None
    action_text_ru: Words | None = None
    action_text_tk: Words | None = None
    action_text_tg: Words | None = None


class Stated(msgspec.Struct, frozen=True):
    """What is said of an action: since which day, and why."""

    said: Said
    said_on: date
    said_why: Words


class Moved(msgspec.Struct, frozen=True):
    """What a plan is to become."""

    plan_state: PlanState


class MeasuredBy(msgspec.Struct, frozen=True):
    """An indicator of an action, with the plan's own target for it if there is one."""

    indicator: Id
    plan_target: Annotated[float, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None


class NotMeasuredBy(msgspec.Struct, frozen=True):
    """An indicator that is taken away from an action."""

    indicator: Id


class ServedBy(msgspec.Struct, frozen=True):
    """What serves an action, as `event:id`, `campaign:id` or `activity:id`."""

    serving: Annotated[str, msgspec.Meta(max_length=80)]

    @property
    def thing(self) -> tuple[str, str]:
        """Its kind and its id."""
        kind, _, thing_id = self.serving.partition(":")
        return kind, thing_id


def read_wanted(submitted: Mapping[str, Any], countries: Collection[str]) -> PlansWanted:
    """The filters, or `Invalid` naming the one that is not known."""
    wanted = read_form(PlansWanted, submitted)
    refuse_unknown({"country": (wanted.country, list(countries))})
    return wanted


def read_plan(submitted: Mapping[str, Any], countries: Collection[str]) -> PlanWritten:
    """A plan, or `Invalid` by field."""
    form = read_form(PlanWritten, submitted)
    wrong = _wrong_days(form.begins_on, form.finishes_on)
    if not set(form.in_countries) <= set(countries):
        wrong["in_countries"] = [CHOOSE]
    if wrong:
        raise Invalid(wrong)
    return form


def read_action(submitted: Mapping[str, Any], organisations: Collection[str]) -> ActionWritten:
    """An action, or `Invalid` by field; `organisations` are those that may be named."""
    form = read_form(ActionWritten, submitted)
    wrong = _wrong_days(form.begins_on, form.finishes_on)
    if CODE.fullmatch(form.action_code) is None:
        said = Message("Write the number as the plan has it, for example 2.3.")
        wrong["action_code"] = [said]
    if form.organisation is not None and form.organisation not in organisations:
        wrong["organisation"] = [CHOOSE]
    if wrong:
        raise Invalid(wrong)
    return form


def read_stated(submitted: Mapping[str, Any], today: date) -> Stated:
    """What is said of an action; nobody says today what will be."""
    form = read_form(Stated, submitted)
    if not FIRST_DAY <= form.said_on <= today:
        raise Invalid({"said_on": [Message("Choose a day up to today.")]})
    return form


def texts_of(form: PlanWritten | ActionWritten, name: str) -> dict[str, str]:
    """A text in the languages beside the first one."""
    said = {code: getattr(form, f"{name}_{code}") for code in OTHER_LANGUAGES}
    return {code: text for code, text in said.items() if text}


def _wrong_days(first: date, last: date) -> dict[str, list[Message]]:
    wrong: dict[str, list[Message]] = {}
    if not FIRST_DAY <= first <= LAST_DAY:
        wrong["begins_on"] = [Message("Choose a day from 1990 to 2100.")]
    if last < first:
        wrong["finishes_on"] = [Message("The last day comes after the first.")]
    elif not FIRST_DAY <= last <= LAST_DAY:
        wrong["finishes_on"] = [Message("Choose a day from 1990 to 2100.")]
    return wrong
