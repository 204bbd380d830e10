"""Questions about papers: trainings attended, licences that end soon."""

from datetime import date, timedelta

import msgspec
from sqlite_utils import Database

from portal.db import column, fetch
from portal.papers.rules import REMIND_DAYS_BEFORE


class Training(msgspec.Struct, frozen=True):
    """A training that somebody attended."""

    held_on: date
    title: str
    titles: dict[str, str] = {}


class Ending(msgspec.Struct, frozen=True):
    """A licence that ends soon, or has ended."""

    practitioner_id: str
    name: str
    organisation_id: str
    expires_on: date


def find_trainings(db: Database, practitioner_id: str) -> list[Training]:
    """The trainings of a practitioner, newest first; those of the register by their own titles."""
    sql = """
        SELECT t.held_on, coalesce(e.title, t.title) AS title, coalesce(e.titles, '{}') AS titles
        FROM trainings AS t LEFT JOIN events AS e ON e.id = t.event_id
        WHERE t.practitioner_id = :id ORDER BY t.held_on DESC, title
    """
    return fetch(db, Training, sql, id=practitioner_id)


class Held(msgspec.Struct, frozen=True):
    """A training of the register that somebody may have attended."""

    id: str
    title: str
    titles: dict[str, str]
    starts_on: date


def find_held(db: Database, today: date) -> list[Held]:
    """Past trainings and workshops of the register, newest first."""
    sql = """
        SELECT id, title, titles, starts_on FROM events
        WHERE kind IN ('training', 'workshop') AND starts_on BETWEEN '1900' AND :today
        ORDER BY starts_on DESC LIMIT 100
    """
    return fetch(db, Held, sql, today=today.isoformat())


def find_ending(db: Database, today: date, *, since: date | None = None) -> list[Ending]:
    """Licences that end within 30 days, of people whose agreement and consent stand.

    With `since`, those that ended on or after that day as well.
    """
    sql = """
        SELECT p.id AS practitioner_id, p.name, p.organisation_id, l.expires_on
        FROM practitioner_licences AS l JOIN practitioners AS p ON p.id = l.practitioner_id
        WHERE l.expires_on BETWEEN :first AND :last
        AND 'agreed' = (SELECT state FROM agreement_states AS s WHERE s.practitioner_id = p.id
                        ORDER BY s.id DESC LIMIT 1)
        AND EXISTS (SELECT 1 FROM consents AS c WHERE c.withdrawn_on IS NULL AND c.id =
                    (SELECT max(id) FROM consents WHERE practitioner_id = p.id))
        ORDER BY l.expires_on, p.sort_name
    """
    last = today + timedelta(days=max(REMIND_DAYS_BEFORE))
    first = since or today
    return fetch(db, Ending, sql, first=first.isoformat(), last=last.isoformat())


def find_keepers(db: Database, organisation_id: str) -> list[str]:
    """The accounts of an organisation's members, who can mend what is wrong with its people."""
    sql = """
        SELECT id FROM accounts
        WHERE organisation_id = :organisation AND role = 'member' AND locked_at IS NULL
        ORDER BY id
    """
    return column(db, sql, organisation=organisation_id)
