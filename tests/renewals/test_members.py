"""One's own membership with what one took on, and the list and history that coordinators read."""

from datetime import date

from portal.accounts.queries import count_coordinating
from portal.belonging.queries import RESPONSIBILITIES
from portal.checking import check_all
from portal.membership.actions import found, move
from tests.conftest import JSON, LANGUAGES, OPERATOR, PARTIAL
from tests.renewals.stage import DUE, EARLY, LATE, Stage

OWN, ALL, ONE = "/en/membership", "/en/memberships", f"/en/memberships/{DUE}"


def told(stage: Stage, name: str) -> dict[str, tuple[str, list[str]]]:
    lines = stage.as_(name).get(OWN, headers=JSON).json()["responsibilities"]
    return {each["code"]: (each["state"], each["path"]) for each in lines}


def test_ones_own_page_says_how_it_stands_and_who_coordinates(stage: Stage) -> None:
    with stage.store.transaction() as db:
        found(db, OPERATOR, stage.clock.moment, DUE, "2010-10-03", "Minute 1")
    stage.join("jeren", EARLY, acting_until="2026-12-01")
    page = stage.as_("mahri").get(OWN).text
    for words in ("3 October 2010", "Minute 1", "1 December 2025", "1 December 2026", "version 1"):
        assert words in page
    assert "Renew for another year" in page
    coordinators = page.split('id="coordinators"')[1]
    for words in ("Sona · Org o-early", "Jeren · Org o-early · stands in until: 1 December 2026"):
        assert words in coordinators
    assert "Merdan" not in coordinators
    # a coordinator reads her own organisation's there
    assert "Org o-early" in stage.as_("sona").get(OWN).text


def test_what_a_member_took_on_with_what_to_do(stage: Stage) -> None:
    assert list(told(stage, "mahri")) == [
        "details",
        "requests",
        "activities",
        "evaluations",
        "people",
        "duty_phone",
        "charter",
        "renewal",
    ]
    assert len(RESPONSIBILITIES) == 8
    nothing = ("nothing", [])
    assert told(stage, "mahri") == {
        **dict.fromkeys(("details", "requests", "activities", "evaluations"), nothing),
        "people": ("met", []),
        "duty_phone": ("met", []),
        "charter": ("met", []),
        "renewal": ("nothing", ["membership", "renewal"]),
    }
    assert told(stage, "sona")["renewal"] == ("met", [])
    assert told(stage, "merdan")["renewal"] == ("not_met", ["membership", "renewal"])
    stage.adopt(2, date(2026, 11, 20))
    with stage.store.transaction() as db:
        db.execute("UPDATE organisations SET duty_phone = NULL")
        db.execute("UPDATE accounts SET locked_at = 'x' WHERE id = 'a-oraz'")
        _run_campaigns(db)
    now = told(stage, "mahri")
    assert now["charter"] == ("not_met", ["membership", "affirm"])
    assert now["people"] == ("not_met", [])
    assert now["duty_phone"] == ("not_met", ["organisations", DUE, "report"])
    assert now["activities"] == ("not_met", ["campaigns", "c-bare"])
    assert now["evaluations"] == ("not_met", ["events", "e-bare", "evaluation", "counts"])
    assert "1 of 2 finished campaigns" in stage.as_("mahri").get(OWN).text


def _run_campaigns(db: object) -> None:
    ended = {"organisation_id": DUE, "starts_on": "2026-01-10", "ends_on": "2026-03-10"}
    words = {"title": "Ask first", "titles": "{}", "summaries": "{}", "state": "published"}
    for each in ("c-bare", "c-done"):
        db.table("campaigns").insert({"id": each, **ended, **words})
    row = {"id": "ca-1", "campaign_id": "c-done", "kind": "seminar", "held_on": "2026-02-01"}
    db.table("activities").insert(row)
    past = {"organisation_id": DUE, "starts_on": "2026-02-10", "kind": "training"}
    empty = {"titles": "{}", "summaries": "{}", "evaluation": "{}"}
    db.table("events").insert({"id": "e-bare", "title": "A training", **past, **empty})
    question = {"id": "q-1", "event_id": "e-bare", "position": 1, "kind": "rating"}
    lists = {"others": "{}", "options": "[]", "other_options": "{}"}
    db.table("evaluation_questions").insert({**question, **lists})


def test_the_list_begins_with_who_is_late(stage: Stage) -> None:
    client = stage.as_("sona")
    found = client.get(ALL, headers=JSON).json()
    assert [each["id"] for each in found["results"]] == [LATE, DUE, EARLY]
    assert [each["is_overdue"] for each in found["results"]] == [True, False, False]
    assert found["total"] == 3
    late = client.get(ALL + "?due=overdue", headers=JSON).json()
    assert [each["id"] for each in late["results"]] == [LATE]
    with stage.store.transaction() as db:
        move(db, OPERATOR, stage.clock.moment, EARLY, "suspended", "own_wish")
    # suspended meanwhile, she reads no more than her role does
    client = stage.as_("bahar")
    found = client.get(ALL + "?state=suspended", headers=JSON).json()
    assert [each["id"] for each in found["results"]] == [EARLY]
    second = client.get(ALL + "?page=2&per_page=1", headers=JSON).json()
    assert ([each["id"] for each in second["results"]], second["total"]) == ([DUE], 3)
    assert client.get(ALL + "?state=gone", headers=JSON).status_code == 422
    assert "<html" not in client.get(ALL, headers=PARTIAL).text
    assert "Responsibilities met: 3 of 4" in client.get(ALL).text


def test_a_members_history_says_who_when_and_why(stage: Stage) -> None:
    stage.check("mahri", holds__safe="no", words__safe="Being written.")
    with stage.store.transaction() as db:
        move(db, OPERATOR, stage.clock.moment, DUE, "suspended", "own_wish", "They asked for it.")
        db.execute("UPDATE membership_states SET \"by\" = 'a-sona' WHERE state = 'suspended'")
    client = stage.as_("bahar")
    page = client.get(ONE).text
    for words in ("They asked for it.", "Sona", "At the organisation’s own wish", "the operators"):
        assert words in page
    found = client.get(ONE, headers=JSON).json()
    assert [each["state"] for each in found["history"]] == ["suspended", "admitted"]
    assert [each["verdict"] for each in found["renewals"]] == [None]
    # nobody's account is named by its id
    assert "a-mahri" not in client.get(ONE, headers=JSON).text
    for language in LANGUAGES:
        assert client.get(f"/{language}/memberships/{DUE}").status_code == 200


def test_members_and_strangers_find_nothing(stage: Stage) -> None:
    stage.join("nobody", None)
    stage.join("keeper", None, "admin")
    for name in ("mahri", "nobody", "keeper"):
        client = stage.as_(name)
        assert client.get(ALL).status_code == 404
        assert client.get(ONE).status_code == 404
    assert stage.as_("nobody").get(OWN).status_code == 404
    assert stage.as_("sona").get("/en/memberships/o-unknown").status_code == 404
    client = stage.as_(None)
    for path in (OWN, ALL, ONE):
        assert client.get(path, headers=JSON).status_code == 401


def test_a_public_card_says_since_when_it_founded_the_network(stage: Stage) -> None:
    with stage.store.transaction() as db:
        found(db, OPERATOR, stage.clock.moment, DUE, "2010-10-03", "Minute 1")
    card = stage.as_(None).get(f"/en/organisations/{DUE}").text
    assert "Founding member since" in card
    assert "3 October 2010" in card
    assert "Minute 1" not in card
    found_on = stage.client.get(f"/en/organisations/{DUE}", headers=JSON).json()["founded_on"]
    assert found_on == "2010-10-03"


def test_the_check_wants_coordinators_of_two_organisations(stage: Stage) -> None:
    with stage.store.read() as db:
        assert count_coordinating(db, stage.today) == 3
    with stage.store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = 'x' WHERE id IN ('a-sona', 'a-bahar')")
    assert stage.settings
    lines = [each for each in check_all(stage.settings) if "coordinators of two" in each.says]
    assert [each.is_well for each in lines] == [False]
