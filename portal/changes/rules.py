"""Which changes one person makes, which need a second one, who that may be, and for how long."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from portal.i18n.language import Message
from portal.practitioners.rules import Person, Somebody, is_same_person

UNDO_FOR = timedelta(days=30)
WAITS_FOR = timedelta(days=30)

# on whose side somebody stands who may change a practitioner's details
Side = Literal["herself", "organisation", "coordinator"]

MOVES: dict[str | None, frozenset[str]] = {
    None: frozenset({"waiting", "applied"}),
    "waiting": frozenset({"applied", "returned", "withdrawn", "lapsed"}),
    "returned": frozenset({"replaced", "withdrawn", "lapsed"}),
    "applied": frozenset({"undone"}),
}

APPROVERS: dict[str, frozenset[str]] = {
    "herself": frozenset({"organisation", "coordinator"}),
    "organisation": frozenset({"herself", "coordinator"}),
    "coordinator": frozenset({"herself", "organisation", "coordinator"}),
}

CONTACT = ("contact_policy", "contact_hours", "phone", "email", "phone_shared", "say_when_calling")
LICENCE = ("licence_number", "licence_issuer", "licence_expires_on")
WORK = (
    "name",
    "place_id",
    "travel_km",
    "areas",
    "season",
    "transport",
    "visits_with",
    "languages",
    "specialisations",
    "age_groups",
    "modes",
    "safeguarding_on",
)
LISTS = ("languages", "specialisations", "age_groups", "modes")
EDITABLE = (*WORK, *CONTACT, *LICENCE)

# she alone sees her contact as it stands; everybody else replaces what they do not see
PERSONAL = frozenset({"phone", "email", "say_when_calling"})
APART = PERSONAL | frozenset(LICENCE)

# about these her own word is enough: nobody finds or reaches her more than before
HER_WORD = frozenset({"transport", "contact_hours"})

POLICIES = ("direct", "after_accept", "via_organisation")
COMPANY = ("alone", "colleague", "asker")

# fields that forms, and people, call otherwise
FORM_NAMES = {"name": "full_name", "place_id": "place", "areas": "places", "season": "closed_from"}
LABELS = {**FORM_NAMES, "areas": "areas", "season": "season", "organisation_id": "organisation"}

Pair = tuple[Any, Any]


def writable(side: Side) -> frozenset[str]:
    """The fields a side may change; a licence is written by those who saw the paper."""
    return frozenset(EDITABLE) - (frozenset(LICENCE) if side == "herself" else frozenset())


def readable(side: Side) -> frozenset[str]:
    """The fields a side sees as they stand; what is not among them is replaced unseen."""
    hidden = {
        "herself": frozenset[str](),
        "organisation": PERSONAL | {"licence_number"},
        "coordinator": PERSONAL,
    }
    return frozenset(EDITABLE) - hidden[side]


def narrows(field: str, old: object, new: object) -> bool:
    """Whether a change only hides something or asks for more care: then one person is enough."""
    rule = _NARROWS.get(field)
    return old == new or (rule is not None and rule(old, new))


def is_same(field: str, one: object, other: object) -> bool:
    """Whether two values of a field say the same; the order of a list says nothing."""
    if field in LISTS or field == "areas":
        return _items(one) == _items(other)
    return one == other


def differing(known: Mapping[str, object], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not the known ones."""
    return {field: v for field, v in values.items() if not is_same(field, known.get(field), v)}


def moved(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> dict[str, Any]:
    """What others wrote since the base in the fields that are mine too, where it differs."""
    both = {field: theirs[field] for field in mine if field in theirs}
    return differing(mine, differing(base, both))


def needs_second(side: Side, changed: Mapping[str, Pair]) -> frozenset[str]:
    """Which of the changed fields, each (old, new), wait for a second person."""
    return frozenset(
        field
        for field, (old, new) in changed.items()
        if not narrows(field, old, new) and not (side == "herself" and field in HER_WORD)
    )


def may_approve(maker: Person, asked_as: str, second: Somebody, side: str, her: Person) -> bool:
    """Whether somebody is the second person for a change: another one, from another side.

    Whoever acts as the practitioner is she, whatever the account is called.
    """
    makers = (maker, her) if asked_as == "herself" else (maker,)
    seconds = (second, her) if side == "herself" else (second,)
    is_one = any(is_same_person(one, other) for one in makers for other in seconds)
    return second.account_id is not None and not is_one and side in APPROVERS[asked_as]


def may_become(state: str | None, wanted: str) -> bool:
    """Whether a change may go from one state to another."""
    return wanted in MOVES.get(state, frozenset())


def may_undo(applied: datetime, now: datetime) -> bool:
    """For 30 days; a clock set back before the change opens nothing."""
    return applied <= now < applied + UNDO_FOR


def is_settled(applied: datetime, consented_on: date | None) -> bool:
    """Whether she consented since a change took effect, to what it made: no undo goes behind that.

    A consent says its day alone, so one of the same day counts.
    """
    return consented_on is not None and consented_on >= applied.date()


def has_lapsed(made: datetime, now: datetime) -> bool:
    """Whether a change waited for more than 30 days."""
    return now >= made + WAITS_FOR


def hint_of(field: str, value: str | None) -> Message:
    """What somebody who may not see a contact or licence is told of it: never enough to use it."""
    if not value:
        return Message("nothing")
    digits = [sign for sign in value if sign.isdigit()]
    if field in ("phone", "licence_number") and len(digits) >= 6:
        return Message("a new number ending in %(end)s", {"end": "".join(digits[-2:])})
    return _NEW.get(field, Message("something new"))


_NEW = {
    "phone": Message("a new number"),
    "licence_number": Message("a new number"),
    "email": Message("a new address"),
    "say_when_calling": Message("a new text"),
}


def _items(values: Any) -> set[Any]:
    return {tuple(each) if isinstance(each, list) else each for each in values or ()}


def _is_fewer(old: Any, new: Any) -> bool:
    return _items(new) <= _items(old)


def _is_less(old: Any, new: Any) -> bool:
    return new is None or (old is not None and new <= old)


def _is_emptied(_old: Any, new: Any) -> bool:
    return not new


def _is_closed_longer(old: Any, new: Any) -> bool:
    return _months(old) <= _months(new)


def _months(season: Any) -> set[int]:
    """The months in which the roads are closed; November to February goes over the new year."""
    if not season:
        return set()
    first, last = season
    return {(first + step - 1) % 12 + 1 for step in range((last - first) % 12 + 1)}


def _is_stricter(order: tuple[str, ...], unknown: int) -> Callable[[Any, Any], bool]:
    def stricter(old: Any, new: Any) -> bool:
        rank = {code: number for number, code in enumerate(order)}
        return rank.get(new, unknown) >= rank.get(old, unknown)

    return stricter


_NARROWS: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys((*LISTS, "areas"), _is_fewer),
    "travel_km": _is_less,
    "season": _is_closed_longer,
    "safeguarding_on": _is_less,
    "visits_with": _is_stricter(COMPANY, unknown=0),
    # where no policy was chosen, nobody is shown a number
    "contact_policy": _is_stricter(POLICIES, unknown=len(POLICIES)),
    "phone_shared": lambda _old, new: bool(new),
    "phone": _is_emptied,
    "email": _is_emptied,
}
