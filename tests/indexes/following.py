"""What a served portal does for its search engines, in a process that a test may kill."""

import os
import sys
import time
from pathlib import Path

from portal.db import Store
from portal.engines import Freshness, join_engines
from portal.indexes import actions
from portal.indexes.actions import Follower, retire
from search.embedded import EmbeddedEngine
from search.meilisearch import MeilisearchEngine
from tests.conftest import TODAY, settings_for


def follow(folder: Path, url: str) -> None:
    """Keep both engines current until the process is killed, trying again at once."""
    actions.pause_after = lambda _failures: 0.05
    settings = settings_for(folder)
    store = Store(settings.database)
    server = MeilisearchEngine(url, os.environ["MEILI_MASTER_KEY"])
    engines = join_engines(EmbeddedEngine(settings.search_folder), server)
    followers = [
        Follower(store, engines.embedded, Freshness()),
        Follower(store, server, engines.freshness, measure=engines.embedded),
    ]
    while True:
        for follower in followers:
            follower.round(TODAY)
        retire(store, [each.position for each in followers])
        time.sleep(0.01)


if __name__ == "__main__":
    follow(Path(sys.argv[1]), sys.argv[2])
