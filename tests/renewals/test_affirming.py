"""After a new version a member affirms what changed, and nothing else, or says that it cannot."""

from datetime import date

from portal.renewals.queries import get_standing
from tests.conftest import JSON, PARTIAL
from tests.renewals.stage import DUE, EARLY, Stage

PAGE = "/en/membership/affirm"


def standing(stage: Stage, organisation: str = DUE) -> tuple[int | None, list[str]]:
    with stage.store.read() as db:
        found = get_standing(db, organisation, stage.today)
    return found.version, found.asked


def affirm(stage: Stage, name: str, *codes: str, version: int = 2, act: str = "affirm") -> object:
    ticked = {f"affirms-{code}": "yes" for code in codes}
    return stage.post(name, PAGE, {"version": str(version), "act": act, **ticked})


def test_only_what_changed_is_asked_old_beside_new(stage: Stage) -> None:
    assert standing(stage) == (1, [])
    assert "has affirmed all of version 1" in stage.as_("mahri").get(PAGE).text
    stage.adopt(2, date(2026, 11, 20))
    assert standing(stage) == (1, ["safe"])
    page = stage.as_("mahri").get(PAGE).text
    assert "It has rules for the safety of children." in page
    assert "Its rules for the safety of children are in writing." in page
    assert "It is registered." not in page
    assert "19 January 2027" in page
    before = stage.rows()
    assert affirm(stage, "mahri").status_code == 422
    assert affirm(stage, "mahri", "safe", version=1).status_code == 422
    assert affirm(stage, "mahri", "safe", version=3).status_code == 422
    assert stage.rows() == before
    for _ in range(2):
        assert affirm(stage, "mahri", "safe", "registered").status_code == 303
    after = stage.rows()
    assert after["affirmations"] == 1
    assert after["audit"] - before["audit"] == 1
    assert standing(stage) == (2, [])
    # the others have not
    assert standing(stage, EARLY) == (1, ["safe"])


def test_who_skipped_a_version_affirms_both_at_once(stage: Stage) -> None:
    stage.adopt(2, date(2026, 11, 1))
    stage.adopt(3, date(2026, 11, 20))
    assert standing(stage) == (1, ["safe", "confirms"])
    refused = affirm(stage, "mahri", "safe", version=3)
    assert refused.status_code == 422
    assert 'id="affirms-confirms-wrong"' in refused.text
    assert 'name="affirms-safe" value="yes" checked' in refused.text
    assert affirm(stage, "mahri", "safe", "confirms", version=3).status_code == 303
    assert standing(stage) == (3, [])


def test_a_renewal_affirms_the_whole_version(stage: Stage) -> None:
    stage.adopt(2, date(2026, 11, 20))
    assert stage.check("mahri").status_code == 422
    assert stage.check("mahri", version="2").status_code == 303
    assert standing(stage) == (2, [])


def test_a_member_enters_under_its_own_version(stage: Stage) -> None:
    stage.adopt(2, date(2026, 3, 1))
    # joined in June, under version 2
    assert standing(stage, EARLY) == (2, [])
    assert standing(stage) == (1, ["safe"])
    with stage.store.transaction() as db:
        row = {"id": "ap-1", "organisation_id": EARLY, "language": "en", "email": "x@example.org"}
        times = {"made_at": "2026-02-01T05:00:00Z", "changed_at": "2026-02-01T05:00:00Z"}
        db.table("applications").insert({**row, **times, "name": "Early", "version": 1})
        sql = "UPDATE membership_states SET application_id = 'ap-1' WHERE organisation_id = ?"
        db.execute(sql, [EARLY])
    # but its application answered version 1
    assert standing(stage, EARLY) == (1, ["safe"])


def test_who_cannot_says_so_and_coordinators_hear_of_it_once(stage: Stage) -> None:
    stage.adopt(3, date(2026, 11, 20))
    for _ in range(2):
        answer = affirm(stage, "mahri", "safe", version=3, act="cannot")
        assert answer.headers["location"] == "/en/membership?done=cannot"
    with stage.store.read() as db:
        found = get_standing(db, DUE, stage.today)
    assert (found.version, found.asked, found.refused) == (1, ["confirms"], ["confirms"])
    told = stage.ask("SELECT account_id FROM notices WHERE kind = 'affirmation_refused'")
    assert sorted(told) == ["a-bahar", "a-oraz", "a-sona"]
    verbs = stage.ask("SELECT verb FROM audit WHERE verb LIKE '%affirm%'")
    assert verbs == ["affirm", "refuse_affirmation"]
    assert "cannot affirm" in stage.as_("mahri").get(PAGE).text
    assert "cannot affirm 1 point" in stage.as_("sona").get(f"/en/memberships/{DUE}").text
    # nobody is put out, and it may change its mind
    assert affirm(stage, "mahri", "confirms", version=3).status_code == 303
    assert standing(stage) == (3, [])


def test_strangers_see_and_send_nothing(stage: Stage) -> None:
    stage.adopt(2, date(2026, 11, 20))
    stage.join("nobody", None)
    before = stage.rows()
    assert stage.as_("nobody").get(PAGE).status_code == 404
    assert affirm(stage, "nobody", "safe").status_code == 404
    # whatever organisation is sent, it is one's own that affirms
    sent = {"version": "2", "affirms-safe": "yes", "organisation_id": DUE}
    stage.post("merdan", PAGE, sent)
    assert standing(stage) == (1, ["safe"])
    stage.as_("mahri").cookies.clear()
    assert stage.client.post(PAGE, data={"version": "2"}, headers=JSON).status_code == 401
    assert stage.rows()["affirmations"] == before["affirmations"] + 1


def test_page_block_and_json(stage: Stage) -> None:
    stage.adopt(2, date(2026, 11, 20))
    client = stage.as_("mahri")
    assert "<html" not in client.get(PAGE, headers=PARTIAL).text
    found = client.get(PAGE, headers=JSON).json()
    assert (found["asked"], found["affirm_by"]) == (["safe"], "2027-01-19")
    assert client.get("/ru/membership/affirm").status_code == 200
