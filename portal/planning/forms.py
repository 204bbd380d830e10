"""What the forms of plans are filled with, and what their words must not say."""

from collections.abc import Mapping
from typing import Any

from portal.errors import Invalid
from portal.i18n.language import Message
from portal.plans.forms import OTHER_LANGUAGES
from portal.plans.queries import Action, Plan
from portal.requests.rules import personal_in

REFUSED = {
    "address": Message("Leave out e-mail and web addresses, here and everywhere people may read."),
    "birth": Message("Leave out dates of birth: nothing here may lead to a person."),
    "number": Message("Leave out telephone numbers and numbers of papers."),
}

OPEN_WORDS = (
    "responsible",
    "said_why",
    "action_text",
    *(f"action_text_{code}" for code in OTHER_LANGUAGES),
)


def refuse_personal(sent: Mapping[str, Any]) -> None:
    """`Invalid` where words seem to be about one person, or lead to one."""
    wrong: dict[str, list[Message]] = {}
    for name in OPEN_WORDS:
        typed = sent.get(name) or ""
        text = " ".join(typed) if isinstance(typed, list) else str(typed)
        if found := personal_in(text):
            wrong[name] = [REFUSED[found]]
    if wrong:
        raise Invalid(wrong)


def typed_plan(plan: Plan) -> dict[str, Any]:
    """The fields of the form as a plan fills them."""
    return {
        "title": plan.title,
        **{f"title_{code}": plan.titles.get(code, "") for code in OTHER_LANGUAGES},
        "in_countries": plan.countries,
        "begins_on": plan.starts_on.isoformat(),
        "finishes_on": plan.ends_on.isoformat(),
        "document": plan.source or "",
        "seen": plan.changed_at,
    }


def typed_action(action: Action) -> dict[str, Any]:
    """The fields of the form as an action fills them."""
    return {
        "action_code": action.code,
        "action_text": action.text,
        **{f"action_text_{code}": action.texts.get(code, "") for code in OTHER_LANGUAGES},
        "begins_on": action.starts_on.isoformat(),
        "finishes_on": action.ends_on.isoformat(),
        "responsible": action.responsible or "",
        "organisation": action.organisation_id or "",
        "seen": action.changed_at,
    }


def differing(typed: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """What stands now in the fields that say something else than what was typed."""
    return {
        name: ", ".join(values_of(now, name))
        for name in now
        if name != "seen" and values_of(typed, name) != values_of(now, name)
    }


def values_of(typed: Mapping[str, Any], name: str) -> list[str]:
    """All values of a field, whether it was sent by a form or filled from a record."""
    value = typed.get(name)
    if value is None or value == "":
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
