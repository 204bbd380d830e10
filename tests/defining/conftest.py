"""A site of its own, with a coordinator's browser at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.settings import Settings
from tests.conftest import browsing, settings_for
from tests.worlds import copy_world


@pytest.fixture
def own(lived: Path, tmp_path: Path) -> Settings:
    copy_world(lived, tmp_path / "data")
    return settings_for(tmp_path / "data")


@pytest.fixture
def store(own: Settings) -> Iterator[Store]:
    opened = Store(own.database)
    yield opened
    opened.close()


@pytest.fixture
def desk(own: Settings) -> Iterator[TestClient]:
    """A coordinator's browser on a site the test may change."""
    with browsing(own) as client:
        client.post("/demo/sign-in", data={"role": "coordinator"})
        yield client
