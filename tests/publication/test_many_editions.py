"""Publishing again and again while people read; and dying, or finding the disk full, meanwhile."""

import asyncio
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from portal.db import Store
from portal.publication import datasite
from portal.publication.actions import publish
from portal.publication.datasite import DataSite
from portal.publication.generations import current_number, is_current_whole
from portal.settings import Settings
from tests.publication.conftest import AT, OPERATOR, STYLESHEET

READERS = 8
ADDRESSES = (
    "/data/",
    "/data/network/organisations",
    "/data/network/organisations.json?_shape=objects",
    "/data/network/organisations.csv",
)
MARK = re.compile(r"Edition \d+")


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new generation is noticed at once."""
    monkeypatch.setattr(datasite, "LOOK_EVERY_SECONDS", 0.0)


@pytest.mark.parametrize("times", [12, pytest.param(500, marks=pytest.mark.sweep)])
def test_eight_people_read_while_it_is_published(
    published: Store, settings: Settings, times: int
) -> None:
    """Each row of an edition bears its mark: an answer with two marks would be of two editions."""
    _publish_marked(published, settings, 0)
    published.close()
    gc.collect()
    before = (_open_files(), threading.active_count())
    seen = asyncio.run(_read_while_publishing(published, settings, times))
    gc.collect()
    assert _open_files() <= before[0]
    assert threading.active_count() <= before[1]
    assert {len(marks) for marks in seen} == {1}
    assert len(set().union(*seen)) > 2
    assert is_current_whole(settings.generations)


def _publish_marked(store: Store, settings: Settings, number: int) -> None:
    with store.transaction() as db:
        texts = {"summary": f"Edition {number}", "summaries": "{}"}
        db.execute("UPDATE organisations SET summary = :summary, summaries = :summaries", texts)
    publish(store, settings, OPERATOR, AT)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def _read_while_publishing(store: Store, settings: Settings, times: int) -> list[set[str]]:
    """The marks of each answer that has some, while an executor publishes."""
    sites = [DataSite(settings, stylesheet=STYLESHEET) for _ in range(2)]
    over = asyncio.Event()
    seen: list[set[str]] = []
    async with sites[0].lifespan(), sites[1].lifespan(), asyncio.TaskGroup() as people:
        for number in range(READERS):
            people.create_task(_read(sites[number % 2], number, over, seen))
        for number in range(times):
            await asyncio.to_thread(_publish_marked, store, settings, number + 1)
        over.set()
    store.close()
    return seen


async def _read(site: DataSite, start: int, over: asyncio.Event, seen: list[set[str]]) -> None:
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal") as client:
        number = start // 2
        while not over.is_set():
            answer = await client.get(ADDRESSES[number % len(ADDRESSES)])
            number += 1
            assert answer.status_code == 200, answer.text
            if "organisations" in answer.url.path:
                seen.append(set(MARK.findall(answer.text)))


@pytest.mark.parametrize("fate", ["full", "7", pytest.param("1", marks=pytest.mark.sweep)])
def test_whatever_ends_a_publication_the_old_generation_or_the_new_is_whole(
    published: Store, settings: Settings, ask: Callable[..., httpx.Response], fate: str
) -> None:
    assert ask("/data/network/organisations").status_code == 200
    published.close()
    told = subprocess.run(
        [sys.executable, "-m", "tests.publication.dying", fate, str(settings.data_dir)],
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PORTAL_ENV": "demo"},
    )
    assert told.returncode == 0, told.stderr.decode()
    ends = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(ends) > 5
    assert [each for each in ends if not each["whole"]] == []
    numbers = [each["current"] for each in ends]
    assert numbers == sorted(numbers)
    assert ends[-1]["finished"]
    assert ask("/data/network/organisations").status_code == 200
    again = publish(published, settings, OPERATOR, AT)
    assert again.generation == current_number(settings.generations)
    published.close()
    left = [each.name for each in settings.generations.iterdir() if each.is_dir()]
    assert [name for name in left if not name.isdecimal()] == []


def test_a_cut_newer_generation_is_never_served_and_the_next_one_is(
    published: Store, settings: Settings, ask: Callable[..., httpx.Response]
) -> None:
    assert ask("/data/").status_code == 200
    (settings.generations / "1").rename(old := settings.generations / "0")
    shutil.copytree(old, settings.generations / "1")
    good = (old / "public.db").read_bytes()
    for size in (0, 100, 4096, len(good) // 2, len(good) - 1):
        number = (current_number(settings.generations) or 0) + 1
        cut = settings.generations / str(number)
        shutil.copytree(old, cut)
        (cut / "public.db").write_bytes(good[:size])
        (settings.generations / "current").write_text(str(number))
        assert ask("/data/network/organisations.json").status_code == 200, size
    _publish_marked(published, settings, 7)
    assert "Edition 7" in ask("/data/network/organisations").text
    published.close()
