"""People with addresses and without, and a day whose hours a test chooses."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from portal.db import Store, column
from portal.digests.actions import Sent, send_due
from portal.notices.actions import notify
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR
from tests.people import Person, make_person
from tests.postbox import Postbox, opened_postbox

MIDNIGHT = MOMENT - timedelta(hours=10)  # MOMENT is 10:00 in Ashgabat


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    """A moment of the network's own clock on the Monday of all tests, or days after it."""
    return MIDNIGHT + timedelta(days=day, hours=hour, minutes=minute)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with opened_postbox() as box:
        yield box


@pytest.fixture
def aylar(store: Store, settings: Settings) -> Person:
    """A member with an address."""
    with store.transaction() as db:
        db.execute("DELETE FROM notices")
    return make_person(store, settings, "aylar", email="aylar@ngo.example")


Tell = Callable[..., None]


@pytest.fixture
def tell(store: Store) -> Tell:
    """Queue a notice, to Aylar unless somebody else is named."""

    def queue(kind: str = "consent_asked", entity: str = "x-1", **to: str) -> None:
        with store.transaction() as db:
            notify(db, MOMENT, kind, entity, **(to or {"account_id": "a-aylar"}))

    return queue


@pytest.fixture
def send(store: Store, settings: Settings) -> Callable[[datetime], Sent]:
    return lambda moment: send_due(store, settings, OPERATOR, moment)


@pytest.fixture
def letters(settings: Settings) -> Callable[[], list[EmailMessage]]:
    """What was kept in the outbox so far."""
    return lambda: [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted(settings.outbox.glob("*.eml"))
    ]


def waiting(store: Store) -> int:
    with store.read() as db:
        return column(db, "SELECT count(*) FROM notices WHERE sent_at IS NULL")[0]


@pytest.fixture
def somebody(store: Store) -> str:
    """A listed practitioner without an account, with an address among her contacts."""
    with store.transaction() as db:
        found = column(
            db,
            "SELECT c.practitioner_id FROM practitioner_contacts AS c"
            " JOIN listings AS l ON l.practitioner_id = c.practitioner_id ORDER BY 1 LIMIT 1",
        )[0]
        row = {"practitioner_id": found, "email": "maral@clinic.example"}
        db.table("practitioner_contacts").upsert(row, pk="practitioner_id")
        db.execute("DELETE FROM notices")
    return str(found)
