"""What was overwritten is gone from the disk only once nobody reads the log any more."""

import time

from portal.db import Store


def settle(store: Store) -> None:
    """Cut the log, which the site does again and again while somebody reads."""
    for _ in range(300):
        if store.truncate_log():
            return
        time.sleep(0.1)
    raise AssertionError("somebody never stopped reading")
