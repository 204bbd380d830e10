"""Three organisations with their people, and one campaign of the first with a partner."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.campaigns.actions import save_activity, save_campaign
from portal.db import Store
from portal.settings import Settings
from seed_data.anchors import BAYRAMALY
from tests.clearing import clear_campaigns, clear_materials
from tests.conftest import JSON, MOMENT, OPERATOR, browsing
from tests.network import Network, members_of

MARY = "1218667"
VILLAGE = "L-test-1"
RESULT = "Teachers want a lesson of their own"
KEY = "0123456789abcdef"

CAMPAIGN = {
    "title": "Ask before you go",
    "titles": '{"ru": "Спроси до отъезда"}',
    "summary": "Ten questions for whoever offers work abroad.",
    "starts_on": "2026-03-01",
    "ends_on": "2026-12-20",
    "state": "published",
    "regions": ["TM-M"],
    "audiences": ["labour_migrants"],
}


@dataclass
class Stage:
    """The network, the organisations by letter, and what a browser is told of the campaign."""

    network: Network
    first: str
    second: str
    third: str
    id: str = "c-stage"

    @property
    def path(self) -> str:
        return f"/en/campaigns/{self.id}"

    def shown(self, name: str | None) -> dict[str, Any]:
        """The JSON of the campaign as somebody reads it."""
        answer = self.network.as_(name).get(self.path, headers=JSON)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, name: str | None) -> str:
        answer = self.network.as_(name).get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def set(self, **changes: Any) -> None:
        """Change the campaign as an operator may."""
        with self.network.store.transaction() as db:
            save_campaign(db, OPERATOR, MOMENT, self.id, changes)

    def hold(self, activity_id: str, **changes: Any) -> str:
        """An activity of the campaign."""
        row = {"campaign_id": self.id, "kind": "seminar", "held_on": "2026-06-01"}
        row |= {"place_id": MARY, "women": 71, "men": 72, "girls": 73, "boys": 74}
        with self.network.store.transaction() as db:
            whole = {**row, "result": RESULT, "given_out": 300, **changes}
            save_activity(db, OPERATOR, MOMENT, activity_id, whole)
        return activity_id


@pytest.fixture
def browser(settings: Settings) -> Iterator[TestClient]:
    with browsing(settings) as opened:
        opened.follow_redirects = False
        yield opened


@pytest.fixture
def stage(browser: TestClient, store: Store) -> Stage:
    """`ann` and `ali` of the first, `bea` of the partner, `cem` of the third; `cora` leads."""
    network = Network(browser, store)
    first, second, third = members_of(store)[:3]
    with store.transaction() as db:
        clear_materials(db)
        clear_campaigns(db)
        db.execute("DELETE FROM organisation_services WHERE service = 'shelter'")
        db.execute("UPDATE organisations SET visibility = 'public' WHERE id = ?", [first])
        db.execute("UPDATE organisations SET visibility = 'members' WHERE id = ?", [second])
        village = dict(db.table("places").get(BAYRAMALY))
        db.table("places").insert(
            {**village, "id": VILLAGE, "name": "Small Village", "origin": "network"}
        )
        whole = {**CAMPAIGN, "organisation_id": first, "organisations": [second]}
        save_campaign(db, OPERATOR, MOMENT, "c-stage", whole)
    for name, organisation in (("ann", first), ("ali", first), ("bea", second), ("cem", third)):
        network.join(name, organisation)
    network.join("dan", third, directory_until=None)
    network.join("cora", None, "coordinator")
    return Stage(network, first, second, third)
