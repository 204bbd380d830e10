"""The public database: what is declared is in it, and nothing else."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from portal.actor import Actor
from portal.compiling.registry import compile_release
from portal.db import Store, count
from portal.publication.actions import publish
from portal.publication.builder import TABLES, Misdeclared, build
from portal.publication.generations import (
    FILE,
    current_number,
    digest_of,
    file_of,
    is_whole,
)
from portal.publication.notes import read_notes
from portal.published import Table, text
from portal.releasing.actions import release_and_publish
from portal.schemas import TIERS
from portal.settings import Settings

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    number = current_number(settings.generations)
    assert number is not None
    with closing(sqlite3.connect(file_of(settings.generations, number))) as db:
        return db.execute(sql).fetchall()


def test_the_public_sees_public_cards_only(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    found = {number for (number,) in rows(settings, "SELECT id FROM organisations")}
    assert found == {"o-open", "o-two", "o-three"}
    services = rows(settings, "SELECT DISTINCT organisation FROM organisation_services")
    assert {number for (number,) in services} == found


def test_events_are_past_or_open_and_people_counted_only_when_quoted(
    store: Store, settings: Settings
) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    found = dict(rows(settings, "SELECT id, participants FROM events"))
    assert found == {"e-past": 25, "e-ours": None, "e-open": None}
    found = rows(settings, "SELECT event, question, percent FROM event_evaluations")
    assert found == [("e-past", "useful", 44.0)]


def test_settlements_are_those_of_the_gazetteer(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    assert rows(settings, "SELECT id FROM settlements ORDER BY id") == [("100",), ("200",)]
    assert rows(settings, "SELECT settlement FROM events WHERE id = 'e-ours'") == [(None,)]


def test_counts_come_from_the_release_and_are_never_small(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    sql = "SELECT practitioners, flag FROM practitioner_counts"
    for number, flag in rows(settings, sql):
        assert (number is None) == (flag == "c")
        assert number is None or (number >= 10 and number % 10 == 0)
    assert rows(settings, "SELECT count(*) FROM practitioner_counts") == [(8,)]
    assert rows(settings, "SELECT * FROM releases") == [(1, "2026-11-20", 0)]


def test_every_column_of_the_file_is_in_the_codebook(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    sql = "SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c"
    there = rows(
        settings, sql + " WHERE t.type = 'table' AND t.name NOT LIKE '%\\_fts%' ESCAPE '\\'"
    )
    assert set(there) == set(rows(settings, "SELECT table_name, column_name FROM codebook"))
    blank = (
        "SELECT count(*) FROM codebook WHERE '' IN (meaning_en, meaning_ru, meaning_tk, meaning_tg)"
    )
    assert rows(settings, blank) == [(0,)]


def test_the_file_can_be_served_as_immutable(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    folder = settings.generations / "1"
    assert {each.name for each in folder.iterdir()} == {FILE, "public.db.sha256", "edition.json"}
    assert rows(settings, "PRAGMA journal_mode") == [("delete",)]
    assert is_whole(folder / FILE)


def test_a_check_builds_and_reports_only(store: Store, settings: Settings) -> None:
    report = release_and_publish(store, settings, OPERATOR, AT, check_only=True)
    assert report.generation is None
    assert report.rows["organisations"] == 3
    assert (report.shown, report.withheld) == (2, 8)
    assert current_number(settings.generations) is None
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM releases") == 0
    assert str(report).startswith("Checked only")


def test_registers_are_republished_with_the_figures_unchanged(
    store: Store, settings: Settings
) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    before = rows(settings, "SELECT * FROM practitioner_counts")
    with store.transaction() as db:
        db.execute("UPDATE consents SET withdrawn_on = given_on")
        db.execute("UPDATE organisations SET visibility = 'members' WHERE id = 'o-two'")
    publish(store, settings, OPERATOR, AT)
    assert rows(settings, "SELECT * FROM practitioner_counts") == before
    assert rows(settings, "SELECT count(*) FROM organisations") == [(2,)]
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM releases") == 1


def test_a_withdrawal_moves_no_public_byte_before_a_release(
    store: Store, settings: Settings
) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        db.execute("UPDATE consents SET withdrawn_on = given_on WHERE practitioner_id = 'p-m1'")
        db.execute("UPDATE listings SET confirmed_on = '2026-01-01'")
    publish(store, settings, OPERATOR, AT)
    one, other = (digest_of(file_of(settings.generations, number)) for number in (1, 2))
    assert one == other


def test_progress_is_told_to_the_end(store: Store, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    release_and_publish(
        store, settings, OPERATOR, AT, progress=lambda done, total: told.append((done, total))
    )
    assert told[-1][0] == told[-1][1]


def test_every_published_column_comes_from_a_public_one_or_says_why() -> None:
    for table in TABLES:
        for column in table.columns:
            source, _, name = column.comes_from.partition(".")
            assert TIERS[source][name] == "public" or column.because, column


def test_a_select_with_other_columns_is_refused(store: Store, tmp_path: Path) -> None:
    table = Table("t", (text("id", "regions.code"),), "SELECT code FROM regions", ("id",))
    with store.read() as db, pytest.raises(Misdeclared):
        build(db, tmp_path / FILE, {}, [], (table,))


def test_compiling_changes_nothing(store: Store) -> None:
    with store.read() as db:
        assert len(compile_release(db, TODAY, float).counts) == 8
        assert count(db, "SELECT count(*) FROM releases") == 0


def test_notes_speak_four_languages() -> None:
    notes = read_notes()
    for language in ("en", "ru", "tk", "tg"):
        for table in TABLES:
            said = notes.table(table.name, language)
            assert said.description
            assert list(said.columns) == [column.name for column in table.columns]
        for query in notes.queries:
            assert notes.query(query, language).title
