"""What the clock does with releases: prepare those asked for, publish those agreed to."""

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from portal.actor import Actor
from portal.clock import day_of
from portal.compiling.registry import compile_release
from portal.db import Store
from portal.errors import Invalid, Unavailable
from portal.publication.actions import keep_candidate, move_release, publish
from portal.publication.builder import Misdeclared
from portal.publication.generations import current_number, is_current_whole
from portal.publication.leaks import Leak
from portal.publication.ledger import State, digest_of_figures
from portal.publication.queries import (
    Draft,
    find_approved,
    find_drafts,
    find_in_force,
    find_releases,
)
from portal.publication.reading import find_edition_in_service
from portal.publication.rules import policy_on
from portal.publication.staleness import find_counted, find_made_of, keep_counted, why_stale
from portal.settings import Settings

# a full disk or a busy database passes: the release is left as it is, and tried again
PASSING = (OSError, sqlite3.OperationalError)


def bring_forward(store: Store, settings: Settings, by: Actor, at: datetime) -> int:
    """Prepare what is asked for, publish what is approved, and put what is left in force.

    Killed at any moment, the next round does the rest; how many releases were brought forward.
    """
    with _alone(settings.generations) as is_mine:
        if not is_mine:
            return 0
        return _prepare(store, settings, by, at) + _publish(store, settings, by, at)


def _prepare(store: Store, settings: Settings, by: Actor, at: datetime) -> int:
    asked = _in_state(store, "asked")
    if asked is None:
        return 0
    today = day_of(at, settings.timezone)
    try:
        # outside the write lock: an audit may take a minute
        with store.read() as db:
            counted, made_of = find_counted(db, today), find_made_of(db)
            candidate = compile_release(db, today, time.monotonic, settings.timezone)
        with store.transaction() as db:
            keep_candidate(db, by, at, today, candidate, policy_on(today), asked.id)
            keep_counted(db, asked.id, counted, made_of)
    except Invalid:
        return 0  # meanwhile somebody dropped it
    except PASSING:
        raise
    except Exception:
        # whatever it is, it would fail again: nobody waits for it any longer
        _fail(store, by, at, asked.id, "broken")
        raise
    return 1


def _publish(store: Store, settings: Settings, by: Actor, at: datetime) -> int:
    with store.read() as db:
        approved = find_approved(db)
        why = why_stale(db, approved.id, at) if approved else None
    if approved and why:
        return _fail(store, by, at, approved.id, why)
    try:
        if approved:
            publish(store, settings, by, at, release_id=approved.id)
            return 1
        if _is_behind(store, settings):
            publish(store, settings, by, at)
            return 1
    except (Invalid, Unavailable):
        return 0  # somebody was faster, or publishes now: the next round looks again
    except (Leak, Misdeclared):
        if approved is None:
            raise
        return 1  # its failure is written beside it, and shown
    return 0


def _is_behind(store: Store, settings: Settings) -> bool:
    """Whether the public reads another release than is in force, or a file that is not whole.

    A release was rolled back, an indicator's exact figures are kept from now on, or a publication
    was killed after its release had been entered.
    """
    if current_number(settings.generations) is None:
        return False
    edition = find_edition_in_service(settings.generations)
    if edition is None or not is_current_whole(settings.generations):
        return True
    with store.read() as db:
        standing = [each.number for each in find_releases(db) if not each.rolled_back]
        if edition.release != (standing[-1] if standing else None):
            return True  # also when both releases say the same: the version names the other one
        return edition.figures != digest_of_figures(find_in_force(db))


def _in_state(store: Store, state: State) -> Draft | None:
    with store.read() as db:
        found = [each for each in find_drafts(db) if each.state == state]
    return found[-1] if found else None


def _fail(store: Store, by: Actor, at: datetime, release_id: int, reason: str) -> int:
    try:
        with store.transaction() as db:
            move_release(db, by, at, release_id, "failed", reason)
    except Invalid:
        return 0
    return 1


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else on this machine does the same now; a process that dies lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "releasing", "a") as lock:
        try:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
