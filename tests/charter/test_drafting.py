"""A new version: written by coordinators, adopted by two of them, and never by one."""

from typing import Any

import pytest

from portal.actor import Actor
from portal.charter.actions import adopt
from portal.charter.queries import find_charter, find_draft
from portal.db import Store
from portal.errors import Invalid
from tests.conftest import JSON, MOMENT, OPERATOR
from tests.network import Network

DRAFT = "/en/criteria/draft"
WORDS = {
    "language": "en",
    "title": "Care for the team",
    "body": "Supervision.\r\nRest.",
    "evidence": "What you do.",
}
NEW = {**WORDS, "kind": "criterion", "key": "0123456789abcdef01234567"}
DECIDED = {"decided_on": "2026-11-20", "minute": "Minute 12, Ashgabat"}


def begin(stage: Network, who: str = "ana") -> None:
    assert stage.post(who, DRAFT, {"begin_from": "copy"}).status_code == 303


def draft_of(stage: Network) -> Any:
    with stage.store.read() as db:
        return find_draft(db)


def ask_for_adoption(stage: Network, who: str = "ana", **more: str) -> str:
    answer = stage.post(who, f"{DRAFT}/adoption", {**DECIDED, **more})
    assert answer.status_code == 303, answer.text
    (item,) = stage.ask("SELECT id FROM approvals WHERE kind = 'adopt_charter' AND verdict IS NULL")
    return item


def seen_on(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_draft_is_a_copy_and_the_second_click_is_the_same(stage: Network) -> None:
    assert stage.post("ana", DRAFT, {}).status_code == 422
    assert draft_of(stage) is None
    begin(stage)
    begin(stage, "beg")
    with stage.store.read() as db:
        draft, standing = find_draft(db), find_charter(db)
    assert draft is not None
    assert standing is not None
    assert (draft.version, draft.points) == (3, standing.points)
    assert stage.ask("SELECT count(*) FROM audit WHERE verb = 'begin'") == [1]
    page = stage.as_("ana").get(DRAFT).text
    assert "Draft of version 3" in page
    for name, sees in (("ana", True), ("mira", False), (None, False)):
        page = stage.as_(name).get("/en/criteria").text
        assert ("Draft of version 3" in page) is sees
        assert "Write a new version" not in page
    assert stage.as_("mira").get(DRAFT).status_code == 403
    assert stage.post("mira", DRAFT, {"begin_from": "copy"}).status_code == 403


def test_points_are_added_changed_moved_and_taken_out(stage: Network) -> None:
    begin(stage)
    wrong = stage.post("ana", f"{DRAFT}/points", {**NEW, "title": ""})
    assert wrong.status_code == 422
    assert "What you do." in wrong.text
    assert 'id="title-wrong"' in wrong.text
    for _ in range(2):
        assert stage.post("ana", f"{DRAFT}/points", NEW).status_code == 303
    draft = draft_of(stage)
    assert [each.code for each in draft.criteria][:2] == ["safe", "new"]
    added = draft.criteria[2]
    assert added.text.original == "Supervision.\nRest."
    assert len(draft.criteria) == 3

    path = f"{DRAFT}/points/{added.code}"
    assert stage.post("ana", f"{path}/move", {"to": "up"}).status_code == 303
    assert [each.code for each in draft_of(stage).criteria] == ["safe", added.code, "new"]
    changes = "/en/criteria/versions/3/changes"
    assert "stand in another place" not in stage.as_("ana").get(changes).text
    assert stage.post("ana", f"{DRAFT}/points/safe/move", {"to": "down"}).status_code == 303
    assert stage.post("ana", f"{DRAFT}/points/safe/move", {"to": "down"}).status_code == 303
    assert "stand in another place" in stage.as_("ana").get(changes).text
    for _ in range(2):
        stage.post("ana", f"{DRAFT}/points/safe/move", {"to": "up"})
    assert stage.post("ana", f"{DRAFT}/points/safe/move", {"to": "up"}).status_code == 303
    assert next(each.code for each in draft_of(stage).criteria) == "safe"

    seen = seen_on(stage.as_("ana").get(f"{DRAFT}/points/safe").text)
    words = {**WORDS, "title": "Children are safe", "seen": seen}
    assert stage.post("ana", f"{DRAFT}/points/safe", words).status_code == 303
    safe = next(each for each in draft_of(stage).points if each.code == "safe")
    assert safe.title.states == {"en": "original", "ru": "checked", **UNCHECKED}
    assert safe.text.states == {"en": "original", "ru": "unchecked", **UNCHECKED}
    assert not safe.asks_file

    assert stage.post("ana", f"{path}/remove").status_code == 303
    assert [each.code for each in draft_of(stage).criteria] == ["safe", "new"]
    assert stage.post("ana", f"{path}/remove").status_code == 404
    unknown = {**WORDS, "language": "xx", "seen": seen}
    assert stage.post("ana", f"{DRAFT}/points/safe", unknown).status_code == 422


UNCHECKED = {"tk": "unchecked", "tg": "unchecked"}


def test_two_people_write_and_the_second_sees_both(stage: Network) -> None:
    begin(stage)
    seen = seen_on(stage.as_("ana").get(f"{DRAFT}/points/new").text)
    first, second = {**WORDS, "title": "Of Ana"}, {**WORDS, "title": "Of Beg"}
    assert stage.post("ana", f"{DRAFT}/points/new", {**first, "seen": seen}).status_code == 303
    again = stage.post("beg", f"{DRAFT}/points/new", {**second, "seen": seen})
    assert again.status_code == 422
    assert "Of Ana" in again.text
    assert "Of Beg" in again.text
    now = seen_on(again.text)
    assert stage.post("beg", f"{DRAFT}/points/new", {**second, "seen": now}).status_code == 303
    seen = seen_on(stage.as_("ana").get(f"{DRAFT}/notes").text)
    note = {"note_en": "What is new.", "note_ru": "Что нового.", "seen": seen}
    assert stage.post("ana", f"{DRAFT}/notes", note).status_code == 303
    again = stage.post("beg", f"{DRAFT}/notes", {**note, "note_en": "Other."})
    assert again.status_code == 422
    assert "What is new." in again.text
    assert draft_of(stage).notes == {"en": "What is new.", "ru": "Что нового."}


def test_two_coordinators_of_different_organisations_adopt(stage: Network) -> None:
    begin(stage)
    item = ask_for_adoption(stage)
    assert ask_for_adoption(stage) == item
    for name in ("asa", "mira"):
        answer = stage.post(name, f"/en/approvals/{item}", {"verdict": "approved"})
        assert answer.status_code in (404, 422), name
    assert draft_of(stage) is not None
    page = stage.as_("beg").get(f"/en/approvals/{item}").text
    assert "Minute 12, Ashgabat" in page
    assert "20 November 2026" in page
    assert 'href="/en/criteria/versions/3"' in page
    assert 'href="/en/criteria/versions/3/changes"' in page
    assert stage.as_("beg").get("/en/criteria/versions/3").status_code == 200
    stage.post("beg", f"/en/approvals/{item}", {"verdict": "approved"})
    assert draft_of(stage) is None
    found = stage.as_(None).get("/en/criteria", headers=JSON).json()
    assert (found["version"], found["adopted_on"]) == (3, "2026-11-20")
    minutes = "SELECT minute FROM charter_versions WHERE version = 3"
    assert stage.ask(minutes) == ["Minute 12, Ashgabat"]
    told = stage.ask("SELECT account_id FROM notices WHERE kind = 'charter_adopted'")
    assert {"a-ana", "a-beg", "a-mira"} <= set(told)
    waiting = "SELECT entity_id FROM outbox WHERE entity = 'criteria'"
    assert {"safe", "new"} <= set(stage.ask(waiting))
    detail = stage.ask("SELECT detail FROM audit WHERE entity LIKE 'charter%'")
    assert not any("Minute" in str(each) for each in detail)


def test_while_it_waits_the_draft_stands_still(stage: Network) -> None:
    begin(stage)
    item = ask_for_adoption(stage)
    tries = [
        ("points/new", WORDS),
        ("points", NEW),
        ("points/new/remove", {}),
        ("points/new/move", {"to": "up"}),
        ("notes", {"note_en": "Other"}),
        ("discard", {}),
    ]
    before = draft_of(stage)
    for path, sent in tries:
        answer = stage.post("ana", f"{DRAFT}/{path}", sent)
        assert answer.status_code == 422, path
        assert "Take it back first" in answer.text
    assert draft_of(stage) == before
    translation = "/en/criteria/versions/3/translations/ru/new"
    assert stage.post("ana", translation, {"title": "Иное"}).status_code == 422
    assert stage.post("beg", f"{DRAFT}/take-back").status_code == 303
    assert stage.ask(f"SELECT verdict FROM approvals WHERE id = '{item}'") == ["withdrawn"]
    assert stage.post("ana", f"{DRAFT}/discard").status_code == 303
    assert draft_of(stage) is None
    assert stage.ask("SELECT count(*) FROM charter_texts WHERE version = 3") == [0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"decided_on": "2026-11-24"}, "decided_on"),
        ({"decided_on": "2026-03-19"}, "decided_on"),
        ({"decided_on": "soon"}, "decided_on"),
        ({"minute": ""}, "minute"),
    ],
)
def test_a_decision_has_a_day_that_has_come_and_a_minute(
    stage: Network, wrong: dict[str, str], field: str
) -> None:
    begin(stage)
    answer = stage.post("ana", f"{DRAFT}/adoption", {**DECIDED, **wrong})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert stage.ask("SELECT count(*) FROM approvals WHERE kind = 'adopt_charter'") == [0]


def test_what_is_unfinished_or_older_is_never_adopted(stage: Network, store: Store) -> None:
    assert stage.post("ana", DRAFT, {"begin_from": "empty"}).status_code == 303
    assert "at least one criterion" in stage.post("ana", f"{DRAFT}/adoption", DECIDED).text
    stage.post("ana", f"{DRAFT}/points", {**NEW, "evidence": ""})
    assert "not written yet" in stage.as_("ana").get(DRAFT).text
    assert "what shows it" in stage.post("ana", f"{DRAFT}/adoption", DECIDED).text
    day = MOMENT.date()
    with store.transaction() as db, pytest.raises(Invalid):
        adopt(db, OPERATOR, MOMENT, 3, day, None)
    with store.transaction() as db:
        db.execute("UPDATE charter_versions SET adopted_on = NULL WHERE version = 1")
    with store.transaction() as db, pytest.raises(Invalid, match="all"):
        adopt(db, Actor(role="coordinator", account_id="a-ana"), MOMENT, 1, day, None)
    assert stage.ask("SELECT version FROM charter_versions WHERE adopted_on NOT NULL") == [2]
    assert stage.ask("SELECT count(*) FROM notices WHERE kind = 'charter_adopted'") == [0]


def test_a_refusal_gives_the_draft_back(stage: Network) -> None:
    begin(stage)
    item = ask_for_adoption(stage)
    refusal = {"verdict": "refused", "reason": "other"}
    (reason, *_) = stage.ask("SELECT code FROM terms WHERE vocabulary = 'refusal_reasons'")
    answer = stage.post("beg", f"/en/approvals/{item}", {**refusal, "reason": reason})
    assert answer.status_code == 303, answer.text
    assert stage.post("ana", f"{DRAFT}/points", NEW).status_code == 303
    assert stage.as_(None).get("/en/criteria", headers=JSON).json()["version"] == 2
