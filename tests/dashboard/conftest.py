"""Indicators of our own beside those of the demo, with figures as they would have been counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from sqlite_utils import Database

from portal.accounts.actions import start_session
from portal.indicators.actions import define, set_target
from portal.indicators.queries import Aim, Definition
from portal.settings import Settings
from tests.conftest import JSON, MOMENT, OPERATOR, settings_for
from tests.defined import defined_as
from tests.worlds import copy_world

OURS = defined_as(
    code="ours",
    source="counted",
    counter="ours",
    unit="days",
    counts_people=False,
    dimensions=["region"],
    titles={"en": "Ours", "tg": "Аз мо"},
    descriptions={"en": "One of our own."},
    verification={},
)


@pytest.fixture
def settings(lived: Path, tmp_path: Path) -> Settings:
    """A copy of the world in which twelve quarters were reported."""
    folder = tmp_path / "data"
    copy_world(lived, folder)
    return settings_for(folder)


def defined(db: Database, code: str, aim: Aim | None = None, **changes: Any) -> Definition:
    """An indicator like ours, and what it should reach."""
    definition = msgspec.structs.replace(OURS, code=code, titles={"en": code}, **changes)
    define(db, OPERATOR, MOMENT, definition)
    if aim is not None:
        set_target(db, OPERATOR, MOMENT, msgspec.structs.replace(aim, code=code))
    return definition


def figure(db: Database, code: str, period: str, number: float | None, **more: Any) -> None:
    """A whole, as it is kept when it was counted."""
    row = {"code": code, "version": 1, "period": period, "numerator": number, "denominator": None}
    row |= dict.fromkeys(("organisation_id", "region", "sex", "age_group", "form"), "")
    db.table("figures").insert({**row, "reported": 1, "expected": 1, **more})


def tiles(client: TestClient, path: str = "/en/indicators") -> dict[str, dict[str, Any]]:
    """The register as scripts read it, by code."""
    answer = client.get(path, headers=JSON)
    assert answer.status_code == 200, answer.text
    return {each["code"]: each for each in answer.json()["results"]}


@contextmanager
def watching(client: TestClient) -> Iterator[TestClient]:
    """Be an observer for a while."""
    row = {"id": "a-watcher", "sign_in_name": "watcher", "name": "Watcher", "role": "observer"}
    client.cookies.clear()
    with client.app.state.site.store.transaction() as db:
        db.table("accounts").upsert(row)
        client.cookies.set("session", start_session(db, "a-watcher", MOMENT))
    yield client
    client.cookies.clear()
