"""A report is written, handed in, returned with notes, accepted, corrected; nothing is lost."""

from datetime import UTC, date, datetime

import pytest
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import Store, column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.indicators.locks import lock, reopen
from portal.indicators.periods import read_period
from portal.indicators.queries import find_figures
from portal.reports.actions import (
    accept_report,
    correct_report,
    hand_in,
    open_report,
    remind_of_reports,
    return_report,
    save_cells,
)
from portal.reports.queries import (
    as_asked,
    find_asked,
    find_notes,
    find_written,
    get_report_for,
)
from portal.reports.rules import Key, Written, periods_asked, wrong_report
from tests.conftest import MOMENT, TODAY, settings_for
from tests.worlds import copy_world

OWN, ZONE = "o-3vd8xw", "Asia/Ashgabat"
QUARTER = read_period("2026-Q3")
MEMBER = Actor(role="member", account_id="demo-member", organisation_id=OWN)
COORDINATOR = Actor(role="coordinator", account_id="demo-coordinator", organisation_id="o-7k2m9q")
SELF = Actor(role="coordinator", account_id="own-coordinator", organisation_id=OWN)


@pytest.fixture
def db(lived, tmp_path):  # type: ignore[no-untyped-def]
    copy_world(lived, tmp_path / "data")
    store = Store(settings_for(tmp_path / "data").database)
    with store.transaction() as opened:
        yield opened
    store.close()


def full(db: Database, assisted: int = 4) -> list[Written]:
    """A whole report: four people assisted, of whom three women, and zeros."""
    written = [
        Written(Key(each.code, period.code), "zero")
        for each in find_asked(db, QUARTER)
        for period in periods_asked(QUARTER, each.frequency)
        if each.code != "assisted"
    ]
    where = {"region": "TM-A", "age_group": "adult", "form": "forced_labour"}
    women = Key("assisted", "2026-Q3", sex="female", **where)
    men = Key("assisted", "2026-Q3", sex="male", **where)
    return [
        *written,
        Written(women, "value", assisted - 1),
        Written(men, "value", 1),
    ]


def handed_in(db: Database, assisted: int = 4) -> str:
    report_id = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    revision = get_report_for(db, MEMBER, report_id).revision
    revision = save_cells(db, MEMBER, MOMENT, TODAY, report_id, revision, full(db, assisted))
    hand_in(db, MEMBER, MOMENT, TODAY, report_id, revision)
    return report_id


def own_assisted(db: Database) -> list[float]:
    sql = """
        SELECT numerator FROM figures WHERE code = 'assisted' AND period = '2026-Q3'
        AND organisation_id = :own AND region = ''
    """
    return column(db, sql, own=OWN)


def test_from_a_draft_to_figures(db: Database) -> None:
    before = find_figures(db, code="assisted", first="2026-Q3")[0].numerator or 0
    report_id = handed_in(db)
    assert own_assisted(db) == []
    accept_report(db, COORDINATOR, MOMENT, TODAY, report_id)
    assert own_assisted(db) == [4]
    assert find_figures(db, code="assisted", first="2026-Q3")[0].numerator == before + 4


def test_opened_twice_it_is_one(db: Database) -> None:
    ids = {open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE) for _ in range(2)}
    assert len(ids) == 1


def test_a_returned_report_is_corrected_and_handed_in_anew(db: Database) -> None:
    report_id = handed_in(db)
    field = "assisted|2026-Q3|TM-A||male|adult|forced_labour"
    return_report(db, COORDINATOR, MOMENT, TODAY, report_id, {field: "Look again, please."})
    (note,) = find_notes(db, report_id)
    assert (note.field, note.settled_at) == (field, None)
    handed_in(db, 6)
    assert find_notes(db, report_id)[0].settled_at is not None
    accept_report(db, COORDINATOR, MOMENT, TODAY, report_id)
    assert own_assisted(db) == [6]


def test_what_was_handed_in_is_never_deleted(db: Database) -> None:
    report_id = handed_in(db)
    accept_report(db, COORDINATOR, MOMENT, TODAY, report_id)
    rows = count(db, "SELECT count(*) FROM results WHERE report_id = :id", id=report_id)
    correct_report(db, MEMBER, MOMENT, TODAY, report_id)
    assert own_assisted(db) == [4]
    handed_in(db, 5)
    accept_report(db, COORDINATOR, MOMENT, TODAY, report_id)
    assert own_assisted(db) == [5]
    sql = "SELECT count(*) FROM results WHERE report_id = :id"
    assert count(db, sql, id=report_id) > rows
    replaced = sql + " AND replaced_at IS NOT NULL AND numerator = 3"
    assert count(db, replaced, id=report_id) == 2


def test_an_incomplete_report_is_not_handed_in(db: Database) -> None:
    report_id = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    cells = [each for each in full(db) if each.key.code != "prevented"]
    save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, cells)
    with pytest.raises(Invalid) as refused:
        hand_in(db, MEMBER, MOMENT, TODAY, report_id, 1)
    assert list(refused.value.fields) == ["prevented|2026-Q3|||||"]


@pytest.mark.parametrize(
    ("key", "numbers"),
    [
        (Key("exploited_again", "2026-Q3"), (5.0, 4.0)),
        (Key("assisted", "2026-Q3"), (-1.0, None)),
        (Key("assisted", "2026-Q3"), (1.5, None)),
        (Key("leaflets", "2026-Q3", sex="female"), (3.0, None)),
        (Key("members", "2026-Q3"), (3.0, None)),
    ],
)
def test_a_cell_that_cannot_be_true_is_refused_at_the_cell(
    db: Database, key: Key, numbers: tuple[float, float | None]
) -> None:
    report_id = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    with pytest.raises(Invalid) as refused:
        save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, [Written(key, "value", *numbers)])
    assert list(refused.value.fields) == [key.field]
    assert find_written(db, report_id) == []


def test_the_second_of_two_who_edit_is_told(db: Database) -> None:
    report_id = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, full(db))
    with pytest.raises(Invalid):
        save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, full(db, 9))


def test_a_closed_quarter_opens_for_one_organisation_with_a_reason(db: Database) -> None:
    report_id = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    lock(db, COORDINATOR, MOMENT, QUARTER)
    with pytest.raises(Invalid):
        save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, full(db))
    reopen(db, COORDINATOR, MOMENT, QUARTER, OWN, "The journal was found.", TODAY)
    save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, full(db))
    with pytest.raises(Invalid):
        save_cells(db, MEMBER, MOMENT, date(2026, 11, 24), report_id, 1, full(db))


def test_nobody_decides_on_their_own_organisation(db: Database) -> None:
    report_id = handed_in(db)
    for act in (
        lambda: accept_report(db, SELF, MOMENT, TODAY, report_id),
        lambda: return_report(db, SELF, MOMENT, TODAY, report_id, {}, "No."),
    ):
        with pytest.raises(NotAllowed):
            act()
    stranger = Actor(role="member", account_id="x", organisation_id="o-7k2m9q")
    with pytest.raises(NotFound):
        accept_report(db, stranger, MOMENT, TODAY, report_id)
    with pytest.raises(NotFound):
        save_cells(db, COORDINATOR, MOMENT, TODAY, report_id, 1, [])


def test_before_the_quarter_has_ended_it_is_written_and_not_handed_in(db: Database) -> None:
    running = read_period("2026-Q4")
    day = datetime(2026, 12, 30, 5, tzinfo=UTC)
    report_id = open_report(db, MEMBER, day, day.date(), running, ZONE)
    with pytest.raises(Invalid):
        hand_in(db, MEMBER, day, day.date(), report_id, 0)


def test_numbers_that_nobody_looked_at_are_not_accepted(db: Database) -> None:
    report_id = handed_in(db)
    seen = get_report_for(db, COORDINATOR, report_id).revision
    return_report(db, COORDINATOR, MOMENT, TODAY, report_id, {}, "Look again, please.")
    handed_in(db, 900)
    with pytest.raises(Invalid):
        accept_report(db, COORDINATOR, MOMENT, TODAY, report_id, seen)
    assert own_assisted(db) == []
    now = get_report_for(db, COORDINATOR, report_id).revision
    accept_report(db, COORDINATOR, MOMENT, TODAY, report_id, now)
    assert own_assisted(db) == [900]


def test_one_person_with_two_accounts_does_not_accept_what_she_wrote(db: Database) -> None:
    report_id = handed_in(db)
    (name,) = column(db, "SELECT name FROM accounts WHERE id = :id", id=MEMBER.account_id)
    twin = Actor("coordinator", "twin", name, "o-7k2m9q")
    with pytest.raises(NotAllowed):
        accept_report(db, twin, MOMENT, TODAY, report_id)


def test_every_save_is_audited(db: Database) -> None:
    report_id = handed_in(db)
    sql = (
        "SELECT count(*) FROM audit WHERE entity = 'reports' AND entity_id = :id AND verb = 'save'"
    )
    assert count(db, sql, id=report_id) == 1


def test_each_is_reminded_once_a_step_until_it_is_handed_in_or_closed(db: Database) -> None:
    db.table("report_reminders").delete_where()

    def remind(month: int, day: int) -> set[str]:
        before = count(db, "SELECT count(*) FROM report_reminders")
        told = remind_of_reports(db, MOMENT, date(2026, month, day), QUARTER, ZONE)
        sql = "SELECT organisation_id FROM report_reminders ORDER BY rowid"
        found = column(db, sql)[before:]
        assert len(found) == told
        return set(found)

    assert remind(9, 30) == set()
    first = remind(10, 1)
    assert OWN in first
    assert remind(10, 2) == set()
    handed_in(db)
    assert remind(10, 14) == first - {OWN}
    # a step that was left out is not made up for
    assert remind(10, 10) == set()
    lock(db, COORDINATOR, MOMENT, QUARTER)
    assert remind(10, 21) == set()


def test_who_is_in_two_parts_of_a_year_is_one_person(db: Database) -> None:
    quarter = read_period("2026-Q4")
    (asked,) = [
        each for each in as_asked(find_asked(db, quarter)) if each.code == "assisted_by_form"
    ]
    assert [each.code for each in periods_asked(quarter, asked.frequency)] == ["2026"]
    assert periods_asked(QUARTER, asked.frequency) == []
    whole = Key("assisted_by_form", "2026")
    parts = [
        Written(Key("assisted_by_form", "2026", form=form), "value", 3)
        for form in ("forced_labour", "other")
    ]
    assert list(wrong_report([asked], quarter, parts)) == [whole.field]
    assert list(wrong_report([asked], quarter, [Written(whole, "value", 7), *parts])) == [
        whole.field
    ]
    assert wrong_report([asked], quarter, [Written(whole, "value", 4), *parts]) == {}


def test_a_zero_has_no_sign(db: Database) -> None:
    report_id = open_report(db, MEMBER, MOMENT, TODAY, QUARTER, ZONE)
    cells = [Written(Key("leaflets", "2026-Q3"), "value", -0.0)]
    save_cells(db, MEMBER, MOMENT, TODAY, report_id, 0, cells)
    assert str(find_written(db, report_id)[0].numerator) == "0.0"
