"""Everything that is an organisation's own: rows of tables, and the files that belong to them."""

from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column, fetch
from portal.practitioners.queries import WELCOME, asker
from portal.transfer.actions import KINDS

Rows = list[list[Any]]

# which records of a register are an organisation's own
OWN = {
    "organisations": "SELECT id FROM organisations WHERE id = :id",
    "materials": "SELECT id FROM materials WHERE organisation_id = :id",
    "campaigns": "SELECT id FROM campaigns WHERE organisation_id = :id",
    "activities": """
        SELECT a.id FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id
        WHERE a.organisation_id = :id OR (a.organisation_id IS NULL AND c.organisation_id = :id)
    """,
    "events": "SELECT id FROM events WHERE organisation_id = :id",
}

# no contact, no licence, no consent, and nothing of whom she excludes
_PRACTITIONERS = (
    """
    SELECT p.id, p.name, p.profession, p.organisation_id AS organisation,
        (SELECT state FROM agreement_states WHERE practitioner_id = p.id
         ORDER BY id DESC LIMIT 1) AS status
    FROM practitioners AS p WHERE p.organisation_id = :id
    AND NOT EXISTS (
        SELECT 1 FROM consents AS c WHERE c.practitioner_id = p.id AND c.withdrawn_on IS NOT NULL
        AND c.id = (SELECT max(id) FROM consents WHERE practitioner_id = p.id))
    AND """
    + WELCOME
    + " ORDER BY p.id"
)

TABLES = {
    "membership": """
        SELECT state, substr(at, 1, 10) AS "on", reason FROM membership_states
        WHERE organisation_id = :id ORDER BY id
    """,
    "accounts": """
        SELECT name, role FROM accounts WHERE organisation_id = :id
            AND role IN ('member', 'coordinator') ORDER BY name, id
    """,
    "applications": """
        SELECT id, language, email, name, kind, place_id AS place, summary, services, website,
            phone, contact_name, contact_work, contact_phone, version AS charter_version,
            principles_on, terms_on, submitted_at
        FROM applications WHERE organisation_id = :id AND erased_at IS NULL ORDER BY made_at, id
    """,
    "application_answers": """
        SELECT n.application_id AS application, n.code AS criterion, n.version AS charter_version,
            coalesce(t.text, '') AS title, n.answer
        FROM application_answers AS n JOIN applications AS a ON a.id = n.application_id
        LEFT JOIN charter_texts AS t ON t.version = n.version AND t.code = n.code
            AND t.field = 'title' AND t.state = 'original'
        WHERE a.organisation_id = :id ORDER BY a.made_at, a.id, n.code
    """,
    "renewals": """
        SELECT id, due_on, version AS charter_version, sent_at, decided_at, verdict
        FROM renewals WHERE organisation_id = :id ORDER BY due_on, id
    """,
    "renewal_answers": """
        SELECT n.renewal_id AS renewal, n.code AS criterion, n.holds, n.words
        FROM renewal_answers AS n JOIN renewals AS r ON r.id = n.renewal_id
        WHERE r.organisation_id = :id ORDER BY r.due_on, r.id, n.code
    """,
    "evaluation_counts": """
        SELECT q.event_id AS event, coalesce(q.ready, q.words) AS question, q.kind, c.moment,
            coalesce(json_extract(q.options, '$[' || c.option || ']'), c.option) AS answer,
            c.people
        FROM evaluation_counts AS c JOIN evaluation_questions AS q ON q.id = c.question_id
        JOIN events AS e ON e.id = q.event_id WHERE e.organisation_id = :id
        ORDER BY q.event_id, q.position, c.moment, c.option
    """,
}


class Evidence(msgspec.Struct, frozen=True):
    """A file that was shown with an application."""

    name: str
    hash: str
    ending: str


class Content(msgspec.Struct, frozen=True):
    """One file or text of a version of a work."""

    material_id: str
    number: int
    language: str
    ending: str
    hash: str | None
    body: str | None


def find_own_records(
    db: Database, kind: str, organisation_id: str
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The records of a register that an import may read again, and those that are no public yet."""
    chosen, own = KINDS[kind], set(column(db, OWN[kind], id=organisation_id))
    withheld = set(column(db, chosen.withheld))
    found = [texts for its_id, texts in chosen.stored(db).items() if its_id in own]
    open_ones = [texts for texts in found if texts["id"] not in withheld]
    return open_ones, [texts for texts in found if texts["id"] in withheld]


def find_own_table(db: Database, name: str, organisation_id: str) -> tuple[list[str], Rows]:
    """The names of the columns, and the rows, of what no register exchanges."""
    return _table(db, TABLES[name], {"id": organisation_id})


def find_own_people(db: Database, asks: Actor, today: date) -> tuple[list[str], Rows]:
    """The practitioners whom an organisation proposed and keeps: name, profession, state."""
    asked = {**asker(asks, today), "id": asks.organisation_id}
    return _table(db, _PRACTITIONERS, asked)


def find_shown(db: Database, organisation_id: str) -> list[Evidence]:
    """The files of an organisation's applications."""
    sql = """
        SELECT e.name, f.hash, f.ending FROM application_evidence AS e
        JOIN applications AS a ON a.id = e.application_id JOIN files AS f ON f.id = e.file_id
        WHERE a.organisation_id = :id AND f.scan <> 'infected' ORDER BY a.made_at, e.at, e.rowid
    """
    return fetch(db, Evidence, sql, id=organisation_id)


def find_all_contents(db: Database, organisation_id: str) -> list[Content]:
    """Every file and text of every version of an organisation's works."""
    sql = """
        SELECT v.material_id, v.number, m.language, f.ending, f.hash, NULL AS body
        FROM material_files AS m JOIN material_versions AS v ON v.id = m.version_id
        JOIN materials AS w ON w.id = v.material_id JOIN files AS f ON f.id = m.file_id
        WHERE w.organisation_id = :id AND f.scan <> 'infected'
        UNION ALL
        SELECT v.material_id, v.number, t.language, 'md', NULL, t.body
        FROM material_texts AS t JOIN material_versions AS v ON v.id = t.version_id
        JOIN materials AS w ON w.id = v.material_id WHERE w.organisation_id = :id
        ORDER BY 1, 2, 3, 4, 5
    """
    return fetch(db, Content, sql, id=organisation_id)


def _table(db: Database, sql: str, asked: dict[str, Any]) -> tuple[list[str], Rows]:
    cursor = db.conn.execute(sql, asked)
    return [each[0] for each in cursor.description], [list(row) for row in cursor]
