"""The search engines that the settings name: the embedded one always, and a Meilisearch if set."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.errors import Misconfigured
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Engine, EngineUnavailable
from search.standing_in import StandingIn

# a server whose index is not known to hold what was said so long ago is not asked
OLDEST_NEWS = 30.0

LOOK_AGAIN = 0.05


class Freshness:
    """Up to which moment a server is known to hold all that was said; unknown at first.

    `clock` tells monotonic seconds. Whoever looks after the server notes it; when that one hangs
    nothing is noted any more, and the server counts as behind as well.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._noted: float | None = None

    def note(self, moment: float) -> None:
        """It holds everything that was said before this moment."""
        self._noted = moment

    def lose(self) -> None:
        """What it holds is not known, or is to be made anew."""
        self._noted = None

    def is_behind(self) -> bool:
        """Whether it may lack what was said half a minute ago, a withdrawal for one."""
        noted = self._noted
        return noted is None or self.clock() - noted > OLDEST_NEWS


@dataclass(frozen=True)
class Engines:
    """Who is asked, and who has to be kept current; each is written to apart."""

    embedded: Engine
    server: Engine | None
    asked: Engine
    freshness: Freshness

    @property
    def each(self) -> tuple[Engine, ...]:
        """All of them, the one that needs no network first."""
        return (self.embedded, self.server) if self.server else (self.embedded,)

    def close(self) -> None:
        """Let go of files and connections."""
        for engine in self.each:
            engine.close()


def open_engines(settings: Settings) -> Engines:
    """The engines of these settings; nothing is read or asked yet."""
    embedded = EmbeddedEngine(settings.search_folder)
    return join_engines(embedded, _open_server(settings) if settings.meilisearch_url else None)


def join_engines(embedded: Engine, server: Engine | None = None) -> Engines:
    """The embedded engine, and before it a server, when there is one."""
    freshness = Freshness()
    if server is None:
        return Engines(embedded, None, embedded, freshness)
    asked = StandingIn(server, embedded, is_behind=freshness.is_behind)
    return Engines(embedded, server, asked, freshness)


def _open_server(settings: Settings) -> Engine:
    # the official client takes a while to load, and most sites do without
    from search.meilisearch import MeilisearchEngine

    keys = {"public": settings.meilisearch_public_key, "members": settings.meilisearch_members_key}
    return MeilisearchEngine(
        settings.meilisearch_url,
        settings.meilisearch_key,
        ask_keys={index: key for index, key in keys.items() if key},
    )


def refuse_master_key(settings: Settings) -> None:
    """Stop a site whose keys of the search server could make keys; one that is down is not asked.

    Whoever reads the settings of a web process must not get at more than its own indexes.
    """
    from search.meilisearch_keys import is_master

    keys = (
        settings.meilisearch_key,
        settings.meilisearch_public_key,
        settings.meilisearch_members_key,
    )
    try:
        may_do_everything = any(
            is_master(settings.meilisearch_url, key, timeout=2.0) for key in keys
        )
    except EngineUnavailable:
        return
    if may_do_everything:
        raise Misconfigured(
            "A key of Meilisearch in the settings may do everything there, or it runs without a"
            " master key: `portal index keys` makes those that belong in the settings."
        )


@contextmanager
def claimed(data_dir: Path, engine: Engine, *, patience: float = 0.0) -> Iterator[bool]:
    """Whether this is the one that writes to an engine now, of all processes of the machine.

    It is waited for at most so many seconds. The claim dies with the process that holds it.
    """
    with open(data_dir / f"{engine.name}.claim", "a", opener=_private) as file:
        yield _lock(file.fileno(), patience)


def _lock(file: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(LOOK_AGAIN)
        else:
            return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
