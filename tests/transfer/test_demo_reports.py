"""The demo's closed quarters agree with what the portal would count, so that the next fits on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from portal.counting.registry import COUNTERS, count_period
from portal.counting.rules import whole_of
from portal.db import Store, column, fetch_one
from portal.indicators.locks import last_closed
from portal.indicators.periods import Period
from portal.indicators.queries import find_definitions
from portal.indicators.rules import Figure, value_of
from portal.reports.queries import find_expected
from tests.conftest import TODAY, settings_for

ZONE = "Asia/Ashgabat"


def whole(db: Database, code: str, period: Period) -> Figure:
    """The network's figure."""
    sql = """
        SELECT numerator, denominator, reported, expected FROM figures
        WHERE code = :code AND period = :period AND organisation_id = '' AND region = ''
            AND sex = '' AND age_group = '' AND form = ''
    """
    found = fetch_one(db, Figure, sql, code=code, period=period.code)
    assert found
    return found


@pytest.fixture(scope="module")
def db(lived: Path) -> Iterator[Database]:
    store = Store(settings_for(lived).database)
    with store.read() as opened:
        yield opened
    store.close()


def closed(db: Database) -> Period:
    """The newest quarter that is closed."""
    found = last_closed(db)
    assert found
    return found


def test_whoever_was_a_member_then_has_reported_or_is_silent(db: Database) -> None:
    quarter = closed(db)
    for _ in range(3):
        members = {each.id for each in find_expected(db, quarter, ZONE)}
        sql = "SELECT DISTINCT organisation_id FROM results WHERE period = :period"
        sql += " AND code = 'assisted' AND organisation_id IS NOT NULL"
        assert set(column(db, sql, period=quarter.code)) == members
        assert whole(db, "assisted", quarter).expected == len(members)
        assert whole(db, "members", quarter).numerator == len(members)
        assert whole(db, "reports_on_time", quarter).denominator == len(members)
        quarter = quarter.before


def test_the_quarter_that_is_closed_next_makes_no_jump(db: Database) -> None:
    newest = closed(db)
    counted = count_period(db, newest.next, TODAY, ZONE)
    states = [
        each
        for each in find_definitions(db, TODAY)
        if each.counter and COUNTERS[each.counter].is_state
    ]
    assert len(states) == 8
    for each in states:
        next_one = whole_of(each.rules, [cell for cell in counted if cell.code == each.code])
        before = value_of(each.kind, whole(db, each.code, newest))
        after = value_of(each.kind, next_one)
        assert before
        assert after
        # many small regions, each rounded down
        assert 0.8 <= before / after <= 1, each.code
