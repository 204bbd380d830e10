"""People of three organisations, a coordinator, and an event that the first one keeps."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from portal.db import Store
from portal.settings import Settings
from tests.conftest import browsing
from tests.network import Network, members_of
from tests.people import MovingClock

COMING = {
    "title": "Training on safe referral",
    "title_ru": "Тренинг о безопасном перенаправлении",
    "kind": "training",
    "first_day": "2026-12-10",
    "last_day": "2026-12-11",
    "place": "1218667",
    "summary": "Who calls whom.",
}


@pytest.fixture
def network(settings: Settings, store: Store) -> Iterator[Network]:
    clock = MovingClock()
    with browsing(settings, clock) as client:
        made = Network(client, store, clock)
        first, second, third = members_of(store)[:3]
        seen = {"seen_on": clock.moment.date().isoformat()}
        made.join("ogul", first, **seen)
        made.join("jeren", first, **seen)
        made.join("bahar", second, **seen)
        made.join("nurana", third, "coordinator", **seen)
        made.join("helper", None, "practitioner", **seen)
        yield made


def new_event(network: Network, name: str = "ogul", **changes: Any) -> str:
    """An event as somebody writes it; its id."""
    answer = network.post(name, "/en/events/new", {**COMING, **changes})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].split("/")[-2])


def past_training(network: Network, **changes: Any) -> str:
    """A training of two weeks ago."""
    day = (network.clock.moment.date() - timedelta(days=14)).isoformat()
    return new_event(network, first_day=day, last_day=day, **changes)


def put_open(network: Network, event_id: str) -> None:
    """Two people open it: a member of its organiser asks, one of another organisation agrees."""
    answer = network.post("ogul", f"/en/events/{event_id}/organise", {"act": "open"})
    assert answer.status_code == 303, answer.text
    sql = "SELECT id FROM approvals WHERE kind = 'publish_event' AND subject_id = :id"
    (item,) = network.ask(sql + " AND verdict IS NULL", id=event_id)
    agreed = network.post("bahar", f"/en/approvals/{item}", {"verdict": "approved"})
    assert agreed.status_code == 303, agreed.text


def today(network: Network) -> date:
    """The day of the site's clock."""
    return network.clock.moment.date()
