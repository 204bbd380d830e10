"""What a release says of people: an oracle in plain Python recounts every published cell."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from portal.compiling.registry import compile_release
from portal.db import Store
from portal.disclosure.rules import rounded
from portal.publication.actions import keep_candidate, move_release
from portal.publication.ledger import Candidate, ReleasedFigure
from portal.publication.rules import policy_on
from tests.conftest import MOMENT, OPERATOR, TODAY, settings_for
from tests.worlds import copy_world

REPORTED = ("assisted", "prevented", "in_reintegration", "hotline_calls")
LEVELS = {
    "assisted": 4,
    "prevented": 4,
    "in_reintegration": 2,
    "hotline_calls": 3,
    "assisted_by_form": 1,
    "exploited_again": 2,
    "practitioners_listed": 2,
    "psychologists_listed": 2,
    "lawyers_listed": 2,
    "confirmed_90_days": 1,
}


@pytest.fixture
def db(lived: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo in which people have been at work, to change."""
    copy_world(lived, tmp_path / "data")
    store = Store(settings_for(tmp_path / "data").database)
    with store.transaction() as db:
        yield db
    store.close()


def compiled(db: Database) -> Candidate:
    return compile_release(db, TODAY, float)


def published(db: Database, made: Candidate) -> None:
    number = keep_candidate(db, OPERATOR, MOMENT, TODAY, made, policy_on(TODAY))
    last = db.execute("SELECT coalesce(max(number), 0) FROM releases").fetchone()[0]
    db.table("releases").update(number, {"number": last + 1})
    for state in ("approved", "published"):
        move_release(db, OPERATOR, MOMENT, number, state)  # type: ignore[arg-type]


def people(made: Candidate) -> list[ReleasedFigure]:
    codes = {each.indicator for each in made.levels}
    return [each for each in made.figures if each.indicator in codes]


def counted(db: Database, figure: ReleasedFigure) -> tuple[int, int]:
    """How many people the results hold, of how many organisations; every line has its parts."""
    months = (
        {f"{figure.period[:5]}{3 * int(figure.period[-1]) - n:02}" for n in (0, 1, 2)}
        if ("Q" in figure.period)
        else set()
    )
    rows = db.execute(
        "SELECT period, region, organisation_id, numerator FROM results WHERE code = ?"
        " AND accepted_at IS NOT NULL AND replaced_at IS NULL AND numerator > 0",
        [figure.indicator],
    ).fetchall()
    within = [
        (organisation, n)
        for period, region, organisation, n in rows
        if (period.startswith(figure.period) or period in months)
        and (figure.area == "all" or region.startswith(figure.area))
    ]
    return int(sum(n for _, n in within)), len({organisation for organisation, _ in within})


def figure(made: Candidate, code: str, period: str, area: str = "all") -> ReleasedFigure:
    wanted = (code, period, area)
    found = [e for e in people(made) if (e.indicator, e.period, e.area) == wanted]
    return next(each for each in found if each.sex == each.age_group == each.form == "all")


def test_every_cell_is_recounted_rounded_and_of_many(db: Database) -> None:
    made = compiled(db)
    cells = [each for each in people(made) if each.indicator in REPORTED]
    assert len(cells) > 100
    for each in cells:
        n, organisations = counted(db, each)
        assert each.flag is None, each
        assert each.value == rounded(n, 10), each
        assert n >= 10
        assert organisations >= 3
    for each in people(made):
        for said in (each.value if each.numerator is None else None, each.numerator):
            assert said is None or said % 10 == 0
    said = {}
    for level in made.levels:
        said[level.indicator] = said.get(level.indicator, 0) + level.is_published
    assert {code: number for code, number in said.items() if number} == LEVELS
    closed = {period for (period,) in db.execute("SELECT period FROM closed_periods").fetchall()}
    assert {each.period for each in cells if "Q" in each.period} == closed


def test_nothing_is_said_beside_the_engine_and_every_level_is_whole(db: Database) -> None:
    made = compiled(db)
    ledger = {(cell.cube, cell.key): cell.value for cell in made.said}
    assert all(key[-1] == "all" for _, key in ledger), "a row of one organisation"
    for each in people(made):
        if each.period == TODAY.isoformat():
            continue
        key = (each.period, each.area, each.form, each.age_group, each.sex)
        whole = ledger[each.indicator, (*key, "all", "all")]
        if each.indicator != "exploited_again":
            assert each.value == whole
            continue
        part = ledger[each.indicator, (*key, "yes", "all")]
        assert (each.numerator, each.denominator) == (part, whole)
        assert (each.value is None) == (part is None or whole is None)
        assert each.value is None or abs(each.value - 100 * (part or 0) / (whole or 1)) <= 0.5
    for level in made.levels:
        if level.is_published:
            assert level.why is None
            continue
        assert level.withheld == level.cells
    rows = {code: [e for e in made.levels if e.indicator == code] for code in LEVELS}
    for code, levels in rows.items():
        shown = sum(each.cells for each in levels if each.is_published)
        assert shown == sum(each.indicator == code for each in made.figures), code
    assert len(made.counts) == 11 * 4


def test_who_is_not_known_to_contribute_and_lone_practitioners_stay_unsaid(db: Database) -> None:
    first = {each.indicator: each for each in compiled(db).levels if each.position == 0}
    assert first["reach_lawyer"].why == "places"
    assert first["days_to_help"].why == "people"
    for code in ("consultations", "people_trained", "requests_48_hours", "days_to_visit"):
        assert (first[code].is_published, first[code].why) == (False, "organisations")


def test_a_correction_that_rounds_the_same_changes_nothing(db: Database) -> None:
    before = compiled(db)
    published(db, before)
    assert compiled(db).digest == before.digest
    was = figure(before, "assisted", "2026-Q1")
    n, _ = counted(db, was)
    cell = "SELECT min(id) FROM results WHERE code = 'assisted' AND period = '2026-Q1'"
    cell += " AND replaced_at IS NULL AND accepted_at IS NOT NULL AND numerator > 0"
    step = "UPDATE results SET numerator = numerator + ? WHERE id = (" + cell + ")"
    # a closed quarter that was opened again stays a closed one: what was accepted late counts
    opened = {"period": "2026-Q1", "organisation_id": "o-3vd8xw", "reason": "Late."}
    opened |= {"until": "2026-12-31", "at": "2026-11-20T00:00:00Z", "by": "operator"}
    db.table("reopened_periods").insert(opened)
    small = 1 if rounded(n + 1, 10) == rounded(n, 10) else -1
    db.execute(step, [small])
    assert compiled(db).digest == before.digest
    db.execute(step, [10])
    after = compiled(db)
    now = figure(after, "assisted", "2026-Q1")
    assert now.value == (was.value or 0) + 10
    assert after.digest != before.digest
    assert after.audits["assisted"]["stopped_by"] in ("too_few", None)


def test_what_counted_people_once_is_never_exact(db: Database) -> None:
    db.execute("UPDATE indicator_versions SET counts_people = 0 WHERE code = 'prevented'")
    newer = "INSERT INTO indicator_versions SELECT code, 2, '2027-01-01', kind, unit, direction, 1,"
    newer += " total_rule, place_rule, period_rule, frequency, dimensions, titles, descriptions,"
    newer += " verification, reporters, at, by FROM indicator_versions WHERE code = 'prevented'"
    db.execute(newer)
    cells = [each for each in compiled(db).figures if each.indicator == "prevented"]
    assert cells
    assert all(each.value is None or each.value % 10 == 0 for each in cells)


def test_counted_people_are_released_where_their_organisations_are_known(db: Database) -> None:
    places = {"TM": "TM-S", "TJ": "TJ-DU"}
    db.execute("DELETE FROM results WHERE code = 'consultations'")
    account = db.execute("SELECT id FROM accounts LIMIT 1").fetchone()[0]
    owners = [row[0] for row in db.execute("SELECT id FROM organisations ORDER BY id LIMIT 4")]
    for quarter, day in (("2026-Q1", "2026-02-03"), ("2026-Q2", "2026-05-04")):
        for number in range(96):
            region = places["TM" if number % 2 else "TJ"]
            row = {"id": f"r-{quarter}-{number}", "form_key": f"{quarter}{number}"}
            row |= {"account_id": account, "organisation_id": owners[number // 2 % 4]}
            row |= {"created_at": f"{day}T05:00:00Z", "timezone": "Asia/Ashgabat", "asked": 0}
            row |= {"profession": "lawyer", "mode": "home", "region": region, "wished_on": day}
            row |= {"outcome": "visited", "days_waited": 4, "ended_at": f"{day}T06:00:00Z"}
            db.table("requests").insert(row)
        for region in places.values():
            kept = {"code": "consultations", "version": 1, "period": quarter, "region": region}
            kept |= dict.fromkeys(("sex", "age_group", "form"), "")
            kept |= {"state": "value", "numerator": 48, "at": "x", "accepted_at": "x"}
            db.table("results").insert(kept)
    made = compiled(db)
    assert figure(made, "consultations", "2026-Q2").value == 100
    assert figure(made, "consultations", "2026-Q2", "TJ").value == 50
    db.execute("UPDATE requests SET organisation_id = NULL WHERE id = 'r-2026-Q2-0'")
    levels = [each for each in compiled(db).levels if each.indicator == "consultations"]
    assert not levels[0].is_published
