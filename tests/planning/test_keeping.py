"""Coordinators write plans, say what serves each action and how it stands; nobody else does."""

from typing import Any

import pytest
from httpx import Response

from portal.plans.actions import MEANWHILE
from tests.conftest import JSON
from tests.planning.conftest import Keepers, action_of

KEY = "0123456789abcdef"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
PLAN: dict[str, Any] = {
    "key": KEY,
    "title": "A plan of both countries",
    "title_ru": "План двух стран",
    "in_countries": ["TM", "TJ"],
    "begins_on": "2026-01-01",
    "finishes_on": "2027-12-31",
    "document": "Decision no. 7",
}
ACTION = {
    "key": KEY,
    "action_code": "1.1",
    "action_text": "Teach teachers.",
    "begins_on": "2026-01-01",
    "finishes_on": "2026-12-31",
    "responsible": "Offices of education",
}
TABLES = (
    "plans",
    "plan_states",
    "plan_countries",
    "plan_actions",
    "plan_action_states",
    "plan_indicators",
    "plan_serving",
)


def counts(keepers: Keepers) -> list[int]:
    """How many rows each table has, and how many lines of plans the audit."""
    sql = "SELECT count(*) AS n FROM "
    return [*(keepers.rows(sql + table)[0]["n"] for table in TABLES), keepers.lines()]


def begin(keepers: Keepers, **changed: Any) -> tuple[str, str]:
    """A plan with one action; the addresses of both."""
    made = keepers.post("coordinator", "/en/plans/new", **{**PLAN, **changed})
    assert made.status_code == 303, made.text
    plan = made.headers["location"]
    added = keepers.post("coordinator", f"{plan}/actions/new", **ACTION)
    assert added.status_code == 303, added.text
    return plan, added.headers["location"]


def read(keepers: Keepers, plan: str, role: str = "coordinator") -> dict[str, Any]:
    return dict(keepers.get(role, plan, **JSON).json())


def test_a_plan_is_begun_filled_and_put_into_force(keepers: Keepers) -> None:
    before = keepers.lines()
    plan, action = begin(keepers)
    assert keepers.lines() == before + 2
    # a double click saves once
    assert keepers.post("coordinator", "/en/plans/new", **PLAN).headers["location"] == plan
    again = keepers.post("coordinator", f"{plan}/actions/new", **ACTION)
    assert again.headers["location"] == action
    assert keepers.lines() == before + 2
    found = read(keepers, plan)
    assert found["countries"] == ["TM", "TJ"]
    assert (found["state"], found["states"]["not_begun"]) == ("draft", 1)
    moved = keepers.post("coordinator", f"{plan}/state", plan_state="in_force")
    assert moved.status_code == 303
    assert keepers.lines() == before + 3
    assert read(keepers, plan, "observer")["title"] == PLAN["title"]
    page = keepers.get("observer", plan.replace("/en/", "/ru/")).text
    assert "План двух стран" in page
    assert "Change the plan" not in page
    # a move that is not allowed leaves nothing behind
    stood = counts(keepers)
    keepers.post("coordinator", f"{plan}/state", plan_state="ended")
    assert keepers.post("coordinator", f"{plan}/state", plan_state="draft").status_code == 422
    assert [now - was for now, was in zip(counts(keepers), stood, strict=True)] == [
        0, 1, 0, 0, 0, 0, 0, 1,
    ]  # fmt: skip


def test_an_action_runs_is_done_and_goes_on(keepers: Keepers) -> None:
    plan, action = begin(keepers)
    keepers.post("coordinator", f"{action}/indicators", indicator="trainings", plan_target="12.5")
    one = action_of(read(keepers, plan), "1.1")
    (indicator,) = one["indicators"]
    assert one["state"] == "running"
    assert (indicator["target"], indicator["own_target"], indicator["country"]) == (12.5, True, "")
    done = {"said": "done", "said_on": "2026-11-20", "said_why": "All schools have been taught."}
    assert keepers.post("coordinator", f"{action}/state", **done).status_code == 303
    one = action_of(read(keepers, plan), "1.1")
    assert (one["state"], one["reason"]) == ("done", done["said_why"])
    # said twice it is said once, and a state that does not follow is refused
    stood = counts(keepers)
    assert keepers.post("coordinator", f"{action}/state", **done).status_code == 422
    for wrong, field in (
        ({"said": "resumed", "said_on": "2026-11-24"}, "said_on"),
        ({"said": "resumed", "said_why": ""}, "said_why"),
        ({"said": "overdue"}, "said"),
        ({"said_why": "Ring +993 12 345678"}, "said_why"),
    ):
        answer = keepers.post("coordinator", f"{action}/state", **{**done, **wrong})
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in answer.text
    assert counts(keepers) == stood
    keepers.post("coordinator", f"{action}/state", **{**done, "said": "resumed"})
    assert action_of(read(keepers, plan), "1.1")["state"] == "running"
    keepers.post("coordinator", f"{action}/indicators-remove", indicator="trainings")
    one = action_of(read(keepers, plan), "1.1")
    assert (one["state"], one["indicators"]) == ("not_begun", [])
    assert len(keepers.rows("SELECT 1 FROM plan_action_states WHERE action_id = ?", one["id"])) == 2


def test_only_what_is_published_serves_an_action(keepers: Keepers) -> None:
    plan, action = begin(keepers)
    keepers.post("coordinator", f"{plan}/state", plan_state="in_force")
    offered = keepers.get("coordinator", action).text
    for thing in ("event:e-2w8b3z", "campaign:c-7h3w9k", "activity:a-b4c8d7", "event:e-8n4w2k"):
        assert f'value="{thing}"' in offered or thing == "activity:a-b4c8d7"
        answer = keepers.post("coordinator", f"{action}/serving", serving=thing)
        assert answer.status_code == 303, thing
    one = action_of(read(keepers, plan), "1.1")
    assert one["state"] == "running"
    assert (one["events_held"], one["activities_held"] > 1) == (1, True)
    with keepers.store.transaction() as db:
        db.execute("UPDATE campaigns SET state = 'draft' WHERE id IN ('c-7h3w9k', 'c-4t8n2r')")
        db.execute("UPDATE events SET closed = 1 WHERE id = 'e-2w8b3z'")
    stood = counts(keepers)
    for thing in (
        "campaign:c-4t8n2r",  # a draft
        "activity:a-h2k7w4",  # an activity of a draft
        "event:e-2w8b3z",  # for the network alone
        "event:nothing",
        "material:m-4k7tq2",
        "nothing",
        ":",
        "event:",
        "event:' OR 1=1 --",
    ):
        refused = keepers.post("coordinator", f"{action}/serving", serving=thing)
        assert refused.status_code == 422, thing
        assert "Choose from the list." in refused.text
    assert counts(keepers) == stood
    # what became a draft after it was named is shown to nobody, and counts no more
    for role in ("coordinator", "member", "observer"):
        left = action_of(read(keepers, plan, role), "1.1")
        assert {each["id"] for each in left["serving"]} <= {"e-8n4w2k"}
        assert (left["state"], left["events_held"], left["activities_held"]) == ("not_begun", 0, 0)
        assert "Ask before you go (demo)" not in keepers.get(role, plan).text
    removed = keepers.post("coordinator", f"{action}/serving-remove", serving="event:e-8n4w2k")
    assert removed.status_code == 303
    assert action_of(read(keepers, plan), "1.1")["serving"] == []


def test_a_coming_meeting_is_shown_to_those_who_see_it_elsewhere(keepers: Keepers) -> None:
    plan, action = begin(keepers)
    keepers.post("coordinator", f"{plan}/state", plan_state="in_force")
    later = {**ACTION, "key": KEY + "2", "action_code": "1.2", "finishes_on": "2027-12-31"}
    action = keepers.post("coordinator", f"{plan}/actions/new", **later).headers["location"]
    keepers.post("coordinator", f"{action}/serving", serving="event:e-4v9m3s")
    seen = {
        role: [each["standing"] for each in action_of(read(keepers, plan, role), "1.2")["serving"]]
        for role in ("member", "observer")
    }
    assert seen == {"member": ["planned"], "observer": []}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"in_countries": ["XX"]}, "in_countries"),
        ({"in_countries": []}, "in_countries"),
        ({"begins_on": "2026-13-01"}, "begins_on"),
        ({"begins_on": "1800-01-01"}, "begins_on"),
        ({"finishes_on": "2025-12-31"}, "finishes_on"),
        ({"key": "short"}, "key"),
        ({"added_by": "somebody"}, "added_by"),
        ({"state": "in_force"}, "state"),
    ],
)
def test_a_wrong_field_of_a_plan_is_said_at_the_field(
    keepers: Keepers, changed: dict[str, Any], field: str
) -> None:
    stood = counts(keepers)
    answer = keepers.post("coordinator", "/en/plans/new", **{**PLAN, **changed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert counts(keepers) == stood
    assert "Decision no. 7" in answer.text  # what was typed stays


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"action_code": "=1+1"}, "action_code"),
        ({"action_code": "1.1"}, "action_code"),  # taken
        ({"action_text": ""}, "action_text"),
        ({"action_text_tg": "x" * 601}, "action_text_tg"),
        ({"responsible": "Ms A., +993 65 123456"}, "responsible"),
        ({"action_text_ru": "Пишите на a@b.example"}, "action_text_ru"),
        ({"organisation": "o-nobody"}, "organisation"),
        ({"finishes_on": "2025-01-01"}, "finishes_on"),
        ({"plan_id": "np-demo"}, "plan_id"),
    ],
)
def test_a_wrong_field_of_an_action_is_said_at_the_field(
    keepers: Keepers, changed: dict[str, str], field: str
) -> None:
    plan, _action = begin(keepers)
    stood = counts(keepers)
    other = {**ACTION, "key": KEY + "b", "action_code": "1.2"}
    answer = keepers.post("coordinator", f"{plan}/actions/new", **{**other, **changed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert counts(keepers) == stood


@pytest.mark.parametrize("target", ["-1", "nan", "inf", "1e400", "many", "9" * 30])
def test_a_target_is_a_number_that_can_be(keepers: Keepers, target: str) -> None:
    _plan, action = begin(keepers)
    sent = {"indicator": "trainings", "plan_target": target}
    stood = counts(keepers)
    answer = keepers.post("coordinator", f"{action}/indicators", **sent)
    assert answer.status_code == 422
    assert 'id="plan_target-wrong"' in answer.text
    unknown = keepers.post("coordinator", f"{action}/indicators", indicator="nothing")
    assert 'id="indicator-wrong"' in unknown.text
    assert counts(keepers) == stood


def test_of_two_who_change_an_action_the_second_reads_what_the_first_wrote(
    keepers: Keepers,
) -> None:
    _plan, action = begin(keepers)
    seen = keepers.get("coordinator", action).text.split('name="seen" value="')[1].split('"')[0]
    with keepers.store.transaction() as db:
        row = {"text": "What the first wrote.", "changed_at": "2026-11-23T05:00:01Z"}
        db.table("plan_actions").update(action.rpartition("/")[2], row)
    mine = {**ACTION, "action_text": "What the second wrote.", "seen": seen}
    stale = keepers.post("coordinator", action, **mine)
    assert stale.status_code == 422
    assert MEANWHILE.text in stale.text
    assert "What the first wrote." in stale.text
    assert "What the second wrote." in stale.text
    seen = stale.text.split('name="seen" value="')[1].split('"')[0]
    assert keepers.post("coordinator", action, **{**mine, "seen": seen}).status_code == 303


def test_nobody_but_coordinators_writes(keepers: Keepers) -> None:
    plan, action = begin(keepers)
    keepers.post("coordinator", f"{plan}/state", plan_state="in_force")
    forms: list[tuple[str, dict[str, Any]]] = [
        ("/en/plans/new", {**PLAN, "key": KEY + "c"}),
        (f"{plan}/edit", PLAN),
        (f"{plan}/state", {"plan_state": "ended"}),
        (f"{plan}/actions/new", {**ACTION, "key": KEY + "c", "action_code": "9"}),
        (action, ACTION),
        (f"{action}/state", {"said": "done", "said_on": "2026-11-01", "said_why": "So."}),
        (f"{action}/indicators", {"indicator": "trainings"}),
        (f"{action}/indicators-remove", {"indicator": "trainings"}),
        (f"{action}/serving", {"serving": "event:e-2w8b3z"}),
        (f"{action}/serving-remove", {"serving": "event:e-2w8b3z"}),
    ]
    roles = (("visitor", 303), ("practitioner", 404), ("member", 403), ("observer", 403))
    for role, status in (*roles, ("admin", 404)):
        keepers.be(role)
        stood = counts(keepers)
        for path, form in forms:
            assert keepers.post(role, path, **form).status_code == status, (role, path)
        assert counts(keepers) == stood
    keepers.be("coordinator")
    stood = counts(keepers)
    for path, form in forms:
        forged = keepers.client.post(path, data={**form, "csrf": "x"}, follow_redirects=False)
        assert forged.status_code == 403
        assert keepers.client.put(path).status_code == 405
    # an action of another plan is none of this one
    other = action_of(keepers.plan(country="TJ"), "2.1")["id"]
    strange = f"{plan}/actions/{other}"
    assert keepers.get("coordinator", strange).status_code == 404
    for path, form in forms[4:]:
        answer = keepers.post("coordinator", path.replace(action, strange), **form)
        assert answer.status_code == 404
    assert keepers.post("coordinator", f"{action}/nothing").status_code == 404
    assert counts(keepers) == stood


def test_hostile_words_are_words(keepers: Keepers) -> None:
    plan, action = begin(keepers, title=HOSTILE, document=HOSTILE, title_ru=HOSTILE)
    words = {"action_text": HOSTILE, "responsible": "=HYPERLINK(1)", "action_text_tk": HOSTILE}
    keepers.post("coordinator", action, **{**ACTION, **words})
    said = {"said": "stopped", "said_on": "2026-11-01", "said_why": HOSTILE}
    keepers.post("coordinator", f"{action}/state", **said)
    for path in (plan, f"{plan}/print", f"{plan}/edit", action, "/en/plans"):
        page = keepers.get("coordinator", path).text
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    table = keepers.get("coordinator", f"{plan}/plan.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    book: Response = keepers.get("coordinator", f"{plan}/plan.xlsx")
    assert book.status_code == 200
    assert HOSTILE not in str(keepers.rows("SELECT detail FROM audit"))
