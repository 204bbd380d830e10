"""Questions about applications: one of them, its answers, its evidence, its state."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.applications.rules import (
    CONTACT_MUST,
    ORGANISATION_MUST,
    Lacking,
    may_appeal,
    missing_criteria,
)
from portal.charter.queries import Charter, find_charter, find_version
from portal.clock import moment_of
from portal.db import column, count, fetch, fetch_one
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
    principles_version: int | None
    terms_on: date | None
    made_at: str
    confirmed_at: str | None
    changed_at: str
    submitted_at: str | None
    closed_at: str | None
    erased_at: str | None
    bound_at: str | None
    is_replaced: bool
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
        if self.closed_at is not None or self.erased_at is not None:
            return False
        return not self.is_sent or self.state == "more_information"

    @property
    def may_be_withdrawn(self) -> bool:
        """Before anything was decided."""
        undecided = ("applicant", "under_review", "more_information")
        is_there = self.closed_at is None and self.erased_at is None
        return is_there and not self.is_appeal and (not self.is_sent or self.state in undecided)

    def may_appeal(self, at: datetime) -> bool:
        """Once, within thirty days of the decision."""
        is_there = self.erased_at is None and not self.is_replaced
        return is_there and may_appeal(self.state, self.state_at, at, is_appeal=self.is_appeal)


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
    at: str


class Appeal(msgspec.Struct, frozen=True):
    """What an applicant says against the decision; once."""

    words: str
    at: str


# of two applications of one organisation the one that its membership speaks of last counts
_REPLACED = """
    coalesce(a.id <> (SELECT application_id FROM membership_states
        WHERE organisation_id = a.organisation_id AND application_id IS NOT NULL
        ORDER BY id DESC LIMIT 1), 0)
"""

_APPLICATION = (
    """
    SELECT a.id, a.organisation_id, a.language, a.email, a.name, coalesce(a.names, '{}') AS names,
        a.kind, a.place_id, p.name AS place, p.region, a.summary,
        coalesce(a.services, '[]') AS services, a.website, a.phone, a.contact_name,
        a.contact_work, a.contact_phone, a.version, a.principles_on, a.principles_version,
        a.terms_on, a.made_at, a.confirmed_at, a.changed_at, a.submitted_at,
        a.closed_at, a.erased_at, a.bound_at, """
    + _REPLACED
    + """ AS is_replaced, s.state, s.at AS state_at,
        EXISTS (SELECT 1 FROM appeals WHERE application_id = a.id) AS is_appeal
    FROM applications AS a
    LEFT JOIN places AS p ON p.id = a.place_id
    LEFT JOIN membership_states AS s ON s.id =
        (SELECT max(id) FROM membership_states WHERE application_id = a.id)
    """
)


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
        SELECT e.id, e.code, e.name, e.file_id, f.hash, f.ending, f.media_type, f.size, f.scan,
            e.at
        FROM application_evidence AS e JOIN files AS f ON f.id = e.file_id
        WHERE e.application_id = :id ORDER BY e.at, e.rowid
    """
    return fetch(db, Evidence, sql, id=application_id)


def count_bytes_unsent(db: Database) -> int:
    """How much all applications that were not sent hold together."""
    sql = """
        SELECT sum(f.size) FROM application_evidence AS e JOIN files AS f ON f.id = e.file_id
        JOIN applications AS a ON a.id = e.application_id WHERE a.submitted_at IS NULL
    """
    return count(db, sql)


def find_appeal(db: Database, application_id: str) -> Appeal | None:
    """What was said against the decision, if anything was."""
    sql = "SELECT words, at FROM appeals WHERE application_id = :id"
    return fetch_one(db, Appeal, sql, id=application_id)


def find_open(db: Database, email: str) -> str | None:
    """The application that an address comes back to; None when it has none, or may apply anew.

    One that was declined is come back to until it is erased; one that was withdrawn, or whose
    organisation has left or applied anew since, is not.
    """
    sql = """
        SELECT a.id FROM applications AS a
        LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
        WHERE a.email = :email AND a.erased_at IS NULL
            AND CASE WHEN a.organisation_id IS NULL THEN a.closed_at IS NULL
                ELSE m.state <> 'left' END AND NOT
    """
    order = " ORDER BY a.made_at DESC, a.rowid DESC LIMIT 1"
    found = column(db, sql + _REPLACED + order, email=email)
    return str(found[0]) if found else None


def find_charter_of(db: Database, application: Application) -> Charter | None:
    """The version that an application answers: the standing one until it is sent."""
    if application.is_sent and application.version is not None:
        return find_version(db, application.version)
    return find_charter(db)


def find_outdated(db: Database, charter: Charter, answers: dict[str, Answer]) -> set[str]:
    """Criteria that were changed since they were answered."""
    versions = {each.version: find_version(db, each.version) for each in answers.values()}
    decided = {
        (number, point.code): point.decided
        for number, found in versions.items()
        for point in (found.points if found else [])
    }
    return {
        point.code
        for point in charter.criteria
        if point.code in answers
        and decided.get((answers[point.code].version, point.code)) != point.decided
    }


def find_lacking(db: Database, application: Application) -> Lacking:
    """What an application lacks before it can be sent."""
    charter = find_charter_of(db, application)
    if charter is None:
        return Lacking([], {}, ["charter"], [])
    answers, evidence = find_answers(db, application.id), find_evidence(db, application.id)
    shown = {each.code for each in evidence if each.scan != "infected"}
    criteria = missing_criteria(charter.criteria, answers, shown)
    for code in find_outdated(db, charter, answers):
        criteria.setdefault(code, []).append("changed")
    if application.state == "more_information":
        for code in _unanswered(db, application, answers, evidence):
            criteria.setdefault(code, []).append("reply")
    return Lacking(
        organisation=[name for name in ORGANISATION_MUST if not getattr(application, name)],
        criteria=criteria,
        principles=[] if _accepts(db, application, charter) else ["principles"],
        contact=[name for name in CONTACT_MUST if not getattr(application, name)],
    )


def _unanswered(
    db: Database, application: Application, answers: dict[str, Answer], evidence: list[Evidence]
) -> list[str]:
    """Criteria that were asked about, and of which nothing was said or shown since."""
    since = application.state_at or ""
    told = {each.code for each in answers.values() if each.at >= since}
    told |= {each.code for each in evidence if each.at >= since}
    return [code for code in find_questions(db, application.id) if code not in told]


def _accepts(db: Database, application: Application, charter: Charter) -> bool:
    """Whether the principles that stand now, and the terms, were accepted."""
    if application.principles_version is None or application.terms_on is None:
        return False
    accepted = find_version(db, application.principles_version)
    before = [each.decided for each in accepted.principles] if accepted else []
    return before == [each.decided for each in charter.principles]


def find_questions(db: Database, application_id: str) -> dict[str, list[str]]:
    """What the reviewers of the newest finished round want to know more of, by criterion."""
    sql = """
        WITH rounds AS (
            SELECT is_appeal, round FROM reviews
            WHERE application_id = :id AND ended_at IS NULL
            GROUP BY is_appeal, round HAVING count(*) = count(submitted_at)
            ORDER BY is_appeal DESC, round DESC LIMIT 1
        )
        SELECT p.code, coalesce(p.note, '') FROM review_answers AS p
        JOIN reviews AS r ON r.id = p.review_id
        JOIN rounds AS n ON n.is_appeal = r.is_appeal AND n.round = r.round
        WHERE r.application_id = :id AND r.ended_at IS NULL AND p.verdict = 'more'
        ORDER BY r.taken_at, r.rowid
    """
    found: dict[str, list[str]] = {}
    for code, note in db.execute(sql, {"id": application_id}):
        found.setdefault(code, []).append(note)
    return found
