"""The real site in a process of its own, over a world built for today."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.campaigns.actions import save_activity, save_campaign
from portal.clock import day_of
from portal.db import Store
from portal.indexes.actions import find_positions, rebuild, retire
from portal.releasing.actions import release_and_publish
from portal.schemas import MIGRATIONS
from portal.transfer.seed import seed_demo, seed_facts, seed_life
from search.embedded import EmbeddedEngine
from seed_data.anchors import BAYRAMALY
from tests.conftest import OPERATOR, settings_for

ROOT = Path(__file__).parents[2]
HOTLINE = "TM=+993 00 0000;TJ=+992 000 0000"
SECONDS_TO_START = 30


def build_world(folder: Path) -> None:
    """The whole demo, as of now: the site's clock is the real one, so nothing in it is stale."""
    at = datetime.now(UTC)
    settings = settings_for(folder)
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    seed_facts(store, settings, OPERATOR, at)
    seed_demo(store, settings, OPERATOR, at)
    seed_life(store, settings, OPERATOR, at)
    with store.transaction() as db:
        _add_campaign(db, at)
    store.close()
    index_and_publish(folder)


def _add_campaign(db: Database, at: datetime) -> None:
    """A published campaign of the demo member's organisation, with an activity that is over."""
    account = find_or_make_demo_account(db, "member", None, at.date())
    own = db.table("accounts").get(account)["organisation_id"]
    row = {"title": "Ask before you go", "organisation_id": own, "starts_on": "2026-01-02"}
    whole = {**row, "state": "published", "regions": ["TM-M"], "audiences": ["youth"]}
    save_campaign(db, OPERATOR, at, "c-example", whole)
    held = {"campaign_id": "c-example", "kind": "seminar", "held_on": "2026-02-03"}
    people = {"place_id": BAYRAMALY, "women": 12, "men": 9, "girls": 0, "boys": 0}
    save_activity(db, OPERATOR, at, "ca-example", {**held, **people})


def index_and_publish(folder: Path) -> None:
    """Bring the search indexes and the public file up to what the database says."""
    at = datetime.now(UTC)
    settings = settings_for(folder)
    store = Store(settings.database)
    engine = EmbeddedEngine(settings.search_folder)
    rebuild(store, engine, day_of(at, settings.timezone))
    retire(store, [find_positions(store, engine)])
    engine.close()
    release_and_publish(store, settings, OPERATOR, at)
    store.close()


@contextmanager
def serving(folder: Path, host: str = "127.0.0.1") -> Iterator[str]:
    """The address of the site over this data directory, until the block ends."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_ENV": "demo",
        "PORTAL_HOTLINE": HOTLINE,
        "PORTAL_BASE_URL": f"http://{host}:{port}",
    }
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            address = f"http://{host}:{port}"
            _wait_until_well(address, process, Path(log.name))
            yield address
        finally:
            _end(process)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_well(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        with suppress(URLError, ConnectionError), urlopen(f"{address}/healthz") as answer:  # noqa: S310
            said = json.load(answer)
            assert said["status"] == "ok", said
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def _end(process: subprocess.Popen) -> None:
    """End the process and its workers: it leads a group of its own, and only that is signalled."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
