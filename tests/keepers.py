"""Around one practitioner: herself, her organisation, strangers, coordinators; and their forms."""

from collections.abc import Callable

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import find_or_make_demo_account
from portal.db import Store, column
from tests.conftest import TODAY

Sign = Callable[..., None]


@pytest.fixture
def her(store: Store) -> str:
    """The practitioner whom the demo's practitioner account is."""
    with store.transaction() as db:
        account = find_or_make_demo_account(db, "practitioner", None, TODAY)
        return str(db.table("accounts").get(account)["practitioner_id"])


@pytest.fixture
def stranger(store: Store, her: str) -> str:
    """An admitted organisation with directory access that is not hers."""
    sql = """
        SELECT o.id FROM organisations AS o
        JOIN membership_now AS m ON m.organisation_id = o.id AND m.state = 'admitted'
        WHERE o.directory_until IS NOT NULL
            AND o.id <> (SELECT organisation_id FROM practitioners WHERE id = :her)
        ORDER BY o.id LIMIT 1
    """
    with store.read() as db:
        return str(column(db, sql, her=her)[0])


@pytest.fixture
def sign_in(client: TestClient) -> Sign:
    """Sign the browser in as one of the demo's people; redirects are not followed from then on."""
    client.follow_redirects = False

    def sign(role: str, organisation: str = "") -> None:
        client.cookies.clear()
        form = {"role": role, "organisation": organisation}
        assert client.post("/demo/sign-in", data=form).status_code == 303

    return sign


def token(client: TestClient) -> str:
    """The token that a page of this session carries."""
    return client.get("/en/account").text.split('name="csrf" value="')[1].split('"')[0]


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    return page.split(f'name="{name}" value="')[1].split('"')[0]
