"""How long the dashboard takes over a million results beside the demo's: `python -m` this.

Fifty indicators of forty organisations over forty quarters, each result in twelve cells. The two
sites are asked in turn, in one run: what is held is the ratio, for times differ from machine to
machine. The figures are those that counting would make; some are counted anew to show that.
"""

import gzip
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient
from sqlite_utils import Database

from portal.app import create_app
from portal.db import Store, count
from portal.indicators.actions import define, set_target
from portal.indicators.figures import count_anew
from portal.indicators.periods import Period
from portal.indicators.queries import Aim
from portal.schemas import MIGRATIONS
from portal.settings import Settings
from portal.transfer.seed import seed_demo, seed_facts, seed_life
from tests.conftest import JSON, MOMENT, OPERATOR, settings_for
from tests.defined import defined_as

INDICATORS, ORGANISATIONS, QUARTERS = 50, 40, 40
CELLS = [
    (sex, age, form)
    for sex in ("female", "male", "unknown")
    for age in ("adult", "child")
    for form in ("forced_labour", "unknown")
]
REGIONS = ("TM-A", "TM-B", "TM-D", "TM-L", "TM-M", "TJ-SU", "TJ-KT", "TJ-GB")
NEWEST = Period(2026, 3, "quarter")
ROUNDS = 60
MOST = 5.0

PAGES = {
    "dashboard": "/en/indicators",
    "a region": "/en/indicators?region=TM-M",
    "a year": "/en/indicators?period=2025",
    "a quarter": "/en/indicators/quarter",
}

KIND = defined_as(
    code="",
    starts=date(2016, 1, 1),
    dimensions=["sex", "age_group", "form", "region"],
    titles={"en": ""},
    descriptions={"en": "Counted for the benchmark."},
    verification={},
)

Row = dict[str, Any]


def main() -> None:
    """Print a table: milliseconds at the middle in both worlds, bytes, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        demo, large = settings_for(Path(folder) / "demo"), settings_for(Path(folder) / "large")
        _build(demo)
        _build(large)
        _enlarge(large)
        with _site(demo) as small_site, _site(large) as large_site:
            _print(small_site, large_site)


def _build(settings: Settings) -> None:
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    seed_facts(store, settings, OPERATOR, MOMENT)
    seed_demo(store, settings, OPERATOR, MOMENT)
    seed_life(store, settings, OPERATOR, MOMENT)
    store.close()


def _enlarge(settings: Settings) -> None:
    """In place of the demo's indicators fifty others, with all that was reported of them."""
    store = Store(settings.database)
    with store.transaction() as db:
        for table in ("figures", "results", "report_cells", "closed_periods"):
            db.execute(f"DELETE FROM {table}")
        db.execute("UPDATE indicators SET ended_on = '2016-01-01'")
        organisations = _organisations(db)
        quarters = _quarters()
        rows = [{"period": each.code, "at": "", "by": ""} for each in quarters[:-1]]
        db.table("closed_periods").insert_all(rows)
        for number in range(INDICATORS):
            code = f"bench-{number:02}"
            titles = {"en": f"What is counted for the benchmark as number {number}"}
            define(db, OPERATOR, MOMENT, msgspec.structs.replace(KIND, code=code, titles=titles))
            aim = Aim(code, baseline=100.0, target=40_000.0 + number)
            set_target(db, OPERATOR, MOMENT, aim)
            db.table("results").insert_all(_results(code, quarters, organisations))
        started = time.perf_counter()
        _count(db, quarters)
        took = time.perf_counter() - started
        for what in ("results", "figures"):
            print(f"{count(db, f'SELECT count(*) FROM {what}'):>10} {what}")
        print(f"{took:>9.1f}s to count them all")
    with store.transaction() as db:
        before = _wholes(db, "bench-00", quarters[-2].code)
        count_anew(db, "bench-00", quarters[-2].code)
        assert _wholes(db, "bench-00", quarters[-2].code) == before
    store.close()


def _organisations(db: Database) -> list[str]:
    ids = [f"o-bench{number:02}" for number in range(ORGANISATIONS)]
    texts = {"names": "{}", "summaries": "{}", "kind": "ngo", "visibility": "members"}
    db.table("organisations").insert_all(
        {"id": each, "name": each, "sort_name": each, "joined_on": "2015-01-01", **texts}
        for each in ids
    )
    return ids


def _quarters() -> list[Period]:
    found = [NEWEST]
    while len(found) < QUARTERS:
        found.insert(0, found[0].before)
    return found


def _results(code: str, quarters: list[Period], organisations: list[str]) -> Iterator[Row]:
    told = {"version": 1, "state": "value", "at": "", "accepted_at": "2026-01-01T00:00:00Z"}
    for at, quarter in enumerate(quarters):
        for who, organisation in enumerate(organisations):
            place = {"organisation_id": organisation, "region": REGIONS[who % len(REGIONS)]}
            for cell, (sex, age, form) in enumerate(CELLS):
                part = {"sex": sex, "age_group": age, "form": form}
                number = (at * 7 + who * 3 + cell * 5) % 90
                yield {
                    "code": code, "period": quarter.code, "numerator": number,
                    **place, **part, **told,
                }  # fmt: skip


def _count(db: Database, quarters: list[Period]) -> None:
    """The figures of all indicators: one is counted, and the others have the same numbers."""
    for each in quarters:
        count_anew(db, "bench-00", each.code)
    names = [column.name for column in db.table("figures").columns if column.name != "code"]
    same = ", ".join(names)
    db.execute(
        f"INSERT INTO figures (code, {same}) SELECT i.code, {same} FROM figures AS f"
        " JOIN indicators AS i ON i.code LIKE 'bench-%' AND i.code <> f.code"
    )


def _wholes(db: Database, code: str, period: str) -> list[tuple[object, ...]]:
    sql = "SELECT * FROM figures WHERE code = ? AND period = ? ORDER BY 1, 3, 4, 5, 6, 7, 8"
    return db.execute(sql, [code, period]).fetchall()


def _site(settings: Settings) -> TestClient:
    return TestClient(create_app(settings, clock=lambda: MOMENT), base_url="http://127.0.0.1")


def _print(small: TestClient, large: TestClient) -> None:
    for site, tiles in ((small, 31), (large, INDICATORS)):
        site.post("/demo/sign-in", data={"role": "coordinator"})
        assert site.get("/en/indicators", headers=JSON).json()["total"] == tiles
    print(f"{'page':<12}{'demo ms':>9}{'large ms':>10}{'gz bytes':>10}{'ratio':>8}")
    for name, path in PAGES.items():
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for took, site in zip(times, (small, large), strict=True):
                begun = time.perf_counter()
                answer = site.get(path)
                took.append((time.perf_counter() - begun) * 1000)
                assert answer.status_code == 200, path
        was, now = (statistics.median(took) for took in times)
        size = len(gzip.compress(large.get(path).content))
        verdict = "" if now / was <= MOST else f"  more than {MOST:g}"
        print(f"{name:<12}{was:>9.1f}{now:>10.1f}{size:>10}{now / was:>8.2f}{verdict}")


if __name__ == "__main__":
    main()
