"""The stage of every test of a review."""

from collections.abc import Iterator

import pytest

from portal.db import Store
from portal.settings import Settings
from tests.conftest import browsing
from tests.people import MovingClock
from tests.reviews.stage import Stage, set_stage


@pytest.fixture
def stage(settings: Settings, store: Store) -> Iterator[Stage]:
    """One application, and the people who look at it; the clock is set by the test."""
    clock = MovingClock()
    with browsing(settings, clock) as client:
        found = set_stage(client, store, settings)
        found.clock = clock
        yield found
