"""Meetings: the published ones word for word, the invented ones around today."""

from datetime import date

from seed_data.tables import read_rows
from seed_data.world import CLOSED_DEMO_EVENT, OPEN_DEMO_EVENT, demo_events, real_events

TODAY = date(2026, 11, 20)
PLACES = {row["id"] for row in read_rows("places.csv")}
KINDS = {row["code"] for row in read_rows("vocabularies/event_kinds.csv")}


def test_published_meetings_are_those_of_the_reports() -> None:
    when = [(row["starts_on"], row["ends_on"]) for row in real_events()]
    assert when == [
        ("2010-10-02", "2010-10-03"),
        ("2014-01-30", "2014-01-31"),
        ("2019-07-29", "2019-07-30"),
        ("2024-06-05", "2024-06-06"),
        ("--03-03", "--03-04"),
    ]


def test_the_evaluation_of_2014_is_the_published_one() -> None:
    questions = real_events()[1]["evaluation"].split(";")
    assert [question.rpartition("=")[2] for question in questions] == ["44", "32", "56", "8"]


def test_all_events_speak_four_languages_and_name_known_places() -> None:
    for row in [*real_events(), *demo_events(TODAY)]:
        for language in ("", "_ru", "_tk", "_tg"):
            assert row[f"title{language}"]
            assert row[f"summary{language}"]
        assert row["place"] in PLACES
        assert row["kind"] in KINDS
        assert row["source"]


def test_both_have_the_same_columns() -> None:
    assert set(real_events()[0]) == set(demo_events(TODAY)[0])


def test_two_invented_events_are_still_to_come() -> None:
    coming = [row for row in demo_events(TODAY) if row["starts_on"] > TODAY.isoformat()]
    assert [row["id"] for row in coming] == [OPEN_DEMO_EVENT, CLOSED_DEMO_EVENT]
