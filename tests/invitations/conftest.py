"""An operator who invites, and a browser on a site whose clock a test sets."""

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.invitations.actions import Wanted, invite, invite_again
from portal.settings import Settings
from tests.conftest import OPERATOR, browsing
from tests.people import PASSWORD, MovingClock

ORGANISATION = "o-7k2m9q"
NAMED = {"name": "aylar", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


@pytest.fixture
def invited(store: Store, clock: MovingClock) -> Callable[..., str]:
    def make(name: str = "Aylar", role: str = "member", organisation: str | None = ORGANISATION):
        wanted = Wanted(name, role, organisation)
        with store.transaction() as db:
            return f"/en/join/{invite(db, OPERATOR, clock.moment, wanted)}"

    return make


@pytest.fixture
def invited_again(store: Store, clock: MovingClock) -> Callable[..., str]:
    def make(name: str = "aylar"):
        with store.transaction() as db:
            return f"/en/join/{invite_again(db, OPERATOR, clock.moment, name)}"

    return make


def key_on(page: str) -> str:
    """The phone's key as the page shows it for typing."""
    (found,) = re.findall(r'class="key">([A-Z2-7 ]+)<', page)
    return found.replace(" ", "")


@pytest.fixture
def joined(browser: TestClient, invited: Callable[..., str], clock: MovingClock) -> pyotp.TOTP:
    """A member who has just accepted; the phone."""
    link = invited()
    browser.post(link, data=NAMED)
    phone = pyotp.TOTP(key_on(browser.get(link).text))
    answer = browser.post(f"{link}/phone", data={"code": phone.at(clock.moment)})
    assert answer.status_code == 303, answer.text
    return phone
