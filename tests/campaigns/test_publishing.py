"""What of campaigns can be found and taken away by everybody: nothing about who came."""

import sqlite3
import time

import pytest

from portal.errors import Unavailable
from portal.indexes.actions import drain
from portal.publication.generations import FILE, current_number
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Question
from tests.campaigns.conftest import MARY, RESULT, VILLAGE, Stage
from tests.conftest import MOMENT, OPERATOR, TODAY


def publish_when_free(stage: Stage, settings: Settings) -> None:
    """The site publishes by itself what was changed: it may be at it."""
    for _ in range(100):
        try:
            release_and_publish(stage.network.store, settings, OPERATOR, MOMENT)
        except Unavailable:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("somebody publishes without end")


def release(stage: Stage, settings: Settings) -> sqlite3.Connection:
    publish_when_free(stage, settings)
    path = settings.generations / str(current_number(settings.generations)) / FILE
    return sqlite3.connect(path)


def test_the_published_file_tells_what_was_held_and_of_nobody(
    stage: Stage, settings: Settings
) -> None:
    stage.hold("ca-past")
    stage.hold("ca-village", place_id=VILLAGE)
    stage.hold("ca-homes", kind="household_visits")
    stage.hold("ca-today", held_on="2026-11-23")
    db = release(stage, settings)
    columns = [row[1] for row in db.execute("PRAGMA table_info(activities)")]
    assert columns == ["id", "campaign", "kind", "held_on", "region", "settlement"]
    found = {row[0]: row[5] for row in db.execute("SELECT * FROM activities")}
    assert found == {"ca-past": MARY, "ca-village": None, "ca-homes": None}
    assert db.execute("SELECT id, organisation FROM campaigns").fetchall() == [
        (stage.id, stage.first)
    ]
    assert db.execute("SELECT * FROM campaign_regions").fetchall() == [(stage.id, "TM-M")]
    db.close()
    path = settings.generations / str(current_number(settings.generations)) / FILE
    assert RESULT.encode() not in path.read_bytes()


def test_an_organisation_without_a_public_card_is_not_named(
    stage: Stage, settings: Settings
) -> None:
    stage.set(organisation_id=stage.second, organisations=[])
    db = release(stage, settings)
    assert db.execute("SELECT organisation FROM campaigns").fetchall() == [(None,)]
    db.close()


@pytest.mark.parametrize("state", ["draft", "waiting", "withdrawn"])
def test_what_is_not_published_leaves_the_file_and_the_search(
    stage: Stage, settings: Settings, state: str
) -> None:
    stage.hold("ca-1")
    engine = EmbeddedEngine(settings.search_folder)
    question = Question(text="ask before you go", kind="campaigns")
    drain(stage.network.store, engine, TODAY, patience=20.0)
    assert [hit.id for hit in engine.ask("public", question).hits] == [f"campaigns:{stage.id}"]
    assert [hit.id for hit in engine.ask("members", question).hits] == [f"campaigns:{stage.id}"]
    stage.set(state=state)
    drain(stage.network.store, engine, TODAY, patience=20.0)
    assert engine.ask("public", question).hits == ()
    assert bool(engine.ask("members", question).hits) is (state == "waiting")
    engine.close()
    db = release(stage, settings)
    for table in ("campaigns", "campaign_regions", "campaign_audiences", "activities"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    db.close()


def test_the_search_page_finds_campaigns_by_what_is_told_of_them(
    stage: Stage, settings: Settings
) -> None:
    stage.hold("ca-1", result="Zyxwvut")
    engine = EmbeddedEngine(settings.search_folder)
    drain(stage.network.store, engine, TODAY, patience=20.0)
    engine.close()
    client = stage.network.as_(None)
    assert stage.path in client.get("/en/search?q=ten+questions&kind=campaigns").text
    assert stage.path not in client.get("/en/search?q=zyxwvut&kind=campaigns").text
