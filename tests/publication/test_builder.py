"""The public database: what is declared is in it, what is private is in no byte of it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store, count
from portal.errors import Unavailable
from portal.publication.actions import propose, publish
from portal.publication.builder import TABLES, Misdeclared, build, parameters_of
from portal.publication.generations import (
    FILE,
    current_number,
    digest_of,
    drafting,
    file_of,
    is_whole,
)
from portal.publication.leaks import Leak, refuse_leaks
from portal.publication.notes import read_notes
from portal.published import Table, text
from portal.schemas import TIERS
from portal.settings import Settings

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

# Audit lines cannot be changed; they are added instead.
UNCHANGEABLE = ("audit",)


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    number = current_number(settings.generations)
    assert number is not None
    with closing(sqlite3.connect(file_of(settings.generations, number))) as db:
        return db.execute(sql).fetchall()


def private_columns(db: Database) -> list[tuple[str, str]]:
    return [
        (table, column)
        for table, columns in TIERS.items()
        for column, tier in columns.items()
        if tier != "public" and db.table(table).columns_dict.get(column) is str
    ]


def marked(table: str, column: str) -> str:
    return f"zqmarker {table} {column}"


def mark_everything_private(store: Store) -> list[tuple[str, str]]:
    """Every private text column of every table holds a word of its own, hidden rows too."""
    with sqlite3.connect(store.path) as conn:
        db = Database(conn, execute_plugins=False)
        columns = private_columns(db)
        audit = {name: marked("audit", name) for name in TIERS["audit"] if name != "id"}
        db.table("audit").insert(audit)
        db.table("outbox").insert({"entity": "organisations", "entity_id": "o-open"})
        for table, column in columns:
            if table not in UNCHANGEABLE:
                mark(db, table, column)
        hide = json.dumps({"ru": marked("hidden", "names")})
        for table, key, hidden in [
            ("organisations", "id", ("o-home", "o-shy")),
            ("events", "id", ("e-coming",)),
            ("places", "id", ("L1",)),
        ]:
            for each in hidden:
                mark_hidden(db, table, key, each, hide)
    return columns


def mark(db: Database, table: str, column: str) -> None:
    only_one = table in ("organisations", "practitioners", "listings", "releases", "consents")
    where = " WHERE rowid = (SELECT max(rowid) FROM " + table + ")" if only_one else ""
    unique = "" if column != "id" else " || rowid"
    if TIERS[table][column] and (table, column) in KEYS_OF_THE_PAST:
        return
    db.execute(
        'UPDATE OR IGNORE "' + table + '" SET "' + column + '" = ?' + unique + where,
        [marked(table, column)],
    )


# Kept as they are, so that the world still has listed practitioners and shown organisations.
KEYS_OF_THE_PAST = {
    ("organisations", "visibility"),
    ("places", "origin"),
    ("membership_states", "organisation_id"),
    ("membership_states", "state"),
}


def mark_hidden(db: Database, table: str, key: str, value: str, names: str) -> None:
    for column, kind in db.table(table).columns_dict.items():
        if kind is not str or column in (key, "visibility", "origin", "place_id", "region"):
            continue
        if column in ("starts_on", "ends_on", "kind", "parent_id", "country"):
            continue
        many = column in ("names", "titles", "summaries", "evaluation")
        db.execute(
            'UPDATE "' + table + '" SET "' + column + '" = ? WHERE "' + key + '" = ?',
            [names if many else marked("hidden", f"{table} {column}"), value],
        )


def test_no_marker_of_a_private_column_is_in_any_byte(store: Store, settings: Settings) -> None:
    columns = mark_everything_private(store)
    assert len(columns) > 60
    publish(store, settings, OPERATOR, AT)
    for path in settings.generations.rglob("*"):
        if path.is_file():
            assert b"zqmarker" not in path.read_bytes(), path.name


def test_every_private_column_that_leaks_is_refused(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    columns = mark_everything_private(store)
    parameters = parameters_of(TODAY, [], [])
    leaked = 0
    with store.read() as db:
        for table, column in columns:
            if not holds_its_marker(db, table, column):
                continue
            leaky = Table(
                name="regions",
                columns=(text("code", f"{table}.{column}"), text("name_en", "", free=True)),
                select='SELECT rowid AS code, "' + column + '" AS name_en FROM "' + table + '"',
                key=("code",),
            )
            path = tmp_path / FILE
            build(db, path, parameters, [], (leaky,))
            with pytest.raises(Leak) as refused:
                refuse_leaks(db, path, parameters, [], (leaky,))
            assert "zqmarker" not in str(refused.value)
            assert "regions.name_en" in str(refused.value)
            leaked += 1
    assert leaked > 45


def holds_its_marker(db: Database, table: str, column: str) -> bool:
    sql = 'SELECT count(*) FROM "' + table + '" WHERE "' + column + "\" LIKE 'zqmarker%'"
    return count(db, sql) > 0


@pytest.mark.parametrize(
    ("select", "origin"),
    [
        (
            "SELECT rowid AS id, 'Ask for ' || name || ', she helps' AS said FROM practitioners",
            "practitioners.name",
        ),
        ("SELECT rowid AS id, phone AS said FROM practitioner_contacts", "phone"),
        ("SELECT rowid AS id, number AS said FROM practitioner_licences", "number"),
        (
            "SELECT rowid AS id, name AS said FROM organisations WHERE id = 'o-home'",
            "organisations.name",
        ),
        ("SELECT rowid AS id, title AS said FROM events WHERE id = 'e-coming'", "events.title"),
        ("SELECT rowid AS id, name AS said FROM places WHERE id = 'L1'", "places.name"),
        ("SELECT rowid AS id, duty_phone AS said FROM organisations", "organisations.duty_phone"),
        ("SELECT rowid AS id, name AS said FROM accounts", "accounts.name"),
        ("SELECT rowid AS id, sign_in_name AS said FROM accounts", "accounts.sign_in_name"),
    ],
)
def test_a_leaking_declaration_is_refused_by_table_and_column(
    store: Store, tmp_path: Path, select: str, origin: str
) -> None:
    leaky = Table(
        name="said",
        columns=(text("id", "x.id"), text("said", "x.said", free=True)),
        select=select,
        key=("id",),
    )
    parameters = parameters_of(TODAY, [], [])
    with store.read() as db:
        build(db, tmp_path / FILE, parameters, [], (leaky,))
        with pytest.raises(Leak, match=origin):
            refuse_leaks(db, tmp_path / FILE, parameters, [], (leaky,))


def test_a_name_typed_into_a_public_text_is_refused(store: Store, settings: Settings) -> None:
    with store.transaction() as db:
        db.execute(
            "UPDATE organisations SET summary = 'Ask for Ogulnabat Täzeýewa m7, please.'"
            " WHERE id = 'o-two'"
        )
    with pytest.raises(Leak, match=r"practitioners\.name stands in organisations\.summary"):
        publish(store, settings, OPERATOR, AT)
    assert current_number(settings.generations) is None
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM releases") == 0


def test_a_licence_number_inside_an_identifier_is_no_leak(store: Store, settings: Settings) -> None:
    with store.transaction() as db:
        db.table("places").update("200", {"name": "Türkmenabat"})
        db.execute("UPDATE organisations SET phone = '+99312345678' WHERE id = 'o-two'")
        db.execute("UPDATE practitioner_licences SET number = '34567' WHERE rowid = 1")
    assert publish(store, settings, OPERATOR, AT).generation == 1


def test_the_public_sees_public_cards_only(store: Store, settings: Settings) -> None:
    publish(store, settings, OPERATOR, AT)
    found = {number for (number,) in rows(settings, "SELECT id FROM organisations")}
    assert found == {"o-open", "o-two", "o-three"}
    services = rows(settings, "SELECT DISTINCT organisation FROM organisation_services")
    assert {number for (number,) in services} == found


def test_events_are_past_or_open_and_people_counted_only_when_quoted(
    store: Store, settings: Settings
) -> None:
    publish(store, settings, OPERATOR, AT)
    found = dict(rows(settings, "SELECT id, participants FROM events"))
    assert found == {"e-past": 25, "e-ours": None, "e-open": None}
    assert rows(settings, "SELECT * FROM event_evaluations") == [("e-past", "useful", 44.0)]


def test_settlements_are_those_of_the_gazetteer(store: Store, settings: Settings) -> None:
    publish(store, settings, OPERATOR, AT)
    assert rows(settings, "SELECT id FROM settlements ORDER BY id") == [("100",), ("200",)]
    assert rows(settings, "SELECT settlement FROM events WHERE id = 'e-ours'") == [(None,)]


def test_counts_come_from_the_release_and_are_never_small(store: Store, settings: Settings) -> None:
    publish(store, settings, OPERATOR, AT)
    sql = "SELECT practitioners, flag FROM practitioner_counts"
    for number, flag in rows(settings, sql):
        assert (number is None) == (flag == "c")
        assert number is None or (number >= 10 and number % 10 == 0)
    assert rows(settings, "SELECT count(*) FROM practitioner_counts") == [(8,)]
    assert rows(settings, "SELECT * FROM releases") == [(1, "2026-11-20")]


def test_every_column_of_the_file_is_in_the_codebook(store: Store, settings: Settings) -> None:
    publish(store, settings, OPERATOR, AT)
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
    publish(store, settings, OPERATOR, AT)
    folder = settings.generations / "1"
    assert {each.name for each in folder.iterdir()} == {FILE, "public.db.sha256"}
    assert rows(settings, "PRAGMA journal_mode") == [("delete",)]
    assert is_whole(folder / FILE)


def test_a_check_builds_and_reports_only(store: Store, settings: Settings) -> None:
    report = publish(store, settings, OPERATOR, AT, check_only=True)
    assert report.generation is None
    assert report.rows["organisations"] == 3
    assert (report.shown, report.withheld) == (1, 7)
    assert current_number(settings.generations) is None
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM releases") == 0
    assert str(report).startswith("Checked only")


def test_registers_are_republished_with_the_figures_unchanged(
    store: Store, settings: Settings
) -> None:
    publish(store, settings, OPERATOR, AT)
    before = rows(settings, "SELECT * FROM practitioner_counts")
    with store.transaction() as db:
        db.execute("UPDATE consents SET withdrawn_on = given_on")
        db.execute("UPDATE organisations SET visibility = 'members' WHERE id = 'o-two'")
    publish(store, settings, OPERATOR, AT, new_figures=False)
    assert rows(settings, "SELECT * FROM practitioner_counts") == before
    assert rows(settings, "SELECT count(*) FROM organisations") == [(2,)]
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM releases") == 1


def test_a_withdrawal_moves_no_public_byte_before_a_release(
    store: Store, settings: Settings
) -> None:
    publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        db.execute("UPDATE consents SET withdrawn_on = given_on WHERE practitioner_id = 'p-m1'")
        db.execute("UPDATE listings SET confirmed_on = '2026-01-01'")
    publish(store, settings, OPERATOR, AT, new_figures=False)
    one, other = (digest_of(file_of(settings.generations, number)) for number in (1, 2))
    assert one == other


def test_the_last_three_generations_are_kept(store: Store, settings: Settings) -> None:
    for _ in range(5):
        publish(store, settings, OPERATOR, AT)
    kept = {each.name for each in settings.generations.iterdir() if each.is_dir()}
    assert kept == {"3", "4", "5"}
    assert current_number(settings.generations) == 5


def test_a_publication_that_fails_leaves_the_old_one(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        db.execute("UPDATE organisations SET kind = 'unheard of' WHERE id = 'o-two'")
    with pytest.raises(Misdeclared, match="organisations"):
        publish(store, settings, OPERATOR, AT)
    assert current_number(settings.generations) == 1
    assert {each.name for each in settings.generations.iterdir()} == {"1", "current", "lock"}


def test_what_a_killed_publication_left_is_cleared_away(store: Store, settings: Settings) -> None:
    left = settings.generations / ".draft"
    left.mkdir(parents=True)
    (left / FILE).write_bytes(b"half")
    assert publish(store, settings, OPERATOR, AT).generation == 1
    assert not left.exists()


def test_one_publisher_at_a_time(store: Store, settings: Settings) -> None:
    with drafting(settings.generations), pytest.raises(Unavailable):
        publish(store, settings, OPERATOR, AT)


def test_progress_is_told_to_the_end(store: Store, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    publish(store, settings, OPERATOR, AT, progress=lambda done, total: told.append((done, total)))
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


def test_proposing_changes_nothing(store: Store) -> None:
    with store.read() as db:
        assert len(propose(db, TODAY)) == 8
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
