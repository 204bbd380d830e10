"""Questions after a training, numbers entered from paper, results for members."""

from datetime import date
from xml.etree import ElementTree

import pytest

from portal.db import Store
from portal.evaluations.queries import count_useful
from portal.evaluations.rules import percent
from tests.conftest import JSON, LANGUAGES
from tests.network import Network
from tests.organising.conftest import new_event, past_training, put_open, today


def ids_of(network: Network, event: str) -> dict[str, str]:
    """The questions of an event by their code or words."""
    with network.store.read() as db:
        sql = "SELECT coalesce(ready, words), id FROM evaluation_questions WHERE event_id = ?"
        return dict(db.execute(sql, [event]).fetchall())


@pytest.fixture
def event(network: Network) -> str:
    """A training with our four questions and a test question."""
    made = past_training(network)
    path = f"/en/events/{made}/evaluation/questions"
    assert network.post("ogul", f"{path}/ready").status_code == 303
    own = {"kind": "test", "question": "Who decides?", "question_ru": "Кто решает?"}
    assert network.post("ogul", path, own).status_code == 303
    return made


def enter(network: Network, event: str, **more: str) -> object:
    """Numbers: 2, 3 and 5 people gave 3, 4 and 5; 4 of 10 were right before, 9 of 10 after."""
    ids = ids_of(network, event)
    useful, test = ids["useful"], ids["Who decides?"]
    sent = {
        f"{useful}_after_3": "2",
        f"{useful}_after_4": "3",
        f"{useful}_after_5": "5",
        f"{test}_before_asked": "10",
        f"{test}_before_right": "4",
        f"{test}_after_asked": "10",
        f"{test}_after_right": "9",
    }
    return network.post("ogul", f"/en/events/{event}/evaluation/counts", {**sent, **more})


def test_our_four_questions_come_with_one_click_and_once(network: Network, event: str) -> None:
    network.post("ogul", f"/en/events/{event}/evaluation/questions/ready")
    assert set(ids_of(network, event)) == {
        "useful",
        "clear",
        "will_use",
        "recommend",
        "Who decides?",
    }


def test_results_are_shares_of_those_who_answered(network: Network, event: str) -> None:
    assert enter(network, event).status_code == 303
    found = network.as_("bahar").get(f"/en/events/{event}/evaluation", headers=JSON).json()
    useful = found["evaluation"][0]
    assert useful["total"] == 10
    assert [each["percent"] for each in useful["answers"]] == [0, 0, 20, 30, 50]
    (test,) = found["test"]
    assert (test["right_before"], test["right_after"], test["change"]) == (40, 90, 50)
    page = network.as_("bahar").get(f"/ru/events/{event}/evaluation").text
    assert "Кто решает?" in page
    assert "+50" in page


def test_nobody_outside_reads_a_number_even_of_an_open_event(network: Network, event: str) -> None:
    enter(network, event)
    put_open(network, event)
    for path in ("", "/answers.svg", "/test.svg", "/sheet"):
        where = f"/en/events/{event}/evaluation{path}"
        expected = 401 if path == "/sheet" else 404
        assert network.as_(None).get(where, headers=JSON).status_code == expected
        assert network.as_("helper").get(where, headers=JSON).status_code == 404
    shown = network.as_(None).get(f"/en/events/{event}", headers=JSON).json()
    assert shown["is_asked"] is False
    assert shown["evaluation"] == {}


def test_what_is_quoted_is_public_and_nobody_adds_to_it(network: Network, event: str) -> None:
    enter(network, event)
    put_open(network, event)
    with network.store.transaction() as db:
        db.execute("UPDATE events SET already_published = 1 WHERE id = ?", [event])
    page = network.as_(None).get(f"/en/events/{event}/evaluation")
    assert page.status_code == 200
    assert "quoted from a publication" in page.text
    assert enter(network, event).status_code == 403


def test_only_keepers_write(network: Network, event: str) -> None:
    for part in ("questions", "counts"):
        path = f"/en/events/{event}/evaluation/{part}"
        names = (None, "helper", "bahar", "ogul", "nurana")
        found = [network.as_(name).get(path, headers=JSON).status_code for name in names]
        assert found == [401, 404, 403, 200, 200]
        assert network.post("bahar", path, {}).status_code == 403
        assert network.as_("ogul").post(path, data={}).status_code == 403  # forged


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "choice", "question": "Which?", "options": "one"}, "at least two answers"),
        ({"kind": "rating", "question": "How?", "options": "a\nb"}, "leave this empty"),
        ({"kind": "essay", "question": "How?"}, "Choose one of"),
        ({"kind": "choice", "question": "", "options": "a\nb"}, "Fill this in"),
        ({"kind": "test", "question": "Call +993 65 123456?"}, "Leave out phone numbers"),
        (
            {"kind": "choice", "question": "Which?", "options": "a\nb", "options_ru": "а"},
            "as many answers",
        ),
    ],
)
def test_a_question_that_cannot_be_used_says_so(
    network: Network, event: str, sent: dict[str, str], said: str
) -> None:
    before = ids_of(network, event)
    answer = network.post("ogul", f"/en/events/{event}/evaluation/questions", sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert ids_of(network, event) == before


def test_numbers_that_cannot_be_stand_beside_their_field(network: Network, event: str) -> None:
    test = ids_of(network, event)["Who decides?"]
    more = enter(network, event, **{f"{test}_after_right": "11"})
    assert more.status_code == 422
    assert "More were right than answered" in more.text
    assert enter(network, event, **{f"{test}_after_right": "-1"}).status_code == 422
    assert enter(network, event, **{"q-else_after_1": "1"}).status_code == 422
    assert network.ask("SELECT count(*) FROM evaluation_counts") == [0]


def test_entering_again_replaces(network: Network, event: str) -> None:
    enter(network, event)
    useful = ids_of(network, event)["useful"]
    network.post("ogul", f"/en/events/{event}/evaluation/counts", {f"{useful}_after_1": "1"})
    assert network.ask("SELECT sum(people) FROM evaluation_counts") == [1]


def test_a_question_goes_with_its_answers(network: Network, event: str) -> None:
    enter(network, event)
    useful = ids_of(network, event)["useful"]
    network.post("ogul", f"/en/events/{event}/evaluation/questions/drop", {"chosen": useful})
    sql = "SELECT count(*) FROM evaluation_counts WHERE question_id = :id"
    assert network.ask(sql, id=useful) == [0]


def test_another_events_question_is_not_dropped(network: Network, event: str) -> None:
    other = new_event(network, "bahar", title="Theirs")
    useful = ids_of(network, event)["useful"]
    drop = f"/en/events/{other}/evaluation/questions/drop"
    network.post("bahar", drop, {"chosen": useful})
    assert "useful" in ids_of(network, event)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sheet_to_print_holds_no_number_and_no_form(
    network: Network, event: str, code: str
) -> None:
    client = network.as_("ogul")
    sheet = client.get(f"/{code}/events/{event}/evaluation/sheet").text
    assert sheet.count("☐") == 5 + 5 + 3 + 3
    main = sheet.split("<main")[1].split("</main>")[0]
    assert "<form" not in main
    test = client.get(f"/{code}/events/{event}/evaluation/sheet?of=test").text
    assert ("Кто решает?" if code == "ru" else "Who decides?") in test
    assert client.get(f"/{code}/events/{event}/evaluation/sheet?of=else").status_code == 422


def test_charts_are_well_formed_and_words_in_them_are_text(network: Network, event: str) -> None:
    hostile = {
        "kind": "choice",
        "question": '<script>alert(1)</script> & "quotes"',
        "options": "<b>yes</b>\n]]>",
    }
    network.post("ogul", f"/en/events/{event}/evaluation/questions", hostile)
    enter(network, event)
    client = network.as_("bahar")
    for name in ("answers", "test"):
        answer = client.get(f"/ru/events/{event}/evaluation/{name}.svg")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        tree = ElementTree.fromstring(answer.text)  # noqa: S314
        tags = {each.tag.rpartition("}")[2] for each in tree.iter()}
        assert tags <= {"svg", "g", "rect", "path", "text"}
    said = [each.text for each in tree.iter() if each.tag.endswith("text")]
    assert "Кто решает?" in said
    drawn = client.get(f"/en/events/{event}/evaluation/answers.svg").text
    assert "<script" not in drawn
    page = client.get(f"/en/events/{event}/evaluation").text
    assert "<script>alert" not in page


def test_the_share_who_find_trainings_useful(network: Network, event: str, store: Store) -> None:
    enter(network, event)
    first, last = date(2026, 1, 1), today(network)
    with store.read() as db:
        assert percent(*count_useful(db, first, last)) == 80
        assert count_useful(db, last, last) == (0, 0)
        assert count_useful(db, first, last, "o-else") == (0, 0)
    network.post("ogul", f"/en/events/{event}/organise", {"act": "cancel"})
    with store.read() as db:
        assert count_useful(db, first, last) == (0, 0)
