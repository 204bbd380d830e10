"""What the public database says, read once for all languages of the bundle."""

from collections import defaultdict
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.publication.generations import Edition

Row = dict[str, Any]

LANGUAGES = ("en", "ru", "tk", "tg")

# the code lists, by the tables they are published in
_LISTS = (
    *("services", "professions", "organisation_kinds", "event_kinds", "material_kinds"),
    *("audiences", "topics", "licences", "activity_kinds", "charter_text_states"),
    *("indicator_units", "frequencies", "regions", "areas", "sexes", "age_groups"),
    "exploitation_forms",
)


class Contents(msgspec.Struct, frozen=True):
    """One edition of what everybody may know; rows keep the names of the published columns."""

    edition: Edition
    names: dict[str, dict[str, dict[str, str]]]
    settlements: dict[str, str]
    regions: list[Row]
    organisations: list[Row]
    visits: dict[str, dict[str, str]]
    charter: Row | None
    points: list[Row]
    materials: list[Row]
    files: list[Row]
    campaigns: list[Row]
    events: list[Row]
    indicators: list[Row]
    figures: dict[str, list[Row]]
    codebook: dict[str, list[Row]]

    def name(self, table: str, code: str | None, language: str) -> str:
        """How a code of a list is called in a language, English where it has no name there."""
        names = self.names[table].get(code or "", {})
        return names.get(language) or names.get("en") or code or ""


def load_contents(db: Database, edition: Edition) -> Contents:
    """All that is told in the bundle, from the public database alone."""
    return Contents(
        edition=edition,
        names={table: _names(db, table) for table in _LISTS},
        settlements={row["id"]: row["name"] for row in db.table("settlements").rows},
        regions=_rows(db, "SELECT code, country FROM regions ORDER BY rowid"),
        organisations=_organisations(db),
        visits=_visits(db),
        charter=next(
            iter(_rows(db, "SELECT * FROM charter_versions ORDER BY version DESC LIMIT 1")), None
        ),
        points=_points(db),
        materials=_materials(db),
        files=_rows(db, "SELECT * FROM material_files ORDER BY material, language, id"),
        campaigns=_campaigns(db),
        events=_events(db, edition),
        indicators=_rows(db, "SELECT * FROM indicators ORDER BY rowid"),
        figures=_figures(db),
        codebook=_codebook(db),
    )


def _rows(db: Database, sql: str, parameters: dict[str, object] | None = None) -> list[Row]:
    return list(db.query(sql, parameters))


def _names(db: Database, table: str) -> dict[str, dict[str, str]]:
    return {
        row["code"]: {code: row[f"name_{code}"] for code in LANGUAGES if row[f"name_{code}"]}
        for row in db.table(table).rows
    }


def _lists(db: Database, sql: str) -> dict[str, list[str]]:
    """What records have several of, by record."""
    found: dict[str, list[str]] = defaultdict(list)
    for record, value in db.execute(sql).fetchall():
        found[record].append(value)
    return found


def _organisations(db: Database) -> list[Row]:
    services = _lists(db, "SELECT organisation, service FROM organisation_services ORDER BY 1, 2")
    rows = _rows(db, "SELECT * FROM organisations ORDER BY rowid")
    return [{**row, "services": services.get(row["id"], [])} for row in rows]


def _visits(db: Database) -> dict[str, dict[str, str]]:
    """D11: of a region and a profession only whether home visits exist; never a count."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(db, "SELECT region, profession, home_visits FROM practitioner_counts"):
        found[row["region"]][row["profession"]] = row["home_visits"]
    return found


def _points(db: Database) -> list[Row]:
    """The points of the version that stands, each with its texts by field and language."""
    newest = "(SELECT max(version) FROM charter_versions)"
    texts: dict[str, dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in _rows(db, "SELECT * FROM charter_texts WHERE version = " + newest):
        texts[row["code"]][row["field"]][row["language"]] = row
    points = _rows(
        db,
        "SELECT * FROM charter_points WHERE version = " + newest + " ORDER BY kind, position, code",
    )
    return [{**row, "texts": texts[row["code"]]} for row in points]


def _materials(db: Database) -> list[Row]:
    topics = _lists(db, "SELECT material, topic FROM material_topics ORDER BY 1, 2")
    rows = _rows(db, "SELECT * FROM materials ORDER BY rowid")
    return [{**row, "topics": topics.get(row["id"], [])} for row in rows]


def _campaigns(db: Database) -> list[Row]:
    regions = _lists(db, "SELECT campaign, region FROM campaign_regions ORDER BY 1, 2")
    audiences = _lists(db, "SELECT campaign, audience FROM campaign_audiences ORDER BY 1, 2")
    held = dict(db.execute("SELECT campaign, count(*) FROM activities GROUP BY 1").fetchall())
    return [
        {
            **row,
            "regions": regions.get(row["id"], []),
            "audiences": audiences.get(row["id"], []),
            "held": held.get(row["id"], 0),
        }
        for row in _rows(db, "SELECT * FROM campaigns ORDER BY rowid")
    ]


def _events(db: Database, edition: Edition) -> list[Row]:
    """Those that were over when the edition was published."""
    answers: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(db, "SELECT * FROM event_evaluations ORDER BY event, rowid"):
        answers[row["event"]].append(row)
    rows = _rows(
        db,
        "SELECT * FROM events WHERE coalesce(ends_on, starts_on) < :day ORDER BY rowid",
        {"day": edition.published_on},
    )
    return [{**row, "answers": answers.get(row["id"], [])} for row in rows]


def _figures(db: Database) -> dict[str, list[Row]]:
    """The released cells of each indicator, newest period first, the whole before its parts."""
    found: dict[str, list[Row]] = defaultdict(list)
    sql = """
        SELECT f.* FROM figures AS f JOIN areas AS a ON a.code = f.area
        ORDER BY f.indicator, f.period DESC, a.rowid,
            f.sex <> 'all', f.sex, f.age_group <> 'all', f.age_group, f.form <> 'all', f.form
    """
    for row in _rows(db, sql):
        found[row["indicator"]].append(row)
    return found


def _codebook(db: Database) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(db, "SELECT * FROM codebook ORDER BY rowid"):
        found[row["table_name"]].append(row)
    return found
