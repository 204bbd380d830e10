"""A coordinator defines an indicator, mends its words, begins a version, opens and ends it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.approvals.actions import decide
from portal.db import Store
from portal.defining.actions import save_definition, set_aim
from portal.defining.queries import find_changes
from portal.defining.rules import widens
from portal.errors import Invalid, NotAllowed
from portal.indicators.queries import Aim, Definition, find_targets, find_versions, may_see
from portal.indicators.results import Kept, keep_results
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, MOMENT, SignIn, browsing, settings_for
from tests.worlds import copy_world

RULES = {
    "kind": "count",
    "unit": "people",
    "direction": "up",
    "total_rule": "sum",
    "place_rule": "sum",
    "period_rule": "sum",
    "frequency": "quarter",
}
NEW = {
    **RULES,
    "code": "families_told",
    "title_en": "Families told",
    "description_tg": "Оилаҳо",
    "dimensions": ["region"],
    "counts_people": "1",
    "starts": "2026-Q4",
}


@pytest.fixture
def own(lived: Path, tmp_path: Path) -> Settings:
    copy_world(lived, tmp_path / "data")
    return settings_for(tmp_path / "data")


@pytest.fixture
def store(own: Settings) -> Iterator[Store]:
    opened = Store(own.database)
    yield opened
    opened.close()


@pytest.fixture
def desk(own: Settings) -> Iterator[TestClient]:
    """A coordinator's browser on a site the test may change."""
    with browsing(own) as client:
        client.post("/demo/sign-in", data={"role": "coordinator"})
        yield client


def send(client: TestClient, path: str, form: dict, **headers: str):
    sent = {**form, "csrf": csrf_of(client)}
    return client.post(f"/en/indicators/{path}", data=sent, headers=headers, follow_redirects=False)


def newest(store: Store, code: str) -> Definition:
    with store.read() as db:
        return find_versions(db, code)[0]


def lines(store: Store) -> int:
    with store.read() as db:
        return db.execute("SELECT count(*) FROM audit").fetchone()[0]


def form_of(definition: Definition, **changed: object) -> dict:
    """What the form of a definition sends when nothing in it was touched."""
    texts = {
        "title": definition.titles,
        "description": definition.descriptions,
        "verification": definition.verification,
    }
    rules = {name: getattr(definition, name) for name in RULES}
    words = {f"{n}_{code}": text for n, said in texts.items() for code, text in said.items()}
    counts = {"counts_people": "1"} if definition.counts_people else {}
    more = {"dimensions": definition.dimensions, "starts": "2027-Q1", "act": "version"}
    return {**rules, **words, **counts, **more, **changed}


def waiting(store: Store) -> list[str]:
    """Which versions wait to be opened."""
    with store.read() as db:
        sql = "SELECT subject_id FROM approvals WHERE kind = 'open_indicator' AND verdict IS NULL"
        return [subject for (subject,) in db.execute(sql).fetchall()]


def agree(store: Store, subject: str, verdict: str = "approved") -> None:
    second = Actor("coordinator", "demo-coordinator-another", organisation_id="o-7k2m9q")
    with store.transaction() as db:
        sql = "SELECT id FROM approvals WHERE subject_id = ? AND verdict IS NULL"
        (item,) = db.execute(sql, [subject]).fetchone()
        asker = db.execute("SELECT asked_by FROM approvals WHERE id = ?", [item]).fetchone()[0]
        with pytest.raises(Invalid):
            decide(db, Actor("coordinator", asker), MOMENT, item, verdict)
        reason = "other" if verdict == "refused" else None
        decide(db, second, MOMENT, item, verdict, reason)


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


def test_two_people_open_figures_and_one_keeps_them(desk: TestClient, store: Store) -> None:
    sent = {name: text for name, text in NEW.items() if name != "counts_people"}
    answer = send(desk, "new", {**sent, "unit": "activities"})
    assert "/en/approvals/v-" in answer.headers["location"]
    made = newest(store, "families_told")
    assert made.counts_people
    assert not may_see(Actor("member", "x"), made)
    agree(store, "families_told/1")
    assert may_see(Actor("member", "x"), newest(store, "families_told"))
    # the very same stays open; anything else does not
    same = form_of(newest(store, "families_told"), act="change", starts="2026-Q4")
    send(desk, "families_told/definition", same)
    assert not newest(store, "families_told").counts_people
    other = {**same, "title_en": "Told"}
    send(desk, "families_told/definition", other)
    assert newest(store, "families_told").counts_people
    agree(store, "families_told/1", "refused")
    assert newest(store, "families_told").counts_people
    send(desk, "families_told/openness", {"act": "open"})
    agree(store, "families_told/1")
    assert not newest(store, "families_told").counts_people
    send(desk, "families_told/openness", {"act": "keep"})
    assert newest(store, "families_told").counts_people


def test_nothing_is_opened_that_changed_while_it_waited(desk: TestClient, store: Store) -> None:
    send(desk, "new", NEW)
    kept = newest(store, "families_told")
    page = "families_told/definition"
    for act, path in (
        ({"act": "keep"}, "families_told/openness"),
        (form_of(kept, act="reword", title_en="Families"), page),
        (form_of(kept, act="change", direction="down", starts="2026-Q4"), page),
        (form_of(kept, starts="2027-Q3", frequency="month"), page),
    ):
        send(desk, "families_told/openness", {"act": "open"})
        assert len(waiting(store)) == 1
        assert send(desk, path, act).status_code == 303
        assert waiting(store) == []
    with store.read() as db:
        assert [each.counts_people for each in find_versions(db, "families_told")] == [True, True]


def test_what_is_agreed_to_is_shown_and_nothing_else_is_opened(
    desk: TestClient, store: Store
) -> None:
    sent = {name: text for name, text in NEW.items() if name != "counts_people"}
    first = send(desk, "new", {**sent, "title_ru": "Семьи", "frequency": "month"})
    shown = desk.get(first.headers["location"]).text
    for each in ("families_told", "Families told", "Семьи", "Оилаҳо", "1 October 2026", "month"):
        assert each in shown
    # a harmless second version calls off the first, whose figures it would have opened
    harmless = form_of(newest(store, "families_told"), title_en="Chairs", starts="2027-Q2")
    second = send(desk, "families_told/definition", {**harmless, "counts_people": ""})
    assert waiting(store) == ["families_told/2"]
    assert "Chairs" in desk.get(second.headers["location"]).text
    assert "Families told" in desk.get(first.headers["location"]).text
    # whatever else was written meanwhile is refused when it is agreed to
    with store.transaction() as db:
        db.execute("UPDATE indicator_versions SET unit = 'people', kind = 'median'")
    with pytest.raises(Invalid, match="Meanwhile this was changed"):
        agree(store, "families_told/2")
    assert newest(store, "families_told").counts_people
    assert waiting(store) == ["families_told/2"]


def test_a_version_with_accepted_results_is_never_opened(desk: TestClient, store: Store) -> None:
    before = lines(store)
    answer = send(desk, "assisted/openness", {"act": "open"})
    assert answer.status_code == 422
    assert "Begin a further one instead" in answer.text
    assert 'value="open"' not in answer.text
    assert (lines(store), waiting(store)) == (before, [])
    # nor when they came while it waited
    send(desk, "new", NEW)
    send(desk, "families_told/openness", {"act": "open"})
    cell = Kept("families_told", 1, "2026-Q4", "o-7k2m9q", region="TM-M", numerator=3)
    with store.transaction() as db:
        keep_results(db, Actor("admin", "operator"), MOMENT, [cell])
    with pytest.raises(Invalid, match="Results were reported"):
        agree(store, "families_told/1")
    assert newest(store, "families_told").counts_people
    # a further one may be, and leaves the past as it was
    further = form_of(newest(store, "families_told"), starts="2027-Q1", counts_people="")
    send(desk, "families_told/definition", further)
    agree(store, "families_told/2")
    with store.read() as db:
        second, first = find_versions(db, "families_told")
    assert (second.counts_people, first.counts_people) == (False, True)


def test_one_person_keeps_every_version_at_once(desk: TestClient, store: Store) -> None:
    further = form_of(newest(store, "leaflets"), frequency="month", starts="2027-Q1")
    assert "/approvals/" in send(desk, "leaflets/definition", further).headers["location"]
    assert newest(store, "leaflets").counts_people
    assert "Keep the figures to coordinators" in desk.get("/en/indicators/leaflets/definition").text
    send(desk, "leaflets/openness", {"act": "keep"})
    assert waiting(store) == []
    with store.read() as db:
        assert [each.counts_people for each in find_versions(db, "leaflets")] == [True, True]


def test_other_words_of_an_open_indicator_wait_for_a_second_person(
    desk: TestClient, store: Store
) -> None:
    kept = newest(store, "leaflets")
    sent = form_of(kept, act="reword", title_en="Victims handed over")
    asked = send(desk, "leaflets/definition", sent).headers["location"]
    assert newest(store, "leaflets") == kept
    assert "Victims handed over" in desk.get(asked).text
    assert "A second coordinator is asked" in desk.get("/en/indicators/leaflets/definition").text
    agree(store, "leaflets/1", "refused")
    assert newest(store, "leaflets") == kept
    send(desk, "leaflets/definition", {**sent, "title_en": "Leaflets given out"})
    agree(store, "leaflets/1")
    titles = {**kept.titles, "en": "Leaflets given out"}
    assert newest(store, "leaflets") == msgspec.structs.replace(kept, titles=titles)


def test_what_was_written_over_stays_to_be_read(desk: TestClient, store: Store) -> None:
    kept = newest(store, "assisted")
    page = "/en/indicators/assisted/definition"
    assert 'id="changes"' not in desk.get(page).text
    sent = form_of(kept, act="reword", title_ru="Иначе", description_en="Anew")
    send(desk, "assisted/definition", sent)
    for target in ("431", "432"):
        aim = {"region": "", "period": "2027", "target": target, "act": "set"}
        send(desk, "assisted/targets", {**aim, "baseline": "1"})
    with store.read() as db:
        texts, aim = (each.was for each in reversed(find_changes(db, "assisted")))
    assert texts["titles"] == {"ru": kept.titles["ru"]}
    assert texts["descriptions"] == {"en": kept.descriptions["en"]}
    assert (aim["period"], aim["target"]) == ("2027", 431)
    shown = desk.get(page).text.partition('id="changes"')[2]
    assert kept.titles["ru"] in shown
    assert "431" in shown
    # rules of a version under which nobody has reported
    send(desk, "new", NEW)
    other = form_of(newest(store, "families_told"), act="change", unit="calls", starts="2026-Q4")
    send(desk, "families_told/definition", other)
    with store.read() as db:
        assert [each.was for each in find_changes(db, "families_told")] == [{"unit": "people"}]
    assert desk.get("/en/indicators/families_told/definition").status_code == 200


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
        ({"target": "30"}, "sure"),
    ):
        answer = send(desk, path, {**aim, **changed})
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text
        if changed.get("target") in ("30", "many", "101"):
            assert f'value="{changed["target"]}"' in answer.text
    assert lines(store) == before
    assert send(desk, path, {**aim, "target": "30", "sure": "1"}).status_code == 303
    assert send(desk, path, {**aim, "act": "remove"}).status_code == 303
    with store.read() as db:
        left = find_targets(db, "exploited_again")
    assert left == [each for each in found if each.region != "TM-M"]


def test_what_widens(store: Store) -> None:
    people, things = newest(store, "assisted"), newest(store, "leaflets")
    opened = msgspec.structs.replace(people, counts_people=False)
    assert widens(None, things)
    assert widens(people, opened)
    assert not widens(None, people)
    assert widens(things, msgspec.structs.replace(things, version=2))
    assert not widens(things, things)
    assert not widens(things, msgspec.structs.replace(things, titles={"en": "x"}, source="quoted"))
    for changed in ({"unit": "people"}, {"titles": {"en": "x"}}, {"frequency": "month"}):
        assert widens(things, msgspec.structs.replace(things, **changed))
