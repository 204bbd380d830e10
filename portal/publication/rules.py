"""The network's policy, and what is said of home visits: few, none and hidden look alike.

The numbers D0–D12 are those of the network's disclosure policy; its sources are the ACRO and
OpenSAFELY output rules, the sdcTools user support and the practice of the IOM data collaborative.
"""

from datetime import date

import msgspec

from portal.disclosure.rules import Policy

YES = "yes"
ASK_HOTLINE = "ask_hotline"


# the network's thresholds, from a day on; they are policy: a new one is a new row
POLICIES = (Policy(since=date(2010, 1, 1)),)


class HeldCount(msgspec.Struct, frozen=True):
    """Who visits homes in one region and profession, exactly, by organisation. It stays inside."""

    region: str
    profession: str
    visiting_by_organisation: list[int]


class ReleasedCount(msgspec.Struct, frozen=True):
    """A figure as it was released: rounded, or None with the flag `c` where it is withheld."""

    region: str
    profession: str
    practitioners: int | None
    flag: str | None
    home_visits: str


def policy_on(day: date) -> Policy:
    """The policy that holds on a day."""
    return max((each for each in POLICIES if each.since <= day), key=lambda each: each.since)


def is_many(by_organisation: list[int], policy: Policy) -> bool:
    """At least `smallest` people of at least `fewest_organisations` organisations (D1, D4).

    A zero is never structural for practitioners, so it is withheld like any small number.
    """
    contributing = [n for n in by_organisation if n > 0]
    enough = sum(contributing) >= policy.smallest
    return enough and len(contributing) >= policy.fewest_organisations


def home_visits(visiting_by_organisation: list[int], policy: Policy) -> str:
    """`yes` where many practitioners visit homes, else `ask_hotline`: few and none alike (D11)."""
    return YES if is_many(visiting_by_organisation, policy) else ASK_HOTLINE
