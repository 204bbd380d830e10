"""Release the figures, and publish: build the public database and put it in service."""

from datetime import date, datetime
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import day_of
from portal.db import Store
from portal.publication.builder import Progress, build, parameters_of
from portal.publication.generations import (
    FILE,
    Edition,
    current_number,
    drafting,
    install,
    next_number,
)
from portal.publication.leaks import refuse_leaks
from portal.publication.notes import read_notes
from portal.publication.queries import (
    Release,
    count_held,
    find_released_counts,
    find_releases,
    get_last_release,
)
from portal.publication.rules import ReleasedCount, policy_on, released_cells, says_the_same
from portal.settings import Settings


class PublishReport(msgspec.Struct, frozen=True):
    """What was published, or would be; `generation` is None after a check."""

    generation: int | None
    released_on: str | None
    rows: dict[str, int]
    shown: int
    withheld: int
    bytes: int

    def __str__(self) -> str:
        done = f"Published generation {self.generation}" if self.generation else "Checked only"
        tables = ", ".join(f"{rows} {name}" for name, rows in self.rows.items())
        return (
            f"{done}: {tables}. Figures of {self.released_on or 'no release yet'}:"
            f" {self.shown} shown, {self.withheld} withheld."
            f" No private value in {self.bytes:,} bytes."
        )


class _Figures(msgspec.Struct, frozen=True):
    """The figures one public database says, and the releases there have been."""

    cells: list[ReleasedCount]
    dates: list[str]


def release(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    cells: list[ReleasedCount] | None = None,
) -> Release:
    """Add the figures of today to the ledger; the newest release.

    The same figures again on the same day are no change and leave no row (D7).
    """
    cells = propose(db, today) if cells is None else cells
    last = get_last_release(db)
    if last and not _is_new(last.released_on, find_released_counts(db), cells, today):
        return last
    row = {"released_on": today.isoformat(), "by": by.account_id or by.role}
    number = db.table("releases").insert(row).last_rowid or 0
    db.table("released_counts").insert_all(
        {"release_id": number, **msgspec.structs.asdict(cell)} for cell in cells
    )
    withheld = sum(cell.practitioners is None for cell in cells)
    audit.record(
        db, by, at, "release", "releases", str(number), cells=len(cells), withheld=withheld
    )
    return Release(number, today.isoformat())


def propose(db: Database, today: date) -> list[ReleasedCount]:
    """The figures a release of today would hold, after disclosure control."""
    return released_cells(count_held(db, today), policy_on(today))


def publish(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    *,
    check_only: bool = False,
    new_figures: bool = True,
    progress: Progress = lambda _done, _total: None,
) -> PublishReport:
    """Build, search for leaks, enter the release in the ledger, and swap; or raise and do nothing.

    Without `new_figures` the registers are published anew and the figures of the last release are
    copied unchanged (D9).
    """
    today = day_of(at, settings.timezone)
    with drafting(settings.generations) as draft:
        with store.read() as db:
            edition = _edition(db, today, new_figures=new_figures)
            rows = _build(db, draft, today, edition, progress)
        size = (draft / FILE).stat().st_size
        said = Edition(
            number=next_number(settings.generations),
            published_on=today.isoformat(),
            release=len(edition.dates) or None,
            released_on=edition.dates[-1] if edition.dates else None,
        )
        if not check_only and new_figures:
            with store.transaction() as db:
                release(db, by, at, today, edition.cells)
        number = None if check_only else install(settings.generations, draft, said)
    withheld = sum(cell.practitioners is None for cell in edition.cells)
    return PublishReport(
        generation=number,
        released_on=edition.dates[-1] if edition.dates else None,
        rows=rows,
        shown=len(edition.cells) - withheld,
        withheld=withheld,
        bytes=size,
    )


def republish_registers(store: Store, settings: Settings, by: Actor, at: datetime) -> bool:
    """Publish the registers as they are now, figures unchanged; False before the first release."""
    if current_number(settings.generations) is None:
        return False
    publish(store, settings, by, at, new_figures=False)
    return True


def _edition(db: Database, today: date, *, new_figures: bool) -> _Figures:
    dates = [each.released_on for each in find_releases(db)]
    released = find_released_counts(db)
    if not new_figures:
        return _Figures(released, dates)
    cells = propose(db, today)
    if not dates or _is_new(dates[-1], released, cells, today):
        dates.append(today.isoformat())
    return _Figures(cells, dates)


def _is_new(
    last: str, released: list[ReleasedCount], cells: list[ReleasedCount], today: date
) -> bool:
    return last != today.isoformat() or not says_the_same(released, cells)


def _build(
    db: Database, draft: Path, today: date, edition: _Figures, progress: Progress
) -> dict[str, int]:
    codebook = read_notes().codebook()
    releases: list[dict[str, int | str]] = [
        {"number": number, "released_on": day} for number, day in enumerate(edition.dates, start=1)
    ]
    parameters = parameters_of(today, edition.cells, releases)
    rows = build(db, draft / FILE, parameters, codebook, progress=progress)
    refuse_leaks(db, draft / FILE, parameters, codebook, progress=progress)
    return rows
