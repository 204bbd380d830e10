"""Import a file, all of it or nothing; export a register. Both are an operator's acts, audited."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.db import Store
from portal.errors import CannotTransfer, Invalid
from portal.files import Shelf
from portal.i18n.language import Message
from portal.nearby.actions import refresh_listing
from portal.settings import Settings
from portal.texts import clean
from portal.transfer.campaigns import ACTIVITIES, CAMPAIGNS
from portal.transfer.columns import Entry, Kind
from portal.transfer.enclosures import Enclosures, Inspect
from portal.transfer.events import EVENTS
from portal.transfer.files import Table, read_table, write_table
from portal.transfer.finding import Finder
from portal.transfer.forms import check_header, in_order, lacking, read_entries
from portal.transfer.indicators import INDICATORS
from portal.transfer.materials import MATERIALS
from portal.transfer.organisations import ORGANISATIONS
from portal.transfer.places import PLACES
from portal.transfer.practitioners import PRACTITIONERS
from portal.transfer.projects import PROJECTS
from portal.transfer.queries import VOCABULARIES, find_records, find_terms
from portal.transfer.report import CellError, Report
from portal.transfer.results import RESULTS
from portal.uploads.intake import inspected
from portal.vocabularies.terms import Terms

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ORGANISATIONS,
        PRACTITIONERS,
        EVENTS,
        PLACES,
        CAMPAIGNS,
        MATERIALS,
        ACTIVITIES,
        INDICATORS,
        PROJECTS,
        RESULTS,
    )
}

Progress = Callable[[int, int], None]


class _NotKept(Exception):
    """Takes a transaction back."""


def unwatched(_done: int, _total: int) -> None:
    """The progress of an import that nobody watches."""


def import_file(
    store: Store,
    terms: Terms,
    kind: str,
    path: Path,
    by: Actor,
    at: datetime,
    today: date,
    *,
    settings: Settings,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> Report:
    """Save every row of a file, or nothing when a cell is wrong or it is a dry run.

    Rows that say what is stored already write nothing at all. `CannotTransfer` when the file as a
    whole cannot be read.
    """
    chosen = _choose(kind)
    task = _Task(chosen, read_table(path), by, at, progress, dry_run)
    with Enclosures(settings, path.parent) as enclosures:
        return _import(store, terms, task, today, enclosures)


def import_rows(
    store: Store,
    terms: Terms,
    kind: str,
    rows: Sequence[dict[str, str]],
    by: Actor,
    at: datetime,
    today: date,
    *,
    settings: Settings,
    folder: Path,
    inspect: Inspect = inspected,
    progress: Progress = unwatched,
) -> Report:
    """Save rows as a file in a folder would hold them; all have the columns of the first."""
    header = list(rows[0]) if rows else list(_choose(kind).key)
    numbered = enumerate(([clean(row[name]) for name in header] for row in rows), start=2)
    table = Table(header, [(row, list(cells)) for row, cells in numbered])
    with Enclosures(settings, folder, inspect) as enclosures:
        task = _Task(_choose(kind), table, by, at, progress)
        return _import(store, terms, task, today, enclosures)


def export_file(
    store: Store, kind: str, path: Path, by: Actor, at: datetime, *, settings: Settings
) -> int:
    """Write a register to a file that only its owner may read; how many records it holds.

    Files that belong to the records go into a folder beside it, named after it.
    """
    with store.transaction() as db:
        if kind == VOCABULARIES:
            header, rows = find_terms(db)
        else:
            chosen = _choose(kind, also=VOCABULARIES)
            records = find_records(db, chosen)
            beside = path.with_name(f"{path.stem}_files")
            chosen.enclose(db, records, beside, Shelf(settings.files))
            header, rows = chosen.header, [list(each.values()) for each in records]
        audit.record(db, by, at, "export", kind, "", rows=len(rows))
    write_table(path, header, rows)
    return len(rows)


def _choose(name: str, also: str | None = None) -> Kind:
    if name in KINDS:
        return KINDS[name]
    known = [*KINDS, *([also] if also else [])]
    raise CannotTransfer(Message("Choose one of: %(choices)s.", {"choices": ", ".join(known)}))


class _Task(msgspec.Struct):
    """One import on its way; every row is a step when it is read, and again when it is saved."""

    kind: Kind
    table: Table
    by: Actor
    at: datetime
    progress: Progress
    dry_run: bool = False
    done: int = 0

    def step(self) -> None:
        """Tell how far it is."""
        self.done += 1
        self.progress(self.done, 2 * len(self.table.rows))


def _import(store: Store, terms: Terms, task: _Task, today: date, enclosures: Enclosures) -> Report:
    header, rows = task.table.header, task.table.rows
    report = Report(task.kind.name, rows=len(rows), errors=check_header(task.kind, header))
    if lacking(task.kind, header):
        return report
    with store.read() as db:
        looks = task.kind.looks(db, _named(task.table))
    enclosures.look_ahead(looks)
    with suppress(_NotKept), store.transaction() as db, enclosures.undone_on_failure():
        _read_and_save(db, task, Finder(db, terms, today, enclosures), report)
        if report.errors or task.dry_run:
            raise _NotKept
    return report


def _named(table: Table) -> list[dict[str, str]]:
    """The texts of every row by column, whatever else it holds."""
    return [
        {
            name: each
            for name, each in zip(table.header, cells, strict=False)
            if isinstance(each, str)
        }
        for _row, cells in table.rows
    ]


def _read_and_save(db: Database, task: _Task, finder: Finder, report: Report) -> None:
    entries, errors = read_entries(db, task.kind, task.table, finder, task.step)
    ordered, misplaced = task.kind.order(db, entries)
    report.errors = in_order([*report.errors, *errors, *misplaced], task.table.header)
    if report.errors:
        return
    report.doubts = in_order(task.kind.doubts(db, task.by, entries, finder), task.table.header)
    report.added = sum(entry.is_new for entry in entries)
    report.changed = sum(not entry.is_new and bool(entry.changes) for entry in entries)
    report.unchanged = len(entries) - report.added - report.changed
    report.errors = in_order(_save(db, task, ordered, finder), task.table.header)
    if not report.errors and (report.added or report.changed):
        counts = {"rows": report.rows, "added": report.added, "changed": report.changed}
        audit.record(db, task.by, task.at, "import", task.kind.name, "", **counts)


def _save(db: Database, task: _Task, entries: Sequence[Entry], finder: Finder) -> list[CellError]:
    """Save what changes; what an action refuses is said at the row it refuses."""
    listed: set[str] = set()
    refused: list[CellError] = []
    if task.kind.save_all is not None:
        task.kind.save_all(db, task.by, task.at, list(entries), finder)
    for entry in entries:
        if entry.changes:
            listed |= task.kind.lists(db, entry)
            try:
                task.kind.save(db, task.by, task.at, entry, finder)
            except Invalid as invalid:
                refused += _at_cells(task.kind, entry, invalid)
            listed |= task.kind.lists(db, entry)
        task.step()
    for practitioner_id in sorted(listed):
        refresh_listing(db, practitioner_id)
    return refused


def _at_cells(kind: Kind, entry: Entry, invalid: Invalid) -> list[CellError]:
    """What was refused, at the column that it names, else at the row's key."""
    return [
        entry.error(
            name if name in kind.header else kind.key[0],
            said[0] if isinstance(said[0], Message) else Message(said[0]),
        )
        for name, said in invalid.fields.items()
    ]
