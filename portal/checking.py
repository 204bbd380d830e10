"""The self-check of `portal check`: settings with their sources, and what needs a person."""

import sqlite3
from collections.abc import Iterator

import msgspec

from portal import audit
from portal.db import Store
from portal.errors import PortalError
from portal.publication.queries import get_last_release
from portal.schemas import MIGRATIONS
from portal.settings import SETTINGS, Settings, refuse_unsafe
from portal.site_search.actions import lag

MUCH_WAITING = 1000


class Line(msgspec.Struct, frozen=True):
    """One thing that was looked at, in plain words."""

    is_well: bool
    says: str


def check_all(settings: Settings) -> Iterator[Line]:
    """Everything that can be told without changing anything."""
    for setting in SETTINGS:
        yield Line(True, f"{setting.variable} from {settings.sources.get(setting.name)}")
    yield _safe(settings)
    if not settings.database.is_file():
        yield Line(False, "There is no database yet: run `portal migrate`.")
        return
    store = Store(settings.database)
    yield from _database(store)
    yield Line(
        (settings.generations / "current").is_file(),
        "The public database is published (else run `portal publish`).",
    )


def _safe(settings: Settings) -> Line:
    try:
        refuse_unsafe(settings)
    except PortalError as error:
        return Line(False, str(error))
    return Line(True, "The settings are safe to start with.")


def _database(store: Store) -> Iterator[Line]:
    with store.read() as db:
        pending = [step.name for steps in MIGRATIONS for step in steps.pending(db)]
        yield Line(not pending, f"The schema is current ({len(pending)} steps to go).")
        if pending:
            return
        (answer,) = db.execute("PRAGMA integrity_check").fetchone()
        yield Line(answer == "ok", f"The database file is whole: {answer}.")
        broken = audit.first_broken(db)
        yield Line(broken is None, "The audit's chain is unbroken.")
        waiting = lag(db)
        yield Line(waiting < MUCH_WAITING, f"{waiting} changes wait for the search index.")
        release = get_last_release(db)
        said = release.released_on if release else "never"
        yield Line(release is not None, f"Figures were last released: {said}.")
    yield Line(
        True,
        f"SQLite {sqlite3.sqlite_version}; one writer at a time keeps it safe from the"
        " WAL-reset bug of versions up to 3.51.2.",
    )
