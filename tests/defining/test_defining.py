"""A coordinator defines an indicator, mends its words, begins a version, opens and ends it."""

import msgspec
import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.db import Store
from portal.defining.actions import save_definition, set_aim
from portal.errors import NotAllowed
from portal.indicators.queries import Aim, find_targets, find_versions
from tests.conftest import JSON, LANGUAGES, MOMENT, SignIn
from tests.defining.acts import NEW, form_of, lines, newest, send


def test_a_new_indicator_is_defined(desk: TestClient, store: Store) -> None:
    before = lines(store)
    answer = send(desk, "new", NEW)
    assert answer.headers["location"] == "/en/indicators/families_told/definition?saved=1"
    made = newest(store, "families_told")
    assert (made.version, str(made.starts), made.counts_people) == (1, "2026-10-01", True)
    assert (made.title, made.descriptions) == ("Families told", {"tg": "Оилаҳо"})
    assert (made.source, made.dimensions) == ("reported", ["region"])
    assert lines(store) == before + 1
    assert "Families told" in desk.get("/en/indicators/families_told/definition?saved=1").text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "assisted"}, "code"),
        ({"code": "new"}, "code"),
        ({"code": "Семьи"}, "code"),
        ({"title_en": ""}, "title_en"),
        ({"title_en": "Call +993 12 345678"}, "title_en"),
        ({"description_ru": "о" * 1501}, "description_ru"),
        ({"kind": "percent"}, "unit"),
        ({"unit": "percent"}, "unit"),
        ({"unit": "goats"}, "unit"),
        ({"kind": "median"}, "place_rule"),
        ({"total_rule": "none"}, "total_rule"),
        ({"dimensions": ["shoe_size"]}, "dimensions"),
        ({"starts": "soon"}, "starts"),
        ({"starts": "2026-Q4", "frequency": "year"}, "starts"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_nonsense_is_said_at_its_field_and_keeps_what_was_typed(
    desk: TestClient, store: Store, changed: dict, field: str
) -> None:
    before = lines(store)
    answer = send(desk, "new", {**NEW, "verification_tk": "Depder", **changed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-wrong"' in answer.text
    # what was typed is kept, in whatever language
    assert "Оилаҳо" in answer.text
    assert "Depder" in answer.text
    assert 'value="region" checked' in answer.text or "shoe_size" in str(changed)
    told = send(desk, "new", {**NEW, **changed}, **JSON)
    assert field in told.json()["error"]["fields"]
    assert lines(store) == before


def test_texts_are_mended_and_nothing_else_under_results(desk: TestClient, store: Store) -> None:
    kept = newest(store, "assisted")
    sent = form_of(kept, act="reword", title_en="People helped", verification_en="Depder\r\n2")
    assert send(desk, "assisted/definition", sent).status_code == 303
    mended = newest(store, "assisted")
    assert (mended.title, mended.version) == ("People helped", kept.version)
    assert mended.verification["en"] == "Depder\n2"
    assert mended.descriptions == kept.descriptions
    before = lines(store)
    for changed in ({"direction": "down"}, {"dimensions": ["sex"]}, {"counts_people": ""}):
        answer = send(desk, "assisted/definition", {**sent, **changed})
        assert answer.status_code == 422
        assert "Only the texts of a version may be mended" in answer.text
        answer = send(desk, "assisted/definition", {**sent, **changed, "act": "change"})
        assert "Results were reported under this version" in answer.text
        assert "People helped" in answer.text
    assert newest(store, "assisted") == mended
    assert lines(store) == before


def test_a_further_version_begins_after_what_was_reported_and_closed(
    desk: TestClient, store: Store
) -> None:
    kept = newest(store, "assisted")
    page = desk.get("/en/indicators/assisted/definition").text
    assert '<option value="2026-Q3"' not in page
    assert '<option value="2026-Q4" selected' in page
    before = lines(store)
    for starts in ("2026-Q3", "2026-Q2", "2024-Q1"):
        answer = send(desk, "assisted/definition", form_of(kept, starts=starts, unit="calls"))
        assert answer.status_code == 422
        assert 'id="starts-wrong"' in answer.text
        assert '<option value="calls" selected' in answer.text
    assert lines(store) == before
    sent = form_of(kept, dimensions=["sex", "region"], starts="2027-Q1")
    assert send(desk, "assisted/definition", sent).status_code == 303
    with store.read() as db:
        second, first = find_versions(db, "assisted")
    assert first == kept
    assert (second.version, str(second.starts)) == (2, "2027-01-01")
    assert second.dimensions == ["sex", "region"]
    # nobody has reported under it: it can still be changed
    again = form_of(second, act="change", starts="2027-Q2", direction="maintain")
    assert send(desk, "assisted/definition", again).status_code == 303
    assert str(newest(store, "assisted").starts) == "2027-04-01"


def test_a_closed_quarter_is_closed_for_versions_too(desk: TestClient, store: Store) -> None:
    assert send(desk, "new", {**NEW, "starts": "2025-Q1"}).status_code == 303
    sent = form_of(newest(store, "families_told"), starts="2026-Q2")
    answer = send(desk, "families_told/definition", sent)
    assert "Q2 2026 is closed" in answer.text


def test_what_the_portal_counts_keeps_its_rules(desk: TestClient, store: Store) -> None:
    kept = newest(store, "practitioners_listed")
    path = "practitioners_listed/definition"
    answer = send(desk, path, form_of(kept, direction="down"))
    assert answer.status_code == 422
    sent = form_of(kept, act="reword", title_ru="Участники")
    assert send(desk, path, sent).status_code == 303
    assert newest(store, "practitioners_listed") == msgspec.structs.replace(
        kept, titles={**kept.titles, "ru": "Участники"}
    )


def test_only_coordinators_come_near(as_role: SignIn, visitor: TestClient, store: Store) -> None:
    for path in ("new", "assisted/definition", "assisted/targets"):
        visitor.cookies.clear()
        assert visitor.get(f"/en/indicators/{path}", headers=JSON).status_code == 401
        for role in ("member", "practitioner", "admin"):
            client = as_role(role)
            assert client.get(f"/en/indicators/{path}", headers=JSON).status_code == 403
            assert send(client, path, NEW).status_code == 403
    client = as_role("coordinator")
    assert client.post("/en/indicators/new", data=NEW).status_code == 403
    for path in ("definition", "targets"):
        assert client.get(f"/en/indicators/nothing/{path}").status_code == 404
        for language in LANGUAGES:
            page = client.get(f"/{language}/indicators/assisted/{path}")
            assert f'<html lang="{language}"' in page.text
            assert page.headers["cache-control"] == "no-store"
    stranger, definition = Actor("member", "x"), newest(store, "assisted")
    with store.transaction() as db:
        for act in (
            lambda: save_definition(db, stranger, MOMENT, definition),
            lambda: set_aim(db, stranger, MOMENT, Aim("assisted", target=1), is_sure=True),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_it_ends_and_stays_readable(desk: TestClient, store: Store) -> None:
    before = lines(store)
    for ends in ("", "2026-Q3", "2024-Q1", "soon"):
        answer = send(desk, "leaflets/end", {"ends": ends})
        assert answer.status_code == 422
        assert 'id="ends-wrong"' in answer.text
    assert lines(store) == before
    assert send(desk, "leaflets/end", {"ends": "2027-Q1"}).status_code == 303
    assert "1 January 2027" in desk.get("/en/indicators/leaflets/definition").text
    assert send(desk, "nothing/end", {"ends": "2027-Q1"}).status_code == 404


def test_targets_are_set_changed_and_taken_away(desk: TestClient, store: Store) -> None:
    path = "exploited_again/targets"
    aim = {"region": "TM-M", "period": "2027", "baseline": "20", "target": "7,5", "act": "set"}
    assert send(desk, path, aim).status_code == 303
    with store.read() as db:
        found = find_targets(db, "exploited_again")
    assert Aim("exploited_again", "TM-M", "2027", 20, 7.5) in found
    page = desk.get("/en/indicators/exploited_again/targets?region=TM-M&period=2027").text
    assert 'value="7.5"' in page
    assert "7.5 %" in page
    before = lines(store)
    for changed, field in (
        ({"target": "101"}, "target"),
        ({"baseline": "-1"}, "baseline"),
        ({"target": "many"}, "target"),
        ({"target": "nan"}, "target"),
        ({"baseline": "", "target": ""}, "target"),
        ({"region": "XX"}, "region"),
        ({"period": "2027-Q9"}, "period"),
        # it should fall: asked back, not refused
        ({"target": "30"}, "is_meant"),
    ):
        answer = send(desk, path, {**aim, **changed})
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text
        if changed.get("target") in ("30", "many", "101"):
            assert f'value="{changed["target"]}"' in answer.text
    assert lines(store) == before
    assert send(desk, path, {**aim, "target": "30", "is_meant": "1"}).status_code == 303
    assert send(desk, path, {**aim, "act": "remove"}).status_code == 303
    with store.read() as db:
        left = find_targets(db, "exploited_again")
    assert left == [each for each in found if each.region != "TM-M"]
