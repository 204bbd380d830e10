"""Materials come and go with their files: the same stays, what is other is a new version."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from portal.actor import PUBLIC, Actor
from portal.db import Store
from portal.errors import CannotTransfer
from portal.files import Shelf, hash_of
from portal.i18n.language import Message
from portal.materials.actions import withdraw_work
from portal.materials.queries import find_files, get_work
from portal.schemas import MIGRATIONS
from portal.settings import read_settings
from portal.transfer.actions import export_file, import_file
from portal.transfer.files import read_table
from portal.transfer.report import Report
from portal.transfer.seed import seed_demo, seed_facts
from portal.vocabularies.terms import load_terms
from tests.conftest import MOMENT
from tests.transfer.conftest import MONDAY, MORNING, OPERATOR, said

A_WORK = {"id": "m-new", "title": "A poster", "kind": "poster", "languages": "ru"}


@pytest.fixture
def posters(desk: Any) -> Path:
    """A folder beside the table with two posters."""
    folder = desk.folder / "files"
    folder.mkdir()
    for name, colour in (("poster_ru.png", "navy"), ("poster_tk.png", "teal")):
        draw(folder / name, colour)
    (folder / "note_tg.md").write_text("## Ёддошт\r\n\r\nГӯш кардан аз пурсидан беҳтар аст.\r\n")
    return folder


def draw(path: Path, colour: str) -> None:
    Image.new("RGB", (60, 80), colour).save(path)


def files_of(desk: Any, material_id: str) -> dict[str, tuple[int, int]]:
    """The version and the followed version of each language's file."""
    with desk.store.read() as db:
        number = get_work(db, material_id).version
        found = find_files(db, material_id, number)
    return {each.language: (each.version, each.of_version) for each in found}


def shelf_size(desk: Any) -> int:
    return sum(1 for _path in desk.settings.files.glob("??/*"))


def test_a_new_work_is_published_with_its_files(desk: Any, posters: Path) -> None:
    files = "files/poster_ru.png; files/poster_tk.png"
    report = desk.bring("materials", {**A_WORK, "languages": "tk;ru", "files": files})
    assert (said(report), report.added) == ({}, 1)
    assert files_of(desk, "m-new") == {"ru": (1, 1), "tk": (1, 1)}
    with desk.store.read() as db:
        work = get_work(db, "m-new")
    assert (work.language, work.visibility, work.licence) == ("tk", "members", "ask_owner")
    sql = "SELECT count(*) FROM files AS f JOIN material_files AS m ON m.file_id = f.id"
    assert desk.ask(sql + " WHERE f.released_at IS NULL") == [1]  # what waits in the demo
    assert list(desk.settings.incoming.iterdir()) == []


def test_the_same_files_again_change_nothing(desk: Any, posters: Path) -> None:
    row = {**A_WORK, "files": "files/poster_ru.png;files/note_tg.md", "languages": "ru;tg"}
    assert desk.bring("materials", row).added == 1
    before, on_shelf = desk.counts(), shelf_size(desk)
    again = desk.bring("materials", row)
    assert (again.errors, again.unchanged) == ([], 1)
    assert (desk.counts(), shelf_size(desk)) == (before, on_shelf)


def test_another_original_is_a_version_that_leaves_its_translation_behind(
    desk: Any, posters: Path
) -> None:
    row = {**A_WORK, "languages": "ru;tk", "files": "files/poster_ru.png;files/poster_tk.png"}
    desk.bring("materials", row)
    draw(posters / "poster_ru.png", "maroon")
    report = desk.bring("materials", row)
    assert (report.errors, report.changed) == ([], 1)
    assert files_of(desk, "m-new") == {"ru": (2, 2), "tk": (1, 1)}
    assert desk.stored("materials", "m-new")["out_of_date"] == "tk"
    assert desk.bring("materials", row).unchanged == 1
    draw(posters / "poster_tk.png", "olive")
    assert desk.bring("materials", row).changed == 1
    assert files_of(desk, "m-new") == {"ru": (2, 2), "tk": (3, 2)}
    assert desk.stored("materials", "m-new")["out_of_date"] == ""


def test_two_files_of_one_language_come_together(desk: Any, posters: Path) -> None:
    draw(posters / "small_ru.png", "gold")
    desk.bring("materials", {**A_WORK, "files": "files/poster_ru.png"})
    files = "files/poster_ru.png;files/small_ru.png"
    assert desk.bring("materials", {**A_WORK, "files": files}).changed == 1
    with desk.store.read() as db:
        assert [each.version for each in find_files(db, "m-new", 2)] == [2, 2]
    exported = _rows(desk.send("materials"))["m-new"]["files"]
    assert exported == "materials_files/m-new_ru.png;materials_files/m-new-2_ru.png"
    assert desk.bring_file("materials", desk.folder / "materials.csv").changed == 0


def test_only_named_columns_change(desk: Any, posters: Path) -> None:
    desk.bring("materials", {**A_WORK, "files": "files/poster_ru.png", "title_tk": "Plakat"})
    assert desk.bring("materials", {"id": "m-new", "title": "Another name"}).changed == 1
    stored = desk.stored("materials", "m-new")
    assert (stored["title"], stored["title_tk"]) == ("Another name", "Plakat")
    assert files_of(desk, "m-new") == {"ru": (1, 1)}


def test_a_dry_run_leaves_nothing(desk: Any, posters: Path) -> None:
    before, on_shelf = desk.counts(), shelf_size(desk)
    row = {**A_WORK, "files": "files/poster_ru.png"}
    assert desk.bring("materials", row, dry_run=True).added == 1
    assert (desk.counts(), shelf_size(desk)) == (before, on_shelf)
    assert list(desk.settings.incoming.iterdir()) == []


def test_everything_comes_back_into_an_empty_portal(desk: Any, tmp_path: Path) -> None:
    """Files too, byte for byte. A workbook says the same as a table of text in every cell."""
    kinds = ("campaigns", "materials", "activities")
    every = ("places", "organisations", *kinds)
    books = {kind: desk.send(kind, "xlsx") for kind in every}
    sent = {kind: desk.send(kind) for kind in every}
    settings = read_settings({"PORTAL_DATA_DIR": str(tmp_path / "other"), "PORTAL_ENV": "demo"})
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    seed_facts(store, settings, OPERATOR, MORNING)
    with store.read() as db:
        terms = load_terms(db)

    def bring(kind: str, path: Path) -> Report:
        return import_file(store, terms, kind, path, OPERATOR, MORNING, MONDAY, settings=settings)

    for kind in every:
        assert said(bring(kind, sent[kind])) == {}, kind
    for kind in every:
        # what is read is all that an import knows of a file
        assert _whole(books[kind]) == _whole(sent[kind]), kind
        report = bring(kind, books[kind])
        assert (said(report), report.added, report.changed) == ({}, 0, 0), kind
    again = tmp_path / "again"
    again.mkdir()
    for kind in kinds:
        export_file(store, kind, again / f"{kind}.csv", OPERATOR, MORNING, settings=settings)
        assert _rows(again / f"{kind}.csv") == _rows(desk.send(kind))
    assert _hashes(again / "materials_files") == _hashes(desk.folder / "materials_files")
    store.close()


def test_what_waits_is_drafted_or_was_withdrawn_is_not_exported(desk: Any) -> None:
    exported = _rows(desk.send("materials"))
    waiting = desk.ask(
        "SELECT material_id FROM material_versions AS v JOIN material_states_now AS s"
        " ON s.version_id = v.id WHERE s.state <> 'published'"
    )
    assert waiting
    assert exported.keys().isdisjoint(waiting)
    gone = next(iter(exported))
    with desk.store.transaction() as db:
        withdraw_work(db, Actor(role="coordinator", account_id="c"), MOMENT, gone)
    old = desk.folder / "old.csv"
    (desk.folder / "materials.csv").rename(old)
    assert gone not in _rows(desk.send("materials"))
    report = desk.bring_file("materials", old)
    assert list(said(report)) == [(2, "files")]
    assert "withdrawn" in said(report)[2, "files"]


def test_an_exported_file_is_its_owners_alone(desk: Any) -> None:
    desk.send("materials")
    folder = desk.folder / "materials_files"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_a_file_that_is_gone_from_the_shelf_is_said(desk: Any) -> None:
    for digest in desk.ask("SELECT hash FROM files"):
        Shelf(desk.settings.files).forget(digest)
    with pytest.raises(CannotTransfer, match="cannot be written"):
        desk.send("materials")
    assert not (desk.folder / "materials.csv").exists()


def test_the_public_sees_what_was_imported_for_it(desk: Any, posters: Path) -> None:
    from portal.materials.queries import get_file_for

    row = {**A_WORK, "visibility": "public", "files": "files/poster_ru.png"}
    desk.bring("materials", row)
    (found,) = desk.ask(
        "SELECT m.id FROM material_files AS m JOIN material_versions AS v ON v.id = m.version_id"
        " WHERE v.material_id = 'm-new'"
    )
    with desk.store.read() as db:
        assert get_file_for(db, PUBLIC, found).language == "ru"


def test_seeding_twice_keeps_the_versions(desk: Any) -> None:
    before = desk.ask("SELECT count(*) FROM material_versions")
    seed_demo(desk.store, desk.settings, OPERATOR, MORNING)
    assert desk.ask("SELECT count(*) FROM material_versions") == before


def _whole(path: Path) -> tuple[list[str], list[tuple[int, Sequence[str | Message]]]]:
    """What an import reads of a file: its columns, and its rows with their numbers."""
    table = read_table(path)
    return list(table.header), list(table.rows)


def _rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return {row["id"]: row for row in csv.DictReader(source)}


def _hashes(folder: Path) -> dict[str, str]:
    """Pictures of less quality are drawn anew wherever they come in: they differ, unseen."""
    return {
        path.name: "" if path.suffix in (".jpg", ".webp") else hash_of(path)
        for path in folder.iterdir()
    }
