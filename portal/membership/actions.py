"""Move an organisation from one state of membership to the next."""

from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.accounts.actions import lock_account, unlock_account
from portal.actor import Actor
from portal.clock import stamp
from portal.db import column
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.links.actions import end_links
from portal.membership.queries import state_of
from portal.membership.rules import may_become
from portal.nearby.actions import refresh_listings_of
from portal.notices.actions import notify
from portal.outbox import announce


def move(
    db: Database,
    by: Actor,
    at: datetime,
    organisation_id: str,
    state: str,
    reason: str | None = None,
    note: str | None = None,
    application_id: str | None = None,
) -> None:
    """Take one step of a membership; nothing when it is taken already, `Invalid` when not open.

    Whoever calls knows that this person may take it.
    """
    now = state_of(db, organisation_id)
    if now == state:
        return
    if not may_become(now, state):
        told = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")
        raise Invalid({"all": [told]})
    _write(db, by, at, organisation_id, state, reason, note, application_id)


def close_accounts(db: Database, by: Actor, at: datetime, organisation_id: str) -> int:
    """Lock the accounts of an organisation's members and coordinators at once; how many.

    Practitioners keep theirs: it opens nothing of the directory, and it is where each withdraws a
    consent and sees who asked for her number.
    """
    sql = """
        SELECT id FROM accounts WHERE organisation_id = :id AND locked_at IS NULL
            AND role IN ('member', 'coordinator') ORDER BY id
    """
    open_now = column(db, sql, id=organisation_id)
    for account_id in open_now:
        lock_account(db, by, at, account_id)
        row = {"organisation_id": organisation_id, "account_id": account_id, "at": stamp(at)}
        db.table("closed_accounts").upsert(row)
    return len(open_now)


def keep_locked(db: Database, account_id: str) -> None:
    """Locked by hand, whenever it was: the end of a suspension does not open this account."""
    db.table("closed_accounts").delete_where("account_id = ?", [account_id])


def readmit(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    """End a suspension, once two people agree; the accounts it closed open again.

    The directory stays shut: a grant is asked for anew. Practitioners are proposed anew, and told.
    """
    move(db, by, at, organisation_id, "admitted")
    end_links(db, at, "farewell", organisation_id)
    hers = "SELECT id FROM practitioners WHERE organisation_id = :id ORDER BY id"
    for practitioner_id in column(db, hers, id=organisation_id):
        notify(db, at, "organisation_back", practitioner_id, practitioner_id=practitioner_id)
    # security: those closed when it left before stay closed, though it was admitted since
    closed = """
        SELECT account_id FROM closed_accounts WHERE organisation_id = :id AND at >=
            (SELECT max(at) FROM membership_states WHERE organisation_id = :id
             AND state = 'suspended')
    """
    for account_id in column(db, closed, id=organisation_id):
        unlock_account(db, by, at, account_id)
    db.table("closed_accounts").delete_where("organisation_id = ?", [organisation_id])


def found(
    db: Database, by: Actor, at: datetime, organisation_id: str, founded_on: str, minute: str
) -> None:
    """Record a founding member with the day and the signed minute, once two people agree."""
    row = {"organisation_id": organisation_id, "founded_on": founded_on, "minute": minute}
    db.table("founders").upsert({**row, "at": stamp(at), "by": by.account_id or by.role})
    audit.record(db, by, at, "found", "organisations", organisation_id, on=founded_on)
    if state_of(db, organisation_id) != "admitted":
        move(db, by, at, organisation_id, "admitted")
    unknown = "UPDATE organisations SET joined_on = coalesce(joined_on, ?) WHERE id = ?"
    db.execute(unknown, [founded_on, organisation_id])
    announce(db, "organisations", organisation_id)


def set_state(db: Database, by: Actor, at: datetime, organisation_id: str, state: str) -> bool:
    """Record a state as an operator's act (an import); False when it is the present one already."""
    if state_of(db, organisation_id) == state:
        return False
    _write(db, by, at, organisation_id, state)
    return True


def _write(
    db: Database,
    by: Actor,
    at: datetime,
    organisation_id: str,
    state: str,
    reason: str | None = None,
    note: str | None = None,
    application_id: str | None = None,
) -> None:
    db.table("membership_states").insert(
        {
            "organisation_id": organisation_id,
            "state": state,
            "at": stamp(at),
            "by": by.account_id or by.role,
            "reason": reason,
            "note": note,
            "application_id": application_id,
        }
    )
    told = {"state": state, "reason": reason}
    audit.record(db, by, at, "set_state", "organisations", organisation_id, **told)
    announce(db, "organisations", organisation_id)
    refresh_listings_of(db, organisation_id)
