"""Questions about an organisation that is suspended or leaves: what it touches, who is told."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json, column, count, fetch_one
from portal.errors import NotFound
from portal.leaving.rules import ENDED_WITHIN, LOCKED_WITHIN, left_before
from portal.requests.rules import ENDS

OPEN_ACCOUNTS = """
    FROM accounts WHERE organisation_id = :id AND locked_at IS NULL
        AND role IN ('member', 'coordinator')
"""

OPEN_REQUESTS = """
    FROM requests AS r WHERE r.organisation_id = :id AND
        (SELECT state FROM request_states WHERE request_id = r.id ORDER BY id DESC LIMIT 1)
        NOT IN (SELECT value FROM json_each(:ends))
"""


class Standing(msgspec.Struct, frozen=True):
    """An organisation and where its membership stands; None: it never applied."""

    id: str
    name: str
    names: dict[str, str]
    kind: str
    state: str | None
    is_founder: bool


class Touched(msgspec.Struct, frozen=True):
    """How many of what would end, said before the button; `coordinators` is how many stay."""

    accounts: int
    practitioners: int
    requests: int
    coordinators: int


def get_standing(db: Database, organisation_id: str | None) -> Standing:
    """One organisation, for coordinators and for its own people."""
    sql = """
        SELECT o.id, o.name, o.names, o.kind, m.state, f.founded_on IS NOT NULL AS is_founder
        FROM organisations AS o LEFT JOIN membership_now AS m ON m.organisation_id = o.id
        LEFT JOIN founders AS f ON f.organisation_id = o.id WHERE o.id = :id
    """
    found = fetch_one(db, Standing, sql, id=organisation_id)
    if found is None:
        raise NotFound
    return found


def count_touched(db: Database, organisation_id: str, today: date) -> Touched:
    """What ends with a membership."""
    listed = "SELECT count(*) FROM listings WHERE organisation_id = :id"
    stay = "SELECT count(*) FROM accounts AS a WHERE locked_at IS NULL AND " + ROLE_NOW
    stay += " = 'coordinator' AND organisation_id IS NOT :id"
    return Touched(
        accounts=count(db, "SELECT count(*) " + OPEN_ACCOUNTS, id=organisation_id),
        practitioners=count(db, listed, id=organisation_id),
        requests=len(find_open_requests(db, organisation_id)),
        coordinators=count(db, stay, id=organisation_id, today=today.isoformat()),
    )


def find_open_requests(db: Database, organisation_id: str) -> list[str]:
    """The requests of its people that have not come to an end."""
    sql = "SELECT r.id " + OPEN_REQUESTS + " ORDER BY r.id"
    return column(db, sql, id=organisation_id, ends=as_json(sorted(ENDS)))


def find_asked_for(db: Database, organisation_id: str) -> list[tuple[str, str]]:
    """What waits for a second person and was asked by its people, or is about it or them."""
    sql = """
        SELECT v.kind, v.subject_id FROM approvals AS v
        LEFT JOIN accounts AS a ON a.id = v.asked_by
        WHERE v.verdict IS NULL AND (
            v.asked_organisation = :id OR a.organisation_id = :id OR v.subject_id = :id
            OR v.subject_id IN (SELECT id FROM accounts WHERE organisation_id = :id
                                AND role IN ('member', 'coordinator'))
            OR v.subject_id IN (SELECT id FROM wanted_invitations WHERE organisation_id = :id
                                AND role IN ('member', 'coordinator')))
        ORDER BY v.asked_at, v.id
    """
    return [(kind, subject) for kind, subject in db.conn.execute(sql, {"id": organisation_id})]


def find_invited(db: Database, organisation_id: str) -> list[str]:
    """The names under which its people are invited now; practitioners keep their way in."""
    sql = """
        SELECT DISTINCT i.name FROM invitations AS i LEFT JOIN accounts AS a ON a.id = i.account_id
        WHERE i.ended_at IS NULL AND i.role IN ('member', 'coordinator')
            AND (i.organisation_id = :id OR a.organisation_id = :id) ORDER BY i.name
    """
    return column(db, sql, id=organisation_id)


def find_addresses_of(db: Database, organisation_id: str) -> list[str]:
    """Where a letter finds an organisation: its own address, and that of its applications."""
    sql = """
        SELECT email FROM organisations WHERE id = :id AND email <> ''
        UNION SELECT email FROM applications WHERE organisation_id = :id AND email <> ''
    """
    return column(db, sql, id=organisation_id)


def find_language_of(db: Database, organisation_id: str) -> str | None:
    """The language an organisation applied in; None when it is not known."""
    sql = "SELECT language FROM applications WHERE organisation_id = :id ORDER BY made_at DESC"
    return next(iter(column(db, sql, id=organisation_id)), None)


def count_ended_by(db: Database, by: Actor, at: datetime) -> int:
    """How many memberships of others this person has ended within a day."""
    sql = """
        SELECT count(*) FROM membership_states WHERE "by" = :me AND at > :since
            AND state IN ('suspended', 'left') AND organisation_id IS NOT :own
    """
    since = stamp(at - ENDED_WITHIN)
    return count(db, sql, me=by.account_id, own=by.organisation_id, since=since)


def would_be_alone(db: Database, by: Actor, at: datetime, organisation_id: str) -> bool:
    """Whether an organisation has the only coordinators beside those of one's own organisation."""
    sql = "SELECT count(*) FROM accounts AS a WHERE " + ROLE_NOW + " = 'coordinator'"
    others = sql + " AND locked_at IS NULL AND organisation_id IS NOT :own"
    others += " AND organisation_id IS NOT :id"
    asked = {"id": organisation_id, "today": at.date().isoformat()}
    if count(db, others, **asked, own=by.organisation_id):
        return False
    # security: who locks the other coordinator first is alone all the same
    theirs = (
        sql
        + """
        AND organisation_id = :id AND (locked_at IS NULL OR :me = (
            SELECT t."by" FROM audit AS t WHERE t.verb = 'lock' AND t.entity = 'accounts'
            AND t.entity_id = a.id AND t.at >= :since ORDER BY t.id DESC LIMIT 1))
    """
    )
    since = stamp(at - LOCKED_WITHIN)
    return bool(count(db, theirs, **asked, me=by.account_id, since=since))


def find_departed(db: Database, at: datetime) -> list[str]:
    """Who left so long ago that what was private goes now, and has not come back."""
    sql = """
        SELECT d.organisation_id FROM departures AS d
        JOIN membership_now AS m ON m.organisation_id = d.organisation_id
        WHERE d.erased_at IS NULL AND d.left_at <= :before AND m.state IN ('left', 'declined')
        ORDER BY d.left_at, d.organisation_id
    """
    return column(db, sql, before=stamp(left_before(at)))
