"""The questions of an evaluation keep their words in each language through a file."""

from typing import Any

import msgspec

ROW = {
    "id": "e-words",
    "title": "Training",
    "kind": "training",
    "starts_on": "2020-01-01",
    "evaluation": "useful=44;would come again=8",
    "evaluation_ru": "useful=полезно;would come again=пришли бы снова",
}


def words(desk: Any) -> dict[str, dict[str, str]]:
    """What is stored."""
    with desk.store.read() as db:
        (text,) = db.execute("SELECT evaluation_words FROM events WHERE id = 'e-words'").fetchone()
    return msgspec.json.decode(text)


def test_words_come_in_and_go_out_as_they_were(desk: Any) -> None:
    assert desk.bring("events", ROW).errors == []
    assert words(desk)["useful"] == {"ru": "полезно"}
    assert desk.stored("events", "e-words")["evaluation_ru"] == ROW["evaluation_ru"]
    assert desk.bring_file("events", desk.send("events", "xlsx")).changed == 0


def test_a_language_is_added_and_taken_away_alone(desk: Any) -> None:
    desk.bring("events", ROW)
    desk.bring("events", {"id": "e-words", "evaluation_tg": "useful=муфид"})
    assert words(desk)["useful"] == {"ru": "полезно", "tg": "муфид"}
    desk.bring("events", {"id": "e-words", "evaluation_ru": ""})
    assert words(desk) == {"useful": {"tg": "муфид"}}


def test_a_word_without_its_question_is_refused(desk: Any) -> None:
    report = desk.bring("events", {**ROW, "evaluation_tg": "муфид"})
    assert [error.column for error in report.errors] == ["evaluation_tg"]


def test_who_keeps_it_and_that_it_is_closed_survive(desk: Any) -> None:
    with desk.store.read() as db:
        (own,) = db.execute("SELECT min(id) FROM organisations").fetchone()
    row = {**ROW, "organisation": own, "closed": "yes", "women": "7"}
    assert desk.bring("events", row).errors == []
    stored = desk.stored("events", "e-words")
    assert (stored["organisation"], stored["closed"], stored["women"]) == (own, "yes", "7")
    assert desk.bring_file("events", desk.send("events")).changed == 0
