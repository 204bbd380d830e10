"""The demo's reports of twelve quarters, what the portal counted meanwhile, and closed quarters.

It is written at once and not through the pages: twelve quarters of twenty organisations would be
thousands of transactions. The newest quarter is open: some have reported, some have not.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import asdict
from sqlite_utils import Database

from portal.clock import day_of, stamp
from portal.counting.actions import find_silent
from portal.counting.registry import COUNTERS, count_period
from portal.counting.rules import Span
from portal.db import as_json, column, fetch
from portal.indicators.figures import count_all_anew
from portal.indicators.periods import Period, period_of
from portal.indicators.queries import find_definitions
from portal.indicators.results import Kept
from portal.reports.queries import find_expected
from portal.reports.rules import due_on
from seed_data.projects import carried
from seed_data.results import QUARTERS, counted, earlier, fate, reported

# the demo's own member may try to report; another of its quarter waits for the coordinator
OWN = "o-3vd8xw"

CLOSED_AFTER = timedelta(days=40)

# of these the portal knows the past itself; of the other states it knows today's alone
REMEMBERED = ("members", "regions_with_member", "reports_on_time")

NOTE = "The sum over both sexes does not fit the journal."


class Reporting(msgspec.Struct, frozen=True):
    """A member organisation of the demo and where it works."""

    id: str
    region: str
    account_id: str


def seed_reports(db: Database, at: datetime, timezone: str) -> None:
    """Reports, results and closed quarters, once."""
    if db.table("reports").count:
        return
    today = day_of(at, timezone)
    newest = period_of(today, "quarter").before
    quarters = [newest]
    while len(quarters) < QUARTERS:
        quarters.insert(0, quarters[0].before)
    known = find_definitions(db, today)
    counters = {each.code: each.counter for each in known if each.counter}
    states = {code for code, counter in counters.items() if COUNTERS[counter].is_state}
    unknown = states - set(REMEMBERED)
    now = [each for each in count_period(db, newest, today, timezone) if each.code in unknown]
    for number, quarter in enumerate(quarters):
        desk = _Desk(db, quarter, number, timezone, is_open=quarter == newest)
        members = _members(db, quarter, timezone)
        for each in members:
            desk.report(each)
        if not desk.is_open:
            desk.close(sorted(set(counters) - states - set(REMEMBERED)), members, now)
    count_all_anew(db)


def _members(db: Database, quarter: Period, timezone: str) -> list[Reporting]:
    """Whoever reports of a quarter, though suspended or gone since."""
    sql = """
        SELECT o.id, coalesce(p.region, '') AS region,
            coalesce((SELECT id FROM accounts WHERE organisation_id = o.id
                      AND role IN ('member', 'coordinator') ORDER BY role DESC, id LIMIT 1),
                     'member') AS account_id
        FROM organisations AS o LEFT JOIN places AS p ON p.id = o.place_id
        WHERE o.id IN (SELECT value FROM json_each(:ids)) ORDER BY o.id
    """
    ids = [each.id for each in find_expected(db, quarter, timezone)]
    return fetch(db, Reporting, sql, ids=as_json(ids))


class _Desk:
    """One quarter at whose reports somebody looks."""

    def __init__(
        self,
        db: Database,
        quarter: Period,
        number: int,
        timezone: str,
        *,
        is_open: bool,
    ) -> None:
        self._db = db
        self._quarter = quarter
        self._number = number
        self._timezone = timezone
        self._zone = ZoneInfo(timezone)
        self.is_open = is_open
        self._coordinator = _coordinator(db)

    def report(self, member: Reporting) -> None:
        """What became of one organisation's report."""
        word = fate(member.id, self._quarter.code)
        if self.is_open and member.id == OWN:
            return
        if word == "missing":
            return
        report_id = f"{member.id[2:]}{self._quarter.code.lower().replace('-', '')}"
        late = word == "late" and not self.is_open
        days = 9 if late else -(sum(map(ord, report_id)) % 15)
        sent = due_on(self._quarter) + timedelta(days=days)
        states: list[tuple[str, date, str | None]] = [
            ("draft", sent - timedelta(days=2), None),
            ("submitted", sent, None),
        ]
        if word == "returned":
            states.append(("returned", sent + timedelta(days=2), NOTE))
        if word == "returned" and not self.is_open:
            states.append(("submitted", sent + timedelta(days=4), None))
        waits = self.is_open and (word in ("returned", "corrected") or self._waits(member))
        accepted = None if waits else self._moment(sent + timedelta(days=6))
        if accepted:
            states.append(("accepted", sent + timedelta(days=6), None))
        row = {"id": report_id, "organisation_id": member.id, "period": self._quarter.code}
        told = {"revision": 1, "saved_at": self._moment(sent), "saved_by": member.account_id}
        self._db.table("reports").insert({**row, **told})
        self._states(report_id, member, states)
        self._cells(report_id, member, self._moment(sent), accepted, word)

    def close(self, codes: list[str], members: list[Reporting], now: list[Kept]) -> None:
        """What the portal counts, who has not reported, and the lock."""
        at = self._moment(self._quarter.last + CLOSED_AFTER)
        told = {"period": self._quarter.code, "at": at, "by": self._coordinator}
        self._db.table("closed_periods").insert(told)
        regions = sorted({each.region for each in members} - {""})
        cells = [cell for code in codes for cell in counted(code, regions, self._number)]
        cells += [cell for code in REMEMBERED for cell in self._remembered(code)]
        cells += [cell for each in now if (cell := earlier(asdict(each), self._number))]
        silent = find_silent(self._db, self._quarter, self._timezone)
        told = {"by": "portal", "accepted_at": at}
        self._db.table("results").insert_all(
            self._result(cell, at, {**told, "organisation_id": cell.get("organisation_id")})
            for cell in (*cells, *map(asdict, silent))
        )

    def _remembered(self, code: str) -> Iterator[dict[str, Any]]:
        span = Span(self._quarter, self._quarter.last, self._timezone)
        for each in COUNTERS[code].ask(self._db, span):
            yield {**asdict(each), "code": code}

    def _waits(self, member: Reporting) -> bool:
        return sum(map(ord, member.id)) % 3 == 0

    def _states(
        self, report_id: str, member: Reporting, states: list[tuple[str, date, str | None]]
    ) -> None:
        self._db.table("report_states").insert_all(
            {
                "report_id": report_id,
                "state": state,
                "at": self._moment(day),
                "by": member.account_id if state in ("draft", "submitted") else self._coordinator,
                "note": note,
            }
            for state, day, note in states
        )

    def _cells(
        self, report_id: str, member: Reporting, sent: str, accepted: str | None, word: str
    ) -> None:
        cells = [
            {**each, "project_id": carried(member.id, self._number, str(each["code"]))}
            for each in reported(member.id, member.region, self._quarter.code, self._number)
        ]
        own = {"report_id": report_id, "by": member.account_id, "organisation_id": member.id}
        self._db.table("report_cells").insert_all(
            {**_key(cell, self._quarter.code), "report_id": report_id} for cell in cells
        )
        if word == "corrected" and accepted:
            # what was accepted first was one too many: it is kept beside the correction
            first = [{**c, "numerator": float(c["numerator"] or 0) + 1} for c in cells[:1]]
            stood = {**own, "accepted_at": sent, "replaced_at": accepted}
            self._db.table("results").insert_all(self._result(c, sent, stood) for c in first)
        self._db.table("results").insert_all(
            self._result(c, sent, {**own, "accepted_at": accepted}) for c in cells
        )

    def _result(self, cell: dict[str, Any], at: str, more: dict[str, Any]) -> dict[str, Any]:
        row = _key(cell, self._quarter.code)
        row["project_id"] = row["project_id"] or None
        return {**row, "version": 1, "at": at, **more}

    def _moment(self, day: date) -> str:
        return stamp(datetime.combine(day, time(11), self._zone))


def _key(cell: dict[str, Any], quarter: str) -> dict[str, Any]:
    return {
        "code": cell["code"],
        "period": cell.get("period", quarter),
        "region": cell.get("region", ""),
        "project_id": cell.get("project_id", ""),
        "sex": cell.get("sex", ""),
        "age_group": cell.get("age_group", ""),
        "form": cell.get("form", ""),
        "state": cell.get("state", "value"),
        "numerator": cell["numerator"],
        "denominator": cell.get("denominator"),
    }


def _coordinator(db: Database) -> str:
    sql = "SELECT id FROM accounts WHERE role = 'coordinator' ORDER BY id LIMIT 1"
    return next(iter(column(db, sql)), "coordinator")
