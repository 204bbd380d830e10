"""Do the clocked work that is due."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of, stamp
from portal.db import Store
from portal.digests.actions import Sent, send_due
from portal.jobs.queries import Run, find_last_run
from portal.jobs.registry import JOBS, Errand, Job
from portal.jobs.rules import KEPT_FOR, RETRY_AFTER, is_due
from portal.settings import Settings

# the two mails a day are no row of the registry: they talk to a server outside of any transaction
DIGESTS = "digests"

log = logging.getLogger("portal")


def run_due(
    store: Store, settings: Settings, by: Actor, at: datetime, jobs: Sequence[Job | Errand] = JOBS
) -> list[Run]:
    """Run every job whose time has come, then the digests; several processes may do so at once."""
    runs = [run_job(store, settings, by, at, job) for job in jobs]
    runs.append(run_digests(store, settings, by, at))
    return [run for run in runs if run is not None]


def run_job(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    job: Job | Errand,
    *,
    now: bool = False,
) -> Run | None:
    """One job in a transaction of its own, in which it is also claimed and recorded.

    An errand is recorded when it has ended, so that the machine's one writer is free meanwhile.
    None when it is not due, or somebody else was faster; with `now` it runs in any case.
    """
    try:
        if not now:
            with store.read() as db:
                if not _is_due(db, job, at):
                    return None
        if isinstance(job, Errand):
            return _go(store, settings, by, at, job)
        with store.transaction() as db:
            if not now and not _is_due(db, job, at):
                return None
            return _do(db, settings, by, at, job)
    except Exception as error:
        # not even the record of it could be written: the others go on, the next round tries again
        _log(job.name, error)
        return Run(job.name, stamp(at), stamp(at), 0, 1)


def run_digests(store: Store, settings: Settings, by: Actor, at: datetime) -> Run | None:
    """The digest that is due, and letters that wait; None when there was nothing to do.

    When nothing at all could be sent, the next try waits a little.
    """
    began = time.monotonic()
    try:
        with store.read() as db:
            if _waits(find_last_run(db, DIGESTS), at):
                return None
        sent = send_due(store, settings, by, at)
        if sent == Sent():
            return None
        with store.transaction() as db:
            return _record(db, DIGESTS, at, began, sent.sent, sent.failed)
    except Exception as error:
        _log(DIGESTS, error)
        return Run(DIGESTS, stamp(at), stamp(at), 0, 1)


def _do(db: Database, settings: Settings, by: Actor, at: datetime, job: Job) -> Run:
    began = time.monotonic()
    db.execute("SAVEPOINT job")
    try:
        done, failed = job.work(db, by, at, day_of(at, settings.timezone)), 0
    except Exception as error:
        db.execute("ROLLBACK TO job")
        _log(job.name, error)
        done, failed = 0, 1
    db.execute("RELEASE job")
    return _record(db, job.name, at, began, done, failed)


def _go(store: Store, settings: Settings, by: Actor, at: datetime, errand: Errand) -> Run:
    began = time.monotonic()
    try:
        done, failed = errand.work(store, settings, by, at), 0
    except Exception as error:
        _log(errand.name, error)
        done, failed = 0, 1
    with store.transaction() as db:
        return _record(db, errand.name, at, began, done, failed)


def _is_due(db: Database, job: Job | Errand, at: datetime) -> bool:
    last = find_last_run(db, job.name)
    failed = last is not None and last.failed > 0
    return is_due(last.started if last else None, job.every, at, failed=failed)


def _waits(last: Run | None, at: datetime) -> bool:
    if last is None or not last.failed or last.done:
        return False
    return not is_due(last.started, RETRY_AFTER, at, failed=True)


def _record(db: Database, name: str, at: datetime, began: float, done: int, failed: int) -> Run:
    ended = at + timedelta(seconds=time.monotonic() - began)
    run = Run(name, stamp(at), stamp(ended), done, failed)
    db.execute("DELETE FROM job_runs WHERE name = ? AND ended_at < ?", [name, stamp(at - KEPT_FOR)])
    row = {"name": name, "started_at": run.started_at, "ended_at": run.ended_at}
    db.table("job_runs").insert({**row, "done": done, "failed": failed})
    return run


def _log(name: str, error: Exception) -> None:
    # security: what a failure says of itself may quote a row; its kind and its place do not
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace else None
    place = f"{code.co_filename}:{trace.tb_lineno}" if code and trace else "unknown"
    log.error("the job %s failed: %s at %s", name, type(error).__name__, place)
