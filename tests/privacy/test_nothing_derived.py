"""What a stranger works out from everything public over three releases: no settlement, no cell.

Two worlds differ in one thing that must stay hidden. Whatever anybody can ask for is asked of both,
and must be the same to the byte. Then a reader solves all that was said of each indicator.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path

import msgspec
from sqlite_utils import Database

from portal.bundling.actions import bundle
from portal.db import Store
from portal.exporting.actions import write_files
from portal.exporting.queries import find_files
from portal.indicators.periods import read_period
from portal.nearby.actions import refresh_listing
from portal.publication.generations import current_number
from portal.publication.ledger import ReleasedFigure
from portal.publication.reading import reading as reading_public
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from portal.upkeep import Upkeep
from tests.conftest import JSON, MOMENT, OPERATOR, browsing, settings_for
from tests.disclosure.reader import Reader, Row, meaning
from tests.privacy.test_marker_words import data_addresses, public_addresses
from tests.worlds import copy_world

SMALLEST, BASE = 10, 10

# Datasette says how long a question took
_TIMED = re.compile(rb'"query_ms": ?[0-9.]+')

# somebody who is alone with a profession in a region, and another settlement of that region
LONE = """
    SELECT min(l.practitioner_id), p.region, min(p.id),
        (SELECT min(o.id) FROM places AS o WHERE o.region = p.region AND o.origin = 'geonames'
         AND o.id NOT IN (SELECT place_id FROM listings))
    FROM listings AS l JOIN places AS p ON p.id = l.place_id
    GROUP BY p.region, l.profession HAVING count(*) <= 3 ORDER BY 1
"""


@contextmanager
def stored(settings: Settings) -> Iterator[Store]:
    with closing(Store(settings.database)) as store:
        yield store


def released(settings: Settings, days: int) -> None:
    """One more release, with its files."""
    with stored(settings) as store:
        release_and_publish(store, settings, OPERATOR, MOMENT + timedelta(days=days))
        write_files(settings, store)


def taken_along(settings: Settings) -> dict[str, str]:
    """A fingerprint of the public database and of every file beside it."""
    folder = settings.generations / str(current_number(settings.generations))
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files}


def everything(settings: Settings) -> dict[str, str]:
    """A fingerprint of each answer to a stranger, headers too, and of each file they may take."""
    with browsing(settings) as site:
        files = find_files(settings.generations, current_number(settings.generations) or 0)
        addresses = [
            *public_addresses(site),
            *data_addresses(site),
            *(f"/data/files/{each.name}" for each in files),
            *(f"/en/indicators/{code}" for code in ("assisted", "practitioners_listed")),
            *("/en/indicators", "/tg/coverage", "/data/network/home_visits.json"),
        ]
        said = taken_along(settings)
        for address in dict.fromkeys(addresses):
            for headers in ({},) if address.startswith("/data/") else ({}, JSON):
                answer = site.get(address, headers=headers, follow_redirects=False)
                assert answer.status_code == 200 or "/files/" not in address, address
                told = repr(sorted(answer.headers.multi_items())).encode()
                told += _TIMED.sub(b"", answer.content)
                said[f"{address} {headers}"] = sha256(told).hexdigest()
    stick = settings.data_dir / "stick.zip"
    with stored(settings) as store:
        bundle(store, settings, stick, MOMENT)
    return said | {"bundle": sha256(stick.read_bytes()).hexdigest()}


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(each for each in {*one, *other} if one.get(each) != other.get(each))


def life_goes_on(settings: Settings, part: int) -> None:
    """Between two releases some withdraw, some pause, some are confirmed no longer."""
    with stored(settings) as store, store.transaction() as db:
        for person in _people(db)[part::7]:
            db.execute(
                "UPDATE consents SET withdrawn_on = given_on WHERE practitioner_id = ?", [person]
            )
            refresh_listing(db, person)
        for person in _people(db)[part::11]:
            db.execute(
                "UPDATE listings SET confirmed_on = '2026-06-01' WHERE practitioner_id = ?",
                [person],
            )
        db.execute("UPDATE requests SET ended_at = NULL WHERE rowid % 5 = ?", [part])


def _people(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT practitioner_id FROM listings ORDER BY 1")]


def test_a_practitioner_who_lives_elsewhere_changes_no_byte(world: Path, tmp_path: Path) -> None:
    one, other = settings_for(tmp_path / "one"), settings_for(tmp_path / "other")
    copy_world(world, one.data_dir)
    copy_world(world, other.data_dir)
    with stored(other) as store, store.transaction() as db:
        lone = [row for row in db.execute(LONE).fetchall() if row[3]]
        for person, _region, _before, settlement in lone:
            db.execute("UPDATE practitioners SET place_id = ? WHERE id = ?", [settlement, person])
            refresh_listing(db, person)
        moved = db.execute(
            "SELECT count(*) FROM listings WHERE place_id IN (SELECT place_id FROM practitioners"
            " WHERE id IN (SELECT value FROM json_each(?)))",
            ["[" + ",".join(f'"{row[0]}"' for row in lone) + "]"],
        ).fetchone()[0]
    assert len(lone) >= 3
    assert moved >= len(lone)
    for part in range(3):
        for each in (one, other):
            life_goes_on(each, part)
            released(each, part + 1)
        assert differences(taken_along(one), taken_along(other)) == []
    assert differences(everything(one), everything(other)) == []


def test_between_two_releases_nothing_public_moves(settings: Settings) -> None:
    released(settings, 1)
    before = everything(settings)
    life_goes_on(settings, 2)
    with browsing(settings) as site:
        upkeep = Upkeep(site.app.state.site)
        for _ in range(2):
            upkeep.published_at = float("-inf")
            upkeep.round()
    assert differences(before, everything(settings)) == []


class Count(msgspec.Struct, frozen=True):
    """One line of the published counts of practitioners."""

    region: str
    profession: str
    practitioners: int | None
    home_visits: str


class Read(msgspec.Struct):
    """What one edition says, as anybody reads it."""

    figures: list[ReleasedFigure]
    counts: list[Count]
    areas: dict[str, str]


def read(settings: Settings) -> Read:
    with reading_public(settings.generations) as (db, _edition):
        figures = db.query("SELECT * FROM figures WHERE source IS NULL")
        counts = db.query("SELECT * FROM practitioner_counts")
        areas = db.query("SELECT code, kind FROM areas")
        return Read(
            msgspec.convert(list(figures), list[ReleasedFigure], strict=False),
            msgspec.convert(list(counts), list[Count]),
            {row["code"]: row["kind"] for row in areas},
        )


class Solver:
    """The counts of people behind one indicator: by period, region and whether they are meant."""

    def __init__(self, read: Read, periods: set[str]) -> None:
        self._regions = [code for code, kind in read.areas.items() if kind == "region"] + ["?"]
        self._periods = sorted(periods)
        every = list(product(self._periods, self._regions, ("yes", "no")))
        self._at = {key: at for at, key in enumerate(every)}
        self.rows: list[Row] = []

    def cells(self, period: str, area: str, part: str = "all") -> frozenset[int]:
        return frozenset(
            at
            for (inside, region, meant), at in self._at.items()
            if read_period(period).holds(read_period(inside))
            and (area in ("all", region) or region.startswith(f"{area}-"))
            and part in ("all", meant)
        )

    def say(self, figure: ReleasedFigure) -> None:
        of = (figure.period, figure.area)
        if figure.denominator is not None:
            self._add(self.cells(*of), figure.denominator)
            self._add(self.cells(*of, "yes"), figure.numerator)
        elif figure.value is not None:
            self._add(self.cells(*of), int(figure.value))

    def narrowest(self, asked: list[frozenset[int]]) -> int:
        reader = Reader(self.rows, len(self._at))
        ranges = [reader.range_of(cells) for cells in asked]
        return min((most - least for least, most in ranges), default=10_000)

    def _add(self, cells: frozenset[int], value: int | None) -> None:
        if value is not None:
            self.rows.append((cells, *meaning(value, SMALLEST, BASE)))


def narrowest_of(code: str, reads: list[Read]) -> int:
    """How many people the best known withheld figure of an indicator may still be apart."""
    mine = [[each for each in one.figures if each.indicator == code] for one in reads]
    wholes = [
        [each for each in one if {each.sex, each.age_group, each.form} == {"all"}] for one in mine
    ]
    periods = {each.period for one in wholes for each in one}
    finest = {each for each in periods if len(each) == max(map(len, periods))}
    solver = Solver(reads[-1], finest)
    for figure in {each for one in wholes for each in one if each.flag is None}:
        solver.say(figure)
    hidden = {each.key: each for one in wholes for each in one if each.flag is not None}.values()
    parts = ("all",) if code != "exploited_again" else ("yes", "no")
    asked = [solver.cells(each.period, each.area, part) for each in hidden for part in parts]
    years = sorted({each[:4] for each in periods})
    regions = [area for area, kind in reads[-1].areas.items() if kind == "region"]
    asked += [
        solver.cells(year, region, part) for year in years for region in regions for part in parts
    ]
    return solver.narrowest(asked)


def test_no_withheld_figure_is_narrowed_over_three_releases(settings: Settings) -> None:
    reads = []
    for part in range(3):
        life_goes_on(settings, part)
        released(settings, part + 1)
        reads.append(read(settings))
    for code in ("assisted", "prevented", "exploited_again", "hotline_calls"):
        assert narrowest_of(code, reads) >= SMALLEST, code


def test_no_region_gives_away_how_many_practitioners_it_has(settings: Settings) -> None:
    for part in range(2):
        life_goes_on(settings, part)
        released(settings, part + 1)
        assert fewest_possible(read(settings)) >= SMALLEST


def fewest_possible(said: Read) -> int:
    """The narrowest range of practitioners of a region and profession, by all that is said."""
    professions = sorted({each.profession for each in said.counts})
    regions = [area for area, kind in said.areas.items() if kind == "region"]
    at = {key: n for n, key in enumerate(product(regions, professions))}
    listed = {"practitioners_listed": professions, "psychologists_listed": ["psychologist"]}
    listed["lawyers_listed"] = ["lawyer"]
    rows: list[Row] = []
    for each in said.figures:
        if each.indicator in listed and each.value is not None and each.sex == "all":
            there = [r for r in regions if each.area == "all" or r.startswith(each.area)]
            cells = frozenset(at[key] for key in product(there, listed[each.indicator]))
            rows.append((cells, *meaning(int(each.value), SMALLEST, BASE)))
    hidden = []
    for count in said.counts:
        cell = frozenset({at[count.region, count.profession]})
        if count.home_visits == "yes":
            rows.append((cell, SMALLEST, 10_000))
        if count.practitioners is None:
            hidden.append(cell)
        else:
            rows.append((cell, *meaning(count.practitioners, SMALLEST, BASE)))
    reader = Reader(rows, len(at))
    ranges = [reader.range_of(cell) for cell in hidden]
    return min((most - least for least, most in ranges), default=10_000)
