"""A portal starts with the real facts; a demo with an invented world over them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from portal.db import Store, column, count
from portal.schemas import MIGRATIONS
from portal.settings import read_settings
from portal.transfer.seed import SeedingFailed, seed_demo, seed_facts, seed_life
from seed_data import world
from seed_data.anchors import BAYRAMALY
from tests.transfer.conftest import MORNING, OPERATOR


def test_the_demo_is_there(desk: Any) -> None:
    counts = desk.counts()
    assert counts["practitioners"] == 400 + 5  # those who wait to be listed
    assert counts["organisations"] == 41 + 3  # those that an application brought in
    assert counts["events"] == 12
    assert 300 < counts["listings"] < 400
    assert desk.ask("SELECT id FROM events WHERE open") == [world.OPEN_DEMO_EVENT]
    sql = "SELECT count(*) FROM listing_places WHERE place_id = :id"
    assert desk.ask(sql, id=BAYRAMALY)[0] >= 3


def test_some_practitioners_exclude_an_organisation_or_all_state_bodies(desk: Any) -> None:
    kinds = desk.ask("SELECT kind FROM consent_exclusions ORDER BY kind")
    assert kinds == ["organisation", "organisation", "organisation_kind", "organisation_kind"]
    assert "state" in desk.ask("SELECT value FROM consent_exclusions")
    own = (
        "SELECT count(*) FROM consent_exclusions AS e JOIN practitioners AS p"
        " ON p.id = e.practitioner_id WHERE e.value = p.organisation_id"
    )
    assert desk.ask(own) == [0]


def test_seeding_again_changes_nothing(desk: Any) -> None:
    before = desk.counts()
    seed_facts(desk.store, desk.settings, OPERATOR, MORNING)
    seed_demo(desk.store, desk.settings, OPERATOR, MORNING)
    seed_life(desk.store, desk.settings, OPERATOR, MORNING)
    after = desk.counts()
    assert {**after, "outbox": 0} == {**before, "outbox": 0}  # the gazetteer is announced anew


def test_the_facts_alone_hold_nobody_invented(tmp_path: Path) -> None:
    store = Store(tmp_path / "portal.db")
    store.migrate(MIGRATIONS)
    seed_facts(store, read_settings({}), OPERATOR, MORNING)
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM practitioners") == 0
        assert count(db, "SELECT count(*) FROM organisations") == 0
        assert count(db, "SELECT count(*) FROM events") == len(world.real_events())
        assert column(db, "SELECT id FROM events WHERE starts_on LIKE '--%'") == ["e-forumtj"]
    store.close()


@pytest.mark.parametrize("country", ["TM", "TJ"])
def test_one_country_alone_is_seeded_with_its_own_world(tmp_path: Path, country: str) -> None:
    store = Store(tmp_path / "portal.db")
    store.migrate(MIGRATIONS)
    settings = msgspec.structs.replace(read_settings({}), countries=(country,))
    seed_facts(store, settings, OPERATOR, MORNING)
    seed_demo(store, settings, OPERATOR, MORNING)
    seed_life(store, settings, OPERATOR, MORNING)
    with store.read() as db:
        assert column(db, "SELECT DISTINCT country FROM places") == [country]
        assert count(db, "SELECT count(*) FROM practitioners") > 100
    store.close()


def test_progress_runs_through_all_registers(desk: Any) -> None:
    steps: list[tuple[int, int]] = []
    seed_demo(
        desk.store,
        desk.settings,
        OPERATOR,
        MORNING,
        lambda done, total: steps.append((done, total)),
    )
    assert [done for done, _total in steps] == list(range(1, steps[-1][1] + 1))


def test_seed_data_that_does_not_fit_is_said_plainly(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [{**row, "kind": "party"} for row in world.demo_events(desk.today)]
    monkeypatch.setattr(world, "demo_events", lambda _today: broken)
    with pytest.raises(SeedingFailed, match="Seeding events: row 2, kind: Choose one of"):
        seed_demo(desk.store, desk.settings, OPERATOR, MORNING)
