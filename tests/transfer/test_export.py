"""A register leaves the portal as a file for one pair of eyes."""

import csv
import stat
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from portal.errors import CannotTransfer
from portal.transfer.actions import KINDS


@pytest.mark.parametrize("kind", [*KINDS, "vocabularies"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_only_the_owner_may_read_the_file(desk: Any, kind: str, ending: str) -> None:
    path = desk.folder / f"{kind}.{ending}"
    path.write_text("open to all")
    path.chmod(0o666)
    desk.send(kind, ending)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(desk.folder.glob("*.part"))


def test_an_export_leaves_one_audit_line_with_the_number_of_records(desk: Any) -> None:
    before = desk.counts()["audit"]
    desk.send("practitioners")
    assert desk.counts()["audit"] == before + 1
    newest = "FROM audit ORDER BY id DESC LIMIT 1"
    assert desk.ask("SELECT verb || ' ' || entity " + newest) == ["export practitioners"]
    assert desk.ask("SELECT detail " + newest) == ['{"rows":405}']


def test_phones_stay_usable_and_formulas_become_texts(desk: Any) -> None:
    ours = {"id": "o-h", "name": "Ours", "kind": "ngo", "phone": "+993 00 1234"}
    assert desk.bring("organisations", ours).errors == []
    with desk.store.transaction() as db:
        db.execute("UPDATE organisations SET name = '@SUM(A1)' WHERE id = 'o-h'")
    (row,) = [row for row in _read(desk.send("organisations")) if row["id"] == "o-h"]
    assert row["name"] == "'@SUM(A1)"
    assert row["phone"] == "+993 00 1234"


def test_a_workbook_holds_texts_only(desk: Any) -> None:
    with desk.store.transaction() as db:
        db.execute("UPDATE organisations SET summary = '=1+1'")
    book = load_workbook(desk.send("organisations", "xlsx"))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


def test_the_gazetteer_itself_is_not_exported_but_the_district_lists_are(desk: Any) -> None:
    rows = _read(desk.send("places"))
    assert len(rows) == 32
    assert {row["id"][0] == "L" or bool(row["district"]) for row in rows} == {True}


def test_the_code_lists_are_exported_with_their_names_and_the_regions(desk: Any) -> None:
    rows = {(row["vocabulary"], row["code"]): row for row in _read(desk.send("vocabularies"))}
    assert rows["professions", "lawyer"]["name_ru"] == "Юрист"
    assert ("regions", "TJ-GB") in rows


def test_an_unknown_register_or_ending_is_a_plain_sentence(desk: Any) -> None:
    with pytest.raises(CannotTransfer, match=r"Choose one of: .*practitioners.*vocabularies"):
        desk.send("victims")
    with pytest.raises(CannotTransfer, match=r"must end in \.csv or \.xlsx"):
        desk.send("events", "pdf")


def test_a_folder_that_is_not_there_is_a_plain_sentence(desk: Any) -> None:
    desk.folder /= "nowhere"
    with pytest.raises(CannotTransfer, match="cannot be written"):
        desk.send("events")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
