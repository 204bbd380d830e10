"""Keep releases and move them on; build the public database and put it in service."""

from datetime import date, datetime
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import day_of, stamp
from portal.db import Store, as_json
from portal.disclosure.rules import Policy
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message
from portal.publication.builder import Misdeclared, Progress, build, parameters_of
from portal.publication.generations import (
    FILE,
    Edition,
    current_number,
    drafting,
    install,
    next_number,
)
from portal.publication.leaks import Leak, refuse_leaks
from portal.publication.ledger import MOVES, Candidate, Figures, State, digest_of_figures
from portal.publication.notes import read_notes
from portal.publication.queries import (
    Release,
    find_draft,
    find_figures_of,
    find_in_force,
    find_releases,
)
from portal.publication.staleness import WHY_STALE, forget_counted, why_stale
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


def ask_for_release(db: Database, by: Actor, at: datetime, today: date) -> int:
    """Write down that a release is wanted: the clocked work prepares it; its number in the list."""
    return _begin(db, by, at, today, "asked")


def keep_candidate(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    candidate: Candidate,
    policy: Policy,
    release_id: int | None = None,
) -> int:
    """Keep what a release would say, for somebody else to look at; its number in the list."""
    if release_id is None:
        release_id = _begin(db, by, at, today, "prepared")
    else:
        move_release(db, by, at, release_id, "prepared")
    db.table("releases").update(
        release_id,
        {
            "released_on": today.isoformat(),
            "prepared_at": stamp(at),
            "policy": msgspec.json.encode(policy).decode(),
            "digest": candidate.digest,
            "report": msgspec.json.encode(candidate.audits).decode(),
        },
    )
    _keep_rows(db, release_id, candidate)
    return release_id


def move_release(
    db: Database,
    by: Actor,
    at: datetime,
    release_id: int,
    state: State,
    reason: str | None = None,
) -> None:
    """Bring a release into its next state; `Invalid` where it cannot go there."""
    draft = find_draft(db, release_id)
    if draft is None:
        raise NotFound
    if state not in MOVES[draft.state]:
        raise Invalid({"all": [Message("Meanwhile this release was brought further. Look again.")]})
    if state in ("approved", "published") and (why := why_stale(db, release_id, at)):
        # security: in this transaction, so that nobody withdraws between the question and the act
        raise Invalid({"all": [WHY_STALE[why]]})
    _step(db, by, at, release_id, state, reason)
    if state not in ("prepared", "approved"):
        forget_counted(db, release_id)


def publish(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    *,
    release_id: int | None = None,
    candidate: Candidate | None = None,
    check_only: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> PublishReport:
    """Build, search for leaks, enter the release in the ledger, and swap; or raise and do nothing.

    Without an approved release the registers are published anew and the figures in force are
    copied unchanged (D9). A `candidate` is only checked.
    """
    try:
        return _publish(store, settings, by, at, release_id, candidate, check_only, progress)
    except (Leak, Misdeclared) as error:
        # what is wrong with it does not pass by itself, as a full disk does: it is made anew
        if release_id is not None:
            with store.transaction() as db:
                move_release(db, by, at, release_id, "failed", str(error))
        raise


def _publish(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    release_id: int | None,
    candidate: Candidate | None,
    check_only: bool,
    progress: Progress,
) -> PublishReport:
    today = day_of(at, settings.timezone)
    with drafting(settings.generations) as draft:
        with store.read() as db:
            figures = _figures(db, release_id, candidate)
            releases = _releases(db, today, release_id, is_new=candidate is not None)
            rows = _build(db, draft, today, figures, releases, progress)
        size = (draft / FILE).stat().st_size
        number = None
        if not check_only and candidate is None:
            if release_id is not None:
                with store.transaction() as db:
                    _enter(db, by, at, today, release_id, releases[-1].number)
            edition = _edition(settings, today, releases, digest_of_figures(figures))
            number = install(settings.generations, draft, edition)
    standing = [each for each in releases if not each.rolled_back]
    withheld = sum(each.practitioners is None for each in figures.counts)
    withheld += sum(each.flag is not None for each in figures.figures)
    return PublishReport(
        generation=number,
        released_on=standing[-1].released_on if standing else None,
        rows=rows,
        shown=len(figures.counts) + len(figures.figures) - withheld,
        withheld=withheld,
        bytes=size,
    )


def republish_registers(store: Store, settings: Settings, by: Actor, at: datetime) -> bool:
    """Publish the registers as they are now, figures unchanged; False before the first release."""
    if current_number(settings.generations) is None:
        return False
    publish(store, settings, by, at)
    return True


def _begin(db: Database, by: Actor, at: datetime, today: date, state: State) -> int:
    row = {"released_on": today.isoformat(), "by": by.account_id or by.role}
    number = db.table("releases").insert(row).last_rowid or 0
    _step(db, by, at, number, state, None)
    return number


def _step(
    db: Database, by: Actor, at: datetime, release_id: int, state: State, reason: str | None
) -> None:
    row = {"release_id": release_id, "state": state, "at": stamp(at), "reason": reason}
    db.table("release_states").insert({**row, "by": by.account_id or by.role})
    audit.record(db, by, at, "release", "releases", str(release_id), state=state)


def _keep_rows(db: Database, release_id: int, candidate: Candidate) -> None:
    of = {"release_id": release_id}
    rows = msgspec.structs.asdict
    db.table("released_counts").insert_all({**of, **rows(each)} for each in candidate.counts)
    db.table("released_figures").insert_all({**of, **rows(each)} for each in candidate.figures)
    db.table("released_levels").insert_all({**of, **rows(each)} for each in candidate.levels)
    db.table("released_cells").insert_all(
        {**of, "cube": each.cube, "key": as_json(each.key), "value": each.value}
        for each in candidate.said
    )


def _enter(
    db: Database, by: Actor, at: datetime, today: date, release_id: int, number: int
) -> None:
    """From here on it is a release like any other, whatever happens to the swap."""
    move_release(db, by, at, release_id, "published")
    db.table("releases").update(release_id, {"number": number, "released_on": today.isoformat()})


def _figures(db: Database, release_id: int | None, candidate: Candidate | None) -> Figures:
    if candidate is not None:
        return candidate
    return find_in_force(db) if release_id is None else find_figures_of(db, release_id)


def _releases(db: Database, today: date, release_id: int | None, *, is_new: bool) -> list[Release]:
    releases = find_releases(db)
    if release_id is None and not is_new:
        return releases
    last = max((each.number for each in releases), default=0)
    return [*releases, Release(release_id or 0, last + 1, today.isoformat())]


def _edition(settings: Settings, today: date, releases: list[Release], figures: str) -> Edition:
    standing = [each for each in releases if not each.rolled_back]
    return Edition(
        number=next_number(settings.generations),
        published_on=today.isoformat(),
        release=standing[-1].number if standing else None,
        released_on=standing[-1].released_on if standing else None,
        figures=figures,
    )


def _build(
    db: Database,
    draft: Path,
    today: date,
    figures: Figures,
    releases: list[Release],
    progress: Progress,
) -> dict[str, int]:
    codebook = read_notes().codebook()
    parameters = parameters_of(today, figures, releases)
    rows = build(db, draft / FILE, parameters, codebook, progress=progress)
    refuse_leaks(db, draft / FILE, parameters, codebook, progress=progress)
    return rows
