"""The data site follows the generations: swaps, and goes on when one is missing or damaged."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.actor import Actor
from portal.db import Store
from portal.publication import datasite
from portal.publication.datasite import DataSite
from portal.releasing.actions import release_and_publish
from portal.settings import Settings

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

Ask = Callable[..., httpx.Response]


pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new generation is noticed at once."""
    monkeypatch.setattr(datasite, "LOOK_EVERY_SECONDS", 0.0)


def current_file(settings: Settings) -> Path:
    number = (settings.generations / "current").read_text().strip()
    return settings.generations / number / "public.db"


def test_a_new_generation_is_served_by_the_same_process(
    ask: Ask, published: Store, settings: Settings
) -> None:
    before = ask("/data/network/organisations")
    with published.transaction() as db:
        db.table("organisations").update("o-two", {"visibility": "members"})
    release_and_publish(published, settings, OPERATOR, AT)
    after = ask("/data/network/organisations")
    assert "Mähriban" in before.text
    assert "Mähriban" not in after.text
    assert before.headers["etag"] != after.headers["etag"]


def test_the_old_generation_is_closed_after_the_swap(
    ask: Ask, data_site: DataSite, published: Store, settings: Settings
) -> None:
    ask("/data/")
    old: Any = data_site._served
    release_and_publish(published, settings, OPERATOR, AT)
    ask("/data/")
    assert data_site._served is not old
    with pytest.raises(RuntimeError):
        old.server.executor.submit(print)


def test_without_a_public_database_it_says_so_and_recovers(ask: Ask, settings: Settings) -> None:
    assert ask("/data/").status_code == 200
    away = settings.generations.with_name("away")
    settings.generations.rename(away)
    missing = ask("/data/")
    assert missing.status_code == 503
    assert "cannot be shown at the moment" in missing.text
    assert ask("/data/network.json").json()["error"]["code"] == "unavailable"
    away.rename(settings.generations)
    assert ask("/data/").status_code == 200


@pytest.mark.parametrize("damage", ["cut", "garbage", "flipped", "other"])
def test_a_damaged_public_database_is_not_served(ask: Ask, settings: Settings, damage: str) -> None:
    path = current_file(settings)
    good = path.read_bytes()
    assert ask("/data/").status_code == 200
    if damage == "other":
        path.unlink()
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE t (x)")
        path.with_name("public.db.sha256").unlink()
    else:
        path.write_bytes(spoilt(good, damage))
    bump(path)
    assert ask("/data/").status_code == 503
    path.write_bytes(good)
    bump(path)
    assert ask("/data/").status_code == 200


def spoilt(good: bytes, damage: str) -> bytes:
    if damage == "cut":
        return good[:5000]
    if damage == "garbage":
        return b"not a database" * 1000
    place = good.index("Mähriban".encode())
    return good[:place] + b"W" + good[place + 1 :]


def bump(path: Path) -> None:
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 10**9))


def test_a_damaged_newer_generation_leaves_the_older_in_service(
    ask: Ask, settings: Settings
) -> None:
    assert ask("/data/").status_code == 200
    shutil.copytree(settings.generations / "1", settings.generations / "2")
    (settings.generations / "2" / "public.db").write_bytes(b"half of it")
    (settings.generations / "current").write_text("2")
    assert ask("/data/").status_code == 200
    assert ask("/data/network/organisations.json").status_code == 200


def test_a_pointer_that_says_nothing_is_no_publication(ask: Ask, settings: Settings) -> None:
    (settings.generations / "current").write_text("nothing")
    assert ask("/data/").status_code == 503
