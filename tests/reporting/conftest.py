"""The demo's world after people have been at work in it, with a desk to report at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.db import Store
from tests.conftest import browsing, settings_for
from tests.reporting.desk import Desk
from tests.worlds import copy_world


@pytest.fixture
def desk(lived: Path, tmp_path: Path) -> Iterator[Desk]:
    """A site of its own."""
    copy_world(lived, tmp_path / "data")
    settings = settings_for(tmp_path / "data")
    store = Store(settings.database)
    with browsing(settings) as client:
        yield Desk(client, store)
    store.close()
