"""One indicator of each kind, and readers of every role."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import start_session
from portal.db import Store
from portal.settings import Settings
from tests.conftest import JSON, MOMENT, SignIn, settings_for
from tests.worlds import copy_world

OWN = "o-3vd8xw"
ROLES = ("visitor", "observer", "practitioner", "member", "coordinator", "admin")

Ask = Callable[..., Any]


@pytest.fixture
def settings(lived: Path, tmp_path: Path) -> Settings:
    """A copy of the world in which organisations have reported."""
    copy_world(lived, tmp_path / "data")
    return settings_for(tmp_path / "data")


@pytest.fixture
def as_reader(as_role: SignIn, visitor: TestClient) -> Callable[[str], TestClient]:
    """The shared browser in the hands of somebody of a role; an observer has no demo button."""

    def become(role: str) -> TestClient:
        visitor.cookies.clear()
        if role == "observer":
            row = {"id": "a-donor", "sign_in_name": "donor", "name": "Donor", "role": role}
            with visitor.app.state.site.store.transaction() as db:
                db.table("accounts").upsert(row)
                visitor.cookies.set("session", start_session(db, "a-donor", MOMENT))
        elif role != "visitor":
            as_role(role)
        return visitor

    return become


@pytest.fixture
def ask(as_reader: Callable[[str], TestClient]) -> Ask:
    """The JSON of an address below an indicator for somebody of a role, or its status."""

    def get(role: str, path: str) -> Any:
        answer = as_reader(role).get(f"/en/indicators/{path}", headers=JSON)
        return answer.json() if answer.status_code == 200 else answer.status_code

    return get


def split_versions(store: Store, code: str, starts: str, first: str) -> None:
    """Let a second version of a definition hold from a day on, and its results with it.

    The first one counted people, the second one does not.
    """
    with store.transaction() as db:
        one = dict(db.table("indicator_versions").get((code, 1)))
        two = {**one, "version": 2, "starts": starts, "counts_people": 0, "unit": "copies"}
        db.table("indicator_versions").insert({**two, "total_rule": "unique"})
        db.execute(
            "UPDATE indicator_versions SET counts_people = 1 WHERE code = ? AND version = 1", [code]
        )
        for table in ("results", "figures"):
            db.execute(
                f"UPDATE {table} SET version = 2 WHERE code = ? AND period >= ?", [code, first]
            )
