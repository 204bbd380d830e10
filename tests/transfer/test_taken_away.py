"""Every table that leaves the portal, after somebody has typed a formula wherever they could."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from openpyxl import load_workbook

from portal.db import Store
from tests.architecture.test_routes import csrf_of
from tests.conftest import browsing, settings_for
from tests.worlds import copy_world

TRAP = '=HYPERLINK("http://x","y")'
NAMES = '{"en": "=HYPERLINK(\\"http://x\\",\\"y\\")"}'

TYPED = (
    "UPDATE indicator_versions SET titles = :names",
    "UPDATE results SET note = :trap WHERE code = 'assisted_published'",
    "UPDATE projects SET title = :trap, titles = '{}', donor = :trap",
    "UPDATE project_outcomes SET title = :trap, titles = '{}'",
    "UPDATE plan_actions SET text = :trap, texts = :names, responsible = :trap",
    "UPDATE places SET name = :trap",
)

LIST = {"profession": "psychologist", "language": "", "gender": ""}


@pytest.fixture
def keeper(lived: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A coordinator in a world full of traps."""
    copy_world(lived, tmp_path / "data")
    settings = settings_for(tmp_path / "data")
    store = Store(settings.database)
    with store.transaction() as db:
        for sql in TYPED:
            db.execute(sql, {"trap": TRAP, "names": NAMES})
    store.close()
    with browsing(settings) as client:
        client.post("/demo/sign-in", data={"role": "coordinator"})
        yield client


TABLES = {
    "/indicators/quarter": ("csv", "xlsx"),
    "/indicators/assisted_published/figures": ("csv", "xlsx"),
    "/plans/{plan}/plan": ("csv", "xlsx"),
    "/projects/pr-murgap/report": ("xlsx",),
}


def test_no_spreadsheet_calculates_what_somebody_typed(keeper: TestClient) -> None:
    plans = keeper.get("/en/plans", headers={"Accept": "application/json"}).json()["results"]
    for path, endings in TABLES.items():
        for ending in endings:
            there = f"/en{path.format(plan=plans[0]['id'])}.{ending}"
            hold(keeper.get(there).content, ending)
    for ending in ("csv", "xlsx"):
        sent = {**LIST, "csrf": csrf_of(keeper), "format": ending}
        hold(keeper.post("/en/coverage/list", data=sent).content, ending)


def hold(content: bytes, ending: str) -> None:
    """The trap is there, and it is a text."""
    if ending == "csv":
        cells = {c for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for c in row}
        assert f"'{TRAP}" in cells
        assert not [each for each in cells if each.startswith("=")]
        return
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {each.data_type for each in cells if each.value == TRAP} == {"s"}
    assert not [each for each in cells if each.data_type == "f"]
