"""What a running site does beside answering: keeping indexes, registers and the log current.

Each piece is idempotent and catches up after downtime, so several workers may do it at once.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
from anyio.to_thread import run_sync
from litestar import Litestar

from portal.actor import Actor
from portal.clock import day_of
from portal.digests.actions import forget_unknown
from portal.exporting.actions import write_files
from portal.jobs.actions import run_due
from portal.publication.actions import republish_registers
from portal.site_search.actions import are_queued, drain, ensure
from portal.web.site import Site

EVERY_SECONDS = 2.0
CLOCKED_EVERY_SECONDS = 60.0
REPUBLISH_EVERY_SECONDS = 30.0
FILES_EVERY_SECONDS = 20.0

# registers whose changes are published at once (D9)
REPUBLISHED = ("organisations", "events", "places", "materials", "campaigns", "criteria")

UPKEEP = Actor(role="admin", account_id="upkeep")

log = logging.getLogger("portal")


class Upkeep:
    """The work of one worker: a round every two seconds, and what the clock asks for."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.is_ensured = False
        self.is_stale = False
        self.published_at = 0.0

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
        """Bring what is queued into the search indexes."""
        site, today = self.site, day_of(self.site.clock(), self.site.settings.timezone)
        if not self.is_ensured:
            ensure(site.store, site.engine, today)
            self.is_ensured = True
        with site.store.read() as db:
            self.is_stale = self.is_stale or are_queued(db, *REPUBLISHED)
        drain(site.store, site.engine, today)

    def republish(self) -> None:
        """Publish changed registers, with the figures of the last release (D9)."""
        if not self.is_stale or time.monotonic() - self.published_at < REPUBLISH_EVERY_SECONDS:
            return
        self.published_at = time.monotonic()
        republish_registers(self.site.store, self.site.settings, UPKEEP, self.site.clock())
        self.is_stale = False


@asynccontextmanager
async def keeping_up(app: Litestar) -> AsyncIterator[None]:
    """The lifespan in which upkeep runs; the site's files are closed when it ends."""
    site: Site = app.state.site
    upkeep = Upkeep(site)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_for_ever, upkeep.round, EVERY_SECONDS)
        tasks.start_soon(_later, upkeep.clocked, CLOCKED_EVERY_SECONDS)
        tasks.start_soon(_later, upkeep.files, FILES_EVERY_SECONDS)
        yield
        tasks.cancel_scope.cancel()
    site.engine.close()
    site.store.close()


async def _for_ever(work: Callable[[], None], every: float) -> None:
    while True:
        await run_sync(work)
        await anyio.sleep(every)


async def _later(work: Callable[[], None], every: float) -> None:
    """The first round waits as well: a site that has just started answers first."""
    await anyio.sleep(every)
    await _for_ever(work, every)
