"""What was exported can be imported again, and nothing at all happens."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.db import as_json
from portal.organisations.actions import save_organisation
from portal.transfer.actions import KINDS
from tests.conftest import MOMENT, OPERATOR


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_imported_again_writes_nothing(desk: Any, kind: str, ending: str) -> None:
    path = desk.send(kind, ending)
    before = desk.counts()
    report = desk.bring_file(kind, path)
    assert report.errors == []
    assert (report.added, report.changed) == (0, 0)
    assert report.unchanged == report.rows > 0
    assert desk.counts() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_later_day_makes_no_difference(desk: Any, kind: str) -> None:
    path = desk.send(kind)
    desk.today += timedelta(days=500)
    assert desk.bring_file(kind, path).changed == 0


@pytest.mark.parametrize("kind", ["organisations", "practitioners", "events"])
def test_an_export_brings_back_what_was_lost(desk: Any, kind: str) -> None:
    path = desk.send(kind, "xlsx")
    exported = desk.send(kind).read_bytes()
    record = _rows(desk.send(kind))[0]["id"]
    column = "title" if kind == "events" else "name"
    assert desk.bring(kind, {"id": record, column: "Another one"}).changed == 1
    assert desk.bring_file(kind, path).changed == 1
    assert desk.send(kind).read_bytes() == exported


def test_odd_texts_survive_both_kinds_of_file(desk: Any) -> None:
    odd = {
        "id": "o-odd",
        "name": "@home (x)",
        "kind": "ngo",
        "summary": '=HYPERLINK("x")',
        "phone": "+993 12 34-56-78",
        "summary_ru": '\'=2+3\nвторая строка, с “кавычками” и "прямыми"',
        "summary_tk": "-2+3+cmd|' /C calc'!A0",
        "summary_tg": "'' _x0041_ \t хат",
    }
    summaries = {name[8:]: text for name, text in odd.items() if name.startswith("summary_")}
    # texts that spreadsheets would run cannot come in by a file; they may be there all the same
    with desk.store.transaction() as db:
        save_organisation(
            db,
            OPERATOR,
            MOMENT,
            "o-odd",
            {
                **{name: odd[name] for name in ("name", "kind", "summary", "phone")},
                "summaries": as_json(summaries),
            },
        )
    for ending in ("csv", "xlsx"):
        report = desk.bring_file("organisations", desk.send("organisations", ending))
        assert (report.errors, report.changed) == ([], 0), ending


def test_what_no_import_would_take_is_still_exported_and_taken_back(desk: Any, listed: str) -> None:
    with desk.store.transaction() as db:
        db.execute(
            "UPDATE practitioners SET gender = 'retired', contact_hours = ?, weekly_visits = 900"
            " WHERE id = ?",
            ["  nine\x07 \u200fto five ", listed],
        )
        db.execute("INSERT INTO service_areas VALUES (?, 'district', 'Gone etraby')", [listed])
    for ending in ("csv", "xlsx"):
        report = desk.bring_file("practitioners", desk.send("practitioners", ending))
        assert (report.errors, report.changed) == ([], 0)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
