"""What of the materials stands in the public database, and what never does."""

import sqlite3
from pathlib import Path

from portal.db import Store
from portal.materials.actions import withdraw_work
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from portal.upkeep import REPUBLISHED
from tests.conftest import MOMENT, OPERATOR
from tests.materials.stage import Stage


def rows(settings: Settings, sql: str) -> list[tuple]:
    newest = (settings.generations / "current").read_text().strip()
    path: Path = settings.generations / newest / "public.db"
    with sqlite3.connect(path) as db:
        return db.execute(sql).fetchall()


def test_works_and_the_files_of_their_newest_version(
    store: Store, settings: Settings, stage: Stage
) -> None:
    work = stage.work("en", "ru")
    stage.version(work, "en")
    adapted = stage.work("tg", language="tg", adapted_from=work, adapted_how="Another number")
    release_and_publish(store, settings, OPERATOR, MOMENT)
    found = rows(settings, f"SELECT kind, licence, version FROM materials WHERE id = '{work}'")
    assert found == [("poster", "cc_by", 2)]
    sql = f"SELECT language, version, out_of_date FROM material_files WHERE material = '{work}'"
    assert rows(settings, sql) == [("en", 2, 0), ("ru", 1, 1)]
    sql = f"SELECT adapted_from, organisation FROM materials WHERE id = '{adapted}'"
    assert rows(settings, sql) == [(work, stage.home)]
    sql = f"SELECT topic FROM material_topics WHERE material = '{work}'"
    assert rows(settings, sql) == [("safe_migration",)]
    sql = f"SELECT count(*) FROM material_audiences WHERE material = '{work}'"
    assert rows(settings, sql) == [(2,)]


def test_what_is_not_for_everybody_is_in_no_byte(
    store: Store, settings: Settings, stage: Stage
) -> None:
    word = "Quzzleword"
    hidden = [
        stage.work(title=f"{word} members", titles={}, visibility="members"),
        stage.work(title=f"{word} guide", titles={}, kind="screening_guide"),
        stage.work(title=f"{word} draft", titles={}, publish=False),
        stage.work(title=f"{word} gone", titles={}),
    ]
    with store.transaction() as db:
        withdraw_work(db, stage.by(), MOMENT, hidden[3])
        # whatever a row says of itself
        db.execute("UPDATE materials SET visibility = 'public' WHERE id = ?", [hidden[1]])
    public = stage.work()
    stage.version(public, "ru", note=f"{word} note", publish=False)
    release_and_publish(store, settings, OPERATOR, MOMENT)
    newest = (settings.generations / "current").read_text().strip()
    content = (settings.generations / newest / "public.db").read_bytes()
    assert word.encode() not in content
    assert not [work for work in hidden if work.encode() in content]
    assert public.encode() in content
    assert b"a-giver" not in content


def test_a_hidden_organisation_is_not_named_by_what_it_gave(
    store: Store, settings: Settings, stage: Stage
) -> None:
    work = stage.work()
    with store.transaction() as db:
        db.table("organisations").update(stage.home, {"visibility": "members"})
    release_and_publish(store, settings, OPERATOR, MOMENT)
    sql = f"SELECT organisation FROM materials WHERE id = '{work}'"
    assert rows(settings, sql) == [(None,)]
    newest = (settings.generations / "current").read_text().strip()
    content = (settings.generations / newest / "public.db").read_bytes()
    assert stage.home.encode() not in content


def test_a_hidden_title_said_in_a_public_sentence_stops_nothing(
    store: Store, settings: Settings, stage: Stage
) -> None:
    """Any member could else stop every publication with a draft called "Training"."""
    stage.work(title="Quzzleword", titles={}, visibility="members")
    stage.work(summary="Read this together with Quzzleword when you can.")
    assert release_and_publish(store, settings, OPERATOR, MOMENT).generation


def test_a_change_of_materials_or_campaigns_is_published_soon() -> None:
    assert {"materials", "campaigns"} <= set(REPUBLISHED)
