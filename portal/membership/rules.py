"""From which state of membership to which, why, and who is asked to renew when."""

from datetime import date, timedelta

import msgspec

from portal.i18n.language import Message

# an organisation that never applied is in none of these states
MOVES: dict[str | None, tuple[str, ...]] = {
    None: ("applicant", "admitted"),
    "applicant": ("under_review", "left"),
    "under_review": ("more_information", "admitted", "declined", "left"),
    "more_information": ("under_review", "declined", "left"),
    "declined": ("under_review", "applicant"),
    "admitted": ("suspended", "left"),
    "suspended": ("admitted", "left"),
    "left": ("applicant", "admitted"),
}

# why one person may stop a membership, or an applicant goes; codes of `membership_reasons`
REASONS: dict[str, tuple[str, ...]] = {
    "suspended": ("own_wish", "not_renewed", "criteria", "complaint", "unreachable"),
    "left": ("own_wish", "not_renewed", "criteria", "conduct", "closed"),
}

# whose accounts close with a membership; practitioners keep theirs
CLOSED_ROLES = ("member", "coordinator")

OUT = Message(
    "This organisation is suspended or has left: nothing opens for its people until it is back."
)

# every year, on the day on which it joined
RENEWAL_OPENS = timedelta(days=60)
REMIND_DAYS_BEFORE = (60, 30, 14, 3)

# to affirm what a new version of the charter has changed
AFFIRM_WITHIN = timedelta(days=60)

# contacts and evidence of who left go within so many days; agreed to on joining
ERASED_WITHIN = timedelta(days=30)


class Moved(msgspec.Struct, frozen=True):
    """One step of a membership: what, when, and why in a code."""

    state: str
    at: str
    reason: str | None = None


def may_become(now: str | None, wanted: str) -> bool:
    """Whether a membership may go from one state to the other."""
    return wanted in MOVES.get(now, ())


def renewal_due(joined_on: date, renewed_on: date | None, known_on: date) -> date:
    """The day by which a member renews: a year after it joined, or the last due day it renewed for.

    The day of the year stays, however early or late somebody renews. Nothing was due before the day
    on which the portal got to know the member: what was on paper then is not asked for anew.
    """
    due = a_year_after(max(joined_on, renewed_on or joined_on))
    while due < known_on:
        due = a_year_after(due)
    return due


def a_year_after(day: date) -> date:
    """The same day a year later; that of 29 February is 1 March, so that no year is cut short."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
