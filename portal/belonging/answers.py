"""What the pages of a membership show: one's own, the list of all, the history of one."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor
from portal.belonging.forms import MembersWanted
from portal.belonging.queries import Asking, directory_now, find_responsibilities
from portal.belonging.rules import DirectoryNow, State, count_met, is_new
from portal.charter.queries import find_version
from portal.charter.rules import CharterText
from portal.clock import moment_of
from portal.db import fetch
from portal.errors import NotFound
from portal.i18n.language import Message
from portal.membership.queries import Former, find_former
from portal.renewals.queries import (
    Renewal,
    Standing,
    find_renewals,
    find_standings,
    get_standing,
)
from search.folding import fold

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
    """The page of one's own organisation; who is new is told what to do first."""

    member: Standing
    is_new: bool
    directory: DirectoryNow
    responsibilities: list[ResponsibilityTold]
    coordinators: list[Coordinating]


class MemberRow(msgspec.Struct, frozen=True):
    """A member organisation as it stands in the coordinators' list.

    Of one that has left only who it was and since when it is gone; it renews and affirms nothing.
    """

    id: str
    name: str
    names: dict[str, str]
    state: str
    since: str
    joined_on: date | None
    due_on: date | None = None
    is_overdue: bool = False
    waits: bool = False
    is_affirmed: bool = False
    affirm_by: date | None = None
    is_late_to_affirm: bool = False
    points_refused: int = 0
    responsibilities_met: int = 0
    responsibilities: int = 0

    @property
    def moment(self) -> datetime:
        """Since when it is in its state."""
        return moment_of(self.since)


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


class PointRefused(msgspec.Struct, frozen=True):
    """A point of the charter that a member has said it cannot affirm, and why."""

    code: str
    title: CharterText
    at: str
    why: str | None

    @property
    def moment(self) -> datetime:
        """When it was said."""
        return moment_of(self.at)


class MemberHistory(msgspec.Struct, frozen=True):
    """All that coordinators know of the life of a member, or of one that has left."""

    member: Standing | None
    former: Former | None
    refused: list[PointRefused]
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
    new, directory = is_new(member.joined_on, today), directory_now(db, actor, at)
    return OwnMembership(member, new, directory, told, find_coordinating(db, today))


def show_members(
    db: Database, actor: Actor, at: datetime, today: date, wanted: MembersWanted
) -> MembersFound:
    """One page of the members, those that are late first; for coordinators alone."""
    _refuse_others(actor)
    if wanted.state == "left":
        gone = [] if wanted.due else [each for each in find_former(db) if _is_called(each, wanted)]
        shown = [_gone(each) for each in gone[wanted.offset : wanted.offset + wanted.per_page]]
        return MembersFound(len(gone), wanted.page, wanted.per_page, shown)
    found = [
        each
        for each in find_standings(db, today)
        if wanted.state in (None, each.state)
        and (wanted.due is None or each.is_overdue(today))
        and _is_called(each, wanted)
    ]
    found.sort(key=lambda each: (each.due_on, each.name))
    rows = found[wanted.offset : wanted.offset + wanted.per_page]
    results = [_row(db, Asking(each, actor, at, today)) for each in rows]
    return MembersFound(len(found), wanted.page, wanted.per_page, results)


def show_member(
    db: Database, actor: Actor, at: datetime, today: date, organisation_id: str, say: Say
) -> MemberHistory:
    """One member with its history, or one that has left; for coordinators alone."""
    _refuse_others(actor)
    former = next(iter(find_former(db, organisation_id)), None)
    member = None if former else get_standing(db, organisation_id, today)
    return MemberHistory(
        member,
        former,
        _find_refused(db, member) if member else [],
        _find_steps(db, organisation_id),
        find_renewals(db, organisation_id),
        _find_spoken(db, organisation_id),
        _told(db, Asking(member, actor, at, today), say) if member else [],
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


def _is_called(member: Standing | Former, wanted: MembersWanted) -> bool:
    """Whether every word that is looked for stands in one of its names, in whatever alphabet."""
    names = [fold(each) for each in (member.name, *member.names.values())]
    words = fold(wanted.q or "").split()
    return any(all(word in name for word in words) for name in names)


def _told(db: Database, asking: Asking, say: Say) -> list[ResponsibilityTold]:
    """Who is suspended reads how it stands; its people cannot do anything about it now."""
    may_act = asking.member.state == "admitted"
    return [
        ResponsibilityTold(
            each.code, each.state, say(each.about), say(each.told), [*each.path] if may_act else []
        )
        for each in find_responsibilities(db, asking)
    ]


def _row(db: Database, asking: Asking) -> MemberRow:
    met, member = count_met(find_responsibilities(db, asking)), asking.member
    return MemberRow(
        member.id,
        member.name,
        member.names,
        member.state,
        member.state_at,
        member.joined_on,
        member.due_on,
        member.is_overdue(asking.today),
        member.waits,
        not member.asked,
        member.affirm_by,
        member.is_late_to_affirm(asking.today),
        len(member.refusals),
        met.done,
        met.all,
    )


def _gone(former: Former) -> MemberRow:
    head = (former.id, former.name, former.names)
    return MemberRow(*head, former.state, former.state_at, former.joined_on)


def _find_refused(db: Database, member: Standing) -> list[PointRefused]:
    charter = find_version(db, member.newest) if member.newest is not None else None
    titles = {each.code: each.title for each in charter.points} if charter else {}
    return [
        PointRefused(each.code, titles[each.code], each.at, each.why) for each in member.refusals
    ]


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
