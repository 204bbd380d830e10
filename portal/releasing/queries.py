"""Questions about releases in the making: who asked, what waits, how the audit went."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.queries import find_open
from portal.clock import stamp
from portal.db import column, fetch
from portal.errors import NotFound
from portal.i18n.language import InPeriod, Message
from portal.publication.queries import (
    Draft,
    find_draft,
    find_drafts,
    find_report,
    find_steps,
    get_last_release,
)
from portal.publication.staleness import why_stale
from portal.releasing.rules import AuditTold, Due, next_due
from portal.waiting import Waiting

DUE = Message("A release of the figures is due: prepare one.")
ASKED = Message("A release of the figures is being prepared.")
PREPARED = Message("A release is prepared: look at what it changes, then send it for approval.")

IN_THE_MAKING = ("asked", "prepared", "approved")


class Standing(msgspec.Struct, frozen=True):
    """A release, who asked for it, whether its approval waits, and why it may not be said."""

    draft: Draft
    asked_by: str
    approval_id: str | None
    stale: str | None

    @property
    def is_sendable(self) -> bool:
        """Whether nothing but a second person is missing."""
        return self.draft.state == "prepared" and not self.approval_id and not self.stale


class Partial(msgspec.Struct, frozen=True):
    """A period of which fewer reports were accepted than are expected."""

    period: str
    reported: int
    expected: int


def find_partial(db: Database, release_id: int) -> list[Partial]:
    """The newest periods of a release that rest on fewer reports than expected."""
    sql = """
        SELECT f.period, min(f.reported) AS reported, max(f.expected) AS expected
        FROM released_figures AS r
        JOIN indicators AS i ON i.code = r.indicator AND i.source = 'reported'
        JOIN figures AS f ON f.code = r.indicator AND f.period = r.period
            AND f.organisation_id = '' AND f.region = '' AND f.sex = '' AND f.age_group = ''
            AND f.form = '' AND f.reported < f.expected
        WHERE r.release_id = :id AND r.area = 'all'
        GROUP BY f.period ORDER BY f.period DESC LIMIT 2
    """
    return fetch(db, Partial, sql, id=release_id)


def get_release_standing(db: Database, at: datetime, release_id: int) -> Standing:
    """How a release stands; `NotFound` when there is none."""
    draft = find_draft(db, release_id)
    if draft is None:
        raise NotFound
    waits = find_open(db, at, "publish_release", str(release_id))
    in_the_making = draft.state in ("prepared", "approved")
    stale = why_stale(db, release_id, at) if in_the_making else None
    return Standing(draft, find_steps(db, release_id)[0].by, waits, stale)


def find_in_the_making(db: Database) -> Draft | None:
    """The release that is asked for, prepared or approved; there is one at a time."""
    making = [each for each in find_drafts(db) if each.state in IN_THE_MAKING]
    return making[0] if making else None


def find_due(db: Database, today: date) -> Due:
    """The next release of the calendar."""
    last = get_last_release(db)
    return next_due(today, date.fromisoformat(last.released_on) if last else None)


def find_audits(db: Database, release_id: int) -> dict[str, AuditTold]:
    """What the audits of a release say, by audited cube."""
    return audits_of(find_report(db, release_id))


def audits_of(report: dict[str, Any]) -> dict[str, AuditTold]:
    """The same of a report that is not kept; what is no report of an audit is left out."""
    return {
        name: msgspec.convert(told, AuditTold, from_attributes=True)
        for name, told in report.items()
        if isinstance(told, (dict, msgspec.Struct))
    }


def find_note(db: Database, release_id: int) -> str | None:
    """What was said beside the reason when a release was refused."""
    sql = """
        SELECT note FROM approvals WHERE kind = 'publish_release' AND subject_id = :id
            AND verdict = 'refused' ORDER BY decided_at DESC LIMIT 1
    """
    notes = column(db, sql, id=str(release_id))
    return notes[0] if notes else None


def find_names(db: Database) -> dict[str, str]:
    """The names of those who ever brought a release forward; the portal itself has none."""
    sql = """
        SELECT DISTINCT a.id, a.name FROM release_states AS s JOIN accounts AS a ON a.id = s."by"
    """
    return dict(db.execute(sql).fetchall())


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """Lines of `/work` of coordinators: a release that is due, asked for, or waits to be sent."""
    if not actor.is_coordinator:
        return []
    making = find_in_the_making(db)
    if making is not None:
        return _of(db, at, making)
    due = find_due(db, today)
    if today < due.told_from:
        return []
    about = (InPeriod(due.quarter.code),)
    since = due.told_from.isoformat()
    return [Waiting("check", DUE, ("releases",), since, due.on.isoformat(), about)]


def _of(db: Database, at: datetime, making: Draft) -> list[Waiting]:
    path = ("releases", str(making.id))
    if making.state == "asked":
        return [Waiting("check", ASKED, path, making.at)]
    standing = get_release_standing(db, at, making.id)
    # what waits for a second person already stands among the approvals
    if making.state == "approved" or standing.approval_id:
        return []
    return [Waiting("check", PREPARED, path, making.prepared_at or stamp(at))]
