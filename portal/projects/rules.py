"""Who reads and keeps projects, where one stands, and how numbers of people are given to others.

Codes are those of the IATI standard 2.03 (lists ActivityStatus, ResultType, OrganisationType and
the purpose codes of the OECD's DAC).
"""

import math
import re
from datetime import date
from typing import Literal

import msgspec

from portal.actor import Actor
from portal.disclosure.rules import Policy, rounded
from portal.i18n.language import Message
from portal.indicators.rules import Figure, Kind, value_of

Status = Literal["planned", "running", "ended", "cancelled"]
Level = Literal["impact", "outcome", "output"]
Counts = Literal["project", "organisation"]
LinkKind = Literal["event", "activity", "campaign", "material"]

STATUSES: dict[Status, Message] = {
    "planned": Message("planned"),
    "running": Message("running"),
    "ended": Message("ended"),
    "cancelled": Message("cancelled"),
}
STATUS_CODES: dict[Status, str] = {"planned": "1", "running": "2", "ended": "4", "cancelled": "5"}

LEVELS: dict[Level, Message] = {
    "impact": Message("Impact"),
    "outcome": Message("Outcome"),
    "output": Message("Output"),
}
RESULT_TYPES: dict[Level, str] = {"output": "1", "outcome": "2", "impact": "3"}

COUNTED: dict[Counts, Message] = {
    "project": Message("results that carry this project"),
    "organisation": Message("all results of the organisation during the project"),
}

LINK_KINDS: dict[LinkKind, Message] = {
    "event": Message("Event"),
    "activity": Message("Activity"),
    "campaign": Message("Campaign"),
    "material": Message("Material"),
}

ORGANISATION_TYPES: dict[str, Message] = {
    "10": Message("Government"),
    "21": Message("International NGO"),
    "22": Message("National NGO"),
    "40": Message("Multilateral organisation"),
    "60": Message("Foundation"),
    "70": Message("Private sector"),
    "80": Message("University, training or research"),
}

SECTORS: dict[str, Message] = {
    "15160": Message("Human rights"),
    "15180": Message("Ending violence against women and girls"),
    "15190": Message("Safe and orderly migration"),
    "16010": Message("Social protection"),
    "15130": Message("Legal and judicial development"),
    "15150": Message("Democratic participation and civil society"),
}
SECTOR = "15160"

CURRENCIES = ("USD", "EUR", "TMT", "TJS", "CHF", "GBP", "NOK", "SEK", "KZT", "UZS", "RUB")

# standard grant for a project, official development assistance, by a project
FLOW, FINANCE, AID = "10", "110", "C01"

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
# a registration agency, a hyphen and a number; the standard forbids these signs in identifiers
REFERENCE = re.compile(r"[A-Z]{2,3}-[^\s/&|?]{1,60}")

MOST_LINES = 40
MOST_LINKS = 60


class Given(msgspec.Struct, frozen=True):
    """A number as it is given: the number, or that it is fewer than so many, or nothing known."""

    value: float | None = None
    fewer_than: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is said."""
        return self.value is not None or self.fewer_than is not None


def may_read(actor: Actor) -> bool:
    """Who sees projects: members, coordinators, and observers, whom they are made for."""
    return actor.role in ("member", "coordinator", "observer")


def may_start(actor: Actor) -> bool:
    """Who may add a project: people of organisations, and coordinators."""
    return actor.is_coordinator or (actor.role == "member" and actor.organisation_id is not None)


def may_keep(actor: Actor, organisation_id: str | None) -> bool:
    """Who changes a project, and reads its exact figures: its organisation's, and coordinators."""
    if actor.is_coordinator:
        return True
    return actor.role == "member" and actor.organisation_id == organisation_id is not None


def status_of(
    starts_on: date | None, ends_on: date | None, cancelled_on: date | None, today: date
) -> Status:
    """Where a project stands on a day; without dates it is planned."""
    if cancelled_on is not None and cancelled_on <= today:
        return "cancelled"
    if starts_on is None or starts_on > today:
        return "planned"
    return "ended" if ends_on is not None and ends_on < today else "running"


def exactly(kind: Kind, figure: Figure) -> Given:
    """A figure for those whose own it is."""
    return Given(value_of(kind, figure))


def guarded(kind: Kind, figure: Figure, policy: Policy) -> Given:
    """A figure of people for everybody else: few are "fewer than k", others are rounded (D1, D2).

    A zero looks like any small number, so that nobody learns that it was none. Shares are computed
    of the rounded parts (D6); a median says nothing of how many it rests on and is not given.
    """
    if figure.numerator is None or kind == "median":
        return Given()
    if kind == "count":
        return guarded_count(figure.numerator, policy)
    few = min(figure.numerator, figure.denominator or 0) < policy.smallest
    rest = (figure.denominator or 0) - figure.numerator
    # security: what is left of a percentage is people too
    if few or (kind == "percent" and rest < policy.smallest):
        return Given()
    parts = [_near(each, policy) for each in (figure.numerator, figure.denominator or 0)]
    return Given(value_of(kind, Figure(parts[0], parts[1])))


def guarded_count(people: float, policy: Policy) -> Given:
    """A number of people for those who may not have it exactly."""
    if people < policy.smallest:
        return Given(fewer_than=policy.smallest)
    return Given(_near(people, policy))


def _near(people: float, policy: Policy) -> float:
    return float(rounded(math.floor(people), policy.rounding_base))
