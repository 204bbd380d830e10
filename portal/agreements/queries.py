"""Questions about agreement and consent: one practitioner's papers, their history."""

from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.rules import Proposal
from portal.db import as_json, column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.notices.queries import find_welcome
from portal.practitioners.queries import WELCOME, asker
from portal.practitioners.rules import Person


class Paper(msgspec.Struct, frozen=True):
    """Who somebody is and what stands about her; the number of a licence is for coordinators."""

    id: str
    name: str
    profession: str
    gender: str | None
    organisation: str
    organisation_id: str
    place: str
    region: str
    languages: list[str]
    state: str | None
    state_at: str | None
    consent_scope: str | None
    consent_on: date | None
    consent_how: str | None
    ethics_signed_on: date | None
    safeguarding_on: date | None
    has_licence: bool
    licence_is_over: bool
    has_email: bool
    contact_policy: str | None = None
    consent_reference: str | None = None
    licence_number: str | None = None
    licence_issuer: str | None = None
    licence_expires_on: date | None = None


class Taken(msgspec.Struct, frozen=True):
    """One step of the agreement's history; who it was is for coordinators."""

    state: str | None
    at: str
    organisation: str | None
    reason: str | None
    who: str | None = None


# the practitioner `p` consented for the organisation that keeps the record now: what was said to
# one that left does not speak for the one that took over
CONSENTED_SINCE = """
    coalesce((SELECT c.step_id FROM consents AS c WHERE c.practitioner_id = p.id
              ORDER BY c.id DESC LIMIT 1), 0) >=
    coalesce((SELECT max(s.id) FROM agreement_states AS s
              WHERE s.practitioner_id = p.id AND s.reason = 'handed_on'), 0)
"""

_NEWEST = (
    """
    LEFT JOIN agreement_states AS now ON now.id =
        (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
    LEFT JOIN consents AS newest ON newest.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = p.id)
    LEFT JOIN consents AS consent ON consent.id = newest.id AND consent.withdrawn_on IS NULL AND
    """
    + CONSENTED_SINCE
)

_PAPER = (
    """
    SELECT p.id, p.name, p.profession, p.gender, o.name AS organisation, p.organisation_id,
        places.name AS place, places.region, p.languages,
        now.state, now.at AS state_at,
        CASE WHEN :coordinator OR p.id IS :self THEN consent.scope END AS consent_scope,
        p.contact_policy,
        consent.how AS consent_how,
        consent.given_on AS consent_on, p.ethics_signed_on, p.safeguarding_on,
        licence.expires_on IS NOT NULL AS has_licence,
        coalesce(licence.expires_on < :today, 0) AS licence_is_over,
        coalesce(contact.email, '') <> '' AS has_email,
        CASE WHEN :coordinator THEN consent.reference END AS consent_reference,
        CASE WHEN :coordinator OR p.id IS :self THEN licence.number END AS licence_number,
        CASE WHEN :coordinator OR p.id IS :self THEN licence.issuer END AS licence_issuer,
        CASE WHEN :coordinator OR p.id IS :self OR p.organisation_id IS :own
            THEN licence.expires_on END AS licence_expires_on
    FROM practitioners AS p
    JOIN organisations AS o ON o.id = p.organisation_id
    JOIN places ON places.id = p.place_id
    LEFT JOIN practitioner_licences AS licence ON licence.practitioner_id = p.id
    LEFT JOIN practitioner_contacts AS contact ON contact.practitioner_id = p.id
    """
    + _NEWEST
)

# Another organisation reads the papers while they wait for a second one, or when it was the second.
_READABLE = (
    """
    (:coordinator OR p.id IS :self OR (:directory AND newest.withdrawn_on IS NULL AND (
    p.organisation_id IS :own OR now.organisation_id IS :own
    OR (now.state = 'proposed' AND consent.id IS NOT NULL AND p.ethics_signed_on IS NOT NULL))
    AND """
    + WELCOME
    + "))"
)


def get_paper_for(db: Database, actor: Actor, today: date, practitioner_id: str) -> Paper:
    """The papers of a practitioner, for who keeps them or may agree; strangers get `NotFound`."""
    sql = _PAPER + " WHERE p.id = :id AND " + _READABLE
    found = fetch_one(db, Paper, sql, **asker(actor, today), id=practitioner_id)
    if found is None:
        raise NotFound
    return found


def find_history(db: Database, actor: Actor, practitioner_id: str) -> list[Taken]:
    """Every step of the agreement, newest first."""
    sql = """
        SELECT s.state, s.at, o.name AS organisation, s.reason,
            CASE WHEN :coordinator THEN coalesce(a.name, s.by) END AS who
        FROM agreement_states AS s
        LEFT JOIN organisations AS o ON o.id = s.organisation_id
        LEFT JOIN accounts AS a ON a.id = s.by
        WHERE s.practitioner_id = :id ORDER BY s.id DESC
    """
    return fetch(db, Taken, sql, id=practitioner_id, coordinator=actor.is_coordinator)


class _Facts(msgspec.Struct, frozen=True):
    """What the rule about the second person asks."""

    practitioner_id: str
    name: str
    organisations: list[str]
    proposed_by: str | None
    proposer: str
    proposers_own: str | None
    is_consented: bool
    is_signed: bool


def find_proposal(db: Database, practitioner_id: str) -> Proposal:
    """The newest proposal of a practitioner, with every organisation that stands behind it."""
    sql = (
        """
        SELECT p.id AS practitioner_id, p.name, proposed.by AS proposed_by,
            coalesce(proposer.name, '') AS proposer, proposer.practitioner_id AS proposers_own,
            consent.id IS NOT NULL AS is_consented, p.ethics_signed_on IS NOT NULL AS is_signed,
            (SELECT json_group_array(id) FROM organisations WHERE id IN
                (p.organisation_id, proposed.organisation_id, proposer.organisation_id)
            ) AS organisations
        FROM practitioners AS p
        LEFT JOIN agreement_states AS proposed ON proposed.id =
            (SELECT max(id) FROM agreement_states
             WHERE practitioner_id = p.id AND state = 'proposed')
        LEFT JOIN accounts AS proposer ON proposer.id = proposed.by
        """
        + _NEWEST
        + " WHERE p.id = :id"
    )
    found = fetch_one(db, _Facts, sql, id=practitioner_id)
    if found is None:
        raise NotFound
    return Proposal(
        practitioner=Person(name=found.name, practitioner_id=found.practitioner_id),
        organisation_ids=frozenset(found.organisations),
        proposed_by=Person(found.proposed_by, found.proposer, found.proposers_own),
        is_consented=found.is_consented,
        is_signed=found.is_signed,
    )


def others_could_agree(db: Database, actor: Actor, today: date, proposal: Proposal) -> bool:
    """Whether anybody of another organisation may agree to a proposal, beside the asker."""
    sql = """
        SELECT a.id FROM accounts AS a
        LEFT JOIN organisations AS o ON o.id = a.organisation_id
        LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
        WHERE a.locked_at IS NULL AND a.id NOT IN (:self, coalesce(:proposer, ''))
        AND coalesce(a.organisation_id, '') NOT IN (SELECT value FROM json_each(:theirs))
        AND (a.role = 'coordinator' OR (
            a.role = 'member' AND m.state = 'admitted'
            AND a.directory_until >= :today AND o.directory_until >= :today))
    """
    asked: dict[str, Any] = {"self": actor.account_id, "proposer": proposal.proposed_by.account_id}
    asked |= {"theirs": as_json(sorted(proposal.organisation_ids)), "today": today.isoformat()}
    others = column(db, sql, **asked)
    return bool(find_welcome(db, today, str(proposal.practitioner.practitioner_id), others))


def state_now(db: Database, practitioner_id: str) -> str | None:
    """The present state of the agreement; None when there is none, or it is not known any more."""
    sql = """
        SELECT state FROM agreement_states WHERE practitioner_id = :id ORDER BY id DESC LIMIT 1
    """
    found = column(db, sql, id=practitioner_id)
    return str(found[0]) if found and found[0] else None


def has_answered(db: Database, practitioner_id: str) -> bool:
    """Whether a practitioner gave consent since the newest step of the agreement."""
    sql = """
        SELECT count(*) FROM consents WHERE practitioner_id = :id AND step_id =
            (SELECT max(id) FROM agreement_states WHERE practitioner_id = :id)
    """
    return count(db, sql, id=practitioner_id) > 0


def consented_to(db: Database, practitioner_id: str) -> dict[str, int]:
    """What a consent of now is to: the newest step of the agreement, and this version."""
    step = "SELECT coalesce(max(id), 0) FROM agreement_states WHERE practitioner_id = :id"
    version = "SELECT version FROM practitioners WHERE id = :id"
    asked = {"step_id": step, "version": version}
    return {name: count(db, sql, id=practitioner_id) for name, sql in asked.items()}


class Consent(msgspec.Struct, frozen=True):
    """The consent that stands: how it came, and whether the details are still those she saw."""

    given_on: str
    how: str | None
    is_of_these_details: bool


def find_consent(db: Database, practitioner_id: str) -> Consent | None:
    """The newest consent of a practitioner; None when there is none, or it was withdrawn."""
    sql = """
        SELECT c.given_on, c.how, c.version IS p.version AS is_of_these_details
        FROM consents AS c JOIN practitioners AS p ON p.id = c.practitioner_id
        WHERE c.withdrawn_on IS NULL
            AND c.id = (SELECT max(id) FROM consents WHERE practitioner_id = :id)
    """
    return fetch_one(db, Consent, sql, id=practitioner_id)


def find_exclusions(db: Database, practitioner_id: str) -> list[tuple[str, str]]:
    """Whom a practitioner excludes, as (kind, value); for nobody's eyes but hers."""
    sql = """
        SELECT kind, value FROM consent_exclusions WHERE practitioner_id = ? ORDER BY kind, value
    """
    return [(kind, value) for kind, value in db.execute(sql, [practitioner_id])]
