"""How long the gallery of 5,000 materials takes beside the list of events: `python -m` this.

Absolute times differ from machine to machine; what is held is the ratio, measured in one run.
"""

import gzip
import statistics
import tempfile
import time
from pathlib import Path

from litestar.testing import TestClient

from portal.app import create_app
from portal.db import Store
from portal.indexes.actions import rebuild
from portal.schemas import MIGRATIONS
from portal.transfer.seed import seed_demo, seed_facts
from search.embedded import EmbeddedEngine
from tests.conftest import MOMENT, OPERATOR, TODAY, settings_for
from tests.materials.many import add_many

HOW_MANY = 5000
ROUNDS = 60

PAGES = {
    "events": "/en/events",
    "gallery": "/en/materials",
    "filtered": "/en/materials?kind=poster&language=ru&topic=referral",
    "page 100": "/en/materials?page=100",
    "a word": "/en/materials?q=safe+road",
}


def main() -> None:
    """Print a table: milliseconds at the middle and at 95 of 100, bytes, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder) / "data")
        store = Store(settings.database)
        store.migrate(MIGRATIONS)
        seed_facts(store, settings, OPERATOR, MOMENT)
        seed_demo(store, settings, OPERATOR, MOMENT)
        with store.transaction() as db:
            add_many(db, HOW_MANY)
        engine = EmbeddedEngine(settings.search_folder)
        rebuild(store, engine, TODAY)
        engine.close()
        store.close()
        app = create_app(settings, clock=lambda: MOMENT)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            _print(client)


def _print(client: TestClient) -> None:
    base = 0.0
    print(f"{'page':<10}{'p50 ms':>8}{'p95 ms':>8}{'gz bytes':>10}{'× events':>10}")
    for name, path in PAGES.items():
        took, body = _measure(client, path)
        middle, late = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        base = base or middle
        size = len(gzip.compress(body))
        print(f"{name:<10}{middle:>8.1f}{late:>8.1f}{size:>10}{middle / base:>10.2f}")


def _measure(client: TestClient, path: str) -> tuple[list[float], bytes]:
    took, body = [], b""
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get(path)
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, path
        body = answer.content
    return took, body


if __name__ == "__main__":
    main()
