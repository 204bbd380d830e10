"""People of three organisations on a site whose clock a test sets."""

from collections.abc import Callable, Iterator
from datetime import date

import msgspec
import pytest
from litestar.testing import TestClient

from portal.accounts.actions import start_session
from portal.actor import Actor
from portal.db import Store, column
from portal.settings import Settings
from tests.conftest import TODAY, browsing
from tests.people import MovingClock

Signed = Callable[[str], TestClient]


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


@pytest.fixture
def organisations(store: Store) -> list[str]:
    """Three member organisations; what the demo had waiting, and its accounts, are gone."""
    with store.transaction() as db:
        for table in ("approval_voices", "approvals", "wanted_invitations", "accounts"):
            db.execute(f"DELETE FROM {table}")
        sql = """
            SELECT organisation_id FROM membership_now AS m
            JOIN organisations AS o ON o.id = m.organisation_id
            WHERE m.state = 'admitted' AND o.kind = 'ngo' ORDER BY organisation_id LIMIT 3
        """
        return column(db, sql)


@pytest.fixture
def make(store: Store) -> Callable[..., Actor]:
    """Somebody with an account who was here today."""

    def make_account(
        name: str,
        role: str,
        organisation: str | None = None,
        seen: date | None = TODAY,
        **more: str | None,
    ) -> Actor:
        row = {"id": f"a-{name}", "sign_in_name": name, "name": name.title(), "role": role}
        row |= {"organisation_id": organisation, "seen_on": seen and seen.isoformat(), **more}
        with store.transaction() as db:
            db.table("accounts").insert(row)
        fields = {"name": row["name"], "practitioner_id": row.get("practitioner_id")}
        return Actor(role=role, account_id=row["id"], organisation_id=organisation, **fields)

    return make_account


@pytest.fixture
def signed(browser: TestClient, store: Store, clock: MovingClock) -> Signed:
    """The browser, signed in as an account; `X-CSRF-Token` is set."""

    def sign_in(account_id: str) -> TestClient:
        with store.transaction() as db:
            token = start_session(db, account_id, clock.moment)
        browser.cookies.clear()
        browser.cookies.set("session", token)
        page = browser.get("/en/work").text
        browser.headers["X-CSRF-Token"] = page.split('name="csrf" value="')[1].split('"')[0]
        return browser

    return sign_in


class SignedActor(Actor, frozen=True):
    """An actor whose session says by what it was opened."""

    signed_by: str = ""


def signed_with(actor: Actor, by: str) -> SignedActor:
    """The same person with a session opened by a passkey, a password, …"""
    return SignedActor(**{**msgspec.structs.asdict(actor), "signed_by": by})
