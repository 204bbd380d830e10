"""Keep a campaign: begin, change, send for a second look, take back, withdraw."""

from typing import Any

import pytest

from tests.campaigns.conftest import KEY, MARY, Stage
from tests.conftest import LANGUAGES

NEW = {
    "key": KEY,
    "title": "Not every offer is work",
    "begins_on": "2026-12-01",
    "in_regions": ["TM-M", "TM-L"],
    "audiences": ["youth"],
    "summary": "Seminars in colleges.",
    "title_ru": "Не всякое предложение — работа",
}


def begin(stage: Stage, name: str = "ann", **changes: Any) -> str:
    answer = stage.network.post(name, "/en/campaigns/new", {**NEW, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def state_of(stage: Stage, campaign_id: str) -> str:
    return stage.network.ask("SELECT state FROM campaigns WHERE id = :id", id=campaign_id)[0]


def waiting_for(stage: Stage, campaign_id: str) -> list[str]:
    sql = "SELECT id FROM approvals WHERE subject_id = :id AND verdict IS NULL"
    return stage.network.ask(sql, id=campaign_id)


def test_a_campaign_begins_as_a_draft_of_ones_own(stage: Stage) -> None:
    made = begin(stage, partners=[stage.second])
    sql = "SELECT organisation_id FROM campaigns WHERE id = :id"
    assert stage.network.ask(sql, id=made) == [stage.first]
    assert state_of(stage, made) == "draft"
    page = stage.network.as_("bea").get(f"/en/campaigns/{made}")
    assert "This is a draft" in page.text
    assert stage.network.as_("cem").get(f"/en/campaigns/{made}").status_code == 404
    assert "Не всякое" in stage.network.as_("ann").get(f"/ru/campaigns/{made}").text


def test_a_double_click_saves_once(stage: Stage) -> None:
    assert begin(stage) == begin(stage)
    assert begin(stage, "bea") != begin(stage)


@pytest.mark.parametrize("field", ["organisation_id", "state", "added_by", "id", "approved_by"])
def test_fields_that_are_not_ours_to_send_change_nothing(stage: Stage, field: str) -> None:
    answer = stage.network.post("ann", "/en/campaigns/new", {**NEW, field: stage.third})
    assert answer.status_code == 422
    path = f"{stage.path}/edit"
    assert stage.network.post("ann", path, {**NEW, field: "published"}).status_code == 422
    assert stage.network.ask("SELECT id FROM campaigns") == [stage.id]
    assert stage.network.ask("SELECT organisation_id FROM campaigns") == [stage.first]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "Call +993 65 123456"}, "title"),
        ({"summary": "Write to aman@example.org"}, "summary"),
        ({"summary_tg": "Ба мо занг занед: 900 12 34 56"}, "summary_tg"),
        ({"begins_on": "soon"}, "begins_on"),
        ({"finishes_on": "2026-11-01"}, "finishes_on"),
        ({"in_regions": []}, "in_regions"),
        ({"in_regions": ["XX"]}, "in_regions"),
        ({"audiences": ["everybody"]}, "audiences"),
        ({"partners": ["o-nobody"]}, "partners"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    stage: Stage, changes: dict[str, Any], field: str
) -> None:
    answer = stage.network.post("ann", "/en/campaigns/new", {**NEW, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text
    assert len(stage.network.ask("SELECT id FROM campaigns")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_answer_in_every_language(stage: Stage, language: str) -> None:
    client, here = stage.network.as_("ann"), f"/{language}/campaigns"
    for path in ("/new", f"/{stage.id}/edit", f"/{stage.id}/activities/new"):
        assert client.get(here + path).status_code == 200


@pytest.mark.parametrize(("name", "status"), [("bea", 403), ("cem", 403), (None, 401)])
def test_others_keep_nothing_of_it(stage: Stage, name: str | None, status: int) -> None:
    for act in ("edit", "send", "take-back", "withdraw"):
        answer = stage.network.post(name, f"{stage.path}/{act}", NEW if act == "edit" else {})
        assert answer.status_code in (status, 303 if name is None else status), act
    assert state_of(stage, stage.id) == "published"
    assert stage.network.ask("SELECT title FROM campaigns") == ["Ask before you go"]


def test_a_change_of_what_is_public_hides_it_until_two_have_looked(stage: Stage) -> None:
    changed = {**NEW, "title": "Another title"}
    form = stage.network.as_("ann").get(f"{stage.path}/edit").text
    assert "a second person has looked at it again" in form
    assert stage.network.post("ann", f"{stage.path}/edit", changed).status_code == 303
    assert state_of(stage, stage.id) == "draft"
    assert stage.network.as_(None).get(stage.path).status_code == 404


def test_two_people_publish(stage: Stage) -> None:
    made = begin(stage)
    path = f"/en/campaigns/{made}"
    assert stage.network.post("ann", f"{path}/send").status_code == 303
    assert state_of(stage, made) == "waiting"
    (item,) = waiting_for(stage, made)
    agree = {"verdict": "approved"}
    for same in ("ann", "ali"):
        assert stage.network.post(same, f"/en/approvals/{item}", agree).status_code in (403, 422)
    assert state_of(stage, made) == "waiting"
    look = stage.network.as_("cem").get(f"/en/approvals/{item}").text
    assert f'href="{path}"' in look
    assert stage.network.as_("cem").get(path).status_code == 200
    assert stage.network.post("cem", f"/en/approvals/{item}", agree).status_code == 303
    assert state_of(stage, made) == "published"
    assert stage.network.as_(None).get(path).status_code == 200


def test_a_refusal_gives_it_back(stage: Stage) -> None:
    made = begin(stage)
    stage.network.post("ann", f"/en/campaigns/{made}/send")
    (item,) = waiting_for(stage, made)
    (reason,) = stage.network.ask(
        "SELECT code FROM terms WHERE vocabulary = 'refusal_reasons' LIMIT 1"
    )
    refuse = {"verdict": "refused", "reason": reason}
    assert stage.network.post("cem", f"/en/approvals/{item}", refuse).status_code == 303
    assert state_of(stage, made) == "draft"


def test_nothing_changes_under_the_second_persons_eyes(stage: Stage) -> None:
    made = begin(stage)
    stage.network.post("ann", f"/en/campaigns/{made}/send")
    for name in ("ann", "ali", "cora"):
        answer = stage.network.post(name, f"/en/campaigns/{made}/edit", {**NEW, "title": "Other"})
        assert answer.status_code == 422
    assert "Other" not in stage.network.ask("SELECT title FROM campaigns")


def test_who_takes_it_back_and_rewrites_it_does_not_agree_to_it_as_well(stage: Stage) -> None:
    made = begin(stage)
    path = f"/en/campaigns/{made}"
    stage.network.post("ann", f"{path}/send")
    (item,) = waiting_for(stage, made)
    assert stage.network.post("cora", f"{path}/take-back").status_code == 303
    assert (state_of(stage, made), waiting_for(stage, made)) == ("draft", [])
    stage.network.post("cora", f"{path}/edit", {**NEW, "title": "Coordinated"})
    stage.network.post("cora", f"{path}/send")
    (again,) = waiting_for(stage, made)
    assert again != item
    agree = {"verdict": "approved"}
    assert stage.network.post("cora", f"/en/approvals/{item}", agree).status_code != 500
    assert stage.network.post("cora", f"/en/approvals/{again}", agree).status_code == 422
    assert state_of(stage, made) == "waiting"


def test_no_activity_is_added_under_the_second_persons_eyes(stage: Stage) -> None:
    made = begin(stage)
    stage.network.post("ann", f"/en/campaigns/{made}/send")
    sent = {"key": KEY, "kind": "seminar", "held_on": "2026-12-02", "place": MARY}
    answer = stage.network.post("ann", f"/en/campaigns/{made}/activities/new", sent)
    assert answer.status_code == 422
    assert "A second person is looking at this" in answer.text
    assert stage.network.ask("SELECT 1 FROM activities WHERE campaign_id = :id", id=made) == []


def test_one_person_withdraws_and_two_bring_it_back(stage: Stage) -> None:
    assert stage.network.post("ali", f"{stage.path}/withdraw").status_code == 303
    assert stage.network.as_(None).get(stage.path).status_code == 404
    assert "This was withdrawn" in stage.page("ann")
    stage.network.post("ann", f"{stage.path}/send")
    assert state_of(stage, stage.id) == "waiting"


def test_a_partner_one_cannot_see_stays_a_partner(stage: Stage) -> None:
    with stage.network.store.transaction() as db:
        db.execute("UPDATE accounts SET directory_until = NULL WHERE id = 'a-ann'")
    assert stage.network.post("ann", f"{stage.path}/edit", NEW).status_code == 303
    sql = "SELECT organisation_id FROM campaign_organisations"
    assert stage.network.ask(sql) == [stage.second]


def test_csrf_and_audit(stage: Stage) -> None:
    client = stage.network.as_("ann")
    assert client.post("/en/campaigns/new", data=NEW).status_code == 403
    made = begin(stage)
    sql = "SELECT verb FROM audit WHERE entity = 'campaigns' AND entity_id = :id"
    assert stage.network.ask(sql, id=made) == ["save"]
    stage.network.post("ann", f"/en/campaigns/{made}/send")
    assert stage.network.ask(sql, id=made) == ["save", "set_state"]
