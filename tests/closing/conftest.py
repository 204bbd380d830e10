"""A copy of the world in which people have been at work: it has the reports."""

from pathlib import Path

import pytest

from portal.settings import Settings
from tests.conftest import settings_for
from tests.worlds import copy_world


@pytest.fixture
def settings(lived: Path, tmp_path: Path) -> Settings:
    copy_world(lived, tmp_path / "data")
    return settings_for(tmp_path / "data")
