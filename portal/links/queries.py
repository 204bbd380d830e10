"""What a link stands for."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.clock import stamp
from portal.credentials.rules import code_hash
from portal.db import column, fetch_one


class Link(msgspec.Struct, frozen=True):
    """A link that is good now."""

    id: int
    purpose: str
    subject_id: str


def find_link(db: Database, purpose: str, code: str, at: datetime) -> Link | None:
    """The good link of a code; None when it is unknown, used, too old, or from the future.

    A clock that was set back revives nothing: a link is good from when it was made.
    """
    sql = """
        SELECT id, purpose, subject_id FROM links
        WHERE hash = :hash AND purpose = :purpose AND used_at IS NULL
            AND made_at <= :now AND :now < until
    """
    return fetch_one(db, Link, sql, hash=code_hash(code), purpose=purpose, now=stamp(at))


def find_askers(db: Database, to: str, purpose: str) -> list[str]:
    """Practitioners of a folded sign-in name or address for whom this purpose makes sense now.

    Consent: their agreement is proposed. Confirmation: it is agreed, and their consent stands,
    whether they are listed or have lapsed.
    """
    sql = """
        WITH known AS (
            SELECT practitioner_id AS id FROM accounts
            WHERE (sign_in_name = :to OR email = :to) AND locked_at IS NULL
            UNION SELECT practitioner_id FROM practitioner_contacts WHERE lower(email) = :to
        )
        SELECT p.id FROM known JOIN practitioners AS p ON p.id = known.id
        LEFT JOIN agreement_states AS a ON a.id = (
            SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
        LEFT JOIN consents AS c ON c.id = (
            SELECT max(id) FROM consents WHERE practitioner_id = p.id)
        WHERE (:purpose = 'consent' AND a.state = 'proposed')
            OR (:purpose = 'confirm' AND a.state = 'agreed'
                AND c.id IS NOT NULL AND c.withdrawn_on IS NULL)
    """
    return column(db, sql, to=to, purpose=purpose)
