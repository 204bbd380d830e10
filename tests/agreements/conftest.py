"""Three organisations with a person each, and a coordinator."""

from collections.abc import Iterator

import pytest

from portal.db import Store
from portal.settings import Settings
from tests.conftest import browsing
from tests.network import Network, members_of
from tests.people import MovingClock


@pytest.fixture
def network(settings: Settings, store: Store) -> Iterator[Network]:
    clock = MovingClock()
    with browsing(settings, clock) as client:
        made = Network(client, store, clock)
        first, second, third = members_of(store)[:3]
        made.join("ogul", first)
        made.join("bahar", second)
        made.join("kerim", third)
        made.join("nurana", second, "coordinator")
        yield made
