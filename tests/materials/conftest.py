"""The stage on which materials are made."""

from pathlib import Path

import pytest

from portal.db import Store
from portal.settings import Settings
from tests.materials.stage import Stage


@pytest.fixture
def stage(store: Store, settings: Settings, tmp_path: Path) -> Stage:
    """Somebody to make materials on the site of `client`."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    return Stage(store, settings, folder)
