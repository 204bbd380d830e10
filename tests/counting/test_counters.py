"""Each counter against a plain count, over the demo world and over rows made for its edges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from portal.counting.queries import find_known
from portal.counting.registry import COUNTERS, count_period
from portal.counting.rules import Came, Known, Piece, Span, as_pieces, fold, whole_of
from portal.coverage.queries import find_reach
from portal.indicators.periods import read_period
from portal.indicators.queries import find_definition
from seed_data.tables import read_rows
from tests.conftest import TODAY
from tests.counting.conftest import OWN, ZONE
from tests.counting.oracle import CAME, Oracle

QUARTERS = ("2026-Q1", "2026-Q3", "2026-Q4")
PLAIN = sorted(set(COUNTERS) - {"reach_psychologist", "reach_lawyer"})


def span(period: str, today: date = TODAY) -> Span:
    return Span(read_period(period), today, ZONE)


def test_definitions_and_counters_agree() -> None:
    named = [each["counter"] for each in read_rows("indicators.csv") if each["counter"]]
    assert sorted(named) == sorted(COUNTERS)
    assert all(each.says.text for each in COUNTERS.values())


@pytest.fixture
def edges(db: Database) -> Database:
    """Rows on the edges of quarters where the network lives, and with gaps in what was counted."""
    ask(db, "first", "2026-06-30T19:00:00Z", answered_in_48h=1)
    ask(db, "before", "2026-06-30T18:59:59Z", answered_in_48h=1)
    ask(db, "last", "2026-09-30T18:59:59Z", answered_in_48h=0, region="TM-M")
    ask(db, "after", "2026-09-30T19:00:00Z", answered_in_48h=1)
    ask(db, "gone", "2026-08-01T05:00:00Z", ended_at="2026-08-01T06:00:00Z")
    for number, waited in enumerate((3, 4, 9, 12)):
        told = {"outcome": "visited", "days_waited": waited, "wished_on": f"2026-09-0{number + 1}"}
        ask(db, f"visit-{number}", "2026-08-30T05:00:00Z", organisation_id=OWN, **told)
    ask(db, "phone", "2026-08-30T05:00:00Z", mode="phone", outcome="visited")
    train(db, "counted", "2026-07-01", women=6, men=3, girls=1, boys=None, participants=10)
    train(db, "part", "2026-09-30", women=5, participants=12, organisation_id=OWN)
    train(db, "uncounted", "2026-09-12")
    train(db, "off", "2026-09-12", cancelled_at="2026-09-01T05:00:00Z", participants=90)
    train(db, "quoted", "2026-09-12", already_published=1, participants=90)
    train(db, "ends-late", "2026-09-30", ends_on="2026-10-01", participants=90)
    rate(db, "part", {1: 1, 3: 2, 4: 5, 5: 4})
    rate(db, "quoted", {5: 50})
    (file,) = db.query("SELECT id FROM material_files LIMIT 1")
    for month, number in (("2026-06", 3), ("2026-07", 4), ("2026-09", 5), ("2026-10", 6)):
        row = {"material_file_id": file["id"], "month": month, "variant": "whole"}
        db.table("download_counts").insert({**row, "number": number})
    moved = "UPDATE material_states SET at = ? WHERE version_id IN (SELECT id FROM"
    moved += " material_versions WHERE material_id = ?)"
    works = [each["id"] for each in db.query("SELECT id FROM materials ORDER BY id LIMIT 4")]
    days = ("2026-06-30T19:30:00Z", "2026-09-30T18:30:00Z", "2026-09-30T19:30:00Z")
    for at, work in zip(days, works, strict=False):
        db.execute(moved, [at, work])
    return db


@pytest.mark.parametrize("counter", PLAIN)
def test_a_counter_finds_what_a_plain_count_finds(edges: Database, counter: str) -> None:
    for period in (*QUARTERS, "2026-09"):
        if counter == "reports_on_time" and period == "2026-09":
            continue
        found = COUNTERS[counter].ask(edges, span(period))
        assert len(found) == len(set(found))
        assert set(found) == Oracle(edges, span(period)).answer(counter), period


def test_numbers_at_the_edges(edges: Database) -> None:
    asked = {name: COUNTERS[name].ask(edges, span("2026-Q3")) for name in COUNTERS}
    prompt = {
        each.region: (each.numerator, each.denominator) for each in asked["requests_48_hours"]
    }
    assert prompt["TM-M"] == (0, 1)
    assert prompt["TM-A"] == (1, 6)
    assert asked["days_to_visit"] == [Piece(numerator=6.5)]
    assert asked["consultations"] == [Piece("TM-A", numerator=4)]
    assert asked["trainings_useful"] == [Piece("", "", "", 9, 12)]
    assert asked["materials_downloaded"] == [Piece(numerator=9)]
    assert Piece("", numerator=3) in asked["trainings"]


@pytest.mark.parametrize("profession", ["psychologist", "lawyer"])
def test_reach_is_that_of_the_coverage(db: Database, profession: str) -> None:
    found = COUNTERS[f"reach_{profession}"].ask(db, span("2026-Q3"))
    reach = find_reach(db, TODAY, profession)
    assert [(e.region, e.numerator, e.denominator) for e in found] == [
        (e.region, e.reached, e.population) for e in reach if e.population
    ]


def test_nothing_known_gives_no_cell(db: Database) -> None:
    """Long before anything was, only what holds today is counted."""
    cells = {each.code for each in count_period(db, read_period("2023-Q2"), TODAY, ZONE)}
    states = {name for name, each in COUNTERS.items() if each.is_state}
    assert cells == states | {"reports_on_time"}


def test_a_report_is_offered_what_the_portal_counts_of_its_organisation(edges: Database) -> None:
    known = find_known(edges, OWN, read_period("2026-Q3"), ZONE)
    assert Known("trainings", 1.0) in known
    assert Known("people_trained", 12.0) in known
    assert Known("consultations", 4.0) in known
    assert find_known(edges, "o-nobody", read_period("2026-Q3"), ZONE) == []


def test_months_and_years_are_counted_with_the_quarter_that_ends_them(edges: Database) -> None:
    for code, frequency in (("trainings", "year"), ("consultations", "month"), ("members", "year")):
        sql = "UPDATE indicator_versions SET frequency = ? WHERE code = ?"
        edges.execute(sql, [frequency, code])
    third = {
        (each.code, each.period)
        for each in count_period(edges, read_period("2026-Q3"), TODAY, ZONE)
    }
    assert ("consultations", "2026-09") in third
    assert not {code for code, _ in third} & {"trainings", "members"}
    fourth = count_period(edges, read_period("2026-Q4"), TODAY, ZONE)
    year = [each for each in fourth if each.code == "trainings"]
    assert {each.period for each in year} == {"2026"}
    assert sum(each.numerator or 0 for each in year) == sum(
        each.numerator for each in Oracle(edges, span("2026")).trainings()
    )
    assert {each.period for each in fourth if each.code == "members"} == {"2026"}


def test_a_dimension_that_a_definition_leaves_out_is_summed(edges: Database) -> None:
    quarter = read_period("2026-Q3")
    before = count_period(edges, quarter, TODAY, ZONE)
    edges.execute("UPDATE indicator_versions SET dimensions = '[]' WHERE code = 'people_trained'")
    after = [e for e in count_period(edges, quarter, TODAY, ZONE) if e.code == "people_trained"]
    (one,) = after
    definition = find_definition(edges, "people_trained", quarter)
    assert definition is not None
    cells = [each for each in before if each.code == "people_trained"]
    assert one.numerator == whole_of(definition.rules, cells).numerator


PEOPLE = st.none() | st.integers(0, 50)


@given(everybody=PEOPLE, women=PEOPLE, men=PEOPLE, girls=PEOPLE, boys=PEOPLE)
def test_nobody_who_came_is_lost_or_counted_twice(
    everybody: int | None, women: int | None, men: int | None, girls: int | None, boys: int | None
) -> None:
    pieces = as_pieces(Came("TM-A", everybody, women, men, girls, boys), CAME)
    told = sum(each or 0 for each in (women, men, girls, boys))
    assert sum(each.numerator for each in pieces) == max(everybody or 0, told)
    assert all(each.numerator > 0 for each in pieces)
    assert len({(each.sex, each.age_group) for each in pieces}) == len(pieces)
    for dimensions in (["sex"], ["region"], []):
        folded = fold(pieces, dimensions)
        assert sum(each.numerator for each in folded) == sum(each.numerator for each in pieces)


def ask(db: Database, name: str, created_at: str, **told: object) -> None:
    row = {"id": name, "form_key": name, "account_id": "demo-member", "created_at": created_at}
    row |= {"timezone": ZONE, "profession": "lawyer", "mode": "home", "region": "TM-A"}
    db.table("requests").insert({**row, "wished_on": "2026-09-01", "asked": 0, **told})


def train(db: Database, name: str, starts_on: str, **told: object) -> None:
    row = {"id": name, "title": name, "titles": "{}", "kind": "training", "starts_on": starts_on}
    db.table("events").insert({**row, "summaries": "{}", "evaluation": "{}", **told})


def rate(db: Database, event: str, answers: dict[int, int]) -> None:
    question = {"id": f"q-{event}", "event_id": event, "position": 1, "kind": "rating"}
    texts = {"ready": "useful", "others": "{}", "options": "[]", "other_options": "{}"}
    db.table("evaluation_questions").insert({**question, **texts})
    db.table("evaluation_counts").insert_all(
        {"question_id": f"q-{event}", "moment": "after", "option": option, "people": people}
        for option, people in answers.items()
    )
