"""Suspend an organisation, let it leave, make its farewell link; ask for the way back.

Everything that ends with a membership ends in one transaction, or nothing does.
"""

from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.accounts.actions import grant_directory as grant_person
from portal.accounts.queries import find_coordinators
from portal.actor import Actor
from portal.approvals.actions import ask, call_off
from portal.clock import stamp
from portal.db import Store, column
from portal.drafts.actions import end_drafts
from portal.errors import Invalid
from portal.files import Shelf
from portal.handovers.actions import let_stay, unlist_all
from portal.i18n.language import Message
from portal.invitations.actions import withdraw
from portal.leaving.forms import Ending, Founding
from portal.leaving.queries import (
    count_ended_by,
    find_asked_for,
    find_departed,
    find_invited,
    find_open_requests,
    get_standing,
    would_be_alone,
)
from portal.leaving.rules import (
    ALONE,
    GONE,
    LINK_GOOD_FOR,
    MEMBER,
    MOST_ENDED,
    NO_MEMBER,
    NOT_SUSPENDED,
    NOT_TO_FOUND,
    PURPOSE,
    STILL_MEMBER,
    TOO_MANY,
    may_found,
)
from portal.links.actions import end_links, make_link
from portal.membership.actions import close_accounts, move
from portal.membership.queries import find_joined_on
from portal.notices.actions import notify
from portal.organisations.actions import grant_directory as grant_organisation
from portal.organisations.actions import save_organisation
from portal.requests.actions import cancel
from portal.reviews.acts import end as end_review
from portal.reviews.queries import get_standing as get_reviewed
from portal.settings import Settings
from portal.uploads.actions import forget_file

# what an organisation says of itself came with its application, and goes with its contacts
OF_CARD = ("phone", "email", "duty_phone", "website", "summary")
OF_APPLICATION = ("website", "phone", "summary", "contact_name", "contact_work", "contact_phone")
PROOFS = ("passwords", "authenticators", "recovery_codes", "passkeys")


def suspend_member(
    db: Database, by: Actor, at: datetime, organisation_id: str, why: Ending
) -> str | None:
    """Suspend a member, which one person may; the code of its farewell, None when it was before."""
    before = get_standing(db, organisation_id).state
    if before == "suspended":
        return None
    if before != "admitted":
        raise Invalid({"all": [NO_MEMBER]})
    _refuse_alone(db, by, at, organisation_id)
    move(db, by, at, organisation_id, "suspended", why.reason, why.note)
    _close_all(db, by, at, organisation_id, anew=True)
    _tell_coordinators(db, by, at, "member_suspended", organisation_id)
    return _make_farewell(db, by, at, organisation_id)


def leave(db: Database, by: Actor, at: datetime, organisation_id: str, why: Ending) -> str | None:
    """Let an organisation leave; the code of its farewell, None when it had left before."""
    before = get_standing(db, organisation_id).state
    if before == "left":
        return None
    if before not in MEMBER:
        raise Invalid({"all": [NO_MEMBER]})
    _refuse_alone(db, by, at, organisation_id)
    move(db, by, at, organisation_id, "left", why.reason, why.note)
    row = {"organisation_id": organisation_id, "left_at": stamp(at), "erased_at": None}
    db.table("departures").upsert({**row, "by": by.account_id or by.role})
    _close_all(db, by, at, organisation_id, anew=before == "admitted")
    _tell_coordinators(db, by, at, "member_left", organisation_id)
    return _make_farewell(db, by, at, organisation_id)


def make_farewell(db: Database, by: Actor, at: datetime, organisation_id: str) -> str:
    """Another link to the export of an organisation without accounts; other coordinators hear."""
    if get_standing(db, organisation_id).state not in GONE:
        raise Invalid({"all": [STILL_MEMBER]})
    _tell_coordinators(db, by, at, "farewell_made", organisation_id)
    return _make_farewell(db, by, at, organisation_id)


def _make_farewell(db: Database, by: Actor, at: datetime, organisation_id: str) -> str:
    """A link that gives an organisation without accounts its export; an earlier one ends."""
    audit.record(db, by, at, "make_farewell", "organisations", organisation_id)
    return make_link(db, at, PURPOSE, organisation_id, LINK_GOOD_FOR)


def ask_readmission(db: Database, by: Actor, at: datetime, organisation_id: str) -> str:
    """Ask a second person to end a suspension; the item's id."""
    if get_standing(db, organisation_id).state != "suspended":
        raise Invalid({"all": [NOT_SUSPENDED]})
    return ask(db, by, at, "readmit", organisation_id, of="organisation")


def ask_founding(
    db: Database, by: Actor, at: datetime, organisation_id: str, founding: Founding
) -> str:
    """Ask a second person to record a founding member; the item's id."""
    standing = get_standing(db, organisation_id)
    if standing.is_founder or not may_found(standing.state):
        raise Invalid({"all": [NOT_TO_FOUND]})
    joined_on = find_joined_on(db, organisation_id)
    if joined_on is not None and founding.founded_on > joined_on:
        told = Message(
            "It joined on %(day)s: choose that day or an earlier one.", {"day": joined_on}
        )
        raise Invalid({"founded_on": [told]})
    on, minute = founding.founded_on.isoformat(), founding.minute
    return ask(db, by, at, "founder", organisation_id, of="organisation", on=on, minute=minute)


def _refuse_alone(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    """One coordinator empties no network: a few a day, and never the only other coordinator."""
    if by.role != "coordinator" or by.organisation_id == organisation_id:
        return
    if count_ended_by(db, by, at) >= MOST_ENDED:
        raise Invalid({"all": [TOO_MANY]})
    if would_be_alone(db, by, at, organisation_id):
        raise Invalid({"all": [ALONE]})


def _close_all(db: Database, by: Actor, at: datetime, organisation_id: str, *, anew: bool) -> None:
    """End all that hangs on a membership; what the organisation made for everybody stays."""
    for kind, subject_id in find_asked_for(db, organisation_id):
        call_off(db, by, at, kind, subject_id)
    for name in find_invited(db, organisation_id):
        withdraw(db, by, at, name)
    for request_id in find_open_requests(db, organisation_id):
        cancel(db, by, at, request_id)
    unlist_all(db, by, at, organisation_id, anew=anew)
    _end_grants(db, by, at, organisation_id)
    _step_back(db, by, at, organisation_id)
    close_accounts(db, by, at, organisation_id)


def _tell_coordinators(
    db: Database, by: Actor, at: datetime, kind: str, organisation_id: str
) -> None:
    """Nobody ends a membership, or opens an archive, without the other coordinators hearing."""
    for account_id in find_coordinators(db, at.date()):
        if account_id != by.account_id:
            notify(db, at, kind, organisation_id, account_id=account_id)


def _end_grants(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    grant_organisation(db, by, at, organisation_id, None)
    sql = """
        SELECT id FROM accounts WHERE organisation_id = :id AND directory_until IS NOT NULL
            AND role IN ('member', 'coordinator') ORDER BY id
    """
    for account_id in column(db, sql, id=organisation_id):
        grant_person(db, by, at, account_id, None)


def _step_back(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    """An application does not wait for reviewers who cannot come back to it."""
    sql = """
        SELECT DISTINCT application_id FROM reviews
        WHERE organisation_id = :id AND submitted_at IS NULL AND ended_at IS NULL ORDER BY 1
    """
    for application_id in column(db, sql, id=organisation_id):
        for each in get_reviewed(db, application_id).reviews:
            is_waiting = not each.is_sent and each.ended_at is None
            if each.organisation_id == organisation_id and is_waiting:
                end_review(db, by, at, application_id, each)


def erase_departed(store: Store, settings: Settings, by: Actor, at: datetime) -> int:
    """Clocked: forget what was private of those who left 30 days ago; how many there were.

    Who came back in between is not among them. Results, counts and materials stay.
    """
    with store.read() as db:
        departed = find_departed(db, at)
    for organisation_id in departed:
        with store.transaction() as db:
            # another worker may have been faster, or the organisation is back
            if organisation_id in find_departed(db, at):
                _forget(db, Shelf(settings.files), by, at, organisation_id)
    if departed:
        # security: what was overwritten is gone from the disk only when the log is
        store.truncate_log()
    return len(departed)


def _forget(db: Database, shelf: Shelf, by: Actor, at: datetime, organisation_id: str) -> None:
    end_links(db, at, PURPOSE, organisation_id)
    let_stay(db, by, at, organisation_id)
    card = {**dict.fromkeys(OF_CARD), "summaries": "{}"}
    save_organisation(db, by, at, organisation_id, card)
    _forget_accounts(db, by, at, organisation_id)
    _forget_notes(db, organisation_id)
    db.table("departures").update(organisation_id, {"erased_at": stamp(at)})
    audit.record(db, by, at, "erase", "organisations", organisation_id)
    before = """
        SELECT a.id FROM applications AS a JOIN departures AS d ON d.organisation_id = :id
        WHERE a.organisation_id = :id AND coalesce(a.submitted_at, a.made_at) <= d.left_at
        ORDER BY a.id
    """
    for application_id in column(db, before, id=organisation_id):
        _forget_application(db, shelf, by, at, application_id)


def _forget_accounts(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    """Nothing of a person is left in an account; its id stays, for the audit speaks of it."""
    theirs = "organisation_id = ? AND role IN ('member', 'coordinator')"
    for row in list(db.table("accounts").rows_where(theirs, [organisation_id], select="id")):
        account_id = row["id"]
        gone = {"name": "", "email": None, "sign_in_name": account_id, "language": None}
        db.table("accounts").update(account_id, gone)
        for table in PROOFS:
            db.table(table).delete_where("account_id = ?", [account_id])
        end_drafts(db, account_id)
        audit.record(db, by, at, "erase", "accounts", account_id)
    db.execute(
        "UPDATE invitations SET name = '', called = NULL, email = NULL, sign_in_name = NULL,"
        " password = NULL, salt = NULL, picture = NULL WHERE " + theirs + " OR account_id IN"
        " (SELECT id FROM accounts WHERE " + theirs + ")",
        [organisation_id, organisation_id],
    )
    db.table("wanted_invitations").delete_where(theirs, [organisation_id])


def _forget_notes(db: Database, organisation_id: str) -> None:
    """What its reviewers wrote and never sent; what they sent belongs to who applied."""
    unsent = """
        review_id IN (SELECT id FROM reviews WHERE organisation_id = ? AND submitted_at IS NULL)
    """
    db.table("review_answers").delete_where(unsent, [organisation_id])
    db.table("closed_accounts").delete_where("organisation_id = ?", [organisation_id])


def _forget_application(
    db: Database, shelf: Shelf, by: Actor, at: datetime, application_id: str
) -> None:
    own = "application_id = ?"
    shown = "SELECT file_id FROM application_evidence WHERE application_id = :id"
    files = column(db, shown, id=application_id)
    for table in ("application_evidence", "application_answers", "appeals"):
        db.table(table).delete_where(own, [application_id])
    db.table("application_letters").delete_where(own + " AND sent_at IS NULL", [application_id])
    row = {**dict.fromkeys(OF_APPLICATION), "email": "", "erased_at": stamp(at)}
    db.table("applications").update(application_id, row)
    end_links(db, at, "apply", application_id)
    audit.record(db, by, at, "erase", "applications", application_id)
    for file_id in files:
        forget_file(db, shelf, by, at, file_id)
