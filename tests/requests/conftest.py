"""A member who asks, practitioners who may come, and a clock that a test sets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.clock import day_of
from portal.db import Store, column
from portal.nearby.queries import find_nearby
from portal.nearby.rules import WEEKDAYS, Wish
from portal.requests import actions
from portal.requests.rules import Wanted
from portal.settings import Settings
from tests.conftest import OPERATOR, TODAY, browsing
from tests.people import MovingClock

BAYRAMALY = "1219762"
SATURDAY = date(2026, 11, 28)
TIMEZONE = "Asia/Ashgabat"
NOTE = "The bell is broken, come to the blue side door"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


@dataclass
class Stage:
    """Who asks, who may come, and what is done with a request."""

    store: Store
    clock: MovingClock
    asker: Actor
    people: list[str]
    made: int = 0

    def wanted(self, **more: object) -> Wanted:
        self.made += 1
        asked = {
            "profession": "psychologist",
            "mode": "home",
            "region": "TM-M",
            "wished_on": SATURDAY,
            "timezone": TIMEZONE,
            "form_key": f"key-of-form-number-{self.made}",
            "accompaniment": "asker",
            "travel_cost": "asker",
            "place_id": BAYRAMALY,
            "part": "morning",
            "language": "tk",
            "age_group": "adult",
            "specialisation": "trauma",
            "note": NOTE,
        }
        return Wanted(**{**asked, **more})  # type: ignore[arg-type]

    def create(self, *people: str, **more: object) -> str:
        return self.do(actions.create, self.wanted(**more), people)

    def do(self, act: Callable, *about: object, by: Actor | None = None, **more: object):
        with self.store.transaction() as db:
            return act(db, by or self.asker, self.clock.moment, *about, **more)

    def job(self, work: Callable) -> int:
        with self.store.transaction() as db:
            return work(db, OPERATOR, self.clock.moment, day_of(self.clock.moment, TIMEZONE))

    def later(self, **time: float) -> None:
        self.clock.moment += timedelta(**time)

    def state(self, request_id: str) -> str:
        sql = "SELECT state FROM request_states WHERE request_id = :id ORDER BY id DESC LIMIT 1"
        with self.store.read() as db:
            return str(column(db, sql, id=request_id)[0])

    def one(self, sql: str, **asked: object):
        with self.store.read() as db:
            return (column(db, sql, **asked) or [None])[0]

    def holder(self, request_id: str) -> str | None:
        sql = """
            SELECT practitioner_id FROM request_offers
            WHERE request_id = :id AND offered_at IS NOT NULL AND over_at IS NULL
        """
        return self.one(sql, id=request_id)

    def as_practitioner(self, practitioner_id: str) -> Actor:
        return Actor("practitioner", f"a-of-{practitioner_id}", practitioner_id=practitioner_id)


@pytest.fixture
def stage(store: Store, clock: MovingClock) -> Stage:
    with store.transaction() as db:
        account = find_or_make_demo_account(db, "member", None, TODAY)
        row = db.table("accounts").get(account)
        asker = Actor("member", account, "Demo", row["organisation_id"], "ngo", None, True)
        place = db.table("places").get(BAYRAMALY)
        wish = Wish(
            BAYRAMALY,
            "TM",
            place["latitude"],
            place["longitude"],
            (SATURDAY,),
            profession="psychologist",
            age_group="adult",
            weekday=WEEKDAYS[SATURDAY.weekday()],
        )
        people = [each.id for each in find_nearby(db, asker, wish, TODAY).matches]
        for table in ("request_offers", "request_states", "requests", "notices"):
            db.execute("DELETE FROM " + table)
        db.execute("UPDATE practitioners SET weekly_visits = 3")
        db.execute("UPDATE listings SET weekly_visits = 3")
    return Stage(store, clock, asker, people)
