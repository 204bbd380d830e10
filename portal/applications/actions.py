"""Begin an application, send it, take it back, appeal; close it, and erase what was in it."""

import secrets
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import find_coordinators
from portal.actor import Actor
from portal.applications.acts import forget_evidence, open_appeal
from portal.applications.queries import (
    Application,
    find_charter_of,
    find_evidence,
    find_lacking,
    find_open,
    get_application,
)
from portal.applications.rules import (
    APPEAL,
    APPLICANT,
    LACKS,
    LETTERS,
    MOST_ASKED_A_DAY,
    MOST_BEGUN_A_DAY,
    PURPOSE,
    Lacking,
)
from portal.clock import stamp
from portal.credentials.actions import count_begun, count_one, count_try
from portal.db import as_json, column, count
from portal.errors import Invalid
from portal.files import Shelf
from portal.i18n.language import Message
from portal.links.actions import end_links
from portal.membership.actions import move
from portal.membership.queries import state_of
from portal.notices.actions import notify
from portal.organisations.actions import save_organisation

# columns of an application that its organisation is made of, and those that a card may lack
_CARD = ("summary", "website", "phone")
_ORGANISATION = ("name", "kind", "place_id", *_CARD)


def ask(
    db: Database,
    at: datetime,
    keys: tuple[str, str],
    begun: str,
    email: str,
    name: str,
    language: str,
) -> str | None:
    """Queue a letter with a link for an address, known or not; the id of its application.

    `TooOften` says how long to wait. None when too many were begun from the network today, under
    the key `begun`: whoever has begun before gets the letter all the same, and is told the same.
    """
    count_try(db, keys, at)
    found, is_free = find_open(db, email), count_begun(db, begun) < MOST_BEGUN_A_DAY
    if found is not None:
        _ask_again(db, at, found)
    elif is_free:
        count_one(db, begun, at)
        found = start(db, at, email, name, language)
    return found if is_free else None


def _ask_again(db: Database, at: datetime, found: str) -> None:
    today = """
        SELECT count(*) FROM application_letters
        WHERE application_id = :id AND kind IN ('start', 'again') AND made_at >= :since
    """
    since = stamp(at)[:10]
    if count(db, today, id=found, since=since) < MOST_ASKED_A_DAY:
        queue_letter(db, at, found, "again")
    audit.record(db, APPLICANT, at, "ask_link", "applications", found)


def start(db: Database, at: datetime, email: str, name: str, language: str) -> str:
    """Begin an application and write to its address; its id. It is erased unless confirmed."""
    application_id = f"ap-{secrets.token_hex(8)}"
    times = {"made_at": stamp(at), "changed_at": stamp(at)}
    row = {"id": application_id, "email": email, "name": name, "language": language}
    db.table("applications").insert({**row, **times})
    queue_letter(db, at, application_id, "start")
    audit.record(db, APPLICANT, at, "start", "applications", application_id)
    return application_id


def submit(db: Database, at: datetime, application_id: str) -> None:
    """Send an application, or the answers to what was asked; `Invalid` names all it lacks.

    Nothing when it was sent already: of two clicks one counts.
    """
    found = get_application(db, application_id)
    if found.is_sent and found.state != "more_information":
        return
    lacking = find_lacking(db, found)
    if not lacking.is_nothing:
        raise Invalid(_said_of(lacking))
    if found.organisation_id is not None:
        _send_answers(db, at, found, found.organisation_id)
    else:
        _send(db, at, found)
    queue_letter(db, at, application_id, "received")


def _send(db: Database, at: datetime, found: Application) -> None:
    charter = find_charter_of(db, found)
    organisation_id = f"o-{secrets.token_hex(6)}"
    row: dict[str, Any] = {name: getattr(found, name) for name in _ORGANISATION}
    row |= {"names": as_json(found.names), "services": found.services, "visibility": "members"}
    save_organisation(db, APPLICANT, at, organisation_id, row)
    sent = {"organisation_id": organisation_id, "submitted_at": stamp(at)}
    version = charter.version if charter else None
    db.table("applications").update(found.id, {**sent, "version": version})
    move(db, APPLICANT, at, organisation_id, "applicant", application_id=found.id)
    audit.record(db, APPLICANT, at, "submit", "applications", found.id)
    _tell_coordinators(db, at, "application_sent", found.id)


def _send_answers(db: Database, at: datetime, found: Application, organisation_id: str) -> None:
    move(db, APPLICANT, at, organisation_id, "under_review", application_id=found.id)
    audit.record(db, APPLICANT, at, "submit", "applications", found.id)
    _tell_reviewers(db, at, "application_answered", found)


def appeal(db: Database, at: datetime, application_id: str, words: str) -> None:
    """Ask others to look at a decision anew; once, within thirty days of it."""
    found = open_appeal(db, at, application_id)
    row = {"application_id": application_id, "words": words, "at": stamp(at)}
    db.table("appeals").insert(row)
    draft = "application_id = ? AND code = ?"
    db.table("application_answers").delete_where(draft, [application_id, APPEAL])
    db.table("applications").update(application_id, {"closed_at": None})
    organisation = str(found.organisation_id)
    move(db, APPLICANT, at, organisation, "under_review", application_id=application_id)
    audit.record(db, APPLICANT, at, "appeal", "applications", application_id)
    _tell_coordinators(db, at, "application_appealed", application_id)


def withdraw(db: Database, shelf: Shelf, at: datetime, application_id: str) -> None:
    """Take an application back before it is decided; of one that was not sent nothing is left."""
    found = get_application(db, application_id)
    if not found.may_be_withdrawn:
        told = Message("This application is closed. Nothing in it can be changed any more.")
        raise Invalid({"all": [told]})
    if found.organisation_id is None:
        erase_application(db, shelf, APPLICANT, at, application_id)
        return
    step = {"reason": "withdrew", "application_id": application_id}
    move(db, APPLICANT, at, found.organisation_id, "left", **step)
    _tell_reviewers(db, at, "application_withdrawn", found)
    close(db, APPLICANT, at, application_id)


def close(db: Database, by: Actor, at: datetime, application_id: str) -> None:
    """Let nothing in an application be changed any more."""
    db.table("applications").update(application_id, {"closed_at": stamp(at)})
    audit.record(db, by, at, "close", "applications", application_id)


def queue_letter(db: Database, at: datetime, application_id: str, kind: str) -> None:
    """Queue a letter, inside the transaction it tells of; the same one waiting is not doubled."""
    if kind not in LETTERS:
        raise KeyError(kind)
    table = db.table("application_letters")
    same = "application_id = ? AND kind = ? AND sent_at IS NULL"
    if not table.count_where(same, [application_id, kind]):
        table.insert({"application_id": application_id, "kind": kind, "made_at": stamp(at)})


def erase_application(
    db: Database, shelf: Shelf, by: Actor, at: datetime, application_id: str
) -> None:
    """Take away contacts, answers, an appeal's words and every file, down to the shelf.

    Of one that was never sent the whole row goes. Of others the name stays, with what was decided.
    """
    found = get_application(db, application_id)
    empty_application(db, shelf, by, at, application_id)
    letters = (
        "application_id = ?" if not found.is_sent else "application_id = ? AND sent_at IS NULL"
    )
    db.table("application_letters").delete_where(letters, [application_id])
    end_links(db, at, PURPOSE, application_id)
    if not found.is_sent:
        db.table("applications").delete(application_id)
        return
    db.table("applications").update(application_id, {"email": ""})
    if found.organisation_id is not None and _brought_in(db, found.organisation_id):
        gone = {"phone": None, "email": None, "website": None, "summary": None}
        save_organisation(db, by, at, found.organisation_id, gone)


def complete_card(db: Database, by: Actor, at: datetime, application_id: str) -> None:
    """Give the card of an organisation that was in the register before what it lacks; no more."""
    found = get_application(db, application_id)
    if found.organisation_id is None or found.bound_at is None:
        return
    card = db.table("organisations").get(found.organisation_id)
    lacks = {name: getattr(found, name) for name in _CARD if not card[name]}
    if any(lacks.values()):
        save_organisation(db, by, at, found.organisation_id, lacks)


def _brought_in(db: Database, organisation_id: str) -> bool:
    """Whether a card came by an application, and belongs to nobody who is or may become a member.

    What stood in the register before is not the application's to erase.
    """
    came = "SELECT count(*) FROM applications WHERE organisation_id = :id AND bound_at IS NULL"
    is_out = state_of(db, organisation_id) in ("declined", "left")
    return is_out and count(db, came, id=organisation_id) > 0


def empty_application(
    db: Database, shelf: Shelf, by: Actor, at: datetime, application_id: str
) -> None:
    """Take away all but the address, to which a last letter goes."""
    for each in find_evidence(db, application_id):
        forget_evidence(db, shelf, by, at, each)
    db.table("application_answers").delete_where("application_id = ?", [application_id])
    db.execute("UPDATE appeals SET words = '' WHERE application_id = ?", [application_id])
    gone = dict.fromkeys(("contact_name", "contact_work", "contact_phone"))
    gone |= dict.fromkeys(("phone", "website", "summary"))
    db.table("applications").update(application_id, {**gone, "erased_at": stamp(at)})
    audit.record(db, by, at, "erase", "applications", application_id)


def _tell_coordinators(db: Database, at: datetime, kind: str, application_id: str) -> None:
    for account_id in find_coordinators(db, at.date()):
        notify(db, at, kind, application_id, account_id=account_id)


def _tell_reviewers(db: Database, at: datetime, kind: str, found: Application) -> None:
    """Those of the present round; nobody who stepped back."""
    reviewers = """
        SELECT account_id FROM reviews
        WHERE application_id = :id AND ended_at IS NULL AND account_id IS NOT NULL
            AND is_appeal = :appeal AND round = (SELECT max(round) FROM reviews
                WHERE application_id = :id AND is_appeal = :appeal) ORDER BY taken_at, id
    """
    for account_id in column(db, reviewers, id=found.id, appeal=found.is_appeal):
        notify(db, at, kind, found.id, account_id=account_id)


def _said_of(lacking: Lacking) -> dict[str, list[Message]]:
    """What an application lacks, step by step, as messages at the step."""
    wrong: dict[str, list[str]] = {
        "organisation": lacking.organisation,
        **{f"criteria/{code}": what for code, what in lacking.criteria.items()},
        "principles": lacking.principles,
        "contact": lacking.contact,
    }
    return {step: [LACKS[each] for each in what] for step, what in wrong.items() if what}
