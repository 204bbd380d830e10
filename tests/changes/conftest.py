"""Three people around one listed practitioner: herself, her organisation, a coordinator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.changes.forms import Wish
from portal.db import Store, column
from portal.practitioners.queries import find_record
from portal.settings import Settings
from tests.conftest import TODAY, browsing
from tests.people import MovingClock


@dataclass
class Cast:
    """Who may change her details, and who may not."""

    her: str
    organisation: str
    herself: Actor
    member: Actor
    coordinator: Actor
    stranger: Actor = field(default_factory=Actor)


def actor(account_id: str, role: Any, organisation: str | None, her: str | None = None) -> Actor:
    return Actor(
        role=role,
        account_id=account_id,
        organisation_id=organisation,
        organisation_kind="ngo",
        practitioner_id=her,
        directory_access=True,
    )


@pytest.fixture
def cast(store: Store) -> Cast:
    """The demo's practitioner and accounts for those around her."""
    with store.transaction() as db:
        for role in ("practitioner", "member", "coordinator"):
            find_or_make_demo_account(db, role, None, TODAY)
        row = db.table("accounts").get("demo-practitioner")
        her, organisation = row["practitioner_id"], row["organisation_id"]
        other = column(
            db,
            "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
            " ON m.organisation_id = o.id WHERE m.state = 'admitted' AND o.id <> :own"
            " AND o.directory_until IS NOT NULL LIMIT 1",
            own=organisation,
        )[0]
        # what a test of rules begins from
        db.execute(
            "UPDATE practitioners SET travel_km = 40, contact_policy = 'after_accept',"
            " contact_hours = '09:00-17:00', phone_shared = 0, visits_with = 'alone',"
            " closed_from = NULL, closed_to = NULL,"
            """ languages = '["tk","ru"]', specialisations = '["crisis","trauma"]',"""
            """ age_groups = '["adult"]', modes = '["home","phone"]' WHERE id = ?""",
            [her],
        )
        db.table("practitioner_contacts").upsert(
            {"practitioner_id": her, "phone": "+993 61 234517", "email": "maral-7x@example.org"},
            pk="practitioner_id",
        )
        # nothing waits or happened yet, whatever the demo holds
        for table in ("practitioner_changes_apart", "change_states", "practitioner_changes"):
            db.table(table).delete_where("practitioner_id = ?", [her])
    return Cast(
        her=her,
        organisation=organisation,
        herself=actor("demo-practitioner", "practitioner", organisation, her),
        member=actor("demo-member", "member", organisation),
        coordinator=actor("demo-coordinator", "coordinator", None),
        stranger=actor(f"demo-member-{other}", "member", other),
    )


@pytest.fixture
def record(store: Store, cast: Cast) -> Callable[[], dict[str, Any]]:
    """Her details as they are now."""

    def read() -> dict[str, Any]:
        with store.read() as db:
            return dict(find_record(db, cast.her) or {})

    return read


@pytest.fixture
def wish(store: Store, cast: Cast) -> Callable[..., Wish]:
    """What somebody wants, made from what is there now."""

    def make(base: int | None = None, seen: int = 10_000, **values: Any) -> Wish:
        with store.read() as db:
            now = column(db, "SELECT version FROM practitioners WHERE id = :id", id=cast.her)[0]
        return Wish(values, now if base is None else base, seen)

    return make


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def browser(settings: Settings, clock: MovingClock, cast: Cast) -> Iterator[TestClient]:
    """A browser on a site whose clock a test sets."""
    with browsing(settings, clock) as opened:
        opened.follow_redirects = False
        yield opened
