"""A file that cannot be read as a table is refused in one plain sentence."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from portal.db import Store
from portal.errors import CannotTransfer
from portal.schemas import MIGRATIONS
from portal.settings import read_settings
from portal.transfer.actions import import_file
from portal.vocabularies.terms import Terms
from tests.transfer.conftest import MONDAY, MORNING, OPERATOR, said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first row is empty"),
        (b"\n\n", "The first row is empty"),
        (b"id;name\no-1;x\n", "not separated by commas"),
        (b"id\tname\n", "not separated by commas"),
        (b"id,name\no-1,ok\no-2,\xc0sgabat\n", "Row 3 is not UTF-8"),
        ("id,name\n".encode("utf-16"), "not UTF-8"),
        (b'id,name\no-1,ok\no-2,"open\n', "Row 3 cannot be read"),
        (b'id,name\no-1,"a"b\n', "Row 2 cannot be read"),
    ],
)
def test_a_csv_that_is_no_table(desk: Any, content: bytes, sentence: str) -> None:
    with pytest.raises(CannotTransfer, match=sentence):
        desk.bring_file("organisations", desk.write(content))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"id,name\n"])
def test_a_workbook_that_is_none(desk: Any, content: bytes) -> None:
    with pytest.raises(CannotTransfer, match="not a whole XLSX file"):
        desk.bring_file("organisations", desk.write(content, "broken.xlsx"))


def test_a_workbook_cut_in_half(desk: Any) -> None:
    whole = desk.send("organisations", "xlsx").read_bytes()
    with pytest.raises(CannotTransfer, match="not a whole XLSX file"):
        desk.bring_file("organisations", desk.write(whole[: len(whole) // 2], "half.xlsx"))


@pytest.mark.parametrize("name", ["rows.ods", "rows", "rows.csv.gz"])
def test_another_ending(desk: Any, name: str) -> None:
    with pytest.raises(CannotTransfer, match=r"must end in \.csv or \.xlsx"):
        desk.bring_file("organisations", desk.write("id\n", name))


def test_an_unknown_kind_or_a_missing_file(desk: Any) -> None:
    with pytest.raises(CannotTransfer, match="Choose one of: organisations"):
        desk.bring_file("cases", desk.write("id\n"))
    with pytest.raises(CannotTransfer, match="Choose one of"):
        desk.bring_file("vocabularies", desk.write("id\n"))
    with pytest.raises(CannotTransfer, match="cannot be read"):
        desk.bring_file("events", desk.folder / "nowhere.csv")


def test_a_database_without_code_lists_says_what_to_run(tmp_path: Path) -> None:
    store = Store(tmp_path / "portal.db")
    store.migrate(MIGRATIONS)
    path = tmp_path / "rows.csv"
    path.write_text("id,name,kind\no-1,One,ngo\n")
    settings = read_settings({"PORTAL_DATA_DIR": str(tmp_path)})
    with pytest.raises(CannotTransfer, match="portal seed"):
        import_file(
            store, Terms({}), "organisations", path, OPERATOR, MORNING, MONDAY, settings=settings
        )
    store.close()


def test_column_names_unknown_twice_or_missing(desk: Any) -> None:
    report = desk.bring_file("events", desk.write("title,Title,colour,\n,,,x\n"))
    found = said(report)
    assert set(found) == {(1, "title"), (1, "colour"), (1, "id")}
    assert "there twice" in found[1, "title"]
    assert "starts_on" in found[1, "colour"]


def test_column_names_may_be_capitals_with_blanks_and_a_mark_before_them(desk: Any) -> None:
    path = desk.write("\ufeffID , Name\no-7k2m9q,Täze at\n")
    assert desk.bring_file("organisations", path).changed == 1


def test_a_file_with_names_alone_is_no_error(desk: Any) -> None:
    assert desk.bring_file("events", desk.write("id,title\n")).rows == 0


def test_rows_are_counted_as_the_spreadsheet_shows_them(desk: Any) -> None:
    path = desk.write('id,kind\n\no-7k2m9q,"ngo\nx"\n,,\no-3vd8xw,bad\n')
    assert set(said(desk.bring_file("organisations", path))) == {(3, "kind"), (5, "kind")}


def test_rows_that_are_too_short_or_too_long(desk: Any) -> None:
    path = desk.write("id,name,phone\no-7k2m9q,Short\no-3vd8xw,Long,,,more\n")
    found = said(desk.bring_file("organisations", path))
    assert set(found) == {(2, "phone"), (3, "D")}


def test_formulas_are_refused_in_csv(desk: Any) -> None:
    path = desk.write("id,name\no-7k2m9q,=A1\no-3vd8xw,'=A1\n")
    found = said(desk.bring_file("organisations", path))
    assert list(found) == [(2, "name"), (3, "name")]
    assert "begins with “=”" in found[2, "name"]
    assert "a letter or a number" in found[3, "name"]


def test_a_workbook_with_formulas_errors_and_times(desk: Any) -> None:
    book = Workbook()
    book.active.append(["id", "title", "starts_on", "participants"])
    book.active.append(["e-2010tm", "=A1", datetime(2026, 1, 1, 9, 30), "#REF!"])  # noqa: DTZ001
    book.active["D2"].data_type = "e"
    book.save(desk.folder / "bad.xlsx")
    found = said(desk.bring_file("events", desk.folder / "bad.xlsx"))
    assert [column for _row, column in found] == ["title", "starts_on", "participants"]


def test_a_workbook_with_real_dates_numbers_and_truths(desk: Any) -> None:
    book = Workbook()
    book.active.append(["id", "title", "kind", "starts_on", "ends_on", "participants", "open"])
    book.active.append(["e-1", "T", "forum", datetime(2026, 1, 1), date(2026, 1, 2), 24.0, True])  # noqa: DTZ001
    book.active.append([])
    book.active.append(["e-2", "U", "forum", date(2026, 1, 1)])
    book.save(desk.folder / "real.xlsx")
    report = desk.bring_file("events", desk.folder / "real.xlsx")
    assert (said(report), report.added) == ({}, 2)
    stored = desk.stored("events", "e-1")
    assert (stored["starts_on"], stored["ends_on"]) == ("2026-01-01", "2026-01-02")
    assert (stored["participants"], stored["open"]) == ("24", "yes")


def test_a_file_of_too_many_rows(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.transfer.files.MOST_ROWS", 1)
    with pytest.raises(CannotTransfer, match="too many rows"):
        desk.bring_file("events", desk.write("id\na\nb\n"))
    monkeypatch.setattr("portal.transfer.files.LARGEST_FILE", 1)
    with pytest.raises(CannotTransfer, match="too large"):
        desk.bring_file("events", desk.write("id\na\n"))
