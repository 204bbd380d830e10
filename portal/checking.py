"""The self-check of `portal check`: settings with their sources, and what needs a person."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import count_coordinating
from portal.clock import day_of, now
from portal.db import Store
from portal.digests.queries import count_waiting_since
from portal.digests.rules import LONGEST_GAP
from portal.engines import open_engines
from portal.errors import PortalError
from portal.indexes.actions import Standing, find_standing
from portal.jobs.actions import DIGESTS
from portal.jobs.queries import Run, find_last_run
from portal.jobs.registry import JOBS
from portal.jobs.rules import needs_a_person
from portal.publication.generations import is_current_whole
from portal.publication.queries import get_last_release
from portal.schemas import MIGRATIONS
from portal.settings import SETTINGS, Settings, refuse_unsafe
from portal.uploads.keeping import Condition, look_through
from portal.uploads.scanning import does_answer
from portal.web.assets import Assets

MUCH_WAITING = 1000

COORDINATING = 2

# a day, and the hours in which a digest may be late
LONG_WAITING = timedelta(hours=26)


class Line(msgspec.Struct, frozen=True):
    """One thing that was looked at, in plain words."""

    is_well: bool
    says: str


def check_all(settings: Settings) -> Iterator[Line]:
    """Everything that can be told without changing anything."""
    for setting in SETTINGS:
        yield Line(True, f"{setting.variable} from {settings.sources.get(setting.name)}")
    yield _safe(settings)
    yield _either(
        settings.is_demo or bool(settings.hotline),
        "The hotline is set, or this is the demo.",
        "PORTAL_HOTLINE is not set: the public is told to ask the hotline, without a number.",
    )
    yield _either(
        Assets().has("htmx.js"),
        "The script of the pages is in place.",
        "The script of the pages is missing: run `make install`. Pages work without it.",
    )
    if not settings.database.is_file():
        yield Line(False, "There is no database yet: run `portal migrate`.")
        return
    yield from _database(Store(settings.database), settings)
    yield _either(
        is_current_whole(settings.generations),
        "The public database is published and whole.",
        "The public database is missing or damaged: run `portal publish`.",
    )


def _either(is_well: bool, well: str, mend: str) -> Line:
    return Line(is_well, well if is_well else mend)


def _safe(settings: Settings) -> Line:
    try:
        refuse_unsafe(settings)
    except PortalError as error:
        return Line(False, str(error))
    return Line(True, "The settings are safe to start with.")


def _database(store: Store, settings: Settings) -> Iterator[Line]:
    with store.read() as db:
        pending = [step.name for steps in MIGRATIONS for step in steps.pending(db)]
        yield _either(
            not pending,
            "The schema is current.",
            f"The schema is {len(pending)} steps behind: run `portal migrate`.",
        )
        if pending:
            return
        yield from _whole(db)
        release = get_last_release(db)
        yield _either(
            release is not None,
            f"Figures were last released on {release.released_on if release else ''}.",
            "No figures were ever released: run `portal publish`.",
        )
        yield _coordinated(db, settings)
        yield from _clocked(db, now())
    yield from _searched(store, settings)
    yield from _files(look_through(store, settings), settings)
    yield Line(
        True,
        f"SQLite {sqlite3.sqlite_version}; one writer at a time keeps it safe from the"
        " WAL-reset bug of versions up to 3.51.2.",
    )


def _whole(db: Database) -> Iterator[Line]:
    (answer,) = db.execute("PRAGMA integrity_check").fetchone()
    yield _either(
        answer == "ok",
        "The database file is whole.",
        f"The database file is damaged, restore a backup: {answer}.",
    )
    broken = audit.first_broken(db)
    yield _either(
        broken is None,
        "The audit's chain is unbroken.",
        f"The audit was changed behind its back, first at line {broken}.",
    )


def _searched(store: Store, settings: Settings) -> Iterator[Line]:
    engines = open_engines(settings)
    for engine in engines.each:
        yield _current(find_standing(store, engine))
    engines.close()


def _current(found: Standing) -> Line:
    name = found.name
    if found.problem:
        return Line(False, f"The search engine {name} cannot be used: {found.problem}.")
    if found.must_be_rebuilt:
        said = "the served portal builds it, or `portal index rebuild`"
        return Line(False, f"The search engine {name} has no index that can be used: {said}.")
    waiting = found.waiting or 0
    since = f", since {found.since} UTC" if found.since else ""
    said = f"{waiting} changes wait for the search engine {name}{since}."
    return Line(waiting < MUCH_WAITING, said)


def _coordinated(db: Database, settings: Settings) -> Line:
    return _either(
        count_coordinating(db, day_of(now(), settings.timezone)) >= COORDINATING,
        "There are coordinators of two organisations at least.",
        "There are not coordinators of two different organisations: what two people have to"
        " agree on, and a renewal somebody has to look at, waits until there are.",
    )


def _files(found: Condition, settings: Settings) -> Iterator[Line]:
    yield _either(
        not found.damaged,
        f"All {found.kept} stored files are what they were.",
        f"{found.damaged} of {found.kept} stored files are missing or changed: restore a backup.",
    )
    if not settings.clamd:
        yield Line(
            not found.waiting,
            f"There is no virus scanner, and {found.waiting} files wait for one.",
        )
        return
    yield _either(
        does_answer(settings.clamd),
        f"The virus scanner answers, and {found.waiting} files wait for it.",
        f"The virus scanner does not answer, and {found.waiting} files wait for it: nobody can"
        " publish them until it is up again.",
    )


def _clocked(db: Database, at: datetime) -> Iterator[Line]:
    for name, every in (*((job.name, job.every) for job in JOBS), (DIGESTS, LONGEST_GAP)):
        last = find_last_run(db, name)
        started, failed = (last.started, last.failed > 0) if last else (None, False)
        is_well = not needs_a_person(started, every, at, failed=failed)
        yield Line(is_well, f"The job {name} {_ran(last)}.")
    stuck = count_waiting_since(db, at - LONG_WAITING)
    yield _either(
        not stuck,
        "No notice waits longer than a day for its mail.",
        f"{stuck} notices wait longer than a day for their mail: is the portal served, and the mail"
        " server there? The log says why letters were not sent.",
    )


def _ran(last: Run | None) -> str:
    if last is None:
        return "never ran; it does while the portal is served, or by `portal jobs run`"
    said = f"ran last at {last.started_at}"
    return f"{said}, and {last.failed} of it failed: see the log" if last.failed else said
