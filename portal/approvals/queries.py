"""Questions about what waits for a second person."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor
from portal.approvals.forms import Wanted
from portal.approvals.rules import (
    GONE_AFTER,
    OPEN_TO_MEMBERS,
    RULES,
    Side,
    hindrance,
    side_of,
)
from portal.clock import moment_of, stamp
from portal.db import as_json, count, fetch, fetch_one
from portal.errors import NotFound


class Approval(msgspec.Struct, frozen=True):
    """One item: what was asked for, by whom, and what came of it."""

    id: str
    kind: str
    subject_id: str
    detail: dict[str, Any]
    asked_by: str
    asked_role: str
    asked_signed_by: str | None
    asked_organisation: str | None
    asked_at: str
    until: str
    verdict: str | None
    reason: str | None
    note: str | None
    decided_at: str | None
    taken_at: str | None
    asker: str
    organisation: str | None
    subject: str | None
    for_organisation: str | None
    number: int | None
    change: str | None

    @property
    def title(self) -> str | None:
        """What is to be published is called by its title; people are not named in lists."""
        return self.subject if self.kind.startswith("publish_") else None

    @property
    def asked(self) -> datetime:
        """When it was asked."""
        return moment_of(self.asked_at)

    @property
    def ends(self) -> datetime:
        """When nobody can decide, or take it, any more."""
        return moment_of(self.until)

    def is_open(self, at: datetime) -> bool:
        """Whether anybody can still decide; a clock set back opens nothing anew."""
        return self.verdict is None and self.asked <= at < self.ends


class Row(msgspec.Struct, frozen=True):
    """An item as it stands in the register; names are those of accounts and organisations."""

    id: str
    kind: str
    asked_by: str
    organisation: str | None
    asked_at: str
    until: str
    verdict: str | None
    title: str | None

    @property
    def asked(self) -> datetime:
        """When it was asked."""
        return moment_of(self.asked_at)

    @property
    def ends(self) -> datetime:
        """When nobody can decide, or take it, any more."""
        return moment_of(self.until)


class Found(msgspec.Struct, frozen=True):
    """One page of the register."""

    total: int
    page: int
    per_page: int
    results: list[Row]


_FROM = """
    FROM approvals AS v
    LEFT JOIN accounts AS a ON a.id = v.asked_by
    LEFT JOIN organisations AS o ON o.id = v.asked_organisation
    WHERE (:keeper OR v.asked_by = :me OR v.kind IN (SELECT value FROM json_each(:kinds)))
"""

_OPEN = " AND (:all OR (v.verdict IS NULL AND v.until > :now))"

_TITLE = """
    coalesce((SELECT w.title FROM material_versions AS n JOIN materials AS w
              ON w.id = n.material_id WHERE n.id = v.subject_id),
             (SELECT title FROM campaigns WHERE id = v.subject_id),
             (SELECT title FROM events WHERE id = v.subject_id))
"""

_ROW = (
    """
    SELECT v.id, v.kind, coalesce(a.name, '') AS asked_by, o.name AS organisation, v.asked_at,
        v.until, CASE WHEN v.verdict IS NULL AND v.until <= :now THEN 'expired'
                 ELSE v.verdict END AS verdict, CASE WHEN v.kind LIKE 'publish%' THEN
    """
    + _TITLE
    + " END AS title "
)

_ITEM = (
    """
    SELECT v.id, v.kind, v.subject_id, v.detail, v.asked_by, v.asked_role, v.asked_signed_by,
        v.asked_organisation, v.asked_at, v.until, v.reason, v.note, v.decided_at,
        v.taken_at,
        CASE WHEN v.verdict IS NULL AND v.until <= :now THEN 'expired' ELSE v.verdict END
            AS verdict,
        coalesce(a.name, '') AS asker, o.name AS organisation,
        (SELECT name FROM organisations WHERE id = v.detail ->> 'organisation')
            AS for_organisation,
        coalesce((SELECT name FROM accounts WHERE id = v.subject_id),
                 (SELECT name FROM organisations WHERE id = v.subject_id),
                 (SELECT name FROM wanted_invitations WHERE id = v.subject_id),
    """
    + _TITLE
    + """
        ) AS subject,
        (SELECT number FROM material_versions WHERE id = v.subject_id) AS number,
        (SELECT note FROM material_versions WHERE id = v.subject_id) AS change
    """
)


def find_approvals(db: Database, actor: Actor, at: datetime, wanted: Wanted) -> Found:
    """One page of what waits, the oldest first; members see their own and acting coordinators."""
    asked = {**_asker(actor), "now": stamp(at), "all": wanted.state == "all"}
    total = count(db, "SELECT count(*) " + _FROM + _OPEN, **asked)
    sql = _ROW + _FROM + _OPEN + " ORDER BY v.asked_at, v.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Row, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_approval_for(db: Database, actor: Actor, at: datetime, approval_id: str) -> Approval:
    """One item, if this person may see it; strangers get `NotFound`."""
    sql = _ITEM + _FROM + " AND v.id = :id"
    found = fetch_one(db, Approval, sql, **_asker(actor), id=approval_id, now=stamp(at))
    if found is None:
        raise NotFound
    return found


def get_approval(db: Database, at: datetime, approval_id: str) -> Approval:
    """One item, for whoever holds its own link."""
    sql = _ITEM + _FROM + " AND v.id = :id"
    found = fetch_one(
        db, Approval, sql, keeper=True, me=None, kinds="[]", id=approval_id, now=stamp(at)
    )
    if found is None:
        raise NotFound
    return found


def find_open(db: Database, at: datetime, kind: str, subject_id: str) -> str | None:
    """The id of an item that already asks for this."""
    sql = """
        SELECT id FROM approvals WHERE kind = :kind AND subject_id = :subject
            AND verdict IS NULL AND asked_at <= :now AND until > :now
    """
    found = db.execute(sql, {"kind": kind, "subject": subject_id, "now": stamp(at)}).fetchone()
    return str(found[0]) if found else None


_SIDE = (
    "SELECT a.id AS account_id, a.name, "
    + ROLE_NOW
    + """ AS role, a.organisation_id, a.practitioner_id,
        a.locked_at IS NOT NULL AS is_gone, coalesce(m.state, '') = 'admitted' AS is_member
    FROM accounts AS a LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
    """
)


def find_side(db: Database, account_id: str, today: date) -> Side | None:
    """Somebody with an account as the rules see them."""
    sql = _SIDE + "WHERE a.id = :id"
    return fetch_one(db, Side, sql, id=account_id, today=today.isoformat())


def side_of_asker(db: Database, item: Approval, today: date) -> Side:
    """The asker as they were when they asked; gone when locked since, or of another role."""
    present = find_side(db, item.asked_by, today) or Side(item.asked_by, "", is_gone=True)
    return msgspec.structs.replace(
        present,
        is_gone=present.is_gone or present.role not in RULES[item.kind].asks,
        role=item.asked_role,
        organisation_id=item.asked_organisation,
        signed_by=item.asked_signed_by,
    )


def find_voices(db: Database, approval_id: str) -> list[Side]:
    """Who has agreed so far, as they were then."""
    sql = """
        SELECT by AS account_id, role, organisation_id, signed_by
        FROM approval_voices WHERE approval_id = :id AND verdict = 'approved'
    """
    return fetch(db, Side, sql, id=approval_id)


def find_concerned(db: Database, item: Approval, today: date) -> list[Side]:
    """The person an item is about: an account, or somebody not yet invited."""
    account = find_side(db, item.subject_id, today)
    if account is not None:
        return [account]
    sql = "SELECT id AS account_id, role, name, practitioner_id FROM wanted_invitations"
    sql += " WHERE id = :id"
    return fetch(db, Side, sql, id=item.subject_id)


def find_active(db: Database, today: date) -> list[Side]:
    """Everybody who is not locked and was here in the last 30 days."""
    sql = _SIDE + "WHERE a.locked_at IS NULL AND a.seen_on >= :since"
    since = (today - GONE_AFTER).isoformat()
    return fetch(db, Side, sql, today=today.isoformat(), since=since)


def find_eligible(db: Database, item: Approval, today: date) -> list[Side]:
    """Who could agree to an item now, or could if the asker had not locked them.

    Nobody gets round a second person by locking everybody who could be one.
    """
    asker, concerned = side_of_asker(db, item, today), find_concerned(db, item, today)
    return [
        each
        for each in [*find_active(db, today), *_find_locked_by_asker(db, item, today)]
        if hindrance(item.kind, asker, each, concerned) is None
    ]


def _find_locked_by_asker(db: Database, item: Approval, today: date) -> list[Side]:
    sql = (
        _SIDE
        + """
        WHERE a.locked_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM audit AS t WHERE t.verb = 'lock' AND t.entity = 'accounts'
            AND t.entity_id = a.id AND t."by" = :asker AND t.at >= :since)
        """
    )
    since = stamp(item.asked - 6 * GONE_AFTER)  # half a year
    return fetch(db, Side, sql, today=today.isoformat(), asker=item.asked_by, since=since)


def find_coordinators(db: Database, today: date) -> list[Side]:
    """Coordinators, acting ones included, who are not locked and were here in 30 days."""
    return [each for each in find_active(db, today) if each.role == "coordinator"]


def is_without_coordinator(db: Database, today: date) -> bool:
    """Whether nobody is there who could do a coordinator's work."""
    return not find_coordinators(db, today)


def find_side_of(db: Database, actor: Actor, today: date) -> Side:
    """Whoever is signed in, and whether their organisation is a member."""
    present = find_side(db, str(actor.account_id), today)
    return side_of(actor, is_member=present is not None and present.is_member)


def find_hindrance(db: Database, actor: Actor, item: Approval, today: date) -> str | None:
    """Why this person may not agree, or None when they may."""
    second = find_side_of(db, actor, today)
    asker, concerned = side_of_asker(db, item, today), find_concerned(db, item, today)
    why = hindrance(item.kind, asker, second, concerned)
    if why is None and second.account_id in {each.account_id for each in find_voices(db, item.id)}:
        return "spoken"
    return why


def _asker(actor: Actor) -> dict[str, object]:
    kinds = OPEN_TO_MEMBERS if actor.may_use_directory else ("acting",)
    return {"keeper": actor.keeps_accounts, "me": actor.account_id, "kinds": as_json(kinds)}
