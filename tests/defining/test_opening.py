"""Two people open the figures of a version in its very words; one keeps those of all."""

import msgspec
import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.approvals.acts import MEANWHILE
from portal.db import Store
from portal.defining.queries import find_changes
from portal.defining.rules import widens
from portal.errors import Invalid
from portal.indicators.actions import REPORTED
from portal.indicators.queries import find_versions
from portal.indicators.results import Kept, keep_results
from portal.indicators.sight import may_see
from tests.conftest import MOMENT
from tests.defining.acts import NEW, agree, form_of, lines, newest, send, waiting


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
    with pytest.raises(Invalid) as caught:
        agree(store, "families_told/2")
    assert caught.value.fields == {"all": [MEANWHILE]}
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
    with pytest.raises(Invalid) as caught:
        agree(store, "families_told/1")
    assert caught.value.fields == {"all": [REPORTED]}
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
    send(desk, "leaflets/definition", {**sent, "title_en": "Leaflets handed out by hand"})
    agree(store, "leaflets/1")
    titles = {**kept.titles, "en": "Leaflets handed out by hand"}
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
