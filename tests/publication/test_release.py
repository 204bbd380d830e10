"""Releasing the figures: the ledger keeps every figure that was published, and only those."""

from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store, count
from portal.publication.actions import release
from portal.publication.queries import (
    ReleasedCount,
    count_held,
    find_home_visits,
    find_released_counts,
    get_last_release,
)

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")


def cell(db: Database, region: str, profession: str) -> ReleasedCount:
    cells = {(each.region, each.profession): each for each in find_released_counts(db)}
    return cells[region, profession]


def test_one_cell_of_eight_is_too_few_to_say_numbers(store: Store) -> None:
    with store.transaction() as db:
        release(db, OPERATOR, AT, TODAY)
    with store.read() as db:
        assert cell(db, "TM-M", "psychologist") == ReleasedCount(
            "TM-M", "psychologist", None, "c", "yes"
        )
        assert cell(db, "TM-L", "lawyer") == ReleasedCount(
            "TM-L", "lawyer", None, "c", "ask_hotline"
        )
        assert find_home_visits(db, "TM-M")["psychologist"] == "yes"


def test_every_region_and_profession_has_a_cell(store: Store) -> None:
    with store.transaction() as db:
        release(db, OPERATOR, AT, TODAY)
    with store.read() as db:
        cells = {(each.region, each.profession) for each in find_released_counts(db)}
    professions = ("psychologist", "lawyer", "doctor", "social_worker")
    assert cells == {(region, each) for region in ("TM-M", "TM-L") for each in professions}


def test_a_release_leaves_one_line_in_the_audit(store: Store) -> None:
    with store.transaction() as db:
        release(db, OPERATOR, AT, TODAY)
    with store.read() as db:
        assert count(db, "SELECT count(*) FROM audit WHERE verb = 'release'") == 1


def test_the_same_figures_on_the_same_day_leave_no_row(store: Store) -> None:
    with store.transaction() as db:
        first = release(db, OPERATOR, AT, TODAY)
        rows = count(db, "SELECT count(*) FROM released_counts")
        db.execute("UPDATE consents SET scope = 'members' WHERE practitioner_id = 'p-m0'")
        second = release(db, OPERATOR, AT, TODAY)
        assert first == second
        assert count(db, "SELECT count(*) FROM released_counts") == rows
        assert count(db, "SELECT count(*) FROM audit WHERE verb = 'release'") == 1


def test_changed_figures_are_a_new_release(store: Store) -> None:
    with store.transaction() as db:
        release(db, OPERATOR, AT, TODAY)
        db.execute("UPDATE consents SET scope = 'members' WHERE practitioner_id LIKE 'p-m%'")
        assert find_released_counts(db)[0]
        release(db, OPERATOR, AT, TODAY + timedelta(days=1))
        assert cell(db, "TM-M", "psychologist").flag == "c"
        last = get_last_release(db)
        assert last is not None
        assert last.released_on == "2026-11-21"


def test_a_withdrawal_moves_nothing_until_the_next_release(store: Store) -> None:
    with store.transaction() as db:
        release(db, OPERATOR, AT, TODAY)
        before = find_released_counts(db)
        db.execute("UPDATE consents SET withdrawn_on = '2026-11-20'")
        assert find_released_counts(db) == before


def test_only_who_is_listed_and_agreed_to_be_counted_is_counted(store: Store) -> None:
    with store.transaction() as db:
        db.execute("UPDATE consents SET scope = 'members' WHERE practitioner_id = 'p-m0'")
        db.execute("UPDATE consents SET withdrawn_on = given_on WHERE practitioner_id = 'p-m1'")
        db.execute("UPDATE listings SET confirmed_on = '2026-01-01' WHERE practitioner_id = 'p-m2'")
        db.execute(
            "UPDATE listings SET licence_expires_on = '2026-11-19' WHERE practitioner_id = 'p-m3'"
        )
        db.execute("UPDATE listings SET modes = ';office;' WHERE practitioner_id = 'p-m4'")
        held = {(each.region, each.profession): each for each in count_held(db, TODAY)}
    mary = held["TM-M", "psychologist"]
    assert sum(mary.by_organisation) == 26
    assert sum(mary.visiting_by_organisation) == 25
