"""Close a quarter: count, say who is silent, lock; and open it again for one organisation."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.accounts.queries import find_coordinators, find_members_of
from portal.actor import Actor
from portal.counting.registry import count_period
from portal.counting.rules import (
    BEFORE_ALL,
    CLOSED_ALREADY,
    MOST_REASON,
    NO_REASON,
    NOT_ENDED,
    NOT_OPENED,
    OLDER_OPEN,
    PERSONAL,
    wrong_until,
)
from portal.db import column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import InPeriod, Message
from portal.indicators.locks import is_closed, last_closed, lock, reopen
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import find_definition
from portal.indicators.results import Kept, keep_results
from portal.notices.actions import notify
from portal.reports.queries import find_asked, find_expected, quarter_due
from portal.reports.rules import periods_asked
from portal.requests.rules import personal_in


def close_quarter(
    db: Database, by: Actor, at: datetime, today: date, quarter: Period, timezone: str
) -> None:
    """Keep what the portal counts, write down who has not reported, and lock the quarter.

    From now on nothing that changes in the registers or in definitions changes its figures.
    """
    if not by.is_coordinator:
        raise NotFound
    if problem := why_not(db, quarter, today):
        raise Invalid({"all": [problem]})
    counted = count_period(db, quarter, today, timezone)
    lock(db, by, at, quarter)
    keep_results(db, by, at, [*counted, *find_silent(db, quarter, timezone)])


def reopen_for(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    quarter: Period,
    organisation_id: str,
    reason: str,
    until: date,
) -> None:
    """Open a closed quarter for one organisation until a day; who did so and why is kept.

    Nobody opens it for an organisation of their own, unless there is no other coordinator.
    """
    if not by.is_coordinator:
        raise NotFound
    if not may_reopen(db, by, organisation_id, today):
        raise NotAllowed
    known = "SELECT count(*) FROM organisations WHERE id = :id AND joined_on <= :last"
    is_known = count(db, known, id=organisation_id, last=quarter.last.isoformat())
    said = {
        "organisation": None if is_known else NOT_OPENED,
        "open_reason": _wrong_reason(reason),
        "open_until": wrong_until(until, today),
    }
    wrong = {field: [message] for field, message in said.items() if message}
    if wrong:
        raise Invalid(wrong)
    reopen(db, by, at, quarter, organisation_id, reason.strip(), until)
    for account_id in find_members_of(db, organisation_id):
        notify(db, at, "report_reopened", quarter.code, account_id=account_id)


def may_reopen(db: Database, by: Actor, organisation_id: str, today: date) -> bool:
    """Whether somebody may open a quarter for an organisation: another's, or for want of any."""
    if by.organisation_id != organisation_id:
        return by.is_coordinator
    own = set(find_members_of(db, organisation_id))
    return by.is_coordinator and set(find_coordinators(db, today)) <= own


def next_to_close(db: Database, today: date) -> Period:
    """The quarter that is closed next: after the last one, or the first of which was reported."""
    last = last_closed(db)
    if last is not None:
        return last.next
    (first,) = column(db, "SELECT min(period) FROM reports")
    due = quarter_due(today)
    return min(read_period(first), due) if first else due


def why_not(db: Database, quarter: Period, today: date) -> Message | None:
    """Why a quarter cannot be closed today; None when it can."""
    if quarter.last >= today:
        return NOT_ENDED
    if is_closed(db, quarter):
        return CLOSED_ALREADY
    oldest = next_to_close(db, today)
    if quarter < oldest:
        return BEFORE_ALL
    return Message(OLDER_OPEN.text, {"period": InPeriod(oldest.code)}) if oldest < quarter else None


def find_silent(db: Database, quarter: Period, timezone: str) -> list[Kept]:
    """For each organisation and indicator of which nothing was accepted a cell that says so."""
    expected = [each.id for each in find_expected(db, quarter, timezone)]
    silent = []
    for each in find_asked(db, quarter):
        for period in periods_asked(quarter, each.frequency):
            definition = find_definition(db, each.code, period)
            if definition is None:
                continue
            there = _accepted(db, each.code, period)
            silent += [
                Kept(
                    each.code,
                    definition.version,
                    period.code,
                    organisation_id,
                    state="not_reported",
                )
                for organisation_id in expected
                if organisation_id not in there
            ]
    return silent


def _accepted(db: Database, code: str, period: Period) -> set[str]:
    sql = """
        SELECT DISTINCT organisation_id FROM results WHERE code = :code AND period = :period
            AND accepted_at IS NOT NULL AND replaced_at IS NULL AND organisation_id IS NOT NULL
    """
    return set(column(db, sql, code=code, period=period.code))


def _wrong_reason(reason: str) -> Message | None:
    if not reason.strip():
        return NO_REASON
    if len(reason) > MOST_REASON:
        most = {"most": MOST_REASON}
        return Message("Make this shorter: at most %(most)s characters.", most)
    return PERSONAL if personal_in(reason) else None
