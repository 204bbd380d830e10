"""One edition with its files, in which an organisation wants its project published."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.db import Store
from portal.exporting.actions import write_files
from portal.publication.actions import publish
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR, browsing, settings_for
from tests.network import Network, members_of
from tests.people import MovingClock
from tests.worlds import build_once, copy_world


def folder_of(settings: Settings) -> Path:
    """Where the files of the edition in service are."""
    number = (settings.generations / "current").read_text().strip()
    return settings.generations / number / "files"


@pytest.fixture(scope="session")
def exported(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lived world after its organisation wanted the project published, with all files."""

    def build(folder: Path) -> None:
        copy_world(lived, folder)
        settings = settings_for(folder)
        store = Store(settings.database)
        with store.transaction() as db:
            db.execute(
                "INSERT INTO project_publishing (project_id, organisation_id, wanted, at, by)"
                " SELECT id, organisation_id, 1, '2026-11-22T05:00:00Z', 'a-1' FROM projects"
                " WHERE organisation_id IS NOT NULL"
            )
        publish(store, settings, OPERATOR, MOMENT)
        write_files(settings, store)
        store.close()

    return build_once(tmp_path_factory, "exported", build)


@pytest.fixture
def files(exported: Path) -> Path:
    """The folder of the files, for tests that only read."""
    return folder_of(settings_for(exported))


@pytest.fixture
def network(lived: Path, tmp_path: Path) -> Iterator[Network]:
    """A site with a project of Ogul's organisation; Bahar is of another, Nurana coordinates."""
    copy_world(lived, tmp_path / "wishing")
    settings, clock = settings_for(tmp_path / "wishing"), MovingClock()
    with browsing(settings, clock) as client:
        store = client.app.state.site.store
        made = Network(client, store, clock)
        (owner,) = made.ask("SELECT organisation_id FROM projects WHERE id = 'pr-murgap'")
        other = next(each for each in members_of(store) if each != owner)
        seen = {"seen_on": clock.moment.date().isoformat()}
        made.join("ogul", owner, **seen)
        made.join("bahar", other, **seen)
        made.join("nurana", other, "coordinator", **seen)
        made.join("donor", None, "observer", **seen)
        yield made
