"""Make a release: prepare what it would say, and, where one person is all there is, publish it."""

import time
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of
from portal.compiling.registry import compile_release
from portal.db import Store
from portal.publication.actions import PublishReport, keep_candidate, move_release, publish
from portal.publication.builder import Progress
from portal.publication.ledger import Candidate, digest_of_figures
from portal.publication.queries import find_approved, find_figures_of, get_last_release
from portal.publication.rules import policy_on
from portal.settings import Settings


def release_and_publish(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    *,
    check_only: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> PublishReport:
    """Release today's figures at once, without a second person: for the demo, and for a check.

    The same figures again on the same day are no change, and no release (D7).
    """
    today = day_of(at, settings.timezone)
    with store.read() as db:
        candidate = compile_release(db, today, time.monotonic, settings.timezone)
        is_known = _says_the_same(db, today, candidate)
    if check_only:
        return publish(store, settings, by, at, candidate=candidate, progress=progress)
    if is_known:
        return publish(store, settings, by, at, progress=progress)
    with store.transaction() as db:
        release_id = keep_candidate(db, by, at, today, candidate, policy_on(today))
        move_release(db, by, at, release_id, "approved")
    return publish(store, settings, by, at, release_id=release_id, progress=progress)


def publish_what_is_due(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    *,
    check_only: bool = False,
    registers_only: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> PublishReport:
    """What an operator may publish: a release that is approved, else the registers alone (D9).

    A check tells what a release of today would say. Only in the demo it is published at once.
    """
    if check_only or (settings.is_demo and not registers_only):
        return release_and_publish(
            store, settings, by, at, check_only=check_only, progress=progress
        )
    with store.read() as db:
        approved = None if registers_only else find_approved(db)
    release_id = approved.id if approved else None
    return publish(store, settings, by, at, release_id=release_id, progress=progress)


def _says_the_same(db: Database, today: date, candidate: Candidate) -> bool:
    last = get_last_release(db)
    if last is None or last.released_on != today.isoformat():
        return False
    return digest_of_figures(find_figures_of(db, last.id)) == candidate.digest
