"""What a running site does beside answering: keeping indexes, registers and the log current.

Each piece is idempotent and catches up after downtime, so several workers may do it at once.
"""

import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date

import anyio
from anyio.to_thread import run_sync
from litestar import Litestar

from portal.actor import Actor
from portal.clock import day_of
from portal.digests.actions import forget_unknown
from portal.engines import Freshness
from portal.exporting.actions import write_files
from portal.indexes.actions import Follower, retire
from portal.jobs.actions import run_due
from portal.outbox import are_queued, last_number
from portal.publication.actions import republish_registers
from portal.web.site import Site

EVERY_SECONDS = 2.0
CLOCKED_EVERY_SECONDS = 60.0
REPUBLISH_EVERY_SECONDS = 30.0
FILES_EVERY_SECONDS = 20.0

# seconds that a site which closes waits for a search server
FAREWELL = 3.0

# registers whose changes are published at once (D9)
REPUBLISHED = ("organisations", "events", "places", "materials", "campaigns", "criteria")

UPKEEP = Actor(role="admin", account_id="upkeep")

log = logging.getLogger("portal")


class Closing(Exception):
    """What takes minutes is left to the next start."""


class Upkeep:
    """The work of one worker: a round every two seconds, and what the clock asks for."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.is_stale = False
        self.published_at = 0.0
        # the newest line of the outbox of which the registers have heard
        self.heard = 0
        engines = site.engines
        self.embedded = Follower(site.store, engines.embedded, Freshness())
        self.server = engines.server and Follower(
            site.store, engines.server, engines.freshness, measure=engines.embedded
        )

    def round(self) -> None:
        """One round; a piece that fails is logged and tried again, and does not stop the others."""
        for piece in (self.index, self.republish, self.site.store.truncate_log):
            try:
                piece()
            except Exception:
                # whatever it is, the next round must come: a withdrawn name leaves the index by it
                log.exception("upkeep failed")

    def clocked(self) -> None:
        """The jobs and mails that are due: apart, since a mail server may let one wait."""
        try:
            run_due(self.site.store, self.site.settings, UPKEEP, self.site.clock())
            forget_unknown(self.site.store, self.site.settings)
        except Exception as error:
            log.error("the clocked work failed: %s", type(error).__name__)

    def files(self) -> None:
        """The files of an edition that has none yet: apart, since they take a second or two."""
        try:
            write_files(self.site.settings, self.site.store)
        except Exception as error:
            log.error("the files of the edition failed: %s", error)

    def index(self) -> None:
        """Bring what is queued into the embedded index, and let go of what everybody has heard."""
        site = self.site
        with site.store.read() as db:
            self.is_stale = self.is_stale or are_queued(db, self.heard, *REPUBLISHED)
            self.heard = last_number(db)
        self.embedded.round(self._today())
        positions = [each.position for each in (self.embedded, self.server) if each]
        retire(site.store, [*positions, self.heard])

    def follow(self, is_over: Callable[[], bool] = lambda: False) -> None:
        """Bring what is queued into the search server: apart, since it may be down, or hang."""

        def give_up_when_over(_done: int) -> None:
            if is_over():
                raise Closing

        if self.server:
            with suppress(Closing):
                self.server.round(self._today(), give_up_when_over)

    def _today(self) -> date:
        return day_of(self.site.clock(), self.site.settings.timezone)

    def republish(self) -> None:
        """Publish changed registers, with the figures of the last release (D9)."""
        if not self.is_stale or time.monotonic() - self.published_at < REPUBLISH_EVERY_SECONDS:
            return
        self.published_at = time.monotonic()
        republish_registers(self.site.store, self.site.settings, UPKEEP, self.site.clock())
        self.is_stale = False


class Following(threading.Thread):
    """Follows the search server on a thread that a closing site need not wait for.

    Whatever it is at then is done by the next one: an index knows how far it came.
    """

    def __init__(self, upkeep: Upkeep) -> None:
        super().__init__(name="following", daemon=True)
        self._upkeep = upkeep
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._upkeep.follow(self._over.is_set)
            except Exception:
                log.exception("upkeep failed")
            self._over.wait(EVERY_SECONDS)

    def end(self) -> None:
        """Let it finish what it is at, for a moment."""
        self._over.set()
        if self.is_alive():
            self.join(FAREWELL)


@asynccontextmanager
async def keeping_up(app: Litestar) -> AsyncIterator[None]:
    """The lifespan in which upkeep runs; the site's files are closed when it ends."""
    site: Site = app.state.site
    upkeep = Upkeep(site)
    following = Following(upkeep)
    if upkeep.server:
        following.start()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_for_ever, upkeep.round, EVERY_SECONDS)
        tasks.start_soon(_later, upkeep.clocked, CLOCKED_EVERY_SECONDS)
        tasks.start_soon(_later, upkeep.files, FILES_EVERY_SECONDS)
        yield
        tasks.cancel_scope.cancel()
    await run_sync(following.end)
    site.engines.close()
    site.store.close()


async def _for_ever(work: Callable[[], None], every: float) -> None:
    while True:
        await run_sync(work)
        await anyio.sleep(every)


async def _later(work: Callable[[], None], every: float) -> None:
    """The first round waits as well: a site that has just started answers first."""
    await anyio.sleep(every)
    await _for_ever(work, every)
