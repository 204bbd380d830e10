"""What waits after a visit, and the counts that remain when a request is forgotten."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.db import column, count, fetch
from portal.i18n.language import Message
from portal.requests.answers import about_visit
from portal.requests.queries import asking
from portal.requests.rules import PROMPT
from portal.waiting import Waiting


class Waits(msgspec.Struct, frozen=True):
    """An accepted request whose day has come."""

    kind: str
    id: str
    since: str
    due: str | None
    mode: str
    region: str
    wished_on: date


SAYS = {
    "overdue": Message("Nobody has said yet that the visit is over and all are back."),
    "outcome": Message("A visit was planned: say how it ended."),
}


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """Visits nobody has come back from, for the asking organisation; outcomes, for both sides."""
    sql = """
        WITH accepted AS (
            SELECT r.* FROM requests AS r WHERE r.ended_at IS NULL AND 'accepted' =
            (SELECT state FROM request_states WHERE request_id = r.id ORDER BY id DESC LIMIT 1))
        SELECT 'overdue' AS kind, id, return_by AS since, return_by AS due, mode, region,
            wished_on FROM accepted
        WHERE return_by <= :now AND returned_at IS NULL
            AND :member AND (account_id = :account OR organisation_id = :own)
        UNION ALL
        SELECT 'outcome', id, wished_on, NULL, mode, region, wished_on FROM accepted AS r
        WHERE wished_on < :today AND (account_id = :account OR EXISTS (
            SELECT 1 FROM request_offers WHERE request_id = r.id AND practitioner_id = :self
            AND answer = 'accepted'))
        ORDER BY kind DESC, since
    """
    asked = {**asking(actor, at), "now": stamp(at), "today": today.isoformat()}
    return [
        Waiting(
            "visits",
            SAYS[each.kind],
            ("requests", each.id),
            each.since,
            each.due,
            about_visit(each.mode, each.region, each.wished_on),
        )
        for each in fetch(db, Waits, sql, **asked)
    ]


_MADE = """
    FROM requests AS r WHERE r.created_at >= :since AND r.created_at < :until
    AND (:organisation IS NULL OR r.organisation_id = :organisation)
    AND (:region IS NULL OR r.region = :region)
"""


class Period(msgspec.Struct, frozen=True):
    """Requests made from one moment to before another, of one organisation or region or of all."""

    since: datetime
    until: datetime
    organisation: str | None = None
    region: str | None = None

    @property
    def asked(self) -> dict[str, object]:
        """The parameters of the counts."""
        return {
            "since": stamp(self.since),
            "until": stamp(self.until),
            "organisation": self.organisation,
            "region": self.region,
        }


def count_completed(db: Database, period: Period, mode: str | None = "home") -> int:
    """How many consultations took place; home visits unless another way, or None for any."""
    sql = (
        "SELECT count(*)" + _MADE + "AND r.outcome = 'visited' AND (:mode IS NULL OR mode = :mode)"
    )
    return count(db, sql, **period.asked, mode=mode)


def share_answered_in_48h(db: Database, period: Period, at: datetime) -> float | None:
    """The share, 0 to 1, of requests that were accepted within 48 hours; None when there are none.

    A request that is younger, or ended sooner without an answer, does not count yet.
    """
    sql = (
        "SELECT avg(coalesce(r.answered_in_48h, 0))"
        + _MADE
        + """AND (r.answered_in_48h IS NOT NULL
                OR (r.ended_at IS NULL AND r.created_at < :prompt_until))"""
    )
    asked = {**period.asked, "prompt_until": stamp(at - PROMPT)}
    (share,) = db.conn.execute(sql, asked).fetchone()
    return None if share is None else float(share)


def median_days_to_visit(db: Database, period: Period) -> float | None:
    """The median number of days from request to visit; None when there was no visit."""
    sql = "SELECT r.days_waited" + _MADE + "AND r.days_waited IS NOT NULL ORDER BY r.days_waited"
    days = column(db, sql, **period.asked)
    if not days:
        return None
    return float(days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2
