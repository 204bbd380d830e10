"""A psychologist who may be called, and the people who want to."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.contacts.actions import look
from portal.contacts.forms import Wanted
from portal.db import Store, column
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, MOMENT, TODAY, browsing
from tests.people import MovingClock

PHONE = "+993 00 7788"
EMAIL = "only-here@example.org"
SAY = "Say that you call about the seminar"
DUTY = "+993 00 1122"
ZONE = "Asia/Ashgabat"


class Desk:
    """One site, one browser, and a practitioner whose policy a test sets."""

    def __init__(self, client: TestClient, store: Store, clock: MovingClock) -> None:
        self.client, self.store, self.clock = client, store, clock
        self.sign_in("member")
        self.own = self.ask("SELECT organisation_id FROM accounts WHERE id = 'demo-member'")[0]
        sql = (
            "SELECT practitioner_id FROM listings WHERE organisation_id <> :own"
            " AND confirmed_on > '2026-09-01' AND practitioner_id NOT IN"
            " (SELECT practitioner_id FROM consent_exclusions UNION"
            "  SELECT practitioner_id FROM contact_looks) ORDER BY practitioner_id"
        )
        self.listed = self.ask(sql, own=self.own)
        self.her = self.listed[0]
        self.set_way()

    def ask(self, sql: str, **parameters: object) -> list[Any]:
        with self.store.read() as db:
            return column(db, sql, **parameters)

    def change(self, sql: str, **parameters: object) -> None:
        with self.store.transaction() as db:
            db.execute(sql, parameters)

    def set_way(self, policy: str | None = "direct", hours: str = "", shared: int = 0) -> None:
        with self.store.transaction() as db:
            way = {"contact_policy": policy, "contact_hours": hours, "phone_shared": shared}
            db.table("practitioners").update(self.her, way)
            contact = {"phone": PHONE, "email": EMAIL, "say_when_calling": SAY}
            row = {"practitioner_id": self.her, **contact}
            db.table("practitioner_contacts").upsert(row, pk="practitioner_id")
            db.execute(
                "UPDATE organisations SET duty_phone = ? WHERE id ="
                " (SELECT organisation_id FROM practitioners WHERE id = ?)",
                [DUTY, self.her],
            )

    def sign_in(self, role: str, organisation: str = "") -> None:
        self.client.cookies.clear()
        form = {"role": role, "organisation": organisation}
        assert self.client.post("/demo/sign-in", data=form).status_code == 303

    @property
    def address(self) -> str:
        return f"/en/practitioners/{self.her}/contact"

    def post(self, purpose: str = "consultation", her: str = "", **more: str):
        form = {"csrf": csrf_of(self.client), "purpose": purpose, **more}
        return self.client.post(f"/en/practitioners/{her or self.her}/contact", data=form)

    def post_json(self, purpose: str = "consultation") -> dict[str, Any]:
        headers = {**JSON, "X-CSRF-Token": csrf_of(self.client)}
        answer = self.client.post(self.address, data={"purpose": purpose}, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def looks(self) -> int:
        return self.ask("SELECT count(*) FROM contact_looks WHERE day >= :day", day=str(TODAY))[0]

    def look(self, by: Actor, her: str = "", after: timedelta = timedelta(), key: str = ""):
        with self.store.transaction() as db:
            wanted = Wanted("consultation", key or None)
            return look(db, by, MOMENT + after, ZONE, her or self.her, wanted)

    def actor(self, account_id: str) -> Actor:
        sql = "SELECT role || ' ' || coalesce(organisation_id, '') FROM accounts WHERE id = :id"
        role, organisation = self.ask(sql, id=account_id)[0].split(" ")
        return Actor(
            role=role,
            account_id=account_id,
            organisation_id=organisation or None,
            directory_access=True,
        )

    def others(self) -> list[str]:
        """Admitted organisations whose people may use the directory, but for our own and hers."""
        sql = (
            "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
            " ON m.organisation_id = o.id WHERE m.state = 'admitted' AND o.id <> :own"
            " AND o.directory_until > '2026-11-23' ORDER BY o.id"
        )
        return self.ask(sql, own=self.own)

    def wait(self, **how: float) -> None:
        self.clock.moment += timedelta(**how)


@pytest.fixture
def desk(settings: Settings, store: Store) -> Iterator[Desk]:
    clock = MovingClock()
    with browsing(settings, clock) as client:
        client.follow_redirects = False
        yield Desk(client, store, clock)
