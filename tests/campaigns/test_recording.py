"""Record an activity: on a phone, in few steps; correct it, take it away, put it back."""

from datetime import timedelta
from typing import Any

import pytest

from portal.campaigns.actions import forget_removed
from tests.campaigns.conftest import KEY, MARY, VILLAGE, Stage
from tests.conftest import MOMENT, OPERATOR, TODAY

DONE = {
    "key": KEY,
    "kind": "round_table",
    "held_on": "2026-11-20",
    "settlement": MARY,
    "women": "12",
    "men": "7",
    "girls": "0",
    "boys": "",
    "result": "Agreed to meet every month",
}


def record(stage: Stage, name: str | None = "ann", **changes: Any) -> Any:
    return stage.network.post(name, f"{stage.path}/activities/new", {**DONE, **changes})


def rows(stage: Stage) -> list[dict[str, Any]]:
    with stage.network.store.read() as db:
        return list(db.query("SELECT * FROM activities ORDER BY id"))


def test_what_was_done_is_kept_once(stage: Stage) -> None:
    assert record(stage).status_code == 303
    assert record(stage).status_code == 303
    (row,) = rows(stage)
    assert (row["women"], row["girls"], row["boys"]) == (12, 0, None)
    assert (row["place_id"], row["organisation_id"]) == (MARY, None)
    assert "Agreed to meet" in stage.page("cem")


def test_three_steps_from_the_campaign(stage: Stage) -> None:
    assert f'href="{stage.path}/activities/new"' in stage.page("ann")
    form = stage.network.as_("ann").get(f"{stage.path}/activities/new").text
    assert f'<option value="{MARY}">' in form
    assert form.count('type="number"') == 5


def test_a_partner_records_its_own_and_mends_only_that(stage: Stage) -> None:
    assert record(stage, "bea").status_code == 303
    (row,) = rows(stage)
    assert row["organisation_id"] == stage.second
    stage.hold("ca-first")
    mine, theirs = f"{stage.path}/activities/{row['id']}", f"{stage.path}/activities/ca-first"
    client = stage.network.as_("bea")
    assert (client.get(mine).status_code, client.get(theirs).status_code) == (200, 403)
    assert stage.network.post("bea", theirs, DONE).status_code == 403
    assert stage.network.post("bea", f"{theirs}/remove").status_code == 403
    assert stage.network.post("bea", mine, {**DONE, "men": "8"}).status_code == 303


@pytest.mark.parametrize(("name", "status"), [("cem", 403), ("dan", 403)])
def test_others_record_nothing(stage: Stage, name: str, status: int) -> None:
    assert record(stage, name).status_code == status
    client = stage.network.as_(name)
    assert client.get(f"{stage.path}/activities/new").status_code == status
    assert rows(stage) == []


def test_strangers_do_not_learn_that_a_draft_is_there(stage: Stage) -> None:
    stage.set(state="draft")
    assert record(stage, "cem").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "party"}, "kind"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "2026-11-24"}, "held_on"),
        ({"held_on": "1999-12-31"}, "held_on"),
        ({"held_on": "2029-01-01"}, "held_on"),
        ({"held_on": "2026-02-28"}, "held_on"),
        ({"women": "-1"}, "women"),
        ({"men": "50001"}, "men"),
        ({"girls": "many"}, "girls"),
        ({"given_out": "10000000"}, "given_out"),
        ({"settlement": "0"}, "settlement"),
        ({"place": "Nowhere at all"}, "place"),
        ({"materials": ["m-other"]}, "materials"),
        ({"result": "Maral, +993 65 123456, wants help"}, "result"),
        ({"result": "x" * 601}, "result"),
        ({"organisation_id": "o-1"}, "organisation_id"),
        ({"added_by": "a-cem"}, "added_by"),
    ],
)
def test_what_is_wrong_is_said(stage: Stage, changes: dict[str, Any], field: str) -> None:
    answer = record(stage, **changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(stage) == []


def test_a_day_to_come_is_planned_without_numbers(stage: Stage) -> None:
    nobody = dict.fromkeys(("women", "men", "girls", "boys"), "")
    assert record(stage, held_on="2026-11-30", **nobody).status_code == 303
    assert "coming" in stage.page("ann")
    assert stage.shown(None)["held"] == []


def test_a_day_outside_the_campaign_is_asked_back(stage: Stage) -> None:
    asked = record(stage, held_on="2026-02-28")
    assert 'name="day_is_right"' in asked.text
    assert record(stage, held_on="2026-02-28", day_is_right="1").status_code == 303
    assert "outside the campaign" in stage.page("ann")


def test_a_typed_place_goes_first_and_an_ambiguous_one_is_asked_back(stage: Stage) -> None:
    asked = record(stage, place="Türkmenbaşy")
    assert asked.status_code == 422
    assert 'name="place" value="' in asked.text
    assert record(stage, key="f" * 16, place=VILLAGE).status_code == 303
    assert VILLAGE in {row["place_id"] for row in rows(stage)}


def test_a_correction_says_who_and_when_and_keeps_what_was(stage: Stage) -> None:
    record(stage)
    (row,) = rows(stage)
    path = f"{stage.path}/activities/{row['id']}"
    form = stage.network.as_("ann").get(path).text
    assert 'value="12"' in form
    changed = {**DONE, "women": "13", "result": ""}
    assert stage.network.post("ali", path, changed).status_code == 303
    assert rows(stage)[0]["women"] == 13
    assert "Corrected on 23 November 2026 by Ali" in stage.page("bea")
    assert "Corrected on" not in stage.page("cem")
    (was,) = stage.network.ask("SELECT was FROM activity_changes")
    assert '"women":12' in was
    assert "Agreed to meet" not in was


def test_a_correction_loses_no_place_and_no_material_one_does_not_see(stage: Stage) -> None:
    stage.hold("ca-1", place_id=VILLAGE)
    with stage.network.store.transaction() as db:
        db.execute("UPDATE accounts SET directory_until = NULL WHERE id = 'a-ann'")
    path = f"{stage.path}/activities/ca-1"
    assert "Small Village" not in stage.network.as_("ann").get(path).text
    changed = {**DONE, "settlement": ""}
    assert stage.network.post("ann", path, changed).status_code == 303
    assert rows(stage)[0]["place_id"] == VILLAGE


def test_what_one_person_removes_can_be_put_back_for_30_days(stage: Stage) -> None:
    stage.hold("ca-1")
    before = rows(stage)
    path = f"{stage.path}/activities/ca-1"
    assert stage.network.post("ann", f"{path}/remove").status_code == 303
    assert rows(stage) == []
    assert stage.shown(None)["held"] == []
    assert "Put it back" in stage.page("ann")
    assert "Put it back" not in stage.page("cem")
    assert stage.network.post("bea", f"{path}/restore").status_code == 403
    assert stage.network.post("ann", f"{path}/restore").status_code == 303
    assert rows(stage) == before
    sql = "SELECT verb FROM audit WHERE entity = 'activities' AND entity_id = 'ca-1' ORDER BY id"
    assert stage.network.ask(sql) == ["save", "remove", "restore"]


def test_after_30_days_nothing_is_left(stage: Stage) -> None:
    stage.hold("ca-1")
    stage.network.post("ann", f"{stage.path}/activities/ca-1/remove")
    with stage.network.store.transaction() as db:
        assert forget_removed(db, OPERATOR, MOMENT + timedelta(days=30), TODAY) == 0
        assert forget_removed(db, OPERATOR, MOMENT + timedelta(days=31), TODAY) == 1
    assert stage.network.post("ann", f"{stage.path}/activities/ca-1/restore").status_code == 404


def test_an_activity_of_another_campaign_is_not_reached_through_ones_own(stage: Stage) -> None:
    stage.hold("ca-1")
    with stage.network.store.transaction() as db:
        row = dict(db.table("campaigns").get(stage.id))
        db.table("campaigns").insert({**row, "id": "c-other", "organisation_id": stage.third})
    assert (
        stage.network.post("cem", "/en/campaigns/c-other/activities/ca-1", DONE).status_code == 404
    )
    path = "/en/campaigns/c-other/activities/ca-1/remove"
    assert stage.network.post("cem", path).status_code == 404
    assert len(rows(stage)) == 1
