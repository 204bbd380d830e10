"""A coordinator closes a quarter, and opens it again for one organisation; figures stay."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlite_utils import Database

from portal.actor import Actor
from portal.counting.actions import close_quarter, may_reopen, next_to_close, reopen_for
from portal.counting.registry import count_period
from portal.counting.rules import whole_of
from portal.db import column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.indicators.actions import define
from portal.indicators.figures import count_all_anew
from portal.indicators.locks import find_reopened, is_locked
from portal.indicators.periods import Period, read_period
from portal.indicators.queries import find_definition, find_figures
from portal.reports.actions import open_report
from portal.reports.queries import find_expected, find_reports
from tests.conftest import MOMENT, TODAY
from tests.counting.conftest import COORDINATOR, MEMBER, OTHER, OWN, ZONE

QUARTER, RUNNING = read_period("2026-Q3"), read_period("2026-Q4")
NEXT_YEAR = datetime(2027, 2, 10, 5, tzinfo=UTC)


def close(db: Database, quarter: Period = QUARTER, at: datetime = MOMENT) -> None:
    close_quarter(db, COORDINATOR, at, at.date(), quarter, ZONE)


def everything(db: Database) -> dict[str, int]:
    tables = ("results", "figures", "closed_periods", "reopened_periods", "audit", "notices")
    return {table: db.table(table).count for table in tables}


def refused(db: Database, error: type[Exception], act: Callable[[], None]) -> None:
    before = everything(db)
    with pytest.raises(error):
        act()
    assert everything(db) == before


def test_closing_keeps_what_the_portal_counts_and_locks(db: Database) -> None:
    expected = count_period(db, QUARTER, TODAY, ZONE)
    audited = db.table("audit").count
    close(db)
    assert is_locked(db, QUARTER, OWN, TODAY)
    assert db.table("audit").count == audited + 1
    figures = {each.code: each for each in find_figures(db, first="2026-Q3", last="2026-Q3")}
    for code in {each.code for each in expected}:
        definition = find_definition(db, code, QUARTER)
        assert definition is not None
        cells = [each for each in expected if each.code == code]
        assert figures[code].figure == whole_of(definition.rules, cells)


def test_whoever_is_silent_is_written_down_as_not_reported(db: Database) -> None:
    accepted = {
        each.organisation_id
        for each in find_reports(db, period="2026-Q3")
        if each.state == "accepted"
    }
    silent = {each.id for each in find_expected(db, QUARTER, ZONE)} - accepted
    assert OWN in silent
    close(db)
    sql = """
        SELECT code || ' ' || period FROM results WHERE organisation_id = :id AND region = ''
        AND state = 'not_reported' AND report_id IS NULL AND replaced_at IS NULL
        AND period IN ('2026-Q3', '2026-07', '2026-08', '2026-09')
    """
    for each in silent:
        said = column(db, sql, id=each)
        assert {"assisted 2026-Q3", "hotline_calls 2026-08"} <= set(said)
        assert "assisted_by_form 2026" not in said
    assert not any(column(db, sql, id=each) for each in accepted)
    (assisted,) = find_figures(db, code="assisted", first="2026-Q3", last="2026-Q3")
    assert assisted.expected - assisted.reported == len(silent)


def test_what_cannot_be_closed_leaves_nothing_behind(db: Database) -> None:
    assert next_to_close(db, TODAY) == QUARTER
    refused(db, Invalid, lambda: close(db, RUNNING))
    refused(db, Invalid, lambda: close(db, QUARTER.before))
    refused(db, Invalid, lambda: close(db, read_period("2020-Q1")))
    refused(db, Invalid, lambda: close(db, RUNNING, NEXT_YEAR))
    for other in (MEMBER, Actor("admin", "x"), Actor("observer", "x"), Actor()):

        def act(by: Actor = other) -> None:
            close_quarter(db, by, MOMENT, TODAY, QUARTER, ZONE)

        refused(db, NotFound, act)
    close(db)
    refused(db, Invalid, lambda: close(db))


def test_the_last_day_of_a_quarter_still_belongs_to_it(db: Database) -> None:
    close(db)
    night = datetime(2026, 12, 31, 18, 59, tzinfo=UTC)
    with pytest.raises(Invalid):
        close_quarter(db, COORDINATOR, night, date(2026, 12, 31), RUNNING, ZONE)
    close_quarter(db, COORDINATOR, night, date(2027, 1, 1), RUNNING, ZONE)


def test_a_network_that_has_closed_nothing_begins_with_its_first_report(db: Database) -> None:
    db.execute("DELETE FROM closed_periods")
    (first,) = column(db, "SELECT min(period) FROM reports")
    assert next_to_close(db, TODAY) == read_period(first)
    refused(db, Invalid, lambda: close(db))
    close(db, read_period(first))
    for table in ("report_states", "report_cells", "results", "reports", "closed_periods"):
        db.execute("DELETE FROM " + table)
    assert next_to_close(db, TODAY) == QUARTER


def test_nothing_that_changes_later_changes_a_closed_quarter(db: Database) -> None:
    close(db)
    kept = figures_of(db)
    assert kept
    for code in ("people_trained", "assisted", "members"):
        now = find_definition(db, code, QUARTER)
        assert now is not None
        anew = replace(now, version=now.version + 1, starts=date(2026, 10, 1), dimensions=[])
        define(db, COORDINATOR, MOMENT, replace(anew, place_rule="mean"))
    db.execute("UPDATE events SET participants = 900, ends_on = '2026-09-01', starts_on = ends_on")
    db.execute("UPDATE activities SET women = 700, held_on = '2026-08-01'")
    db.execute("DELETE FROM listing_places")
    db.execute("DELETE FROM listings")
    db.execute("UPDATE requests SET outcome = 'visited', wished_on = '2026-08-01'")
    db.execute("UPDATE organisations SET joined_on = NULL")
    assert figures_of(db) == kept
    count_all_anew(db)
    assert figures_of(db) == kept


def test_a_year_is_counted_and_missed_with_its_last_quarter(db: Database) -> None:
    db.execute(
        "UPDATE indicator_versions SET frequency = 'year' WHERE code = 'campaign_activities'"
    )
    close(db)
    close(db, RUNNING, NEXT_YEAR)
    (year,) = find_figures(db, code="campaign_activities", first="2026", last="2026")
    assert year.numerator == count(
        db,
        "SELECT count(*) FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id"
        " WHERE c.state = 'published' AND a.held_on LIKE '2026-%'",
    )
    (by_form,) = find_figures(db, code="assisted_by_form", first="2026", last="2026")
    assert (by_form.reported, by_form.expected) == (0, len(find_expected(db, RUNNING, ZONE)))
    assert is_locked(db, read_period("2026"), OWN, NEXT_YEAR.date())


def test_a_closed_quarter_is_opened_for_one_organisation_with_a_reason(db: Database) -> None:
    close(db)
    until = TODAY + timedelta(days=60)
    reopen_for(db, COORDINATOR, MOMENT, TODAY, QUARTER, OWN, "The journal was found.", until)
    (kept,) = find_reopened(db, "2026-Q3")
    assert (kept.organisation_id, kept.reason, kept.until) == (OWN, "The journal was found.", until)
    assert not is_locked(db, QUARTER, OWN, until)
    assert is_locked(db, QUARTER, OWN, until + timedelta(days=1))
    told = "SELECT account_id FROM notices WHERE kind = 'report_reopened' AND entity_id = :id"
    assert "demo-member" in column(db, told, id="2026-Q3")
    (detail,) = column(db, "SELECT detail FROM audit ORDER BY id DESC LIMIT 1")
    assert "journal" not in detail
    assert open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)


@pytest.mark.parametrize(
    ("organisation", "reason", "days", "field"),
    [
        (OWN, "  ", 10, "open_reason"),
        (OWN, "r" * 501, 10, "open_reason"),
        (OWN, "Call +993 65 12 34 56 about it.", 10, "open_reason"),
        (OWN, "Late.", 61, "open_until"),
        (OWN, "Late.", -1, "open_until"),
        ("o-nobody", "Late.", 10, "organisation"),
    ],
)
def test_an_exception_that_cannot_be_is_refused_at_the_field(
    db: Database, organisation: str, reason: str, days: int, field: str
) -> None:
    close(db)
    before, until = everything(db), TODAY + timedelta(days=days)
    with pytest.raises(Invalid) as problem:
        reopen_for(db, COORDINATOR, MOMENT, TODAY, QUARTER, organisation, reason, until)
    assert list(problem.value.fields) == [field]
    assert everything(db) == before


def test_nobody_opens_a_quarter_for_their_own_unless_there_is_nobody_else(db: Database) -> None:
    close(db)

    def act(by: Actor = COORDINATOR) -> None:
        reopen_for(db, by, MOMENT, TODAY, QUARTER, OTHER, "Late.", TODAY)

    db.execute("UPDATE accounts SET role = 'coordinator' WHERE id = 'demo-member'")
    refused(db, NotAllowed, act)
    refused(db, NotFound, lambda: act(MEMBER))
    db.execute("UPDATE accounts SET role = 'member' WHERE organisation_id IS NOT :own", [OTHER])
    assert may_reopen(db, COORDINATOR, OTHER, TODAY)
    act()


def test_an_open_quarter_needs_no_exception(db: Database) -> None:
    def act() -> None:
        reopen_for(db, COORDINATOR, MOMENT, TODAY, QUARTER, OWN, "Late.", TODAY)

    refused(db, Invalid, act)


def figures_of(db: Database) -> list[tuple[object, ...]]:
    sql = """
        SELECT * FROM figures WHERE period IN ('2026-Q3', '2026-07', '2026-08', '2026-09')
        ORDER BY code, period, organisation_id, region, sex, age_group, form
    """
    return db.execute(sql).fetchall()
