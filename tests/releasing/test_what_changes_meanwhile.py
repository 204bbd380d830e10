"""A release waits, or is in force, while results, definitions and files change under it."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.indicators.actions import set_openness
from portal.publication.generations import EDITION, FILE, current_number
from portal.publication.queries import find_drafts, find_in_force
from portal.publication.reading import find_edition_in_service, reading
from portal.publication.staleness import why_stale
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from tests.conftest import JSON, OPERATOR, settings_for
from tests.network import Network
from tests.releasing.conftest import Work
from tests.releasing.test_two_people import approved, prepared, sent, state
from tests.worlds import copy_world


@pytest.fixture
def settings(lived: Path, tmp_path: Path) -> Settings:
    """A copy of the demo in which organisations have reported."""
    copy_world(lived, tmp_path / "data")
    return settings_for(tmp_path / "data")


def exact(settings: Settings, code: str) -> int:
    """How many figures of an indicator everybody reads."""
    with reading(settings.generations) as (db, _edition):
        sql = "SELECT count(*) FROM figures WHERE indicator = ? AND flag IS NULL"
        return int(db.execute(sql, [code]).fetchone()[0])


def test_one_person_keeps_exact_figures_at_once(
    stage: Network, work: Work, settings: Settings
) -> None:
    stage.clock.moment += timedelta(days=1)
    release_and_publish(stage.store, settings, OPERATOR, stage.clock.moment)
    assert exact(settings, "leaflets") > 0
    with stage.store.transaction() as db:
        set_openness(db, OPERATOR, stage.clock.moment, "leaflets", 1, counts_people=True)
    shown = stage.as_(None).get("/en/indicators/leaflets", headers=JSON).json()["released"]
    assert {cell["value"] for row in shown["figures"].values() for cell in row.values()} == {None}
    assert (work(), work()) == (1, 0)
    assert exact(settings, "leaflets") == 0
    assert exact(settings, "trainings") > 0
    assert exact(settings, "assisted") > 0, "what was audited stays"
    assert exact(settings, "assisted_published") > 0, "and what was quoted"
    edition = find_edition_in_service(settings.generations)
    assert edition is not None
    assert edition.release == 2, "no new release"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE results SET replaced_at = '2026-11-23T06:00:00Z' WHERE id ="
        " (SELECT max(id) FROM results WHERE code = 'assisted' AND accepted_at IS NOT NULL)",
        "UPDATE indicator_versions SET counts_people = 1 WHERE code = 'leaflets'",
        "INSERT INTO closed_periods VALUES ('2026-Q4', '2026-11-23T06:00:00Z', 'a-1')",
    ],
)
def test_changed_results_or_definitions_stop_a_release(
    stage: Network, work: Work, settings: Settings, change: str
) -> None:
    address, item = sent(stage, work)
    with stage.store.transaction() as db:
        db.execute("SAVEPOINT before")
        db.execute(change)
        assert why_stale(db, 2, stage.clock.moment) == "changed"
        db.execute("ROLLBACK TO before")
        assert why_stale(db, 2, stage.clock.moment) is None
    assert stage.post("beg", item, {"verdict": "approved"}).status_code == 303
    with stage.store.transaction() as db:
        db.execute(change)
    assert work() == 1
    assert state(stage) == "failed"
    assert "results or definitions were changed" in stage.as_("ana").get(address).text
    assert find_edition_in_service(settings.generations).version.startswith("1.")  # type: ignore[union-attr]


def test_an_older_release_does_not_come_after_a_newer_one(
    stage: Network, work: Work, settings: Settings
) -> None:
    approved(stage, work)
    with stage.store.transaction() as db:
        db.execute("UPDATE listings SET confirmed_on = '2026-11-24' WHERE rowid % 2")
    stage.clock.moment += timedelta(days=1)
    release_and_publish(stage.store, settings, OPERATOR, stage.clock.moment)
    assert work() == 1
    with stage.store.read() as db:
        states = {each.id: each.state for each in find_drafts(db)}
    assert (states[2], states[3]) == ("failed", "published")
    edition = find_edition_in_service(settings.generations)
    assert edition is not None
    assert edition.release == 2, "numbers count what was published"


def test_a_damaged_edition_is_published_anew(
    stage: Network, work: Work, settings: Settings
) -> None:
    prepared(stage, work)
    for name, spoilt in ((FILE, b""), (EDITION, b'{"number":1,"published_on":"tomorrow"}')):
        number = current_number(settings.generations)
        (settings.generations / str(number) / name).write_bytes(spoilt)
        for address in ("/data/", "/hsds/services", "/en"):
            assert stage.as_(None).get(address).status_code in (200, 503), address
        assert (work(), work()) == (1, 0)
        assert current_number(settings.generations) == (number or 0) + 1
        assert stage.as_(None).get("/hsds/services").status_code == 200
    with stage.store.read() as db:
        assert find_in_force(db).figures
