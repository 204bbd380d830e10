"""One generation of the public database, opened by a Datasette of its own."""

import asyncio
import copy
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.database import Database  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from sqlite_utils.db import quote_identifier

from portal.publication import plugin
from portal.publication.contents import Standing, look_at
from portal.publication.gate import DATABASE, LARGEST_PAGE, MOUNT, Shape
from portal.publication.generations import digest_of, is_whole, read_edition
from portal.publication.given import EditionFile, read_files
from portal.publication.notes import Notes

log = logging.getLogger("portal.data")

TEMPLATES = Path(__file__).parent / "templates" / "datasette"

SQL_THREADS = 3

SETTINGS = {
    "base_url": f"{MOUNT}/",
    "default_allow_sql": False,
    "allow_download": False,
    "suggest_facets": False,
    "default_page_size": 50,
    "max_returned_rows": LARGEST_PAGE,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "default_facet_size": 15,
    "num_sql_threads": SQL_THREADS,
    "max_csv_mb": 50,
    "default_cache_ttl": 0,
    "truncate_cells_html": 300,
}

# security: with `rich` present Datasette prints 13 KB of local variables for a mistyped address
pm.get_plugin("datasette.handle_exception").rich = None

SECONDS_TO_MEET = 10.0

_LISTS = (
    "regions",
    "services",
    "professions",
    "organisation_kinds",
    "event_kinds",
    "activity_kinds",
    "audiences",
    "charter_kinds",
    "charter_fields",
    "charter_text_states",
    *("areas", "sexes", "age_groups", "exploitation_forms", "indicator_sources"),
    *("indicator_kinds", "indicator_units", "indicator_directions", "frequencies"),
    *("release_levels", "level_reasons", "material_kinds", "topics", "licences"),
)

# Tables whose rows are called by a title or a name of their own.
_TITLED = {
    "events": ("id", "title"),
    "campaigns": ("id", "title"),
    "materials": ("id", "title"),
    "indicators": ("code", "title"),
    "organisations": ("id", "name"),
}


class Damaged(Exception):
    """The file is not a public database, or no longer the one that was published."""


if not pm.is_registered(plugin):
    pm.register(plugin)


class Served:
    """An open generation, and how many requests it is answering."""

    def __init__(self, server: Any, shape: Shape, path: Path) -> None:
        self.server = server
        self.app = server.app()
        self.shape = shape
        self.path = path
        self.released_on: str | None = None
        self.counts: dict[str, int] = {}
        self.names: dict[str, dict[str, dict[str, str]]] = {}
        self.periods: list[str] = []
        self.standing = Standing([], [], 0, 0)
        self.edition = read_edition(path.parent.parent, _number(path))
        self.files: dict[str, EditionFile] = {}
        # made of bytes alone, so that every worker and every restart says the same of the same
        self.fingerprint: tuple[object, ...] = ()
        self._answering = 0
        self._retired = False

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While a request runs, a retired generation stays open."""
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1
            self._close_when_idle()

    def retire(self) -> None:
        """Take no more requests, and close when those that run have ended."""
        self._retired = True
        self._close_when_idle()

    async def is_well(self) -> bool:
        """Whether the database still answers."""
        try:
            await self.server.get_database(DATABASE).execute("SELECT count(*) FROM codebook")
        except sqlite3.Error:
            return False
        return True

    def _close_when_idle(self) -> None:
        if self._retired and not self._answering:
            self.server.executor.shutdown(wait=False)
            for database in self.server.databases.values():
                database.close()


async def open_served(path: Path, notes: Notes, *, https: bool) -> Served:
    """Open a generation and ask it once; `Damaged` when it cannot be served."""
    try:
        return await _open(path, notes, https=https)
    except (OSError, sqlite3.Error, BrokenBarrierError) as error:
        raise Damaged(str(error)) from error


async def _open(path: Path, notes: Notes, *, https: bool) -> Served:
    if not await asyncio.to_thread(is_whole, path):
        raise Damaged("its bytes are not those that were published")
    if not read_edition(path.parent.parent, _number(path)).published_on:
        raise Damaged("nobody knows of which day it is")
    found = await asyncio.to_thread(_look, path, notes)
    server = Datasette(
        files=[],
        immutables=[str(path)],
        settings={**SETTINGS, "force_https_urls": https},
        metadata=copy.deepcopy(notes.metadata),
        template_dir=str(TEMPLATES),
    )
    database = _rename(server, path)
    server.refresh_schemas = _never_changes
    await server.invoke_startup()
    files = {each.name: each for each in await asyncio.to_thread(read_files, path)}
    charts = frozenset(name for name in notes.queries if notes.chart(name))
    shape = Shape(found["tables"], notes.queries, charts, frozenset(files))
    served = Served(server, shape, path)
    served.files = files
    served.standing = found["standing"]
    served.periods = found["periods"]
    served.released_on = found["released_on"]
    served.counts = found["counts"]
    served.names = found["names"]
    await _hold(database, path)
    sums = tuple(sorted(each.sha256 for each in files.values()))
    served.fingerprint = (database.cached_hash, served.edition, sums)
    if not await served.is_well():
        served.retire()
        raise Damaged("it does not answer")
    return served


def _rename(server: Any, path: Path) -> Any:
    """Datasette names a database after its file; ours has one name, whatever its file is called."""
    server.remove_database(path.stem)
    return server.add_database(Database(server, str(path), is_mutable=False), name=DATABASE)


async def _hold(database: Any, path: Path) -> None:
    """Take from the file what Datasette takes later: by then newer ones may have driven it out."""
    database.cached_hash, database.cached_size = digest_of(path), path.stat().st_size
    threads = SQL_THREADS
    all_here = Barrier(threads, timeout=SECONDS_TO_MEET)
    # each thread opens the file when it is first asked something, so all are asked at once
    await asyncio.gather(*(database.execute_fn(lambda _: all_here.wait()) for _ in range(threads)))


async def _never_changes() -> None:
    """An immutable file needs no look at its schema, nor the thread that Datasette keeps for it."""


def _look(path: Path, notes: Notes) -> dict[str, Any]:
    """What the pages say beside the rows: columns, sizes, release date, names of codes."""
    db = sqlite3.connect(f"file:{path}?immutable=1", uri=True)
    try:
        (damage,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if damage != "ok":
            raise Damaged(damage)
        tables = {name: _columns(db, name) for name in notes.tables}
        (released_on,) = db.execute("SELECT max(released_on) FROM releases").fetchone()
        return {
            "tables": tables,
            "counts": {name: _count(db, name) for name in tables},
            "released_on": released_on,
            "names": {name: _names(db, name, "code", "name") for name in _LISTS}
            | {name: _names(db, name, *of) for name, of in _TITLED.items()},
            "standing": look_at(db),
            "periods": [
                period
                for (period,) in db.execute("SELECT DISTINCT period FROM figures ORDER BY 1 DESC")
            ],
        }
    finally:
        db.close()


def _number(path: Path) -> int:
    """Of the generation in whose folder the file lies; 0 of a file by itself."""
    return int(path.parent.name) if path.parent.name.isdecimal() else 0


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    columns = [row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", [table])]
    if not columns:
        raise Damaged(f"it has no table {table}")
    return columns


def _count(db: sqlite3.Connection, table: str) -> int:
    (number,) = db.execute("SELECT count(*) FROM " + quote_identifier(table)).fetchone()
    return int(number)


def _names(db: sqlite3.Connection, table: str, key: str, prefix: str) -> dict[str, dict[str, str]]:
    """How each row is called, by language; under an empty language as it was written."""
    cursor = db.execute("SELECT * FROM " + quote_identifier(table) + " ORDER BY rowid")
    columns = [column[0] for column in cursor.description]
    found = {}
    for row in cursor:
        values = dict(zip(columns, row, strict=True))
        names = {
            name.removeprefix(prefix).removeprefix("_"): value
            for name, value in values.items()
            if value and (name == prefix or name.startswith(f"{prefix}_"))
        }
        found[values[key]] = names
    return found
