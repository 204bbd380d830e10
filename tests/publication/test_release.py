"""Releasing the figures: the ledger keeps every figure that was published, and only those."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store, count
from portal.errors import Invalid, NotFound
from portal.publication.actions import move_release, publish
from portal.publication.ledger import MOVES, Figures, ReleasedFigure, after_rolling_back
from portal.publication.queries import (
    ReleasedCount,
    count_held,
    find_drafts,
    find_home_visits,
    find_released_counts,
    find_releases,
    get_last_release,
)
from portal.releasing.actions import release_and_publish
from portal.settings import Settings

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")


def cell(db: Database, region: str, profession: str) -> ReleasedCount:
    cells = {(each.region, each.profession): each for each in find_released_counts(db)}
    return cells[region, profession]


def roll_back(store: Store, release_id: int) -> None:
    with store.transaction() as db:
        move_release(db, OPERATOR, AT, release_id, "rolled_back", "wrong")


def test_one_cell_of_eight_is_too_few_to_say_numbers(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.read() as db:
        assert cell(db, "TM-M", "psychologist") == ReleasedCount(
            "TM-M", "psychologist", None, "c", "yes"
        )
        assert cell(db, "TM-L", "lawyer") == ReleasedCount(
            "TM-L", "lawyer", None, "c", "ask_hotline"
        )
        assert find_home_visits(db, "TM-M")["psychologist"] == "yes"


def test_every_region_and_profession_has_a_cell(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.read() as db:
        cells = {(each.region, each.profession) for each in find_released_counts(db)}
    professions = ("psychologist", "lawyer", "doctor", "social_worker")
    assert cells == {(region, each) for region in ("TM-M", "TM-L") for each in professions}


def test_the_same_figures_on_the_same_day_are_no_release(store: Store, settings: Settings) -> None:
    with store.transaction() as db:
        db.execute("UPDATE consents SET scope = 'members' WHERE practitioner_id = 'p-m29'")
    release_and_publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        rows = count(db, "SELECT count(*) FROM released_counts")
        db.execute("UPDATE consents SET scope = 'members' WHERE practitioner_id = 'p-m0'")
    release_and_publish(store, settings, OPERATOR, AT)
    with store.read() as db:
        assert len(find_drafts(db)) == 1
        assert count(db, "SELECT count(*) FROM released_counts") == rows


def test_changed_figures_are_a_new_release(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        db.execute("UPDATE consents SET scope = 'members' WHERE practitioner_id LIKE 'p-m%'")
    release_and_publish(store, settings, OPERATOR, AT + timedelta(days=1))
    with store.read() as db:
        assert cell(db, "TM-M", "psychologist").home_visits == "ask_hotline"
        last = get_last_release(db)
        assert last is not None
        assert (last.number, last.released_on) == (2, "2026-11-21")


def test_a_withdrawal_moves_nothing_until_the_next_release(
    store: Store, settings: Settings
) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        before = find_released_counts(db)
        db.execute("UPDATE consents SET withdrawn_on = '2026-11-20'")
    publish(store, settings, OPERATOR, AT)
    with store.read() as db:
        assert find_released_counts(db) == before


def test_rolling_back_never_says_again_what_was_withdrawn(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        db.execute("UPDATE consents SET withdrawn_on = '2026-11-20'")
    release_and_publish(store, settings, OPERATOR, AT + timedelta(days=1))
    roll_back(store, 2)
    with store.read() as db:
        last = get_last_release(db)
        assert last is not None
        assert last.number == 1
        assert cell(db, "TM-M", "psychologist").home_visits == "ask_hotline"
        assert [each.rolled_back for each in find_releases(db)] == [False, True]


def test_with_the_only_release_rolled_back_nothing_is_said(
    store: Store, settings: Settings
) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    roll_back(store, 1)
    report = publish(store, settings, OPERATOR, AT)
    assert (report.released_on, report.shown, report.withheld) == (None, 0, 0)
    with store.read() as db:
        assert get_last_release(db) is None
        assert find_released_counts(db) == []


@pytest.mark.parametrize("state", [state for state in MOVES if state is not None])
def test_a_release_goes_only_where_the_table_says(store: Store, state: str) -> None:
    with store.transaction() as db:
        db.table("releases").insert({"released_on": "2026-11-20", "by": "operator"})
        row = {"release_id": 1, "state": state, "at": "2026-11-20T06:00:00Z", "by": "operator"}
        db.table("release_states").insert(row)
    for other in {each for each in MOVES if each is not None} - set(MOVES[state]):  # type: ignore[index]
        with pytest.raises(Invalid), store.transaction() as db:
            move_release(db, OPERATOR, AT, 1, other)
        with store.read() as db:
            assert [each.state for each in find_drafts(db)] == [state]
    with pytest.raises(NotFound), store.transaction() as db:
        move_release(db, OPERATOR, AT, 2, "published")


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
    assert sum(mary.visiting_by_organisation) == 25


def test_rolling_back_withholds_what_the_later_release_said_otherwise() -> None:
    def figures(*values: float | None) -> Figures:
        rows = [
            ReleasedFigure("assisted", f"202{n}", "all", "all", "all", "all", 1, value)
            for n, value in enumerate(values)
        ]
        return Figures(figures=rows)

    left = after_rolling_back(figures(120, 50, 30), [figures(110, 50)])
    assert [(each.value, each.flag) for each in left.figures] == [
        *((None, "c"), (50, None), (None, "c")),
    ]
    counts = [ReleasedCount("TM-A", "lawyer", n, None, "yes") for n in (20, 10)]
    left = after_rolling_back(Figures(counts=counts[:1]), [Figures(counts=counts[1:])])
    assert left.counts == [ReleasedCount("TM-A", "lawyer", None, "c", "yes")]
