"""Questions about applications: one of them, its answers, its evidence, its state."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.clock import moment_of
from portal.db import fetch, fetch_one
from portal.errors import NotFound


class Application(msgspec.Struct, frozen=True):
    """One application; `state` is that of the membership, None while it was not sent."""

    id: str
    organisation_id: str | None
    language: str
    email: str
    name: str
    names: dict[str, str]
    kind: str | None
    place_id: str | None
    place: str | None
    region: str | None
    summary: str | None
    services: list[str]
    website: str | None
    phone: str | None
    contact_name: str | None
    contact_work: str | None
    contact_phone: str | None
    version: int | None
    principles_on: date | None
    terms_on: date | None
    made_at: str
    confirmed_at: str | None
    changed_at: str
    submitted_at: str | None
    closed_at: str | None
    erased_at: str | None
    state: str | None
    state_at: str | None
    is_appeal: bool

    @property
    def is_sent(self) -> bool:
        """Whether it was handed in."""
        return self.submitted_at is not None

    @property
    def sent(self) -> datetime | None:
        """When it was handed in."""
        return moment_of(self.submitted_at) if self.submitted_at else None

    @property
    def may_be_changed(self) -> bool:
        """While it is written, and while its reviewers wait for more information."""
        return self.closed_at is None and (not self.is_sent or self.state == "more_information")


class Answer(msgspec.Struct, frozen=True):
    """What an applicant said to one criterion, and under which version of the charter."""

    code: str
    version: int
    answer: str
    at: str


class Evidence(msgspec.Struct, frozen=True):
    """A file that shows that a criterion is met; `scan` is what the virus scanner said."""

    id: str
    code: str
    name: str
    file_id: str
    hash: str
    ending: str
    media_type: str
    size: int
    scan: str


class Appeal(msgspec.Struct, frozen=True):
    """What an applicant says against the decision; once."""

    words: str
    at: str


_APPLICATION = """
    SELECT a.id, a.organisation_id, a.language, a.email, a.name, coalesce(a.names, '{}') AS names,
        a.kind, a.place_id, p.name AS place, p.region, a.summary,
        coalesce(a.services, '[]') AS services, a.website, a.phone, a.contact_name,
        a.contact_work, a.contact_phone, a.version, a.principles_on, a.terms_on, a.made_at,
        a.confirmed_at, a.changed_at, a.submitted_at, a.closed_at, a.erased_at,
        s.state, s.at AS state_at,
        EXISTS (SELECT 1 FROM appeals WHERE application_id = a.id) AS is_appeal
    FROM applications AS a
    LEFT JOIN places AS p ON p.id = a.place_id
    LEFT JOIN membership_states AS s ON s.id =
        (SELECT max(id) FROM membership_states WHERE application_id = a.id)
"""


def get_application(db: Database, application_id: str) -> Application:
    """One application, whoever asks; `NotFound` when there is none. Its callers decide who may."""
    found = fetch_one(db, Application, _APPLICATION + "WHERE a.id = :id", id=application_id)
    if found is None:
        raise NotFound
    return found


def find_answers(db: Database, application_id: str) -> dict[str, Answer]:
    """The answers of an application by the code of the criterion."""
    sql = "SELECT code, version, answer, at FROM application_answers WHERE application_id = :id"
    return {each.code: each for each in fetch(db, Answer, sql, id=application_id)}


def find_evidence(db: Database, application_id: str) -> list[Evidence]:
    """The files of an application, in the order in which they came."""
    sql = """
        SELECT e.id, e.code, e.name, e.file_id, f.hash, f.ending, f.media_type, f.size, f.scan
        FROM application_evidence AS e JOIN files AS f ON f.id = e.file_id
        WHERE e.application_id = :id ORDER BY e.at, e.rowid
    """
    return fetch(db, Evidence, sql, id=application_id)


def find_appeal(db: Database, application_id: str) -> Appeal | None:
    """What was said against the decision, if anything was."""
    sql = "SELECT words, at FROM appeals WHERE application_id = :id"
    return fetch_one(db, Appeal, sql, id=application_id)
