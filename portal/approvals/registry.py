"""What waits for a person among the approvals: theirs to agree to, or theirs to hand over."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.forms import Wanted
from portal.approvals.queries import Approval, find_approvals, find_hindrance, get_approval
from portal.approvals.rules import RULES, SAYS, about
from portal.clock import stamp
from portal.db import column, fetch
from portal.i18n.language import Message
from portal.waiting import About, Waiting


def find_waiting(db: Database, actor: Actor, at: datetime, today: date) -> list[Waiting]:
    """What this person may agree to, and what was agreed and waits to be handed over."""
    if not any(actor.role in (*rule.agrees, *rule.asks) for rule in RULES.values()):
        return []
    found = find_approvals(db, actor, at, Wanted(per_page=100))
    items = [get_approval(db, at, row.id) for row in found.results]
    waiting = [
        Waiting("approve", SAYS[i.kind], ("approvals", i.id), i.asked_at, i.until, _about(i))
        for i in items
        if find_hindrance(db, actor, i, today) is None
    ]
    return waiting + _ready(db, actor, at)


class Ready(msgspec.Struct, frozen=True):
    """Something agreed to, whose link its asker has not seen yet."""

    id: str
    decided_at: str
    until: str


def _ready(db: Database, actor: Actor, at: datetime) -> list[Waiting]:
    sql = """
        SELECT id, decided_at, until FROM approvals
        WHERE asked_by = :me AND kind IN ('invite', 'way_back')
            AND verdict = 'approved' AND taken_at IS NULL AND until > :now
    """
    says = Message("An invitation is ready: its link is shown to you once.")
    return [
        Waiting("answer", says, ("approvals", each.id), each.decided_at, each.until)
        for each in fetch(db, Ready, sql, me=actor.account_id, now=stamp(at))
    ]


def _about(item: Approval) -> tuple[About, ...]:
    return about(item.detail, item.for_organisation, item.subject)


def find_refusal(db: Database, subject_id: str) -> str | None:
    """What was said beside the reason when something was refused last."""
    sql = """
        SELECT note FROM approvals WHERE subject_id = :id AND verdict = 'refused'
        ORDER BY decided_at DESC LIMIT 1
    """
    notes = column(db, sql, id=subject_id)
    return notes[0] if notes else None
