"""The life of the demo's members: applications, founders, renewals, what they have affirmed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlite_utils import Database

from portal.charter.queries import Charter
from portal.charter.rules import to_affirm
from portal.clock import stamp
from portal.db import fetch
from portal.settings import Settings
from portal.transfer.demo_applications import (
    Stage,
    find_written,
    is_seeded,
    seed_applications,
)
from portal.transfer.demo_reviews import seed_reviews
from seed_data.organisations import DUE_IN, FOUNDED_ON, FOUNDERS, years_before

MINUTE = "Minute no. 1 (demo: the day is invented)"
RECORDED_BEFORE = timedelta(days=300)

# those that have still to affirm what the newest version changed: the demo's own two, and one more
NOT_AFFIRMED = ("o-3vd8xw", "o-7k2m9q", "o-p7w3fx")

# the renewal that waits for a coordinator: one criterion does not hold
WAITING = "o-t5m9xr"
SENT_BEFORE = timedelta(days=3)
NOT_HELD = {
    "honest_money": "The meeting of members was put off by snow. "
    "We shall show the account in January."
}


class Member(msgspec.Struct, frozen=True):
    """A member organisation and since when it is one."""

    id: str
    state: str
    joined_on: date


def seed_membership(db: Database, settings: Settings, at: datetime) -> None:
    """Applications in every state, founders, last year's renewals, affirmations; once."""
    if is_seeded(db):
        return
    stage = Stage(db, settings, at)
    applications = find_written(db)
    seed_applications(stage, applications)
    seed_reviews(stage, [row["id"] for row in applications])
    _part(stage)
    members = _members(db)
    _found(stage, members)
    for number, member in enumerate(members):
        stood = _live(stage, member)
        _affirm(stage, number, member, stood)


def _members(db: Database) -> list[Member]:
    """Every member of today; an import knows none of them before its own day, the demo does."""
    sql = """
        SELECT o.id, m.state, o.joined_on FROM organisations AS o
        JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state IN ('admitted', 'suspended') AND o.joined_on IS NOT NULL ORDER BY o.id
    """
    members = fetch(db, Member, sql)
    since = "UPDATE membership_states SET at = ? WHERE state = 'admitted' AND organisation_id = ?"
    for each in members:
        db.execute(since + " AND application_id IS NULL", [f"{each.joined_on}T07:00:00Z", each.id])
    return members


def _found(stage: Stage, members: Sequence[Member]) -> None:
    by = stage.actor("coordinator").account_id
    told = {"founded_on": FOUNDED_ON.isoformat(), "minute": MINUTE, "by": by}
    stage.db.table("founders").insert_all(
        {"organisation_id": each.id, **told, "at": stamp(stage.at - RECORDED_BEFORE)}
        for each in members
        if each.id in FOUNDERS
    )


def _part(stage: Stage) -> None:
    """Who has left some days ago, and whose contacts are still to be erased."""
    sql = """
        SELECT s.organisation_id, s.at AS left_at, s."by" FROM membership_states AS s
        JOIN membership_now AS n ON n.id = s.id WHERE n.state = 'left'
    """
    stage.db.table("departures").insert_all(list(stage.db.query(sql)))


def _live(stage: Stage, member: Member) -> Charter:
    """The member's newest renewals; the charter that it stands under since."""
    today = stage.day(stage.at)
    due_on = _newest_due(member.joined_on, today - timedelta(days=1))
    if member.state == "suspended" or DUE_IN.get(member.id, 0) < 0:
        # the day that has passed was not kept: the one before was
        due_on = years_before(due_on, 1)
    moment = _morning(stage, max(due_on, member.joined_on)) - timedelta(days=4)
    if due_on > member.joined_on:
        _send(stage, member.id, due_on, moment)
    if member.id == WAITING:
        _send(stage, member.id, today + timedelta(days=DUE_IN[WAITING]), stage.at - SENT_BEFORE)
    return stage.charter(moment)


def _newest_due(joined_on: date, today: date) -> date:
    """The last day of the year on which it joined that has passed."""
    since = joined_on.year - today.year
    this_year = years_before(joined_on, since)
    return this_year if this_year <= today else years_before(joined_on, since + 1)


def _send(stage: Stage, organisation_id: str, due_on: date, moment: datetime) -> None:
    """One renewal; one with nothing against it was accepted as it was sent."""
    waits = organisation_id == WAITING and moment == stage.at - SENT_BEFORE
    charter, said = stage.charter(moment), NOT_HELD if waits else {}
    renewal_id = f"{organisation_id}-{due_on.year}"
    stage.db.table("renewals").insert(
        {
            "id": renewal_id,
            "organisation_id": organisation_id,
            "due_on": due_on.isoformat(),
            "version": charter.version,
            "sent_at": stamp(moment),
            "sent_by": "member",
            "decided_at": None if waits else stamp(moment),
            "decided_by": None if waits else "member",
            "verdict": None if waits else "renewed",
        }
    )
    stage.db.table("renewal_answers").insert_all(
        {
            "renewal_id": renewal_id,
            "code": each.code,
            "holds": int(each.code not in said),
            "words": said.get(each.code),
        }
        for each in charter.criteria
    )


def _affirm(stage: Stage, number: int, member: Member, stood: Charter) -> None:
    """What changed since the version it stood under, some days after that was adopted."""
    newest = stage.charter(stage.at)
    is_asked = newest.version > stood.version and member.state == "admitted"
    if not is_asked or member.id in NOT_AFFIRMED or newest.adopted_on is None:
        return
    affirmed = _morning(stage, newest.adopted_on) + timedelta(days=2 + number)
    at = stamp(min(affirmed, stage.at - timedelta(hours=14)))
    row = {"organisation_id": member.id, "version": newest.version, "by": "member", "at": at}
    points = to_affirm(stood.points, newest.points)
    stage.db.table("affirmations").insert_all({**row, "code": each.code} for each in points)


def _morning(stage: Stage, day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=ZoneInfo(stage.settings.timezone))
