"""One's own membership with what one took on, and the list and history that coordinators read."""

from datetime import date

from portal.accounts.queries import count_coordinating
from portal.actor import Actor
from portal.approvals.actions import ask
from portal.belonging.queries import RESPONSIBILITIES
from portal.checking import check_all
from portal.membership.actions import found, move
from portal.organisations.actions import save_organisation
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
        "reports",
        "people",
        "duty_phone",
        "charter",
        "renewal",
    ]
    assert len(RESPONSIBILITIES) == 9
    nothing = ("nothing", [])
    assert told(stage, "mahri") == {
        **dict.fromkeys(("details", "requests", "activities", "evaluations", "reports"), nothing),
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
    # until the day has passed nobody is late
    assert now["charter"] == ("nothing", ["membership", "affirm"])
    assert now["people"] == ("not_met", [])
    assert now["duty_phone"] == ("not_met", ["membership", "phone"])
    assert now["activities"] == ("not_met", ["campaigns", "c-bare"])
    assert now["evaluations"] == ("not_met", ["events", "e-bare", "evaluation", "counts"])
    assert "1 of 2 finished campaigns" in stage.as_("mahri").get(OWN).text
    one = stage.as_("sona").get(ONE, headers=JSON).json()["responsibilities"]
    paths = {each["code"]: each["path"] for each in one}
    assert paths["duty_phone"] == ["memberships", DUE, "phone"]
    # who is suspended can do nothing about it now
    with stage.store.transaction() as db:
        move(db, OPERATOR, stage.clock.moment, DUE, "suspended", "own_wish")
    suspended = stage.as_("sona").get(ONE)
    assert "Responsibilities" in suspended.text
    assert "Do it now" not in suspended.text


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
    # what work counts is what the list calls overdue
    with stage.store.transaction() as db:
        move(db, OPERATOR, stage.clock.moment, LATE, "suspended", "own_wish")
    assert client.get(ALL + "?due=overdue", headers=JSON).json()["total"] == 0
    assert '<b class="state">overdue' not in client.get(ALL).text
    assert "not renewed" not in client.get("/en/work").text
    with stage.store.transaction() as db:
        move(db, OPERATOR, stage.clock.moment, LATE, "admitted")
        names = '{"ru": "Центр «Надежда»"}'
        db.execute("UPDATE organisations SET names = ? WHERE id = ?", [names, LATE])
    for words, ids in (("ORG o-late", [LATE]), ("nadezhda", [LATE]), ("org xyz", [])):
        looked = client.get(ALL, params={"q": words}, headers=JSON).json()
        assert [each["id"] for each in looked["results"]] == ids
    assert client.get(ALL, params={"q": "x" * 101}, headers=JSON).status_code == 422
    second = client.get(ALL + "?page=2&per_page=1", headers=JSON).json()
    assert ([each["id"] for each in second["results"]], second["total"]) == ([DUE], 3)
    assert client.get(ALL + "?state=gone", headers=JSON).status_code == 422
    assert "<html" not in client.get(ALL, headers=PARTIAL).text
    page = client.get(ALL).text
    assert "Responsibilities met: 3 of 4" in page
    # one entry of the menu is the present page, not both that begin alike
    assert page.count('aria-current="page"') == 1
    assert '/en/memberships" aria-current="page">Members' in page


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
    assert "Admitted</h3>" in page
    assert ":00</dd>" not in page
    # nobody's account is named by its id
    assert "a-mahri" not in client.get(ONE, headers=JSON).text
    for language in LANGUAGES:
        assert client.get(f"/{language}/memberships/{DUE}").status_code == 200


def test_who_has_left_is_still_read_about(stage: Stage) -> None:
    moment = stage.clock.moment
    with stage.store.transaction() as db:
        found(db, OPERATOR, moment, DUE, "2010-10-03", "Minute 1")
        move(db, OPERATOR, moment, DUE, "left", "closed", "The office was closed.")
        # who took an application back never was a member
        save_organisation(db, OPERATOR, moment, "o-never", {"name": "Never", "kind": "ngo"})
        for state in ("applicant", "left"):
            move(db, OPERATOR, moment, "o-never", state)
    client = stage.as_("sona")
    page = client.get(ONE).text
    for words in ("The office was closed.", "3 October 2010", "Make a link to its archive"):
        assert words in page
    for words in ("Renewal due", "Responsibilities", "Record as a founding member"):
        assert words not in page
    one = client.get(ONE, headers=JSON).json()
    assert [each["state"] for each in one["history"]] == ["left", "admitted"]
    assert one["responsibilities"] == []
    assert [each["id"] for each in client.get(ALL, headers=JSON).json()["results"]] == [LATE, EARLY]
    for query, ids in (("", [DUE]), ("&q=o-due", [DUE]), ("&q=early", []), ("&due=overdue", [])):
        gone = client.get(ALL + "?state=left" + query, headers=JSON).json()
        assert ([each["id"] for each in gone["results"]], gone["total"]) == (ids, len(ids))
    assert ", since: 23 November 2026" in client.get(ALL + "?state=left").text
    for path in ("/en/memberships/o-never", ONE + "/phone", ONE + "/renewal"):
        assert client.get(path).status_code == 404
    assert stage.as_("merdan").get(ONE).status_code == 404


def test_a_member_writes_down_its_duty_phone(stage: Stage) -> None:
    own = f"{OWN}/phone"

    def phones() -> list[str | None]:
        return stage.ask("SELECT duty_phone FROM organisations ORDER BY id")

    before, audited = phones(), stage.rows()["audit"]
    stage.join("nobody", None)
    stage.join("helper", DUE, "practitioner")
    assert 'value="+993 65 000111"' in stage.as_("mahri").get(own).text
    wrong = stage.post("mahri", own, {"duty_phone": "ask <Maral>"})
    assert wrong.status_code == 422
    assert 'value="ask &lt;Maral&gt;"' in wrong.text
    assert "Write a phone number" in wrong.text
    assert stage.post("mahri", own, {"duty_phone": "1" * 61}).status_code == 422
    assert stage.post("mahri", own, {"phone": "+993 1"}).status_code == 422
    for name in ("nobody", "helper"):
        assert stage.as_(name).get(own).status_code == 404
        assert stage.post(name, own, {"duty_phone": "+993 1"}).status_code == 404
    for path in (ONE + "/phone", f"/en/memberships/{LATE}/phone"):
        assert stage.as_("mahri").get(path).status_code == 404
        assert stage.post("mahri", path, {"duty_phone": "+993 1"}).status_code == 404
    assert stage.as_("mahri").post(own, data={"duty_phone": "+993 1"}).status_code == 403
    assert (phones(), stage.rows()["audit"]) == (before, audited)
    for _ in range(2):
        saved = stage.post("mahri", own, {"duty_phone": "+993 12 345678"})
        assert saved.headers["location"] == "/en/membership?done=phone"
    saved = stage.post("sona", f"/en/memberships/{LATE}/phone", {"duty_phone": ""})
    assert saved.headers["location"] == f"/en/memberships/{LATE}?done=phone"
    assert phones() == ["+993 12 345678", before[1], None]
    assert stage.rows()["audit"] == audited + 2
    for language in LANGUAGES:
        assert stage.as_("mahri").get(f"/{language}/membership/phone").status_code == 200


def test_who_is_new_is_told_what_to_do_first(stage: Stage) -> None:
    assert "Welcome" not in stage.as_("merdan").get(OWN).text
    with stage.store.transaction() as db:
        sql = "UPDATE organisations SET joined_on = '2026-11-20', duty_phone = NULL,"
        db.execute(sql + " visibility = 'members', directory_until = NULL WHERE id = ?", [LATE])
        db.execute("UPDATE accounts SET locked_at = 'x' WHERE id = 'a-bahar'")
    card = f"/en/organisations/{LATE}"
    stage.join("mary", LATE, "practitioner")
    # its own card, and no other's, before the directory is open
    stage.as_("merdan")
    with stage.store.transaction() as db:
        db.execute("UPDATE organisations SET visibility = 'members'")
        db.execute("UPDATE accounts SET directory_until = NULL WHERE id = 'a-merdan'")
    assert stage.as_("merdan").get(card).status_code == 200
    assert stage.as_("merdan").get(f"/en/organisations/{DUE}").status_code == 404
    assert stage.as_("mary").get(card).status_code == 404
    page = stage.as_("merdan").get(OWN).text
    first = page.split("Welcome to the network")[1].split("</section>")[0]
    assert 'href="/en/membership/phone"' in first
    assert "invite a second person" in first
    assert "access is not asked for yet" in first
    with stage.store.transaction() as db:
        by = Actor("coordinator", "a-sona", organisation_id=EARLY)
        ask(db, by, stage.clock.moment, "grant_directory", "a-merdan", of="person")
    found = stage.as_("merdan").get(OWN, headers=JSON).json()
    assert (found["is_new"], found["directory"]) == (True, "asked")
    stage.post("merdan", OWN + "/phone", {"duty_phone": "+993 1"})
    first = stage.as_("merdan").get(OWN).text.split("Welcome to the network")[1]
    assert "There is a duty phone" in first.split("</section>")[0]
    stage.at("2027-01-20")
    assert "Welcome" not in stage.as_("merdan").get(OWN).text


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
