"""Questions about practitioners whose organisation is not in the network: who asks for another."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json, column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.handovers.forms import OpenWanted
from portal.handovers.rules import (
    MAY_BE_PROPOSED,
    SAYS_SHE_IS_ASKED,
    SAYS_SOMEBODY_WAITS,
    WITHOUT_MEMBERSHIP,
)
from portal.membership.queries import state_of
from portal.practitioners.queries import WELCOME, asker
from portal.waiting import Waiting


class OpenPractitioner(msgspec.Struct, frozen=True):
    """Somebody who may be proposed anew, as far as a member sees her: no contact."""

    id: str
    name: str
    profession: str
    region: str
    languages: list[str]
    answered_at: str


class OpenFound(msgspec.Struct, frozen=True):
    """One page of them."""

    total: int
    page: int
    per_page: int
    results: list[OpenPractitioner]


class Question(msgspec.Struct, frozen=True):
    """What a practitioner is asked, and what she has answered so far."""

    practitioner_id: str
    organisation: str
    organisation_names: dict[str, str]
    state: str
    asked_at: str
    answer: str | None


class Held(msgspec.Struct, frozen=True):
    """A practitioner of an organisation, with the state of her agreement."""

    id: str
    state: str | None


# the question is there as long as her organisation is not in the network, and she is still its own
_ASKED = """
    FROM open_to_proposals AS q
    JOIN practitioners AS p ON p.id = q.practitioner_id AND p.organisation_id = q.organisation_id
    JOIN organisations AS o ON o.id = q.organisation_id
    JOIN membership_now AS m ON m.organisation_id = q.organisation_id
        AND m.state IN (SELECT value FROM json_each(:without))
"""

# security: whom she excludes does not learn of her, coordinators neither: nobody proposes her alone
_OPEN = (
    _ASKED
    + """
    JOIN places ON places.id = p.place_id
    WHERE q.answer = 'yes' AND :directory AND p.id IS NOT :self
    AND (:organisation IS NULL OR p.organisation_id = :organisation)
    AND (SELECT state FROM agreement_states WHERE practitioner_id = p.id ORDER BY id DESC LIMIT 1)
        IN (SELECT value FROM json_each(:open))
    AND NOT EXISTS (
        SELECT 1 FROM consents AS c WHERE c.practitioner_id = p.id AND c.withdrawn_on IS NOT NULL
        AND c.id = (SELECT max(id) FROM consents WHERE practitioner_id = p.id))
    AND """
    + WELCOME
)

_ROW = "SELECT p.id, p.name, p.profession, places.region, p.languages, q.answered_at "


def may_propose(db: Database, actor: Actor) -> bool:
    """Whether somebody speaks for a member organisation: it alone stands behind a practitioner."""
    return actor.organisation_id is not None and state_of(db, actor.organisation_id) == "admitted"


def find_open(db: Database, actor: Actor, today: date, wanted: OpenWanted) -> OpenFound:
    """One page of those whom another organisation may propose, in the order of the alphabet."""
    asked = {**_parameters(actor, today), "organisation": wanted.organisation}
    total = count(db, "SELECT count(*) " + _OPEN, **asked)
    sql = _ROW + _OPEN + " ORDER BY p.sort_name, p.id LIMIT :limit OFFSET :offset"
    results = fetch(db, OpenPractitioner, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return OpenFound(total, wanted.page, wanted.per_page, results)


def get_open_for(db: Database, actor: Actor, today: date, practitioner_id: str) -> OpenPractitioner:
    """One of them, if this person may propose her; strangers get `NotFound`."""
    asked = {**_parameters(actor, today), "organisation": None, "id": practitioner_id}
    found = fetch_one(db, OpenPractitioner, _ROW + _OPEN + " AND p.id = :id", **asked)
    if found is None:
        raise NotFound
    return found


def find_question(db: Database, practitioner_id: str | None) -> Question | None:
    """What a practitioner is asked now; None while her organisation is in the network."""
    sql = (
        "SELECT p.id AS practitioner_id, o.name AS organisation, o.names AS organisation_names,"
        " m.state, q.asked_at, q.answer" + _ASKED + "WHERE p.id = :id"
    )
    return fetch_one(db, Question, sql, id=practitioner_id, without=as_json(WITHOUT_MEMBERSHIP))


def find_held(db: Database, organisation_id: str) -> list[Held]:
    """The practitioners of an organisation who have not withdrawn, or were let go before."""
    sql = """
        SELECT p.id, now.state FROM practitioners AS p
        JOIN agreement_states AS now ON now.id =
            (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
        LEFT JOIN consents AS newest ON newest.id =
            (SELECT max(id) FROM consents WHERE practitioner_id = p.id)
        WHERE p.organisation_id = :id AND now.state IN ('proposed', 'agreed', 'suspended')
            AND newest.withdrawn_on IS NULL ORDER BY p.id
    """
    return fetch(db, Held, sql, id=organisation_id)


def find_staying(db: Database, organisation_id: str) -> list[str]:
    """Those of an organisation that left who want no other one, or have not answered."""
    sql = """
        SELECT p.id FROM practitioners AS p
        LEFT JOIN open_to_proposals AS q
            ON q.practitioner_id = p.id AND q.organisation_id = p.organisation_id
        WHERE p.organisation_id = :id AND q.answer IS NOT 'yes' ORDER BY p.id
    """
    return column(db, sql, id=organisation_id)


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Her own question while it is not answered; for coordinators, that somebody said yes."""
    waiting = []
    question = find_question(db, actor.practitioner_id)
    if question is not None and question.answer is None:
        path = ("practitioners", question.practitioner_id, "open-to-proposals")
        waiting.append(Waiting("consent", SAYS_SHE_IS_ASKED, path, question.asked_at))
    if actor.is_coordinator:
        found = find_open(db, actor, today, OpenWanted(per_page=100))
        since = min((each.answered_at for each in found.results), default=None)
        if since is not None:
            waiting.append(Waiting("check", SAYS_SOMEBODY_WAITS, ("proposals", "open"), since))
    return waiting


def _parameters(actor: Actor, today: date) -> dict[str, Any]:
    states = {"without": as_json(WITHOUT_MEMBERSHIP), "open": as_json(MAY_BE_PROPOSED)}
    return {**asker(actor, today), **states}
