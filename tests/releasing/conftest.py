"""Two coordinators of different organisations, and a clock that does its work when told."""

from collections.abc import Callable, Iterator

import pytest

from portal.db import Store
from portal.releasing.acts import bring_forward
from portal.settings import Settings
from tests.conftest import OPERATOR, TODAY, browsing
from tests.network import Network, members_of
from tests.people import MovingClock

Work = Callable[[], int]


@pytest.fixture
def stage(settings: Settings, store: Store) -> Iterator[Network]:
    """Ana and Asa are of one organisation, Beg of another; Mira is a member."""
    with browsing(settings, clock := MovingClock()) as client:
        network = Network(client, store, clock)
        first, second, *_ = members_of(store)
        today = TODAY.isoformat()
        network.join("ana", first, "coordinator", seen_on=today)
        network.join("asa", first, "coordinator", seen_on=today)
        network.join("beg", second, "coordinator", seen_on=today)
        network.join("mira", second, "member", seen_on=today)
        yield network


@pytest.fixture
def work(settings: Settings, store: Store, stage: Network) -> Work:
    """One round of the clocked work."""
    return lambda: bring_forward(store, settings, OPERATOR, stage.clock.moment)
