"""Unlist whose organisation is no member any more, ask whether another may propose, and propose."""

from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.agreements.actions import forget_private, move
from portal.agreements.queries import state_now
from portal.agreements.rules import may_become
from portal.changes.actions import end_waiting
from portal.clock import stamp
from portal.errors import Invalid, NotAllowed
from portal.handovers.queries import (
    find_held,
    find_question,
    find_staying,
    get_open_for,
    may_propose,
)
from portal.handovers.rules import HANDED_ON, NOT_ASKED
from portal.links.actions import end_links
from portal.notices.actions import notify
from portal.practitioners.actions import save_practitioner
from portal.proposals.actions import ask_consent
from portal.requests.actions import release_offers_of


def unlist_all(
    db: Database, by: Actor, at: datetime, organisation_id: str, *, anew: bool = True
) -> int:
    """Unlist everybody of an organisation, tell each, and ask; how many.

    The way back stays open: a suspended agreement is proposed anew, and so is a proposal that ends
    here because nobody would stand behind it. `anew` forgets what was answered another time.
    """
    held = find_held(db, organisation_id)
    for each in held:
        move(db, by, at, each.id, "ended" if each.state == "proposed" else "suspended", "left")
        for purpose in ("consent", "consent_printed"):
            end_links(db, at, purpose, each.id)
        _ask(db, at, each.id, organisation_id, anew=anew)
        release_offers_of(db, by, at, each.id)
        notify(db, at, "organisation_left", each.id, practitioner_id=each.id)
    return len(held)


def answer_open(db: Database, by: Actor, at: datetime, practitioner_id: str, answer: str) -> None:
    """Record whether another organisation may propose her; it may be changed at any time."""
    question = find_question(db, practitioner_id)
    if question is None:
        raise Invalid({"all": [NOT_ASKED]})
    if question.answer == answer:
        return
    row = {"answer": answer, "answered_at": stamp(at)}
    db.table("open_to_proposals").update(practitioner_id, row)
    # what she answered stands in the row alone: the audit stays when she changes her mind
    audit.record(db, by, at, "answer_open", "practitioners", practitioner_id)


def take_over(
    db: Database, by: Actor, at: datetime, today: date, practitioner_id: str
) -> str | None:
    """Propose her for one's own organisation, and ask her anew; a code to print, or None.

    Her record passes with the proposal. A second organisation agrees as ever.
    """
    if not may_propose(db, by):
        raise NotAllowed
    found = get_open_for(db, by, today, practitioner_id)
    save_practitioner(db, by, at, found.id, {"organisation_id": by.organisation_id})
    db.execute(
        "UPDATE accounts SET organisation_id = ? WHERE practitioner_id = ? AND role = ?",
        [by.organisation_id, found.id, "practitioner"],
    )
    move(db, by, at, found.id, "proposed", HANDED_ON)
    return ask_consent(db, by, at, found.id)


def let_stay(db: Database, by: Actor, at: datetime, organisation_id: str) -> int:
    """Let go whoever wants no other organisation, or did not say; how many.

    What each gave to be listed goes as it does when a consent is withdrawn. Exclusions are kept:
    they protect her when she comes back.
    """
    staying = find_staying(db, organisation_id)
    for practitioner_id in staying:
        forget_private(db, practitioner_id)
        for purpose in ("consent", "confirm"):
            end_links(db, at, purpose, practitioner_id)
        end_waiting(db, by, at, practitioner_id)
        if may_become(state_now(db, practitioner_id), "ended"):
            move(db, by, at, practitioner_id, "ended", "left")
    return len(staying)


def _ask(
    db: Database, at: datetime, practitioner_id: str, organisation_id: str, *, anew: bool
) -> None:
    table = db.table("open_to_proposals")
    known = "practitioner_id = ? AND organisation_id = ?"
    if not anew and table.count_where(known, [practitioner_id, organisation_id]):
        return
    about = {"practitioner_id": practitioner_id, "organisation_id": organisation_id}
    # security: nothing is chosen for her, whatever she said of another organisation
    table.upsert({**about, "asked_at": stamp(at), "answer": None, "answered_at": None})
