"""A site in which people have been at work, for tests that change projects."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from tests.conftest import browsing, settings_for
from tests.worlds import copy_world


@pytest.fixture
def lived_site(lived: Path, tmp_path: Path) -> Iterator[TestClient]:
    """The demo with its projects and twelve quarters of results, to be changed."""
    copy_world(lived, tmp_path / "lived")
    with browsing(settings_for(tmp_path / "lived")) as opened:
        yield opened
