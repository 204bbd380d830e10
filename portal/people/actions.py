"""Look after accounts: what one person may do, and what another one is asked for."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.accounts.actions import grant_directory as grant_person
from portal.accounts.actions import lock_account
from portal.actor import Actor
from portal.approvals.actions import ask
from portal.approvals.queries import find_coordinators, is_without_coordinator
from portal.approvals.rules import needs_second_admin
from portal.clock import stamp
from portal.db import column
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message
from portal.invitations.actions import Wanted, invite_again, want
from portal.membership.actions import keep_locked
from portal.membership.queries import refuse_out, refuse_out_account
from portal.notices.actions import notify
from portal.organisations.actions import grant_directory as grant_organisation
from portal.people.queries import (
    find_colleagues,
    find_ending,
    get_granted,
    get_person_for,
)


def ask_invitation(db: Database, by: Actor, at: datetime, wanted: Wanted) -> str:
    """Ask for an invitation; the item's id. The same person twice is the item that waits."""
    sql = """
        SELECT v.id FROM wanted_invitations AS w JOIN approvals AS v ON v.subject_id = w.id
        WHERE w.name = :name AND v.asked_by = :me AND v.verdict IS NULL AND v.until > :now
    """
    refuse_out(db, wanted.role, wanted.organisation_id, field="organisation")
    waiting = column(db, sql, name=wanted.name, me=by.account_id, now=stamp(at))
    if waiting:
        return str(waiting[0])
    return ask(
        db,
        by,
        at,
        "invite",
        want(db, at, wanted),
        role=wanted.role,
        organisation=wanted.organisation_id,
        practitioner=wanted.practitioner_id,
        directory="yes" if wanted.directory else None,
    )


def lock_person(db: Database, by: Actor, at: datetime, account_id: str) -> None:
    """Lock somebody out, at once and alone; nobody locks themselves out by mistake."""
    person = get_person_for(db, by, at.date(), account_id)
    if person.id == by.account_id:
        raise Invalid({"act": [Message("This is your own account: sign out instead.")]})
    lock_account(db, by, at, person.id)
    keep_locked(db, person.id)


def end_grant(db: Database, by: Actor, at: datetime, account_id: str) -> None:
    """Shut the directory to a person, at once and alone."""
    person = get_person_for(db, by, at.date(), account_id)
    grant_person(db, by, at, person.id, None)


def ask_unlock(db: Database, by: Actor, at: datetime, account_id: str) -> str:
    """Ask that somebody may sign in again; the item's id."""
    person = get_person_for(db, by, at.date(), account_id)
    refuse_out_account(db, person.id, field="act")
    return ask(db, by, at, "unlock", person.id, role=person.role)


def ask_grant(db: Database, by: Actor, at: datetime, account_id: str) -> str:
    """Ask for a year's access to the directory for a person; the item's id."""
    person = get_person_for(db, by, at.date(), account_id)
    refuse_out_account(db, person.id, field="act")
    if person.role != "member":
        raise Invalid({"act": [Message("Only members use the directory by a grant.")]})
    return ask(db, by, at, "grant_directory", person.id, of="person")


def ask_coordinator(db: Database, by: Actor, at: datetime, account_id: str) -> str:
    """Ask that a member become a coordinator; the item's id."""
    person = get_person_for(db, by, at.date(), account_id)
    refuse_out_account(db, person.id, field="act")
    if person.role != "member" or person.organisation_id is None:
        told = Message("Only somebody who is a member, of an organisation, becomes a coordinator.")
        raise Invalid({"act": [told]})
    return ask(db, by, at, "role", person.id, role="coordinator")


def lead_back(db: Database, by: Actor, at: datetime, account_id: str) -> tuple[str, str]:
    """The way back: ("link", its code), or ("item", an id) where a second administrator is needed.

    It is not widening: sessions end, and the second factor is still asked for.
    """
    person = get_person_for(db, by, at.date(), account_id)
    refuse_out_account(db, person.id, field="act")
    if person.locked:
        raise Invalid({"act": [Message("This account is locked: unlock it first.")]})
    if needs_second_admin(by):
        return "item", ask(db, by, at, "way_back", person.id, role=person.role)
    return "link", invite_again(db, by, at, person.sign_in_name)


def ask_organisation_grant(db: Database, by: Actor, at: datetime, organisation_id: str) -> str:
    """Ask for a year's access to the directory for a member organisation; the item's id."""
    return ask(db, by, at, "grant_directory", get_granted(db, organisation_id), of="organisation")


def end_organisation_grant(db: Database, by: Actor, at: datetime, organisation_id: str) -> None:
    """Shut the directory to an organisation's people, at once and alone."""
    grant_organisation(db, by, at, get_granted(db, organisation_id), None)


def propose_acting(db: Database, by: Actor, at: datetime, account_id: str) -> str:
    """Propose a colleague as acting coordinator while there is none; the item's id."""
    if not is_without_coordinator(db, at.date()):
        raise NotFound
    if account_id not in {each.id for each in find_colleagues(db, by)}:
        raise Invalid({"account": [Message("Choose one of the people of your organisation.")]})
    return ask(db, by, at, "acting", account_id)


def remind_of_grants(db: Database, _by: Actor, at: datetime, today: date) -> int:
    """Tell of each grant that ends within 30 days, once: the person, or the coordinators."""
    coordinators = [each.account_id for each in find_coordinators(db, today)]
    told = 0
    for each in find_ending(db, today):
        made = db.execute(
            "INSERT OR IGNORE INTO grant_reminders (subject_id, until, told_at) VALUES (?, ?, ?)",
            [each.subject_id, each.until, stamp(at)],
        )
        if made.rowcount != 1:
            continue
        told += 1
        is_account = each.kind == "account"
        for account_id in [each.subject_id] if is_account else coordinators:
            kind = "grant_ends" if is_account else "grants_end"
            notify(db, at, kind, each.subject_id, account_id=account_id)
    return told
