"""Conflicts of interest, and somebody from outside where too few organisations are left."""

from datetime import timedelta

from tests.conftest import JSON
from tests.reviews.stage import APPLICATION, CONTACT, SECRET, Stage

HERE = f"/en/applications/{APPLICATION}"
REVIEW = f"{HERE}/review"
GONE_OUT = "SELECT account_id FROM notices WHERE kind = 'application_goes_out' ORDER BY 1"


def test_a_conflict_excludes_the_whole_organisation(stage: Stage) -> None:
    assert "cannot be taken back" in stage.as_("maral").get(f"{HERE}/conflict").text
    for reason in ("", "rumour"):
        assert stage.post("maral", f"{HERE}/conflict", {"reason": reason}).status_code == 422
    assert stage.ask("SELECT count(*) FROM conflicts") == [0]
    declared = stage.post("maral", f"{HERE}/conflict", {"reason": "money"})
    assert declared.status_code == 303
    assert stage.post("meret", f"{HERE}/conflict", {"reason": "work"}).status_code == 303
    assert stage.ask("SELECT account_id || reason FROM conflicts") == ["a-maralmoney"]
    assert stage.as_("meret").get(f"{HERE}/conflict").status_code == 404
    for name in ("maral", "meret"):
        refused = stage.post(name, f"{HERE}/take")
        assert refused.status_code == 422
        assert "declared a conflict" in refused.text
    assert "We have common funding" in stage.as_("zarina").get(HERE).text
    assert stage.ask("SELECT count(*) FROM audit WHERE verb = 'declare_conflict'") == [1]


def test_a_conflict_ends_a_review_even_one_that_was_sent(stage: Stage) -> None:
    stage.review("maral")
    stage.review("nigora", registered="more")
    assert stage.state() == "more_information"
    stage.post("nigora", f"{HERE}/conflict", {"reason": "people"})
    assert SECRET not in stage.as_("nigora").get(HERE).text
    stage.answer_again()
    assert stage.post("nigora", REVIEW, stage.verdicts()).status_code == 404
    assert stage.post("maral", REVIEW, stage.verdicts()).status_code == 303
    assert "have not finished" in stage.as_("zarina").get(f"{HERE}/decision").text
    stage.post("farrukh", f"{HERE}/take")
    assert 'name="verdict-takes_part"' in stage.as_("farrukh").get(REVIEW).text
    stage.post("farrukh", REVIEW, stage.verdicts())
    assert "See what it comes to" in stage.as_("zarina").get(f"{HERE}/decision").text


def test_a_coordinator_with_a_conflict_reads_and_decides_nothing(stage: Stage) -> None:
    assert SECRET in stage.as_("karim").get(HERE).text
    assert CONTACT in stage.as_("karim").get(HERE).text
    stage.post("karim", f"{HERE}/conflict", {"reason": "dispute"})
    assert SECRET not in stage.as_("karim").get(HERE).text
    assert CONTACT not in stage.as_("karim").get(HERE).text
    assert stage.as_("karim").get(f"{HERE}/decision").status_code == 404
    assert stage.decide("karim", "admitted").status_code == 404
    assert stage.post("karim", f"{HERE}/outside").status_code == 404


def test_one_organisation_is_left_and_somebody_from_outside(stage: Stage) -> None:
    refused = stage.post("zarina", f"{HERE}/outside")
    assert refused.status_code == 422
    assert "Enough organisations" in refused.text
    stage.may_use("maral")
    stage.post("karim", f"{HERE}/conflict", {"reason": "work"})
    early = stage.post("zarina", f"{HERE}/outside")
    assert early.status_code == 422
    assert "after 7 days" in early.text
    assert _waiting(stage, "zarina") == []
    assert (
        "From 27 November 2026 somebody from outside may be asked"
        in stage.as_("zarina").get(HERE).text
    )
    assert stage.ask("SELECT count(*) FROM reviews") == [0]
    assert stage.ask(GONE_OUT) == []
    stage.clock.moment += timedelta(days=4)
    assert stage.post("maral", f"{HERE}/outside").status_code == 404
    for act in (stage.as_("root").get(f"{HERE}/outside"), stage.post("root", f"{HERE}/outside")):
        assert act.status_code == 404
    says = [each["says"] for each in _waiting(stage, "zarina")]
    assert says == ["An application needs a reviewer from outside."]
    assert "A reviewer from outside is needed" in stage.as_("zarina").get(HERE).text
    lost = stage.outside_link()
    link = stage.outside_link()
    assert stage.state() == "under_review"
    assert stage.ask("SELECT invited_by FROM reviews") == ["a-zarina"]
    assert stage.ask(GONE_OUT) == ["a-karim", "a-olga", "a-zarina"]
    assert _waiting(stage, "zarina") == []
    stage.review("maral", registered="not_met")
    nobody = stage.as_(None)
    assert nobody.get(lost).status_code == 404
    page = nobody.get(link)
    assert page.headers["cache-control"] == "no-store"
    assert SECRET in page.text
    for word in (CONTACT, "umyt@example.org", "777888", "about registered"):
        assert word not in page.text
    missing = nobody.post(link, data={"note-registered": "Which year", "verdict-registered": "met"})
    assert missing.status_code == 422
    assert "Which year" in missing.text
    assert "Which year" not in nobody.get(link).text
    assert stage.post("zarina", link, stage.verdicts()).status_code == 403
    done = stage.as_(None).post(link, data=stage.verdicts())
    assert "link is used up" in done.text
    assert stage.as_(None).post(link, data=stage.verdicts()).status_code == 404
    assert nobody.get(link).status_code == 404
    assert "Somebody from outside" in stage.as_("zarina").get(f"{HERE}/decision").text
    told = "SELECT account_id FROM notices WHERE kind = 'application_reviewed' ORDER BY 1"
    assert stage.ask(told) == ["a-karim", "a-olga", "a-zarina"]
    told = "SELECT account_id FROM notices WHERE kind = 'decision_waits' ORDER BY 1"
    assert stage.ask(told) == ["a-olga"]
    refused = stage.decide("zarina", "declined", registered="not_met")
    assert refused.status_code == 422
    assert "You made the link" in refused.text
    assert stage.ask("SELECT count(*) FROM decisions") == [0]
    assert stage.decide("olga", "declined", registered="not_met").status_code == 303
    sql = "SELECT \"by\" FROM audit WHERE verb = 'send_review' ORDER BY id"
    assert stage.ask(sql) == ["a-maral", "outside_reviewer"]


def test_no_organisation_is_left_and_two_come_from_outside(stage: Stage) -> None:
    stage.may_use()
    stage.post("karim", f"{HERE}/conflict", {"reason": "other"})
    stage.clock.moment += timedelta(days=4)
    first = stage.outside_link()
    assert "A reviewer from outside is needed" in stage.as_("zarina").get(HERE).text
    stage.as_(None).post(first, data=stage.verdicts(registered="more"))
    second = stage.outside_link()
    stage.clock.moment += timedelta(days=14)
    assert stage.as_(None).get(second).status_code == 404
    third = stage.outside_link()
    stage.as_(None).post(third, data=stage.verdicts())
    assert stage.state() == "more_information"
    stage.answer_again()
    assert stage.ask("SELECT DISTINCT invited_by FROM reviews") == ["a-zarina"]
    assert stage.post("olga", f"{HERE}/outside").status_code == 422
    for _ in range(2):
        link = stage.outside_link()
        assert 'name="verdict-experience"' not in stage.as_(None).get(link).text
        again = {"verdict-registered": "met"}
        assert stage.as_(None).post(link, data=again).status_code == 200
    assert "You made the link" in stage.as_("zarina").get(f"{HERE}/decision").text
    assert "See what it comes to" in stage.as_("olga").get(f"{HERE}/decision").text
    enough = stage.post("zarina", f"{HERE}/outside")
    assert enough.status_code == 422


def test_an_invitation_is_called_off(stage: Stage) -> None:
    stage.may_use("maral")
    stage.post("karim", f"{HERE}/conflict", {"reason": "other"})
    stage.clock.moment += timedelta(days=4)
    link = stage.outside_link()
    (place,) = stage.ask("SELECT id FROM reviews")
    assert stage.post("zarina", f"{HERE}/release", {"review": place}).status_code == 303
    assert stage.as_(None).get(link).status_code == 404
    assert stage.as_(None).post(link, data=stage.verdicts()).status_code == 404
    assert stage.ask("SELECT count(*) FROM review_answers") == [0]


def test_with_one_coordinator_an_administrator_makes_the_link(stage: Stage) -> None:
    stage.may_use("maral")
    with stage.store.transaction() as db:
        for name in ("olga", "karim"):
            db.table("accounts").update(f"a-{name}", {"locked_at": "2026-11-01T00:00:00Z"})
    stage.clock.moment += timedelta(days=4)
    refused = stage.post("zarina", f"{HERE}/outside")
    assert refused.status_code == 422
    assert "an administrator makes it" in refused.text
    assert "an administrator makes it" in stage.as_("zarina").get(HERE).text
    assert stage.ask("SELECT count(*) FROM reviews") == [0]
    assert _waiting(stage, "zarina") == []
    (line,) = _waiting(stage, "root")
    assert line["address"] == f"{HERE}/outside"
    page = stage.as_("root").get(f"{HERE}/outside")
    assert "Make a link for a reviewer" in page.text
    assert "Umyt" not in page.text
    for path in (HERE, f"{HERE}/decision"):
        assert stage.as_("root").get(path).status_code in (403, 404)
    link = stage.outside_link("root")
    assert stage.ask("SELECT invited_by FROM reviews") == ["a-root"]
    assert stage.ask(GONE_OUT) == ["a-zarina"]
    stage.as_(None).post(link, data=stage.verdicts())
    stage.review("maral")
    assert stage.post("root", f"{HERE}/outside").status_code == 404
    assert stage.decide("zarina", "admitted").status_code == 303
    assert stage.state() == "admitted"


def test_one_person_with_two_accounts_reviews_once_and_does_not_decide(stage: Stage) -> None:
    name = "Jeren Ataýewa"
    with stage.store.transaction() as db:
        for each in ("maral", "nigora", "zarina"):
            db.table("accounts").update(f"a-{each}", {"name": name})
    stage.review("maral")
    twice = stage.post("nigora", f"{HERE}/take")
    assert twice.status_code == 422
    assert "reviews it already" in twice.text
    assert stage.ask("SELECT account_id FROM reviews") == ["a-maral"]
    # whoever gets the name of another one after taking it hands nothing in
    stage.post("farrukh", f"{HERE}/take")
    with stage.store.transaction() as db:
        db.table("accounts").update("a-farrukh", {"name": "Ataýewa Jeren"})
    late = stage.post("farrukh", REVIEW, stage.verdicts())
    assert late.status_code == 422
    assert stage.ask("SELECT submitted_at FROM reviews WHERE account_id = 'a-farrukh'") == [None]
    stage.post("farrukh", f"{HERE}/step-back")
    stage.review("dilbar")
    refused = stage.decide("zarina", "admitted")
    assert refused.status_code == 422
    assert "reviewed it yourself" in refused.text
    assert stage.ask("SELECT count(*) FROM decisions") == [0]
    assert stage.decide("olga", "admitted").status_code == 303


def test_the_name_of_the_contact_is_counted_for_coordinators(stage: Stage) -> None:
    with stage.store.transaction() as db:
        for each in ("maral", "olga"):
            db.table("accounts").update(f"a-{each}", {"name": CONTACT})
    assert "keeps 2 people from reviewing" in stage.as_("zarina").get(HERE).text
    assert SECRET not in stage.as_("olga").get(HERE).text
    with stage.store.transaction() as db:
        for each in ("zarina", "karim"):
            db.table("accounts").update(f"a-{each}", {"name": CONTACT})
    # nobody else could decide: the applicant does not choose who does
    for each in ("olga", "zarina", "karim"):
        assert SECRET in stage.as_(each).get(HERE).text
    assert "keeps 1 person from reviewing" in stage.as_("zarina").get(HERE).text


def _waiting(stage: Stage, name: str) -> list[dict[str, str]]:
    found = stage.as_(name).get("/en/work", headers=JSON).json()["results"]
    return [each for each in found if "/applications" in each["address"]]
