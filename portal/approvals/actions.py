"""Ask a second person; agree or refuse; take what was agreed to; let somebody from outside look."""

import secrets
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.approvals.acts import ACTS, drop, hand_over
from portal.approvals.queries import (
    Approval,
    find_active,
    find_eligible,
    find_hindrance,
    find_open,
    find_side_of,
    find_voices,
    get_approval,
    get_approval_for,
    side_of_asker,
)
from portal.approvals.rules import (
    OPEN_FOR,
    REVIEW_GOOD_FOR,
    RULES,
    TAKEN_WITHIN,
    WHY_NOT,
    Side,
    may_be_reviewed,
    next_verdict,
    signed_by,
)
from portal.clock import stamp
from portal.db import as_json, column
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.links.actions import end_links, make_link, use_link
from portal.notices.actions import notify

REVIEWER = Actor(role="visitor", account_id="reviewer")


def ask(
    db: Database, by: Actor, at: datetime, kind: str, subject_id: str, **detail: str | None
) -> str:
    """Ask that something be done; the item's id. The same asked again is the item that waits."""
    if by.role not in RULES[kind].asks:
        raise NotAllowed
    waiting = find_open(db, at, kind, subject_id)
    if waiting is not None:
        return waiting
    approval_id = f"v-{secrets.token_hex(6)}"
    db.table("approvals").insert(
        {
            "id": approval_id,
            "kind": kind,
            "subject_id": subject_id,
            "detail": as_json(detail),
            "asked_by": by.account_id,
            "asked_role": by.role,
            "asked_signed_by": signed_by(by),
            "asked_organisation": by.organisation_id,
            "asked_at": stamp(at),
            "until": stamp(at + OPEN_FOR),
        }
    )
    audit.record(db, by, at, "ask", "approvals", approval_id, kind=kind, subject=subject_id)
    for each in find_eligible(db, get_approval(db, at, approval_id), at.date()):
        if each.role not in RULES[kind].tells:
            continue
        notify(db, at, "approval_waits", approval_id, account_id=each.account_id)
    return approval_id


def decide(
    db: Database,
    by: Actor,
    at: datetime,
    approval_id: str,
    verdict: str,
    reason: str | None = None,
    note: str | None = None,
) -> Approval:
    """Agree or refuse; when enough people agree, what was asked for is done here and now.

    What is decided already stays as it is: a double click changes nothing.
    """
    item = get_approval_for(db, by, at, approval_id)
    if not item.is_open(at):
        return item
    why = find_hindrance(db, by, item, at.date())
    if why == "role":
        raise NotAllowed
    if why is not None:
        raise Invalid({"all": [WHY_NOT[why]]})
    return _speak(db, by, at, item, find_side_of(db, by, at.date()), verdict, reason, note)


def _speak(
    db: Database,
    by: Actor,
    at: datetime,
    item: Approval,
    side: Side,
    verdict: str,
    reason: str | None,
    note: str | None,
) -> Approval:
    asker, before = side_of_asker(db, item, at.date()), find_voices(db, item.id)
    db.table("approval_voices").insert(
        {
            "approval_id": item.id,
            "by": side.account_id,
            "role": side.role,
            "signed_by": side.signed_by,
            "organisation_id": side.organisation_id,
            "verdict": verdict,
            "reason": reason,
            "at": stamp(at),
        }
    )
    audit.record(db, by, at, "speak", "approvals", item.id, verdict=verdict, reason=reason)
    decided = next_verdict(item.kind, asker, [*before, side], verdict)
    if decided is not None:
        _close(db, by, at, item, decided, reason, note)
    return get_approval(db, at, item.id)


def _close(
    db: Database,
    by: Actor,
    at: datetime,
    item: Approval,
    verdict: str,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    row = {"verdict": verdict, "reason": reason, "decided_at": stamp(at)}
    if verdict == "refused":
        row["note"] = note
    if verdict == "approved":
        row["until"] = stamp(at + TAKEN_WITHIN)
        ACTS[item.kind](db, by, at, item)
    else:
        drop(db, by, at, item, verdict, reason)
    db.table("approvals").update(item.id, row)
    end_links(db, at, "review", item.id)
    audit.record(db, by, at, "decide", "approvals", item.id, kind=item.kind, verdict=verdict)
    if by.account_id != item.asked_by:
        notify(db, at, "approval_decided", item.id, account_id=item.asked_by)


def withdraw_approval(db: Database, by: Actor, at: datetime, approval_id: str) -> None:
    """Take back what one asked for oneself; nothing when it is decided already."""
    item = get_approval_for(db, by, at, approval_id)
    if item.asked_by != by.account_id:
        raise NotAllowed
    if item.is_open(at):
        _close(db, by, at, item, "withdrawn")


def call_off(db: Database, by: Actor, at: datetime, kind: str, subject_id: str) -> None:
    """Close what still waits for a subject, for whoever keeps it: who that is, the caller knows.

    An item left open while its subject changes would be agreed to unseen.
    """
    waiting = find_open(db, at, kind, subject_id)
    if waiting is not None:
        _close(db, by, at, get_approval(db, at, waiting), "withdrawn")


def take(db: Database, by: Actor, at: datetime, approval_id: str) -> str:
    """The link of an invitation that was agreed to, for its asker, exactly once."""
    item = use_permit(db, by, at, approval_id)
    return hand_over(db, by, at, item)


def use_permit(db: Database, by: Actor, at: datetime, approval_id: str) -> Approval:
    """Use up what was agreed to, by whoever asked for it; `NotFound` when it is not there."""
    item = get_approval_for(db, by, at, approval_id)
    if by.role not in RULES[item.kind].asks:
        raise NotAllowed
    used = db.execute(
        "UPDATE approvals SET taken_at = :now WHERE id = :id AND asked_by = :me"
        " AND verdict = 'approved' AND taken_at IS NULL AND until > :now"
        " AND kind IN ('invite', 'way_back', 'export')",
        {"now": stamp(at), "id": item.id, "me": by.account_id},
    )
    if used.rowcount != 1:
        raise NotFound
    audit.record(db, by, at, "take", "approvals", item.id)
    return item


def make_review(db: Database, by: Actor, at: datetime, approval_id: str) -> str:
    """A link by which somebody from outside decides on this one item; told this once."""
    item = get_approval_for(db, by, at, approval_id)
    if not (item.asked_by == by.account_id or by.is_coordinator):
        raise NotAllowed
    eligible = len(find_eligible(db, item, at.date()))
    if not item.is_open(at) or not may_be_reviewed(item.kind, item.asked, at, eligible):
        told = Message("Somebody from outside may look at this after 7 days without anybody here.")
        raise Invalid({"all": [told]})
    audit.record(db, by, at, "invite_reviewer", "approvals", item.id)
    for each in find_active(db, at.date()):
        notify(db, at, "approval_goes_out", item.id, account_id=each.account_id)
    return make_link(db, at, "review", item.id, REVIEW_GOOD_FOR)


def review(
    db: Database,
    at: datetime,
    code: str,
    verdict: str,
    reason: str | None = None,
    note: str | None = None,
) -> Approval:
    """What somebody from outside says of the one item of a link; those who keep accounts hear."""
    item = get_approval(db, at, use_link(db, at, "review", code).subject_id)
    if not item.is_open(at) or side_of_asker(db, item, at.date()).is_gone:
        raise NotFound
    side = Side(str(REVIEWER.account_id), "reviewer")
    db_row = {"role": side.role, "by": side.account_id, "verdict": verdict, "reason": reason}
    db.table("approval_voices").insert({**db_row, "approval_id": item.id, "at": stamp(at)})
    audit.record(db, REVIEWER, at, "speak", "approvals", item.id, verdict=verdict, reason=reason)
    _close(db, REVIEWER, at, item, verdict, reason, note)
    sql = """
        SELECT id FROM accounts WHERE locked_at IS NULL
            AND (role IN ('coordinator', 'admin') OR acting_until >= :today)
    """
    for account_id in column(db, sql, today=at.date().isoformat()):
        notify(db, at, "approval_reviewed", item.id, account_id=account_id)
    return get_approval(db, at, item.id)


def expire_approvals(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """Close what nobody decided in 30 days, and what was agreed to and not taken in 7."""
    sql = """
        SELECT id FROM approvals WHERE until <= :now AND (verdict IS NULL OR (
            verdict = 'approved' AND taken_at IS NULL AND kind IN ('invite', 'way_back', 'export')))
    """
    expired = column(db, sql, now=stamp(at))
    for approval_id in expired:
        _close(db, by, at, get_approval(db, at, approval_id), "expired")
    return len(expired)
