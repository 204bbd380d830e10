"""Which letter is next, whose account it may open, and which applications are to be erased."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.accounts.rules import folded_name
from portal.applications.rules import (
    ADDRESS_KEPT,
    APPEAL_WITHIN,
    CLOSED_KEPT,
    UNCONFIRMED_KEPT,
    UNSENT_KEPT,
)
from portal.applying.rules import CLAIM
from portal.clock import stamp
from portal.db import column, count, fetch_one


class Waiting(msgspec.Struct, frozen=True):
    """A letter that nobody is at."""

    id: int
    application_id: str
    kind: str
    email: str
    language: str
    organisation_id: str | None
    state: str | None
    contact_name: str | None


def find_next_letter(db: Database, at: datetime) -> Waiting | None:
    """The oldest letter that waits; a claim from long ago, or from the future, counts no more.

    First come those of applications about which there is something to say: links that strangers
    ask for, however many, hold up nobody's decision.
    """
    sql = """
        SELECT l.id, l.application_id, l.kind, a.email, a.language, a.organisation_id, m.state,
            a.contact_name
        FROM application_letters AS l
        JOIN applications AS a ON a.id = l.application_id
        LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
        WHERE l.sent_at IS NULL AND a.email <> ''
            AND (a.erased_at IS NULL OR l.kind = 'erased')
            AND (l.claimed_at IS NULL OR l.claimed_at < :before OR l.claimed_at > :after)
        ORDER BY EXISTS (SELECT 1 FROM application_letters AS o
            WHERE o.application_id = l.application_id AND o.sent_at IS NULL
            AND o.kind NOT IN ('start', 'again')) DESC, l.id LIMIT 1
    """
    claims = {"before": stamp(at - CLAIM), "after": stamp(at + CLAIM)}
    return fetch_one(db, Waiting, sql, **claims)


def has_joined(db: Database, organisation_id: str, email: str) -> bool:
    """Whether an invitation to this address was accepted for the organisation already."""
    # security: whoever finds an old link opens no second account with it
    sql = """
        SELECT count(*) FROM invitations
        WHERE organisation_id = :organisation AND email = :email AND account_id IS NOT NULL
            AND account_id NOT IN (SELECT account_id FROM closed_accounts)
    """
    return count(db, sql, organisation=organisation_id, email=folded_name(email)) > 0


def find_unsent(db: Database, at: datetime) -> list[str]:
    """Applications that nobody came back to for long; a last letter says that they were erased."""
    sql = """
        SELECT id FROM applications WHERE submitted_at IS NULL AND erased_at IS NULL
            AND confirmed_at IS NOT NULL AND changed_at <= :before ORDER BY id
    """
    return column(db, sql, before=stamp(at - UNSENT_KEPT))


def find_erasable(db: Database, at: datetime) -> list[str]:
    """Applications of which nothing personal may be kept any longer.

    Nobody confirmed the address; the letter about an erasure went out some days ago, or never will;
    or it was declined or withdrawn, and nobody can appeal any more for long.
    """
    sql = """
        SELECT a.id FROM applications AS a
        LEFT JOIN membership_states AS s ON s.id =
            (SELECT max(id) FROM membership_states WHERE application_id = a.id)
        WHERE (a.submitted_at IS NULL AND a.confirmed_at IS NULL AND a.made_at <= :unconfirmed)
        OR (a.submitted_at IS NULL AND (
            a.erased_at <= :closed OR EXISTS (
                SELECT 1 FROM application_letters AS l WHERE l.application_id = a.id
                AND l.kind = 'erased' AND l.sent_at <= :told)))
        OR (a.submitted_at IS NOT NULL AND a.erased_at IS NULL AND (
            (s.state = 'left' AND s.reason = 'withdrew' AND s.at <= :closed)
            OR (s.state = 'declined' AND s.at <= CASE
                WHEN EXISTS (SELECT 1 FROM appeals WHERE application_id = a.id) THEN :closed
                ELSE :appealable END)))
        ORDER BY a.id
    """
    return column(
        db,
        sql,
        unconfirmed=stamp(at - UNCONFIRMED_KEPT),
        closed=stamp(at - CLOSED_KEPT),
        told=stamp(at - ADDRESS_KEPT),
        appealable=stamp(at - CLOSED_KEPT - APPEAL_WITHIN),
    )
