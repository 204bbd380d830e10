"""Make a release: ask, prepare, send for approval, give up, roll back; publish what is due."""

import time
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.actions import ask, call_off
from portal.clock import day_of
from portal.compiling.registry import compile_release
from portal.db import Store
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.publication.actions import (
    PublishReport,
    ask_for_release,
    keep_candidate,
    move_release,
    publish,
)
from portal.publication.builder import Progress
from portal.publication.ledger import Candidate, digest_of_figures
from portal.publication.queries import find_approved, find_figures_of, get_last_release
from portal.publication.rules import policy_on
from portal.publication.staleness import find_counted, find_made_of, keep_counted
from portal.releasing.queries import find_in_the_making, get_release_standing
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
    if check_only:
        return check_release(store, settings, by, at, progress=progress)[1]
    today = day_of(at, settings.timezone)
    with store.read() as db:
        candidate = compile_release(db, today, time.monotonic, settings.timezone)
        is_known = _says_the_same(db, today, candidate)
        counted, made_of = find_counted(db, today), find_made_of(db)
    if is_known:
        return publish(store, settings, by, at, progress=progress)
    with store.transaction() as db:
        release_id = keep_candidate(db, by, at, today, candidate, policy_on(today))
        keep_counted(db, release_id, counted, made_of)
        move_release(db, by, at, release_id, "approved")
    return publish(store, settings, by, at, release_id=release_id, progress=progress)


def check_release(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    *,
    progress: Progress = lambda _done, _total: None,
) -> tuple[Candidate, PublishReport]:
    """What a release of today would say, built and searched for leaks; nothing is kept of it."""
    with store.read() as db:
        candidate = compile_release(
            db, day_of(at, settings.timezone), time.monotonic, settings.timezone
        )
    return candidate, publish(store, settings, by, at, candidate=candidate, progress=progress)


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


def ask_release(db: Database, by: Actor, at: datetime, today: date) -> int:
    """Ask for a release; the one that is in the making already, where there is one."""
    if not by.is_coordinator:
        raise NotAllowed
    making = find_in_the_making(db)
    return making.id if making else ask_for_release(db, by, at, today)


def send_for_approval(db: Database, by: Actor, at: datetime, release_id: int) -> str:
    """Ask a second coordinator to agree to what is prepared; the item that waits."""
    standing = get_release_standing(db, at, release_id)
    if standing.approval_id:
        return standing.approval_id
    # security: whoever asked for the release is the asker, so that they never are the second one
    if by.account_id != standing.asked_by:
        said = Message("Whoever asked for this release sends it for approval, or it is dropped.")
        raise Invalid({"all": [said]})
    if not standing.is_sendable:
        raise Invalid({"all": [Message("This release cannot be approved. Prepare it anew.")]})
    digest = digest_of_figures(find_figures_of(db, release_id))
    look = f"releases/{release_id}"
    return ask(db, by, at, "publish_release", str(release_id), digest=digest, look=look)


def drop_release(db: Database, by: Actor, at: datetime, release_id: int) -> None:
    """Give up a release that is not published yet: one person is enough."""
    if not by.is_coordinator:
        raise NotAllowed
    # where its approval waits, calling that off drops the release with it
    call_off(db, by, at, "publish_release", str(release_id))
    if get_release_standing(db, at, release_id).draft.state != "dropped":
        move_release(db, by, at, release_id, "dropped")


def roll_back(db: Database, by: Actor, at: datetime, release_id: int, reason: str) -> None:
    """Take a published release out of force: one person is enough, and says why.

    The clocked work publishes anew what is left in force.
    """
    if not by.is_coordinator:
        raise NotAllowed
    move_release(db, by, at, release_id, "rolled_back", reason)


def _says_the_same(db: Database, today: date, candidate: Candidate) -> bool:
    last = get_last_release(db)
    if last is None or last.released_on != today.isoformat():
        return False
    return digest_of_figures(find_figures_of(db, last.id)) == candidate.digest
