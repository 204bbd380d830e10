"""Who may decide on a report: never whoever wrote it, with whichever account."""

from datetime import date

from sqlite_utils import Database

from portal.accounts.queries import find_coordinators, find_members_of
from portal.actor import Actor
from portal.db import fetch
from portal.practitioners.rules import Person, is_same_person
from portal.reports.queries import Report


def may_decide(db: Database, actor: Actor, report: Report, today: date) -> bool:
    """Whether somebody may accept or return a report.

    A coordinator of another organisation does; where there is none, one who has not written it.
    """
    if not actor.is_coordinator:
        return False
    # security: two accounts do not make two people
    if any(is_same_person(actor, each) for each in find_writers(db, report.id)):
        return False
    if actor.organisation_id != report.organisation_id:
        return True
    own = set(find_members_of(db, report.organisation_id))
    return set(find_coordinators(db, today)) <= own


def find_writers(db: Database, report_id: str) -> list[Person]:
    """Whoever has handed a report in, or has saved it last."""
    sql = """
        SELECT a.id AS account_id, a.name, a.practitioner_id FROM accounts AS a WHERE a.id IN (
            SELECT "by" FROM report_states WHERE report_id = :id AND state = 'submitted'
            UNION SELECT saved_by FROM reports WHERE id = :id)
    """
    return fetch(db, Person, sql, id=report_id)
