"""Propose a practitioner, and ask her for consent."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.agreements.actions import move
from portal.agreements.queries import has_answered, state_now
from portal.agreements.rules import refusal_to_print
from portal.db import column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.links.actions import end_links, make_link
from portal.notices.actions import notify
from portal.practitioners.actions import save_practitioner
from portal.proposals.rules import LINK_GOOD_FOR


def propose(
    db: Database, by: Actor, at: datetime, practitioner_id: str, details: dict[str, Any]
) -> str | None:
    """Propose a practitioner for one's own organisation, and ask her; a code to print, or None.

    The same form sent twice proposes once; the second answer brings a new code to print.
    """
    if not _is_admitted(db, by.organisation_id):
        raise NotAllowed
    if not count(db, "SELECT count(*) FROM practitioners WHERE id = :id", id=practitioner_id):
        row = {**details, "organisation_id": by.organisation_id}
        save_practitioner(db, by, at, practitioner_id, row)
        move(db, by, at, practitioner_id, "proposed")
    elif state_now(db, practitioner_id) != "proposed" or _has_answered(db, practitioner_id):
        return None  # security: an old form, sent again, makes no key to what was answered
    return ask_consent(db, by, at, practitioner_id)


def ask_consent(db: Database, by: Actor, at: datetime, practitioner_id: str) -> str | None:
    """Ask for consent by a new link; earlier ones end. Its code to print, or None when mailed.

    Whoever proposes sees no link that goes by mail: nobody consents in another's name.
    """
    has_email = _has_email(db, practitioner_id)
    if not has_email:
        _refuse_to_print(db, practitioner_id)
    for purpose in ("consent", "consent_printed"):
        end_links(db, at, purpose, practitioner_id)
    audit.record(db, by, at, "ask_consent", "practitioners", practitioner_id)
    if has_email:
        notify(db, at, "consent_asked", practitioner_id, practitioner_id=practitioner_id)
        return None
    return make_link(db, at, "consent_printed", practitioner_id, LINK_GOOD_FOR)


def _refuse_to_print(db: Database, practitioner_id: str) -> None:
    state, answered = state_now(db, practitioner_id), has_answered(db, practitioner_id)
    refusal = refusal_to_print(state, has_answered=answered)
    if refusal is not None:
        raise Invalid({"all": [refusal]})


def _has_answered(db: Database, practitioner_id: str) -> bool:
    return (
        count(db, "SELECT count(*) FROM consents WHERE practitioner_id = :id", id=practitioner_id)
        > 0
    )


def _is_admitted(db: Database, organisation_id: str | None) -> bool:
    sql = "SELECT state FROM membership_now WHERE organisation_id = :id"
    return column(db, sql, id=organisation_id) == ["admitted"]


def _has_email(db: Database, practitioner_id: str) -> bool:
    if not count(db, "SELECT count(*) FROM practitioners WHERE id = :id", id=practitioner_id):
        raise NotFound
    sql = """
        SELECT count(*) FROM practitioner_contacts WHERE practitioner_id = :id AND email <> ''
    """
    return count(db, sql, id=practitioner_id) > 0
