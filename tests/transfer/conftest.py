"""An operator's desk: the demo's world, and files that come and go."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.actor import Actor
from portal.db import Store, column, count
from portal.i18n.language import load_language
from portal.schemas import TIERS
from portal.settings import Settings, read_settings
from portal.transfer.actions import KINDS, export_file, import_file
from portal.transfer.report import Report
from portal.vocabularies.terms import load_terms
from tests.worlds import copy_world

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

Row = dict[str, str]


@dataclass
class Desk:
    """What an operator does, and what can be seen of it afterwards."""

    store: Store
    settings: Settings
    folder: Path
    today: date = MONDAY

    def bring(self, kind: str, *rows: Row, dry_run: bool = False) -> Report:
        """Import rows that have the columns of the first."""
        path = self.folder / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return self.bring_file(kind, path, dry_run=dry_run)

    def bring_file(self, kind: str, path: Path, *, dry_run: bool = False) -> Report:
        with self.store.read() as db:
            terms = load_terms(db)
        return import_file(
            self.store,
            terms,
            kind,
            path,
            OPERATOR,
            MORNING,
            self.today,
            settings=self.settings,
            dry_run=dry_run,
        )

    def write(self, text: str | bytes, name: str = "typed.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def send(self, kind: str, ending: str = "csv") -> Path:
        path = self.folder / f"{kind}.{ending}"
        export_file(self.store, kind, path, OPERATOR, MORNING, settings=self.settings)
        return path

    def stored(self, kind: str, record_id: str) -> Row:
        with self.store.read() as db:
            return KINDS[kind].stored(db)[record_id]

    def counts(self) -> dict[str, int]:
        with self.store.read() as db:
            return {table: count(db, "SELECT count(*) FROM " + table) for table in TIERS}

    def ask(self, sql: str, **parameters: Any) -> list[Any]:
        with self.store.read() as db:
            return column(db, sql, **parameters)

    def is_listed(self, practitioner_id: str) -> bool:
        sql = "SELECT id FROM listings WHERE practitioner_id = :id"
        return bool(self.ask(sql, id=practitioner_id))


def said(report: Report) -> dict[tuple[int, str], str]:
    """The errors of a report by cell, in English."""
    english = load_language("en")
    return {(each.row, each.column): english.say(each.message) for each in report.errors}


@pytest.fixture
def desk(lived: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk on a Monday morning."""
    copy_world(lived, tmp_path / "data")
    settings = read_settings({"PORTAL_DATA_DIR": str(tmp_path / "data"), "PORTAL_ENV": "demo"})
    store = Store(settings.database)
    yield Desk(store, settings, tmp_path)
    store.close()


@pytest.fixture
def listed(desk: Desk) -> str:
    """The id of a practitioner who is listed."""
    return str(desk.ask("SELECT practitioner_id FROM listings ORDER BY practitioner_id")[0])
