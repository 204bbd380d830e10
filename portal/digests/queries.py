"""Who is told what, and where a letter reaches them."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.clock import stamp
from portal.db import column, count, fetch, fetch_one
from portal.digests.rules import CLAIM


class Digest(msgspec.Struct, frozen=True):
    """One of the two mails a day, as it was begun."""

    id: int
    slot: str
    begun_at: str


class Recipient(msgspec.Struct, frozen=True):
    """A person, by account or else by practitioner, and the address that reaches her."""

    id: str
    email: str
    language: str | None
    has_account: bool


class Told(msgspec.Struct, frozen=True):
    """One notice of a letter; a link of it would act for `subject`, the reader herself."""

    id: int
    kind: str
    purpose: str | None
    subject: str | None


# A notice to a practitioner goes to her account, a locked one first, for a lock is to be heeded;
# where no account has an address it goes to her contact, while her consent is not withdrawn.
_REACHED = """
    WITH waiting AS (
        SELECT n.*, coalesce(n.account_id, (
            SELECT a.id FROM accounts AS a WHERE a.practitioner_id = n.practitioner_id
            ORDER BY a.locked_at IS NULL, a.email IS NULL, a.id LIMIT 1)) AS owner
        FROM notices AS n WHERE n.sent_at IS NULL
    ), reached AS (
        SELECT w.id, w.kind, w.purpose, w.digest_id, w.claimed_at,
            coalesce(w.owner, w.practitioner_id) AS recipient, a.language,
            a.id IS NOT NULL AS has_account,
            coalesce(w.practitioner_id, a.practitioner_id) AS subject,
            CASE WHEN a.locked_at IS NULL
                THEN nullif(coalesce(nullif(a.email, ''), c.email), '') END AS email
        FROM waiting AS w
        LEFT JOIN accounts AS a ON a.id = w.owner
        LEFT JOIN practitioner_contacts AS c ON c.practitioner_id = w.practitioner_id
            AND NOT EXISTS (
                SELECT 1 FROM consents WHERE withdrawn_on IS NOT NULL AND id = (
                    SELECT max(id) FROM consents WHERE practitioner_id = w.practitioner_id))
    )
"""

_FREE = """
    digest_id IS NOT NULL AND email IS NOT NULL
    AND (claimed_at IS NULL OR claimed_at < :before OR claimed_at > :after)
"""


def find_last(db: Database) -> Digest | None:
    """The digest that was begun last, whatever the clock said."""
    sql = "SELECT id, slot, begun_at FROM digests ORDER BY id DESC LIMIT 1"
    return fetch_one(db, Digest, sql)


def find_next_recipient(db: Database, at: datetime) -> Recipient | None:
    """Somebody whose notices are in a digest, and whose letter nobody is at."""
    sql = (
        _REACHED
        + "SELECT recipient AS id, email, language, has_account FROM reached WHERE "
        + _FREE
        + "ORDER BY id LIMIT 1"
    )
    return fetch_one(db, Recipient, sql, **_claims(at))


def find_told(db: Database, recipient: Recipient, at: datetime) -> list[Told]:
    """All that one letter tells, in the order in which it happened."""
    sql = (
        _REACHED
        + "SELECT id, kind, purpose, subject FROM reached WHERE recipient = :recipient"
        + " AND email = :email AND "
        + _FREE
        + "ORDER BY id"
    )
    who = {"recipient": recipient.id, "email": recipient.email}
    return fetch(db, Told, sql, **who, **_claims(at))


def find_without_address(db: Database) -> list[int]:
    """Notices to people whom no letter reaches."""
    return column(db, _REACHED + "SELECT id FROM reached WHERE email IS NULL")


def has_letters(db: Database, at: datetime) -> bool:
    """Whether a letter waits to be written."""
    return find_next_recipient(db, at) is not None


def count_waiting_since(db: Database, before: datetime) -> int:
    """How many notices were queued before a moment and still wait."""
    sql = "SELECT count(*) FROM notices WHERE sent_at IS NULL AND made_at < :before"
    return count(db, sql, before=stamp(before))


def find_addresses(db: Database) -> set[str]:
    """Every address that a letter may go to, in small letters."""
    sql = """
        SELECT email FROM accounts WHERE email IS NOT NULL
        UNION SELECT email FROM practitioner_contacts WHERE email IS NOT NULL
        UNION SELECT email FROM organisations WHERE email IS NOT NULL
        UNION SELECT email FROM applications WHERE email <> ''
    """
    return {address.casefold() for address in column(db, sql)}


def _claims(at: datetime) -> dict[str, str]:
    """A claim from before counts no more; nor does one from the future: the clock was set back."""
    return {"before": stamp(at - CLAIM), "after": stamp(at + CLAIM)}
