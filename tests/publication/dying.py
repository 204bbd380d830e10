"""Publishes in processes that are killed, or that find the disk full, at every point of the way.

`python -m tests.publication.dying STEP FOLDER` kills at every so-manieth point; with `full` for a
step it fills the disk. It tells after each how the generations stand.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from portal.db import Store
from portal.publication.actions import publish
from portal.publication.generations import current_number, is_whole
from portal.settings import Settings
from tests.publication.conftest import AT, OPERATOR, settings_of

SIZES = (0, 1, 100, 4096, 20_000, 50_000, 100_000, 10_000_000)


def publish_once(settings: Settings) -> None:
    """The registers as they are."""
    store = Store(settings.database)
    publish(store, settings, OPERATOR, AT)
    store.close()


def die_at(settings: Settings, number: int) -> None:
    """Be killed at the so-manieth act on a file of the generations, and else publish."""
    left = number

    def watch(_event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        if any(str(settings.generations) in str(each) for each in given):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    publish_once(settings)


def fill_at(settings: Settings, size: int) -> None:
    """No file may grow beyond the size."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    publish_once(settings)


def in_a_child(work: Callable[[], None]) -> bool:
    """Whether the work was done to its end in a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def tell(settings: Settings, finished: bool) -> None:
    """One line of how it stands."""
    number = current_number(settings.generations)
    whole = number is not None and is_whole(settings.generations / str(number) / "public.db")
    print(json.dumps({"finished": finished, "current": number, "whole": whole}), flush=True)


def main(fate: str, folder: Path) -> None:
    """Die at one point after the other until none is left."""
    settings = settings_of(folder)
    if fate == "full":
        for size in SIZES:
            tell(settings, in_a_child(lambda size=size: fill_at(settings, size)))  # type: ignore[misc]
        return
    finished, number = False, 1
    while not finished:
        finished = in_a_child(lambda: die_at(settings, number))  # noqa: B023
        tell(settings, finished)
        number += int(fate)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
