"""Bind an application to an organisation that is in the register already, so that it is there once.

The history of the known organisation goes on, and its card stays as it is.
"""

from datetime import date, datetime
from sqlite3 import IntegrityError

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.binding.queries import find_choices, is_bound_to
from portal.clock import stamp
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.links.actions import end_links
from portal.membership.actions import move
from portal.membership.queries import state_of
from portal.outbox import announce
from portal.reviews.queries import get_readable_for

CHANGED = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")
TOO_LATE = Message("A review has begun: the application stays with the organisation it made.")
IN_USE = Message("Something else was entered for the new organisation already: it cannot go.")


def bind(
    db: Database, by: Actor, at: datetime, today: date, application_id: str, known_id: str
) -> None:
    """Let an application be that of a known organisation; what was made for it meanwhile goes.

    A double click changes nothing; once a review was taken it is too late.
    """
    standing = get_readable_for(db, by, today, application_id)
    if not by.is_coordinator:
        raise NotAllowed
    if is_bound_to(db, application_id, known_id):
        return
    made_id = str(standing.organisation_id)
    if not standing.may_be_bound or state_of(db, made_id) != "applicant":
        raise Invalid({"all": [TOO_LATE]})
    if known_id not in [each.id for each in find_choices(db, by, standing).known]:
        raise Invalid({"organisation": [CHANGED]})
    moved = {"organisation_id": known_id, "bound_at": stamp(at)}
    db.table("applications").update(application_id, moved)
    _remove(db, made_id)
    # security: the new contact and the people of before may be others; neither reads the other's
    end_links(db, at, "farewell", known_id)
    move(db, by, at, known_id, "applicant", application_id=application_id)
    audit.record(db, by, at, "bind", "applications", application_id, to=known_id, made=made_id)


def _remove(db: Database, organisation_id: str) -> None:
    """Take the second entry out of the register; what the audit says of it stays."""
    for table in ("membership_states", "organisation_services"):
        db.table(table).delete_where("organisation_id = ?", [organisation_id])
    try:
        db.table("organisations").delete(organisation_id)
    except IntegrityError as refused:
        raise Invalid({"all": [IN_USE]}) from refused
    announce(db, "organisations", organisation_id)
