"""What the pages of a membership show: one's own, the list of all, the history of one."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor
from portal.belonging.forms import MembersWanted
from portal.belonging.queries import Asking, find_responsibilities
from portal.belonging.rules import State, count_met
from portal.clock import moment_of
from portal.db import fetch
from portal.errors import NotFound
from portal.i18n.language import Message
from portal.renewals.queries import (
    Renewal,
    Standing,
    find_renewals,
    find_standings,
    get_standing,
)

Say = Callable[[Message], str]


class ResponsibilityTold(msgspec.Struct, frozen=True):
    """A responsibility in the reader's language; `path` leads to what can be done about it."""

    code: str
    state: State
    about: str
    told: str
    path: list[str]


class Coordinating(msgspec.Struct, frozen=True):
    """Somebody who coordinates; whoever only stands in does so until a day."""

    name: str
    organisation: str | None
    acting_until: date | None


class OwnMembership(msgspec.Struct, frozen=True):
    """The page of one's own organisation."""

    member: Standing
    responsibilities: list[ResponsibilityTold]
    coordinators: list[Coordinating]


class MemberRow(msgspec.Struct, frozen=True):
    """A member organisation as it stands in the coordinators' list."""

    id: str
    name: str
    names: dict[str, str]
    state: str
    joined_on: date | None
    due_on: date
    is_overdue: bool
    waits: bool
    is_affirmed: bool
    responsibilities_met: int
    responsibilities: int


class MembersFound(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[MemberRow]


class StepTaken(msgspec.Struct, frozen=True):
    """A state of a membership: since when, by whom, and why."""

    state: str
    at: str
    who: str | None
    reason: str | None
    note: str | None

    @property
    def moment(self) -> datetime:
        """When it began."""
        return moment_of(self.at)


class Spoken(msgspec.Struct, frozen=True):
    """How many points of a version a member affirmed, or said that it cannot affirm, at once."""

    version: int
    at: str
    who: str | None
    points: int
    refused: bool

    @property
    def moment(self) -> datetime:
        """When it was said."""
        return moment_of(self.at)


class MemberHistory(msgspec.Struct, frozen=True):
    """All that coordinators know of a member's life in the network."""

    member: Standing
    history: list[StepTaken]
    renewals: list[Renewal]
    affirmations: list[Spoken]
    responsibilities: list[ResponsibilityTold]


def show_own(db: Database, actor: Actor, at: datetime, today: date, say: Say) -> OwnMembership:
    """One's own organisation, for its members and coordinators; `NotFound` for all others."""
    if actor.role not in ("member", "coordinator"):
        raise NotFound
    member = get_standing(db, actor.organisation_id, today)
    told = _told(db, Asking(member, actor, at, today), say)
    return OwnMembership(member, told, find_coordinating(db, today))


def show_members(
    db: Database, actor: Actor, at: datetime, today: date, wanted: MembersWanted
) -> MembersFound:
    """One page of the members, those that are late first; for coordinators alone."""
    _refuse_others(actor)
    found = [
        each
        for each in find_standings(db, today)
        if wanted.state in (None, each.state)
        and (wanted.due is None or (each.state == "admitted" and each.is_overdue(today)))
    ]
    found.sort(key=lambda each: (each.due_on, each.name))
    rows = found[wanted.offset : wanted.offset + wanted.per_page]
    results = [_row(db, Asking(each, actor, at, today)) for each in rows]
    return MembersFound(len(found), wanted.page, wanted.per_page, results)


def show_member(
    db: Database, actor: Actor, at: datetime, today: date, organisation_id: str, say: Say
) -> MemberHistory:
    """One member with its history, for coordinators alone."""
    _refuse_others(actor)
    member = get_standing(db, organisation_id, today)
    return MemberHistory(
        member,
        _find_steps(db, organisation_id),
        find_renewals(db, organisation_id),
        _find_spoken(db, organisation_id),
        _told(db, Asking(member, actor, at, today), say),
    )


def find_coordinating(db: Database, today: date) -> list[Coordinating]:
    """Who coordinates today, those who stand in last."""
    sql = (
        """
        SELECT a.name, o.name AS organisation,
            CASE WHEN a.role <> 'coordinator' THEN a.acting_until END AS acting_until
        FROM accounts AS a LEFT JOIN organisations AS o ON o.id = a.organisation_id
        WHERE a.locked_at IS NULL AND """
        + ROLE_NOW
        + " = 'coordinator' ORDER BY a.role <> 'coordinator', a.name, a.id"
    )
    return fetch(db, Coordinating, sql, today=today.isoformat())


def _refuse_others(actor: Actor) -> None:
    if not actor.is_coordinator:
        raise NotFound


def _told(db: Database, asking: Asking, say: Say) -> list[ResponsibilityTold]:
    return [
        ResponsibilityTold(each.code, each.state, say(each.about), say(each.told), [*each.path])
        for each in find_responsibilities(db, asking)
    ]


def _row(db: Database, asking: Asking) -> MemberRow:
    met, member = count_met(find_responsibilities(db, asking)), asking.member
    return MemberRow(
        member.id,
        member.name,
        member.names,
        member.state,
        member.joined_on,
        member.due_on,
        member.is_overdue(asking.today),
        member.waits,
        not member.asked,
        met.done,
        met.all,
    )


def _find_steps(db: Database, organisation_id: str) -> list[StepTaken]:
    sql = """
        SELECT s.state, s.at, a.name AS who, s.reason, s.note FROM membership_states AS s
        LEFT JOIN accounts AS a ON a.id = s."by"
        WHERE s.organisation_id = :id ORDER BY s.id DESC
    """
    return fetch(db, StepTaken, sql, id=organisation_id)


def _find_spoken(db: Database, organisation_id: str) -> list[Spoken]:
    sql = """
        SELECT s.version, s.at, a.name AS who, count(*) AS points, s.refused FROM (
            SELECT organisation_id, version, at, "by", 0 AS refused FROM affirmations
            UNION ALL
            SELECT organisation_id, version, at, "by", 1 FROM affirmation_refusals) AS s
        LEFT JOIN accounts AS a ON a.id = s."by" WHERE s.organisation_id = :id
        GROUP BY s.version, s.at, s."by", s.refused ORDER BY s.at DESC, s.refused
    """
    return fetch(db, Spoken, sql, id=organisation_id)
