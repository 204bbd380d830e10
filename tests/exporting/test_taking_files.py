"""Whoever takes the files of an edition gets all of it, in forms that other programs read."""

import csv
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]

from portal.db import Store
from portal.exporting.actions import write_files
from portal.exporting.documents import write_table
from portal.exporting.rules import TAGGED, Column, ExportedFile, PublishedTable, schema_of
from portal.publication.actions import publish
from portal.sheets import as_repeatable_workbook
from portal.texts import printable, restore
from tests.conftest import LANGUAGES, MOMENT, OPERATOR, settings_for
from tests.exporting.conftest import folder_of
from tests.worlds import copy_world

# read by the tools that others use, each in a process of its own
READ_BY_OTHERS = """
import sys, frictionless, hxl
folder = sys.argv[1]
for name in ("datapackage.json", "network-datapackage.zip"):
    report = frictionless.validate(f"{folder}/{name}", type="package")
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
for name in sys.argv[2:]:
    data = hxl.data(f"{folder}/{name}", hxl.InputOptions(allow_local=True))
    assert all(column.tag for column in data.columns) and list(data), name
    assert hxl.schema().validate(data), name
"""


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_list_names_every_file_with_its_sum_and_title(files: Path) -> None:
    listed = msgspec.json.decode((files / "files.json").read_bytes(), type=list[ExportedFile])
    names = {each.name for each in listed}
    assert names == {path.name for path in files.iterdir()} - {"files.json"}
    assert {"network.db", "network.xlsx", "projects-iati.xml", "organisations.csv"} <= names
    for each in listed:
        content = (files / each.name).read_bytes()
        assert (each.bytes, each.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert set(each.title) == set(LANGUAGES)
        assert all(each.title.values())
    sums = dict(
        reversed(line.split("  "))
        for line in (files / "SHA256SUMS").read_text().split("\n")
        if line
    )
    assert sums == {each.name: each.sha256 for each in listed if each.name != "SHA256SUMS"}


def test_tools_of_others_read_the_package_and_the_tagged_tables(files: Path) -> None:
    tagged = [each.file for each in TAGGED]
    command = [sys.executable, "-c", READ_BY_OTHERS, str(files), *tagged]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_database_holds_the_published_tables_and_no_others(files: Path) -> None:
    published = sqlite3.connect(f"file:{files.parent / 'public.db'}?immutable=1", uri=True)
    taken = sqlite3.connect(f"file:{files / 'network.db'}?mode=ro", uri=True)
    try:
        names = {name for (name,) in taken.execute("SELECT name FROM sqlite_master")}
        assert not any("_fts" in name for name in names)
        assert taken.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert taken.execute("PRAGMA foreign_key_check").fetchall() == []
        assert taken.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        number = int(files.parent.name)
        assert taken.execute("PRAGMA user_version").fetchone() == (number,)
        assert taken.execute("PRAGMA foreign_key_list(organisations)").fetchall()
        for table in ("organisations", "figures", "codebook", "settlements"):
            sql = "SELECT * FROM " + table + " ORDER BY rowid"
            assert taken.execute(sql).fetchall() == published.execute(sql).fetchall()
    finally:
        published.close()
        taken.close()


def test_sheets_and_tables_say_the_same(files: Path) -> None:
    book = load_workbook(files / "network.xlsx", read_only=True)
    package = json.loads((files / "datapackage.json").read_bytes())
    assert book.sheetnames[0] == "readme"
    assert {*book.sheetnames[1:], "codebook"} == {each["name"] for each in package["resources"]}
    for name in ("organisations", "practitioner_counts"):
        head, *rows = rows_of((files / f"{name}.csv").read_bytes())
        sheet = [
            ["" if value is None else str(value) for value in row] + [""] * (len(head) - len(row))
            for row in book[name].iter_rows(values_only=True)
        ]
        assert sheet == [head, *([restore(cell) for cell in row] for row in rows)]
    said = [row[:6] for row in book["readme"].iter_rows(values_only=True) if row]
    assert any(row[0] == "organisations" and row[1] == "phone" and all(row[2:]) for row in said)
    assert any(row[0] == "rounding" and all(row[2:6]) for row in said)
    book.close()


def test_a_phone_number_can_be_dialled_from_every_file(files: Path) -> None:
    head, *rows = rows_of((files / "organisations.csv").read_bytes())
    phones = [row[head.index("phone")] for row in rows if row[head.index("phone")]]
    assert phones
    assert all(phone.startswith("+99") for phone in phones)


def test_two_editions_of_the_same_data_differ_in_their_number_alone(
    exported: Path, tmp_path: Path
) -> None:
    copy_world(exported, tmp_path / "again")
    settings = settings_for(tmp_path / "again")
    first = folder_of(settings)
    store = Store(settings.database)
    publish(store, settings, OPERATOR, MOMENT)
    assert write_files(settings, store) == len(list(first.iterdir())) - 1
    store.close()
    second = folder_of(settings)
    assert second != first
    differ = {
        path.name
        for path in first.iterdir()
        if path.read_bytes() != (second / path.name).read_bytes()
    }
    assert differ == {
        *("files.json", "SHA256SUMS", "datapackage.json", "network-datapackage.zip"),
        *("network.db", "network.xlsx"),
    }
    # the number stands on the readme sheet, and in the description
    changed = {
        "network.xlsx": "xl/worksheets/sheet1.xml",
        "network-datapackage.zip": "datapackage.json",
    }
    for name, part in changed.items():
        with zipfile.ZipFile(first / name) as one, zipfile.ZipFile(second / name) as other:
            assert [n for n in one.namelist() if one.read(n) != other.read(n)] == [part]


TEXTS = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"\n,;\t|#+992 "),
        st.characters(codec="utf-8"),
        st.sampled_from("ýŇşӯҳқғЁ"),
    ),
    max_size=30,
)


def table_of(texts: list[str]) -> PublishedTable:
    column = Column("text", "TEXT", {})
    return PublishedTable("texts", {}, {}, [column], ["text"], [], [(each,) for each in texts], [])


@given(st.lists(TEXTS, max_size=6))
def test_any_text_comes_back_from_table_and_workbook(texts: list[str]) -> None:
    table = table_of(["x" + "".join(texts), *texts])
    head, *rows = rows_of(write_table(table))
    assert head == ["text"]
    found = [restore(row[0]) if row else "" for row in rows]
    assert found == [printable(str(row[0])) for row in table.rows]
    content = as_repeatable_workbook({"texts": table.rows}, "2026-11-23")
    book = load_workbook(io.BytesIO(content), read_only=True)
    cells = [cell for row in book["texts"].iter_rows() for cell in row if cell.value]
    assert [cell.value for cell in cells] == [text for text in found if text]
    assert all(cell.data_type == "s" for cell in cells)
    book.close()


@pytest.mark.parametrize(
    ("days", "kind"),
    [(["2026-01-01", None], "date"), (["--03-03", "2026-01-01"], "string"), ([None], "string")],
)
def test_a_column_is_of_days_where_every_day_is_whole(days: list[str | None], kind: str) -> None:
    column = Column("starts_on", "TEXT", {})
    rows = [(each,) for each in days]
    table = PublishedTable("events", {}, {}, [column], [], [], rows, [])
    assert schema_of(table)["fields"][0]["type"] == kind
