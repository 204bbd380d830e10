"""A member's desk without the network: a report, and the workbook that is made of it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient
from openpyxl import Workbook, load_workbook

from portal.actor import Actor
from portal.db import Store
from portal.indicators.periods import read_period
from portal.reports.actions import hand_in, open_report, save_cells
from portal.reports.queries import find_written
from portal.reports.rules import Key, Written
from tests.conftest import MOMENT, TODAY, browsing, settings_for
from tests.worlds import copy_world

OWN, OTHER, ZONE = "o-3vd8xw", "o-7k2m9q", "Asia/Ashgabat"
QUARTER = read_period("2026-Q3")
MEMBER = Actor(role="member", account_id="demo-member", organisation_id=OWN)

WRITTEN = [
    Written(Key("prevented", "2026-Q3", "TM-M"), "value", 7, None, "=2+2 of them by telephone"),
    Written(Key("prevented", "2026-Q3", "TM-M", sex="female", age_group="adult"), "value", 7),
    Written(Key("exploited_again", "2026-Q3"), "value", 1, 8),
    Written(Key("hotline_calls", "2026-07"), "no_activity"),
    Written(Key("days_to_help", "2026-Q3"), "value", 4.5),
]


def token_on(client: TestClient[Any], path: str) -> str:
    """The token of a form on a page."""
    return client.get(path).text.split('name="csrf" value="')[1].split('"')[0]


@dataclass
class Offline:
    """What a member does with a sheet, and what stands in the report afterwards."""

    client: TestClient[Any]
    store: Store
    report: str

    @property
    def path(self) -> str:
        return f"/en/reports/{self.report}/sheet"

    def take(self) -> Workbook:
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.text
        return load_workbook(io.BytesIO(answer.content))

    def bring(self, book: Workbook | bytes, accept: str = "application/json") -> Response:
        content = book
        if isinstance(book, Workbook):
            target = io.BytesIO()
            book.save(target)
            content = target.getvalue()
        token = token_on(self.client, f"/en/reports/{self.report}/offline")
        headers = {"Accept": accept, "X-CSRF-Token": token}
        files = {"workbook": ("sheet.xlsx", content)}
        return self.client.post(self.path, files=files, headers=headers)  # type: ignore[arg-type]

    def save(self, answer: Response, **more: str) -> Response:
        found = answer.json()
        token = token_on(self.client, f"/en/reports/{self.report}/offline")
        fields = {"csrf": token, "revision": str(found["revision"]), "rows": found["rows"]}
        return self.client.post(self.path, data={**fields, **more}, follow_redirects=False)

    def written(self) -> list[Written]:
        with self.store.read() as db:
            return find_written(db, self.report)

    def keep(self, *cells: Written) -> None:
        with self.store.transaction() as db:
            (row,) = db.query("SELECT revision FROM reports WHERE id = :id", {"id": self.report})
            revision = int(row["revision"])
            save_cells(db, MEMBER, MOMENT, TODAY, self.report, revision, cells)

    def hand_in(self) -> None:
        with self.store.transaction() as db:
            (row,) = db.query("SELECT revision FROM reports WHERE id = :id", {"id": self.report})
            hand_in(db, MEMBER, MOMENT, TODAY, self.report, int(row["revision"]))


def rows_of(book: Workbook) -> Callable[..., int]:
    """Find the row of an indicator by its codes."""
    names = [cell.value for cell in book["report"][1]]

    def find(**wanted: str) -> int:
        for row in book["report"].iter_rows(min_row=3):
            has = dict(zip(names, (cell.value or "" for cell in row), strict=False))
            if all(has.get(name, "") == value for name, value in wanted.items()):
                return int(row[0].row)
        raise AssertionError(wanted)

    return find


def put(book: Workbook, row: int, **values: Any) -> None:
    """Type into cells of a row by the names of their columns."""
    names = [cell.value for cell in book["report"][1]]
    for name, value in values.items():
        book["report"].cell(row, names.index(name) + 1).value = value


@pytest.fixture
def offline(lived: Path, tmp_path: Path) -> Iterator[Offline]:
    copy_world(lived, tmp_path / "data")
    settings = settings_for(tmp_path / "data")
    store = Store(settings.database)
    with store.transaction() as db:
        report = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    with browsing(settings) as client:
        client.post("/demo/sign-in", data={"role": "member"})
        desk = Offline(client, store, report)
        desk.keep(*WRITTEN)
        yield desk
    store.close()
