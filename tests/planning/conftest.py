"""The demo's plans on a site that a test may change, with a browser of each role."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient

from portal.accounts.actions import start_session
from portal.db import Store
from tests.conftest import JSON, MOMENT, browsing, settings_for
from tests.worlds import copy_world


@dataclass
class Keepers:
    """One browser that is somebody else whenever it is asked to be."""

    client: TestClient
    store: Store
    tokens: dict[str, str] = field(default_factory=dict)

    def be(self, role: str) -> None:
        """A person of the demo of this role; observers have no button there."""
        self.client.cookies.clear()
        if role == "visitor":
            return
        if role == "observer":
            row = {"id": "a-watcher", "sign_in_name": "watcher", "name": "Watcher", "role": role}
            with self.store.transaction() as db:
                db.table("accounts").upsert(row)
                self.client.cookies.set("session", start_session(db, "a-watcher", MOMENT))
        else:
            self.client.post("/demo/sign-in", data={"role": role}, follow_redirects=False)
        page = self.client.get("/en/sign-in").text
        self.tokens[role] = page.split('name="csrf" value="')[1].split('"')[0]

    def get(self, role: str, path: str, **headers: str) -> Response:
        self.be(role)
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, role: str, path: str, **sent: Any) -> Response:
        """Send a form as a page of this person's would."""
        self.be(role)
        form = {"csrf": self.tokens.get(role, ""), **sent}
        return self.client.post(path, data=form, follow_redirects=False)

    def plan(self, role: str = "coordinator", country: str = "TM") -> dict[str, Any]:
        """The JSON of a country's plan, as somebody reads it."""
        self.be(role)
        listed = self.client.get(f"/en/plans?country={country}", headers=JSON).json()["results"]
        (one,) = [each for each in listed if "(demo" in each["title"]]
        answer = self.client.get(f"/en/plans/{one['id']}", headers=JSON)
        return dict(answer.json())

    def rows(self, sql: str, *values: str) -> list[dict[str, Any]]:
        with self.store.read() as db:
            return list(db.query(sql, values))

    def lines(self) -> int:
        """How many lines the audit has of plans."""
        sql = "SELECT count(*) AS n FROM audit WHERE entity IN ('plans', 'plan_actions')"
        return int(self.rows(sql)[0]["n"])


@pytest.fixture
def keepers(lived, tmp_path) -> Iterator[Keepers]:  # type: ignore[no-untyped-def]
    copy_world(lived, tmp_path / "data")
    settings = settings_for(tmp_path / "data")
    store = Store(settings.database)
    with browsing(settings) as client:
        yield Keepers(client, store)
    store.close()


def action_of(plan: dict[str, Any], code: str) -> dict[str, Any]:
    """The action of a number."""
    (found,) = [each for each in plan["progress"] if each["code"] == code]
    return dict(found)
