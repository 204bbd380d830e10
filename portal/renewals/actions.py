"""Renew, look at a renewal, affirm what changed, say that one cannot; remind by the clock."""

import secrets
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import find_coordinators, find_members_of
from portal.actor import Actor
from portal.charter.queries import Charter, find_charter
from portal.clock import stamp
from portal.db import column
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.membership.rules import REMIND_DAYS_BEFORE
from portal.notices.actions import notify
from portal.renewals.forms import Affirmation, RenewalDecision, SelfCheck
from portal.renewals.queries import (
    Standing,
    find_renewal,
    find_standings,
    get_standing,
    may_decide,
)
from portal.renewals.rules import (
    AFFIRM_REMIND_DAYS_BEFORE,
    OVERDUE,
    affirmation_step,
    renewal_step,
    renews_for,
)

CHANGED = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")


def send_renewal(
    db: Database, by: Actor, at: datetime, today: date, organisation_id: str, form: SelfCheck
) -> str:
    """Renew a membership for another year; the renewal's id. Sent twice is sent once.

    When every criterion still holds nobody has to look. Otherwise a coordinator of another
    organisation does.
    """
    if same := _sent_before(db, organisation_id, form.due_on):
        return same
    standing = get_standing(db, organisation_id, today)
    charter = find_charter(db)
    if charter is None or standing.state != "admitted":
        raise NotFound
    _refuse_stale(standing, charter, form, today)
    renewal_id = secrets.token_hex(8)
    row = {"id": renewal_id, "organisation_id": organisation_id, "version": charter.version}
    sent = {"due_on": form.due_on.isoformat(), "sent_at": stamp(at), "sent_by": by.account_id}
    db.table("renewals").insert({**row, **sent})
    db.table("renewal_answers").insert_all(
        {"renewal_id": renewal_id, "code": each.code, "holds": each.holds, "words": each.words}
        for each in form.answers
    )
    audit.record(db, by, at, "send", "renewals", renewal_id, due=sent["due_on"])
    if form.holds:
        _renewed(db, by, at, renewal_id, {"decided_by": None, "note": None})
    else:
        _tell_coordinators(db, at, today, "renewal_waits", organisation_id, organisation_id)
    return renewal_id


def decide_renewal(
    db: Database,
    by: Actor,
    at: datetime,
    organisation_id: str,
    form: RenewalDecision,
) -> None:
    """Renew after all, or ask again; by a coordinator of another organisation, with a note."""
    if not by.is_coordinator:
        raise NotFound
    found = find_renewal(db, organisation_id)
    if found is None or found.id != form.renewal:
        raise Invalid({"all": [CHANGED]})
    # security: nobody decides on their own organisation's renewal, nor on what they sent themselves
    if not may_decide(db, by, found):
        raise NotAllowed
    if found.verdict is not None:
        if found.verdict == form.verdict:
            return
        raise Invalid({"all": [CHANGED]})
    row = {"decided_by": by.account_id, "note": form.note}
    if form.verdict == "renewed":
        _renewed(db, by, at, found.id, row)
    else:
        told = {"verdict": "returned", "decided_at": stamp(at)}
        db.table("renewals").update(found.id, {**row, **told})
        audit.record(db, by, at, "return", "renewals", found.id)
    _tell_members(db, at, "renewal_decided", organisation_id)


def affirm(
    db: Database, by: Actor, at: datetime, today: date, organisation_id: str, form: Affirmation
) -> list[str]:
    """Affirm what a new version asks, all of it; or keep what can be, and tell coordinators.

    The codes that are left: those that the member says it cannot affirm.
    """
    standing = get_standing(db, organisation_id, today)
    if standing.state != "admitted":
        raise NotFound
    if form.version != standing.newest:
        raise Invalid({"all": [CHANGED]})
    left = [code for code in standing.asked if code not in form.codes]
    if left and not form.cannot:
        said = Message("Tick every point, or say below that you cannot affirm it.")
        raise Invalid({"affirms-" + code: [said] for code in left})
    ticked = [code for code in standing.asked if code in form.codes]
    row = {"organisation_id": organisation_id, "version": form.version, "at": stamp(at)}
    row |= {"by": by.account_id or by.role}
    db.table("affirmations").insert_all({**row, "code": code} for code in ticked)
    if ticked:
        detail = {"version": form.version, "points": len(ticked)}
        audit.record(db, by, at, "affirm", "organisations", organisation_id, **detail)
    before = {each.code: each.why for each in standing.refusals}
    refused = [code for code in left if form.why not in (None, before.get(code))]
    refused += [code for code in left if code not in before and code not in refused]
    if refused:
        rows = [{**row, "code": code, "why": form.why} for code in refused]
        db.table("affirmation_refusals").upsert_all(rows)
        detail = {"version": form.version, "points": len(refused)}
        audit.record(db, by, at, "refuse_affirmation", "organisations", organisation_id, **detail)
    if set(left) - set(before):
        _tell_coordinators(db, at, today, "affirmation_refused", organisation_id)
    return left


def remind_of_renewals(db: Database, _by: Actor, at: datetime, today: date) -> int:
    """Remind of each renewal and each affirmation that reached its next step; how many.

    Nothing is suspended by the clock: once a day has passed, a coordinator looks.
    """
    members = [each for each in find_standings(db, today) if each.state == "admitted"]
    renewals = sum(_remind(db, at, today, each) for each in members)
    return renewals + sum(_remind_to_affirm(db, at, today, each) for each in members)


def _remind(db: Database, at: datetime, today: date, member: Standing) -> bool:
    step = None if member.waits else renewal_step(member.due_on, today)
    sql = """
        SELECT min(days_before) FROM renewal_reminders
        WHERE organisation_id = :id AND due_on = :due
    """
    due = member.due_on.isoformat()
    (last,) = column(db, sql, id=member.id, due=due)
    if step is None or (last is not None and last <= step):
        return False
    row = {"organisation_id": member.id, "due_on": due, "days_before": step, "at": stamp(at)}
    db.table("renewal_reminders").insert(row)
    if step == OVERDUE:
        _tell_coordinators(db, at, today, "renewal_overdue", member.id)
    # who missed the last reminder is told once even now
    if step != OVERDUE or last != min(REMIND_DAYS_BEFORE):
        _tell_members(db, at, "renewal_due", member.id)
    return True


def _remind_to_affirm(db: Database, at: datetime, today: date, member: Standing) -> bool:
    # who has said that it cannot is not asked again and again
    if set(member.refused) == set(member.asked):
        return False
    steps = {version: affirmation_step(day, today) for version, day in member.affirm_days.items()}
    due = {
        version: step
        for version, step in steps.items()
        if step is not None and not _was_reminded(db, member.id, version, step)
    }
    # each version has its own days; those that meet are told of at once
    db.table("affirmation_reminders").insert_all(
        {"organisation_id": member.id, "version": version, "days_before": step, "at": stamp(at)}
        for version, step in due.items()
    )
    if due:
        _tell_members(db, at, "affirmation_due", member.id)
    return bool(due)


def _was_reminded(db: Database, organisation_id: str, version: int, step: int) -> bool:
    sql = """
        SELECT min(days_before) FROM affirmation_reminders
        WHERE organisation_id = :id AND version = :version
    """
    (last,) = column(db, sql, id=organisation_id, version=version)
    return last is not None and last <= max(step, min(AFFIRM_REMIND_DAYS_BEFORE))


def _sent_before(db: Database, organisation_id: str, due_on: date) -> str | None:
    """The renewal for this day that waits or was accepted; one that came back is sent anew."""
    sql = """
        SELECT id FROM renewals WHERE organisation_id = :id AND due_on = :due
            AND coalesce(verdict, 'renewed') = 'renewed'
    """
    return next(iter(column(db, sql, id=organisation_id, due=due_on.isoformat())), None)


def _refuse_stale(standing: Standing, charter: Charter, form: SelfCheck, today: date) -> None:
    if not standing.is_open:
        said = Message("Renewing opens on %(day)s.", {"day": standing.opens_on})
        raise Invalid({"all": [said]})
    if form.version != charter.version or form.due_on != renews_for(standing.due_on, today):
        raise Invalid({"all": [CHANGED]})


def _renewed(
    db: Database, by: Actor, at: datetime, renewal_id: str, decided: dict[str, str | None]
) -> None:
    row = {**decided, "verdict": "renewed", "decided_at": stamp(at)}
    db.table("renewals").update(renewal_id, row)
    audit.record(db, by, at, "renew", "renewals", renewal_id)


def _tell_members(db: Database, at: datetime, kind: str, organisation_id: str) -> None:
    for account_id in find_members_of(db, organisation_id):
        notify(db, at, kind, organisation_id, account_id=account_id)


def _tell_coordinators(
    db: Database, at: datetime, today: date, kind: str, organisation_id: str, but: str | None = None
) -> None:
    own = "SELECT id FROM accounts WHERE organisation_id = :but"
    apart = set(column(db, own, but=but))
    for account_id in find_coordinators(db, today):
        if account_id not in apart:
            notify(db, at, kind, organisation_id, account_id=account_id)
