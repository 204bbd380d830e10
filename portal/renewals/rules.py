"""When renewing opens, what a member stands under and still has to affirm, and who is reminded."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from portal.charter.rules import Point, to_affirm
from portal.membership.rules import AFFIRM_WITHIN, REMIND_DAYS_BEFORE, RENEWAL_OPENS, a_year_after

Verdict = Literal["renewed", "returned"]

MOST_WORDS = 2000

# why a member cannot affirm a point
MOST_WHY = 1000

AFFIRM_REMIND_DAYS_BEFORE = (30, 14, 3)

# the step that follows the last reminder: the day has passed
OVERDUE = -1

# adopted versions with their points, and of each code the versions under which it was affirmed
Charters = Mapping[int, Sequence[Point]]
Affirmed = Mapping[str, frozenset[int]]


class RenewalAnswer(msgspec.Struct, frozen=True):
    """Whether a criterion still holds, and what was said when it does not."""

    code: str
    holds: bool
    words: str | None


class Refusal(msgspec.Struct, frozen=True):
    """A point that a member has said it cannot affirm: under which version, when, and why."""

    code: str
    version: int
    at: str
    why: str | None


def is_open(due_on: date, today: date) -> bool:
    """Whether a member may renew: from sixty days before the day, and after it."""
    return today >= opens_on(due_on)


def opens_on(due_on: date) -> date:
    """The first day on which a member may renew."""
    return due_on - RENEWAL_OPENS


def renews_for(due_on: date, today: date) -> date:
    """The due day that a renewal of today answers: of several that were missed the newest."""
    while is_open(a_year_after(due_on), today):
        due_on = a_year_after(due_on)
    return due_on


def stands_under(entered: int | None, charters: Charters, affirmed: Affirmed) -> int | None:
    """The newest version all of whose demands a member has accepted; None while it has none.

    `entered` is the version that it joined under or renewed under last. Of a later version it
    accepts all when nothing new is asked of it, or when it has affirmed whatever is.
    """
    stand = entered
    for version in sorted(charters):
        newer = stand is None or version > stand
        if newer and not _open_points(stand, version, charters, affirmed):
            stand = version
    return stand


def asked_to_affirm(stand: int | None, charters: Charters, affirmed: Affirmed) -> list[Point]:
    """What a member is asked to affirm: all that differs between its version and the newest.

    Who skipped a version is asked for the differences of both at once. A point whose very words it
    has affirmed under a version between is not asked for again.
    """
    newest = max(charters, default=None)
    if newest is None or (stand is not None and stand >= newest):
        return []
    return _open_points(stand, newest, charters, affirmed)


def affirm_by(adopted_on: date, known_on: date) -> date:
    """Until when a version is affirmed: sixty days after its adoption, or after somebody came."""
    return max(adopted_on, known_on) + AFFIRM_WITHIN


def brought_by(point: Point, charters: Charters) -> int:
    """The version that brought a point of the newest one as it stands now.

    A version that leaves the point as it was does not move the day until which it is affirmed.
    """
    brought = max(charters)
    for version in sorted(charters, reverse=True):
        if not has_words_of(point, charters[version]):
            break
        brought = version
    return brought


def has_words_of(point: Point, points: Sequence[Point]) -> bool:
    """Whether the very words of a point stand among these."""
    return any(each.code == point.code and each.decided == point.decided for each in points)


def still_refused(
    asked: Sequence[Point], charters: Charters, refusals: Sequence[Refusal]
) -> list[Refusal]:
    """The newest refusal of each point that is asked for in the words that were refused."""
    newest = {each.code: each for each in sorted(refusals, key=lambda each: each.version)}
    return [
        newest[each.code]
        for each in asked
        if each.code in newest and has_words_of(each, charters.get(newest[each.code].version, ()))
    ]


def renewal_step(due_on: date, today: date) -> int | None:
    """The newest reminder of a renewal that is due, in days before the day; -1 when it passed."""
    return _step(due_on, today, REMIND_DAYS_BEFORE)


def affirmation_step(due_on: date, today: date) -> int | None:
    """The newest reminder to affirm that is due; -1 when the day passed."""
    return _step(due_on, today, AFFIRM_REMIND_DAYS_BEFORE)


def _step(due_on: date, today: date, steps: tuple[int, ...]) -> int | None:
    """Who was down meanwhile sends this one alone, not those that were missed."""
    if today > due_on:
        return OVERDUE
    left = (due_on - today) / timedelta(days=1)
    return min((step for step in steps if left <= step), default=None)


def _open_points(
    stand: int | None, version: int, charters: Charters, affirmed: Affirmed
) -> list[Point]:
    before = charters.get(stand, ()) if stand is not None else ()
    asked = to_affirm(before, charters[version])
    return [each for each in asked if not _is_affirmed(each, charters, affirmed)]


def _is_affirmed(point: Point, charters: Charters, affirmed: Affirmed) -> bool:
    under = affirmed.get(point.code, ())
    return any(has_words_of(point, charters.get(version, ())) for version in under)
