"""What is private is in no byte of the public file, and a leaking declaration is refused."""

import json
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store, count
from portal.publication.builder import build, parameters_of
from portal.publication.generations import (
    FILE,
    current_number,
)
from portal.publication.leaks import Leak, refuse_leaks
from portal.publication.ledger import Figures
from portal.publication.queries import find_drafts
from portal.published import Table, text
from portal.releasing.actions import release_and_publish
from portal.schemas import TIERS
from portal.settings import Settings

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

# Audit lines cannot be changed; they are added instead.
UNCHANGEABLE = ("audit",)


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
            ("campaigns", "id", ("c-draft",)),
            ("places", "id", ("L1",)),
            ("charter_versions", "version", ("2",)),
            ("charter_texts", "version", ("2",)),
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
    ("campaigns", "state"),
    ("membership_states", "organisation_id"),
    ("membership_states", "state"),
}


def mark_hidden(db: Database, table: str, key: str, value: str, names: str) -> None:
    for column, kind in db.table(table).columns_dict.items():
        if kind is not str or column in (key, "visibility", "origin", "place_id", "region"):
            continue
        if column in ("starts_on", "ends_on", "adopted_on", "kind", "parent_id", "country"):
            continue
        many = column in ("names", "titles", "summaries", "evaluation", "notes")
        db.execute(
            'UPDATE "' + table + '" SET "' + column + '" = ? WHERE "' + key + '" = ?',
            [names if many else marked("hidden", f"{table} {column}"), value],
        )


def test_no_marker_of_a_private_column_is_in_any_byte(store: Store, settings: Settings) -> None:
    columns = mark_everything_private(store)
    assert len(columns) > 60
    release_and_publish(store, settings, OPERATOR, AT)
    for path in settings.generations.rglob("*"):
        if path.is_file():
            assert b"zqmarker" not in path.read_bytes(), path.name


def test_every_private_column_that_leaks_is_refused(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    columns = mark_everything_private(store)
    parameters = parameters_of(TODAY, Figures(), [])
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
    parameters = parameters_of(TODAY, Figures(), [])
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
        release_and_publish(store, settings, OPERATOR, AT)
    assert current_number(settings.generations) is None
    with store.read() as db:
        (draft,) = find_drafts(db)
        assert (draft.state, draft.number) == ("failed", None)
        assert "organisations.summary" in str(draft.reason)


def test_a_licence_number_inside_an_identifier_is_no_leak(store: Store, settings: Settings) -> None:
    with store.transaction() as db:
        db.table("places").update("200", {"name": "Türkmenabat"})
        db.execute("UPDATE organisations SET phone = '+99312345678' WHERE id = 'o-two'")
        db.execute("UPDATE practitioner_licences SET number = '34567' WHERE rowid = 1")
    assert release_and_publish(store, settings, OPERATOR, AT).generation == 1


def test_a_day_that_two_things_share_is_no_leak(store: Store, settings: Settings) -> None:
    with store.transaction() as db:
        # a day that is public only because somebody published something on it
        db.execute("UPDATE materials SET published_at = '2026-02-17T05:00:00Z'")
        db.execute("UPDATE practitioner_licences SET expires_on = '2026-02-17'")
    release_and_publish(store, settings, OPERATOR, AT)
    newest = settings.generations / str(current_number(settings.generations)) / FILE
    with sqlite3.connect(newest) as public:
        days = public.execute("SELECT DISTINCT published_on FROM materials").fetchall()
    assert ("2026-02-17",) in days


def test_a_draft_called_by_an_everyday_word_stops_nothing(store: Store, settings: Settings) -> None:
    with store.transaction() as db:
        db.execute("UPDATE organisations SET summary = 'Training found here.' WHERE id = 'o-two'")
        draft = {**db.table("materials").get("m-open"), "id": "m-draft", "title": "Training"}
        db.table("materials").insert(
            {**draft, "summary": "found", "published_version": None, "published_at": None}
        )
        db.execute("UPDATE events SET title = 'Training' WHERE id = 'e-coming'")
    assert release_and_publish(store, settings, OPERATOR, AT).generation == 1


def admit_applicant(store: Store, organisation_id: str, name: str, services: list[str]) -> None:
    """An organisation that applied, was admitted, and has no public card."""
    with store.transaction() as db:
        row = {**db.table("organisations").get("o-home"), "id": organisation_id, "name": name}
        row |= {"names": json.dumps({"ru": name}), "sort_name": name.lower(), "summary": name}
        db.table("organisations").insert({**row, "visibility": "members"})
        db.table("organisation_services").insert_all(
            {"organisation_id": organisation_id, "service": each} for each in services
        )
        times = {"made_at": "2026-11-01T06:00:00Z", "changed_at": "2026-11-01T06:00:00Z"}
        own = {"id": f"ap-{organisation_id}", "organisation_id": organisation_id, "name": name}
        db.table("applications").insert({**own, "email": "x@x.example", "language": "en", **times})
        step = {"organisation_id": organisation_id, "at": "2026-11-02T06:00:00Z", "by": "a-x"}
        db.table("membership_states").insert({**step, "state": "admitted"})


def say(store: Store, words: str) -> None:
    with store.transaction() as db:
        db.execute("UPDATE organisations SET summary = ? WHERE id = 'o-two'", [words])


@pytest.mark.parametrize("services", [[], ["shelter"]])
def test_an_admitted_applicant_called_by_an_everyday_word_stops_nothing(
    store: Store, settings: Settings, services: list[str]
) -> None:
    admit_applicant(store, "o-new", "training", services)
    say(store, "We offer training here.")
    assert release_and_publish(store, settings, OPERATOR, AT).generation == 1


def test_an_admitted_applicant_stops_nothing_by_several_words(
    store: Store, settings: Settings
) -> None:
    admit_applicant(store, "o-new", "offer training", ["legal"])
    say(store, "We offer training here.")
    assert release_and_publish(store, settings, OPERATOR, AT).generation == 1


@pytest.mark.parametrize(
    ("name", "services", "said"),
    [
        ("Sanctuary", ["shelter"], "Sanctuary"),
        ("Sanctuary", ["legal"], "Sanctuary"),
        ("House of Saray", ["shelter"], "Ask at House of Saray for a bed."),
    ],
)
def test_the_name_of_an_admitted_applicant_is_in_no_cell(
    store: Store, tmp_path: Path, name: str, services: list[str], said: str
) -> None:
    admit_applicant(store, "o-new", name, services)
    leaky = Table(
        name="said",
        columns=(text("id", "x.id"), text("said", "x.said", free=True)),
        select="SELECT 1 AS id, '" + said + "' AS said",
        key=("id",),
    )
    parameters = parameters_of(TODAY, Figures(), [])
    with store.read() as db:
        build(db, tmp_path / FILE, parameters, [], (leaky,))
        with pytest.raises(Leak, match=r"organisations\.\w+ stands in said\.said"):
            refuse_leaks(db, tmp_path / FILE, parameters, [], (leaky,))


def test_an_applicant_uncovers_nobody_by_taking_their_name(
    store: Store, settings: Settings
) -> None:
    with store.read() as db:
        name = str(db.table("organisations").get("o-home")["name"])
    admit_applicant(store, "o-new", name, ["legal"])
    say(store, f"Ask at {name} for a bed.")
    with pytest.raises(Leak, match=r"organisations\.\w+ stands in organisations\.summary"):
        release_and_publish(store, settings, OPERATOR, AT)
