"""A copy of the demo world in one open transaction, and who closes quarters in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store
from tests.conftest import settings_for
from tests.worlds import copy_world

OWN, OTHER, ZONE = "o-3vd8xw", "o-7k2m9q", "Asia/Ashgabat"
COORDINATOR = Actor(role="coordinator", account_id="demo-coordinator", organisation_id=OTHER)
MEMBER = Actor(role="member", account_id="demo-member", organisation_id=OWN)


@pytest.fixture
def db(lived: Path, tmp_path: Path) -> Iterator[Database]:
    copy_world(lived, tmp_path / "data")
    store = Store(settings_for(tmp_path / "data").database)
    with store.transaction() as opened:
        yield opened
    store.close()
