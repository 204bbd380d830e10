"""After a new version a member affirms what changed, and nothing else, or says that it cannot."""

import html
import re
from datetime import date

from portal.renewals.queries import get_standing
from tests.conftest import JSON, PARTIAL
from tests.renewals.stage import DUE, EARLY, Stage

PAGE = "/en/membership/affirm"


def standing(stage: Stage, organisation: str = DUE) -> tuple[int | None, list[str]]:
    with stage.store.read() as db:
        found = get_standing(db, organisation, stage.today)
    return found.version, found.asked


def affirm(
    stage: Stage, name: str, *codes: str, version: int = 2, act: str = "affirm", against: str = ""
) -> object:
    ticked = {f"affirms-{code}": "yes" for code in codes}
    sent = {"version": str(version), "act": act, "against": against, **ticked}
    return stage.post(name, PAGE, sent)


def marked(page: str, tag: str) -> list[str]:
    """The words that went (`del`) or came (`ins`), without what is said to screen readers."""
    found = re.findall(f"<{tag}>(.*?)</{tag}>", page)
    return [re.sub("<span.*?</span>", "", html.unescape(each)).strip() for each in found]


def test_only_what_changed_is_asked_word_by_word(stage: Stage) -> None:
    assert standing(stage) == (1, [])
    assert "has affirmed all of version 1" in stage.as_("mahri").get(PAGE).text
    stage.adopt(2, date(2026, 11, 20))
    assert standing(stage) == (1, ["safe"])
    page = stage.as_("mahri").get(PAGE).text
    assert marked(page, "del") == ["It has"]
    assert marked(page, "ins") == ["Its", "are in writing"]
    fold = page.split("<details><summary>The new text as a whole")[1].split("</details>")[0]
    assert "Its rules for the safety of children are in writing." in fold
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


def test_a_later_version_moves_no_day_of_an_earlier_one(stage: Stage) -> None:
    stage.adopt(2, date(2026, 10, 12))
    assert "11 December 2026" in stage.as_("mahri").get(PAGE).text
    stage.adopt(3, date(2026, 11, 20))
    with stage.store.read() as db:
        found = get_standing(db, DUE, stage.today)
    assert found.affirm_days == {2: date(2026, 12, 11), 3: date(2027, 1, 19)}
    assert "affirm it by 11 December 2026" in stage.as_("mahri").get(PAGE).text
    # until then nobody is late
    line = "to affirm by 11 December 2026"
    for page in ("/en/memberships", f"/en/memberships/{DUE}"):
        shown = stage.as_("sona").get(page).text
        assert line in shown
        assert "not affirmed yet" not in shown
    assert (
        stage.as_("mahri")
        .get("/en/membership", headers=JSON)
        .json()["responsibilities"][7]["state"]
        == "nothing"
    )
    stage.at("2026-12-12")
    assert "Charter not affirmed yet" in stage.as_("sona").get("/en/memberships").text
    own = stage.as_("mahri").get("/en/membership", headers=JSON).json()["responsibilities"]
    assert own[7]["state"] == "not_met"
    assert affirm(stage, "mahri", "safe", version=3, act="cannot").status_code == 303
    assert "affirm it by 19 January 2027" in stage.as_("mahri").get(PAGE).text


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
    # what it writes later is kept, and rings no second time
    assert affirm(stage, "mahri", version=3, act="cannot", against="x" * 1001).status_code == 422
    why = "<i>No</i> register reaches us."
    affirm(stage, "mahri", version=3, act="cannot", against=why)
    assert stage.ask("SELECT why FROM affirmation_refusals") == [why]
    assert stage.ask("SELECT count(*) FROM notices WHERE kind = 'affirmation_refused'") == [3]
    assert not [each for each in stage.ask("SELECT detail FROM audit") if "register" in each]
    shown = stage.as_("sona").get(f"/en/memberships/{DUE}").text
    for told in ("cannot affirm 1 point", "<h3>Confirms</h3>", html.escape(why)):
        assert told in shown
    assert "cannot affirm 1 point" in stage.as_("sona").get("/en/memberships").text
    found = stage.as_("sona").get(f"/en/memberships/{DUE}", headers=JSON).json()
    assert [(each["code"], each["why"]) for each in found["refused"]] == [("confirms", why)]
    work = "/en/work"
    assert "A member cannot affirm 1 point of the charter" in stage.as_("sona").get(work).text
    assert "A member cannot affirm" not in stage.as_("oraz").get(work).text
    # nobody is put out, and it may change its mind
    assert affirm(stage, "mahri", "confirms", version=3).status_code == 303
    assert standing(stage) == (3, [])
    assert "A member cannot affirm" not in stage.as_("sona").get(work).text


def test_a_renewal_asks_anew_what_was_refused(stage: Stage) -> None:
    stage.adopt(2, date(2026, 11, 10))
    why = "Ours are told by heart."
    affirm(stage, "mahri", act="cannot", against=why)
    # another version that leaves the point as it is does not end the refusal
    stage.adopt(3, date(2026, 11, 20))
    page = stage.as_("mahri").get("/en/membership/renewal").text
    asked = page.split('id="holds-safe"')[1].split("</fieldset>")[0]
    assert "You said that you cannot affirm this." in asked
    assert why in asked
    assert " checked" not in asked
    assert page.count("You said that you cannot affirm this.") == 1
    refused = stage.check("mahri", version="3", holds__confirms="yes", holds__safe="")
    assert refused.status_code == 422
    assert '<a href="#holds-safe">Safe</a>: Say whether this still holds.' in refused.text
    answer = {"holds__safe": "no", "words__safe": "Still by heart.", "holds__confirms": "yes"}
    assert stage.check("mahri", version="3", **answer).status_code == 303
    # it waits for a coordinator, and the refusal stands until somebody decides
    with stage.store.read() as db:
        assert get_standing(db, DUE, stage.today).refused == ["safe"]


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
