"""What a portal starts with: the real facts, and for a demo the invented world, both importable."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

import seed_data
from portal.actor import Actor
from portal.agreements.actions import exclude
from portal.charter.actions import load_charter
from portal.clock import day_of, stamp
from portal.db import Store, column
from portal.errors import PortalError
from portal.ethics.actions import load_code
from portal.i18n.language import load_language
from portal.places.actions import load_gazetteer
from portal.settings import Settings
from portal.transfer.actions import Progress, import_rows, unwatched
from portal.transfer.definitions import load_indicators, load_published
from portal.transfer.demo_agreements import seed_agreements
from portal.transfer.demo_cards import seed_cards
from portal.transfer.demo_changes import seed_changes
from portal.transfer.demo_contacts import seed_contacts, seed_tickets
from portal.transfer.demo_desk import seed_desk
from portal.transfer.demo_materials import seed_sharing
from portal.transfer.demo_membership import seed_membership
from portal.transfer.demo_people import seed_people
from portal.transfer.demo_plans import seed_plans
from portal.transfer.demo_projects import seed_projects
from portal.transfer.demo_reports import seed_reports
from portal.transfer.demo_requests import seed_requests
from portal.transfer.report import Report
from portal.uploads.apart import check_and_draw
from portal.uploads.intake import Inspected
from portal.vocabularies.actions import load_vocabularies
from portal.vocabularies.terms import load_terms
from seed_data import world

FOLDER = Path(seed_data.__file__).parent

Rows = list[dict[str, str]]
Registers = list[tuple[str, Rows]]


class SeedingFailed(PortalError):
    """The seed data and the portal do not fit each other; the sentence names the first cell."""


def seed_facts(store: Store, settings: Settings, by: Actor, at: datetime) -> None:
    """Code lists, gazetteer and the published meetings; seeding again changes nothing."""
    with store.transaction() as db:
        load_vocabularies(db, FOLDER / "vocabularies")
        load_gazetteer(db, FOLDER, settings.countries)
        load_code(db, FOLDER / "ethics.csv")
        load_charter(db, by, at, FOLDER / "charter.csv")
        load_indicators(db, by, at)
        load_published(db, by, at, settings.countries)
    today = day_of(at, settings.timezone)
    with store.read() as db:
        events = [
            {**row, "already_published": "yes"} for row in _within_reach(db, world.real_events())
        ]
    _load(store, settings, [("events", events)], by, at, today)


def seed_demo(
    store: Store,
    settings: Settings,
    by: Actor,
    at: datetime,
    progress: Progress = unwatched,
) -> None:
    """The invented world, through the same door as any import; the facts come first."""
    today = day_of(at, settings.timezone)
    with store.read() as db:
        registers = _world(db, today)
    _load(store, settings, registers, by, at, today, progress)
    with store.transaction() as db:
        _exclude_some(db, by, at, dict(registers))


def seed_life(store: Store, settings: Settings, by: Actor, at: datetime) -> None:
    """What the people of the invented world have done and what waits for them; once, not twice."""
    today = day_of(at, settings.timezone)
    with store.transaction() as db:
        seed_people(db, at)
        seed_cards(db, settings.secret, by, at)
        seed_contacts(db, at, settings.timezone)
        seed_tickets(db, at, settings.timezone)
        seed_requests(db, at, settings.timezone)
        seed_desk(db, at, settings.timezone)
        seed_changes(db, at, settings.timezone)
        seed_agreements(db, at, today)
        seed_membership(db, settings, at)
        seed_projects(db, at, settings.timezone)
        seed_reports(db, at, settings.timezone)
        seed_plans(db, at, settings.timezone)
    seed_sharing(store, settings, at)
    with store.transaction() as db:
        # what happened in the invented past was told then
        told = "UPDATE notices SET sent_at = made_at, way = 'work' WHERE sent_at IS NULL"
        db.execute(told + " AND made_at < ?", [stamp(at - timedelta(hours=12))])


def _world(db: Database, today: date) -> Registers:
    """The rows of each register, without those of countries that are not configured."""
    organisations = _within_reach(db, world.organisations(today))
    proposing = {row["id"] for row in organisations}
    people = _within_reach(db, world.practitioners(today))
    demo_events = [
        {**row, "open": "yes" if row["id"] == world.OPEN_DEMO_EVENT else "no"}
        for row in _within_reach(db, world.demo_events(today))
    ]
    return [
        ("places", _within_reach(db, world.local_places())),
        ("organisations", organisations),
        ("practitioners", [row for row in people if row["organisation"] in proposing]),
        ("events", demo_events),
        *_shared(db, today, proposing),
    ]


def _shared(db: Database, today: date, organisations: set[str]) -> Registers:
    """Campaigns and materials; what had an earlier edition is brought in with that one first."""
    campaigns = [
        row for row in world.campaigns(today) if row["organisation"].split(";")[0] in organisations
    ]
    run = {row["id"] for row in campaigns}
    works = [row for row in world.materials() if row["organisation"] in organisations]
    made = {row["id"] for row in works}
    there = set(column(db, "SELECT id FROM materials"))
    known = {"campaign": run, "adapted_from": made, "materials": made}
    earlier = [row for row in world.first_editions() if row["id"] in made - there]
    held = [row for row in _within_reach(db, world.activities(today)) if row["campaign"] in run]
    return [
        ("campaigns", campaigns),
        ("materials", _naming(earlier, known)),
        ("materials", _naming(works, known)),
        ("activities", _naming(held, {"materials": made})),
    ]


def _naming(rows: Rows, known: dict[str, set[str]]) -> Rows:
    """The rows without ids of records that are not in this portal's countries."""
    return [
        {
            name: ";".join(each for each in text.split(";") if each in known[name])
            if name in known
            else text
            for name, text in row.items()
        }
        for row in rows
    ]


def _within_reach(db: Database, rows: Rows) -> Rows:
    known = set(column(db, "SELECT id FROM places"))
    return [row for row in rows if (row.get("place") or row.get("parent") or row["id"]) in known]


def _load(
    store: Store,
    settings: Settings,
    registers: Registers,
    by: Actor,
    at: datetime,
    today: date,
    progress: Progress = unwatched,
) -> None:
    with store.read() as db:
        terms = load_terms(db)
    total = 2 * sum(len(rows) for _kind, rows in registers)
    before = 0
    for kind, rows in registers:
        report = import_rows(
            store,
            terms,
            kind,
            rows,
            by,
            at,
            today,
            settings=settings,
            folder=FOLDER,
            inspect=_inspected_here,
            progress=_part(progress, before, total),
        )
        _refuse_errors(report)
        before += 2 * len(rows)


@contextmanager
def _inspected_here(settings: Settings, path: Path, name: str) -> Iterator[Inspected]:
    """Our own files are looked at as any are, but without a process for each: none is hostile."""
    settings.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="made-", dir=settings.incoming) as made:
        yield Inspected(check_and_draw(path, name, Path(made)), "none")


def _part(progress: Progress, before: int, total: int) -> Progress:
    return lambda done, _total: progress(before + done, total)


def _refuse_errors(report: Report) -> None:
    for error in report.errors:
        said = load_language("en").say(error.message)
        raise SeedingFailed(f"Seeding {report.kind}: row {error.row}, {error.column}: {said}")


def _exclude_some(db: Database, by: Actor, at: datetime, registers: dict[str, Rows]) -> None:
    """Four practitioners do not want to be found by some, as happens in every network."""
    people = [row for row in registers["practitioners"] if row["status"] == "agreed"]
    admitted = [row["id"] for row in registers["organisations"] if row["status"] == "admitted"]
    if not people or not admitted:
        return
    wishes = (
        (people[-1], "organisation", _another(admitted, people[-1])),
        (people[-2], "organisation_kind", "state"),
        (people[-3], "organisation_kind", "international"),
        (people[-4], "organisation", _another(admitted, people[-4])),
    )
    sql = "SELECT practitioner_id || kind || value FROM consent_exclusions"
    recorded = set(column(db, sql))
    for person, kind, value in wishes:
        if person["id"] + kind + value not in recorded:
            exclude(db, by, at, person["id"], kind, value)


def _another(admitted: list[str], person: dict[str, str]) -> str:
    """A member organisation that is not the person's own."""
    return next(each for each in reversed(admitted) if each != person["organisation"])
