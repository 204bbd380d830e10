"""The small network, with a member and perhaps a coordinator in each organisation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.db import Store
from portal.schemas import MIGRATIONS
from tests.conftest import browsing, settings_for
from tests.people import MovingClock
from tests.renewals.stage import DUE, EARLY, LATE, Stage, furnish


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Mähri and Oraz are of the member that is due; Sona and Bahar coordinate."""
    settings, clock = settings_for(tmp_path / "data"), MovingClock()
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    furnish(store)
    with browsing(settings, clock) as client:
        made = Stage(client, store, clock, folder=tmp_path, settings=settings)
        made.load(1, "2020-01-10")
        made.join("mahri", DUE)
        made.join("oraz", DUE, "coordinator")
        made.join("sona", EARLY, "coordinator")
        made.join("bahar", LATE, "coordinator")
        made.join("merdan", LATE)
        yield made
    store.close()
