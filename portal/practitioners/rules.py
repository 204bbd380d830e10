"""When a practitioner is listed, how old a confirmation may be, and when two names are one."""

from datetime import date, timedelta
from itertools import combinations
from typing import Protocol

import msgspec

from search.folding import fold_words

FRESH_DAYS = 90
HIDDEN_AFTER_DAYS = 180
SAFEGUARDING_YEARS = 2
LICENCE_WARNING_DAYS = 30
WORDS_OF_A_NAME = 6


class Standing(msgspec.Struct, frozen=True):
    """What a listing rests on, as it is recorded now; what is not known is None."""

    agreement: str | None
    consent_on: date | None
    ethics_signed_on: date | None
    confirmed_on: date | None
    licence_expires_on: date | None
    membership: str


def lapsed(standing: Standing) -> list[str]:
    """What is lacking whatever the day is, as codes: with any of these there is no listing."""
    reasons = {
        "agreement": standing.agreement != "agreed",
        "consent": standing.consent_on is None,
        "ethics": standing.ethics_signed_on is None,
        "confirmation": standing.confirmed_on is None,
        "membership": standing.membership != "admitted",
    }
    return [code for code, is_lacking in reasons.items() if is_lacking]


def reasons_unlisted(standing: Standing, today: date) -> list[str]:
    """Everything that keeps somebody out of the list today; empty when she is listed."""
    late = {
        "confirmation_old": standing.confirmed_on is not None
        and standing.confirmed_on < oldest_confirmation(today),
        "licence": standing.licence_expires_on is not None and standing.licence_expires_on < today,
    }
    return lapsed(standing) + [code for code, is_late in late.items() if is_late]


def oldest_confirmation(today: date) -> date:
    """The earliest confirmation that still lists somebody today."""
    return today - timedelta(days=HIDDEN_AFTER_DAYS)


def is_fresh(confirmed_on: date, today: date) -> bool:
    """Confirmed in the last 90 days; older is ageing, and past 180 hidden."""
    return (today - confirmed_on).days <= FRESH_DAYS


def oldest_safeguarding(day: date) -> date:
    """The earliest safeguarding training that lets somebody see a child on that day."""
    try:
        return day.replace(year=day.year - SAFEGUARDING_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year - SAFEGUARDING_YEARS, day=28)


def is_open_in(month: int, closed_from: int | None, closed_to: int | None) -> bool:
    """Whether a seasonal service area is open in a month; November to April wraps the year."""
    if closed_from is None or closed_to is None:
        return True
    if closed_from <= closed_to:
        return not closed_from <= month <= closed_to
    return closed_to < month < closed_from


class Somebody(Protocol):
    """Who acts, as far as it says whether two accounts are one person's."""

    @property
    def account_id(self) -> str | None:
        """The account, where there is one."""

    @property
    def name(self) -> str:
        """The person's name; empty when it is not known."""

    @property
    def practitioner_id(self) -> str | None:
        """The practitioner's record that is this person's own."""


class Person(msgspec.Struct, frozen=True):
    """Somebody as a row names them."""

    account_id: str | None = None
    name: str = ""
    practitioner_id: str | None = None


def is_same_person(one: Somebody, other: Somebody) -> bool:
    """The same account, practitioner or name: two accounts do not make two people.

    A name counts in any order of its words, with or without the father's name.
    """
    if one.account_id is not None and one.account_id == other.account_id:
        return True
    if one.practitioner_id is not None and one.practitioner_id == other.practitioner_id:
        return True
    keys = (f"|{name_key(one.name)}|", f"|{name_key(other.name)}|")
    return "||" not in keys and (keys[0] in keys_of(other.name) or keys[1] in keys_of(one.name))


def name_key(name: str) -> str:
    """A person's name as it is compared: folded words in one order, whichever came first."""
    return " ".join(sorted(fold_words(name)))


def keys_of(name: str) -> str:
    """Every key of two or more words of a name, and that of the whole, as `|a b|a c|a b c|`.

    A name is told with or without the father's name; whoever is excluded by a shorter form of it
    is excluded all the same.
    """
    words = sorted(set(fold_words(name)))
    first = words[:WORDS_OF_A_NAME]
    longer = [c for n in range(3, len(first) + 1) for c in combinations(first, n)]
    parts = [" ".join(c) for c in [*combinations(words, 2), *longer]]
    return f"|{'|'.join([*parts, name_key(name)])}|" if words else ""
