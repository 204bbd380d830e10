"""Security 1 to 8, where no test of a room says it: over every route that the site answers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.db import Store, column
from portal.settings import Settings
from portal.transfer.seed import seed_life
from tests.architecture.test_routes import csrf_of, routes_of
from tests.conftest import JSON, MOMENT, OPERATOR

# by these an account, a practitioner or an organisation becomes more than it is
POWERS = (
    "SELECT id, role, organisation_id, practitioner_id, directory_until, acting_until FROM accounts"
    " WHERE id NOT LIKE 'demo-%' OR id IN ('demo-member', 'demo-practitioner')",
    "SELECT id, organisation_id FROM practitioners",
    "SELECT id, kind, visibility, directory_until FROM organisations",
    "SELECT organisation_id, state, by FROM membership_states",
    "SELECT practitioner_id, state, by FROM agreement_states",
    "SELECT id, verdict FROM approvals",
    "SELECT approval_id, by FROM approval_voices",
)
SMUGGLED = {
    "role": "admin",
    "status": "agreed",
    "state": "agreed",
    "organisation": "o-7k2m9q",
    "organisation_id": "o-7k2m9q",
    "approved_by": "demo-coordinator",
    "directory_until": "2099-01-01",
    "verdict_by": "demo-coordinator",
}


def powers(store: Store) -> list[Any]:
    with store.read() as db:
        return [sorted(map(str, db.execute(sql).fetchall())) for sql in POWERS]


def post_paths(client: TestClient) -> Iterator[str]:
    """Every address that takes a POST, an id that exists in place of each parameter it can have."""
    member = client.get("/en/nearby?place=1219762&profession=psychologist", headers=JSON).json()
    found = member.get("results") or [{"id": "nobody"}]
    known = {
        "lang": "en",
        "practitioner_id": found[0]["id"],
        "organisation_id": "o-7k2m9q",
        "account_id": "demo-practitioner",
    }
    for method, path in sorted(routes_of(client)):
        if method == "POST" and path != "/demo/sign-in" and not path.endswith("/sign-out"):
            yield re.sub(r"\{(\w+):str\}", lambda m: known.get(m.group(1), "nothing"), path)


@pytest.mark.parametrize("role", ["member", "practitioner"])
def test_04_nobody_becomes_more_by_what_they_post(
    client: TestClient, store: Store, role: str
) -> None:
    assert client.post("/demo/sign-in", data={"role": role}).status_code == 200
    token, before = csrf_of(client), powers(store)
    paths = list(post_paths(client))
    assert len(paths) > 15
    for path in paths:
        for more in ({}, {"verdict": "approved"}, {"act": "grant"}, {"act": "unlock"}):
            form = {**SMUGGLED, **more, "csrf": token}
            answer = client.post(path, data=form, follow_redirects=False)
            assert answer.status_code < 500, path
            assert powers(store) == before, path
            query = client.post(f"{path}?role=admin&organisation=o-7k2m9q", data={"csrf": token})
            assert query.status_code < 500, path
            assert powers(store) == before, path


def test_03_another_organisations_ids_open_nothing(
    client: TestClient, store: Store, settings: Settings
) -> None:
    seed_life(store, settings, OPERATOR, MOMENT)
    with store.read() as db:
        sql = """
            SELECT p.id FROM practitioners AS p LEFT JOIN listings AS l ON l.practitioner_id = p.id
            WHERE l.id IS NULL AND p.organisation_id <>
                (SELECT organisation_id FROM accounts WHERE id = 'demo-member') LIMIT 3
        """
        hidden = column(db, sql)
        # what is to be published is any member's to agree to
        approvals = column(db, "SELECT id FROM approvals WHERE kind NOT LIKE 'publish%'")
        others = " WHERE organisation_id <> (SELECT organisation_id FROM accounts WHERE id = :me)"
        requests = column(db, "SELECT id FROM requests" + others, me="demo-member")
        tickets = column(db, "SELECT id FROM tickets")
    client.post("/demo/sign-in", data={"role": "member"})
    assert len(hidden) == 3
    assert approvals
    assert tickets
    for practitioner in hidden:
        for headers in ({}, JSON):
            answer = client.get(f"/en/practitioners/{practitioner}", headers=headers)
            assert answer.status_code == 404
        found = client.get(f"/en/practitioners?id={practitioner}", headers=JSON)
        assert found.status_code == 422
    for approval in approvals:
        assert client.get(f"/en/approvals/{approval}").status_code == 404
    for request in requests:
        assert client.get(f"/en/requests/{request}").status_code == 404
    listed = {each["id"] for each in client.get("/en/tickets", headers=JSON).json()["results"]}
    for ticket in tickets:
        seen = client.get(f"/en/tickets/{ticket}").status_code
        assert seen == (200 if ticket in listed else 404)
    for page in ("edit", "versions", "changes", "week", "telephone", "consent"):
        for practitioner in hidden:
            assert client.get(f"/en/practitioners/{practitioner}/{page}").status_code == 404
    # the organisation of a session is not one that is sent along
    told = client.get("/en/nearby?place=1219762&organisation=o-7k2m9q", headers=JSON)
    assert told.status_code == 422


def test_08_no_small_number_reaches_the_public(visitor: TestClient) -> None:
    rows = visitor.get("/data/network/home_visits.json?_shape=array&_size=max").json()
    assert rows
    for row in rows:
        for name, value in row.items():
            if isinstance(value, int) and name not in ("rowid", "id", "year"):
                assert value >= 10 or value == 0, name
