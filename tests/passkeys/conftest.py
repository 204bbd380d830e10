"""Somebody with a browser, a password, and an authenticator at hand."""

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.authenticator import Authenticator
from tests.conftest import JSON, browsing
from tests.people import MovingClock, Person, make_person

ORIGIN = "http://localhost:8000"
LIST, NEW = "/en/account/passkeys", "/en/account/passkeys/new"
OPEN, CHALLENGE = "/en/sign-in/passkey", "/en/sign-in/passkey/challenge"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def person(store: Store, settings: Settings) -> Person:
    return make_person(store, settings, role="admin")


@pytest.fixture
def browser(settings: Settings, clock: MovingClock) -> Iterator[TestClient]:
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened


@pytest.fixture
def phone(browser: TestClient, person: Person, clock: MovingClock) -> Authenticator:
    """The person's authenticator, whose passkey is known; the browser is signed out."""
    made = Authenticator(ORIGIN)
    assert sign_in(browser, person, clock).status_code == 303
    assert add(browser, made).status_code == 303
    assert browser.post("/en/sign-out", data={"csrf": csrf_of(browser)}).status_code == 303
    clock.moment += timedelta(minutes=1)
    return made


def sign_in(browser: TestClient, person: Person, clock: MovingClock):
    form = {"name": person.name, "password": person.password, "code": person.code(clock.moment)}
    return browser.post("/en/sign-in", data=form)


def begin(browser: TestClient, **proof: str) -> tuple[str, dict[str, Any]]:
    """The ticket and the options of the page on which a passkey is made."""
    page = browser.post(NEW, data={"csrf": csrf_of(browser), **proof})
    assert page.status_code == 200, page.text
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.text)
    options = re.search(r'data-options="([^"]+)"', page.text)
    assert ticket
    assert options
    return ticket[1], json.loads(html.unescape(options[1]))


def add(browser: TestClient, made: Authenticator):
    ticket, options = begin(browser)
    return send_made(browser, ticket, made.make(options))


def send_made(browser: TestClient, ticket: str, answer: object):
    form = {"csrf": csrf_of(browser), "ticket": ticket, "answer": json.dumps(answer)}
    return browser.post(LIST, data=form)


def challenge(browser: TestClient) -> tuple[str, dict[str, Any]]:
    """The ticket and the options that the script of the sign-in page is told."""
    told = browser.post(CHALLENGE, headers=JSON).json()
    return told["ticket"], told["options"]


def send(browser: TestClient, ticket: str, answer: object, **more: str):
    return browser.post(OPEN, data={"ticket": ticket, "answer": json.dumps(answer), **more})


def come_in(browser: TestClient, made: Authenticator, **more: str):
    """The whole way in with a passkey."""
    ticket, options = challenge(browser)
    return send(browser, ticket, made.sign(options), **more)
