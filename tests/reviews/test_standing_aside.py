"""Conflicts of interest, and somebody from outside where too few organisations are left."""

from datetime import timedelta

from tests.conftest import JSON
from tests.reviews.stage import APPLICATION, CONTACT, SECRET, Stage

HERE = f"/en/applications/{APPLICATION}"
REVIEW = f"{HERE}/review"


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
    assert stage.post("maral", f"{HERE}/outside").status_code == 404
    says = [each["says"] for each in _waiting(stage, "zarina")]
    assert says == ["An application needs a reviewer from outside."]
    assert "A reviewer from outside is needed" in stage.as_("zarina").get(HERE).text
    lost = stage.outside_link()
    link = stage.outside_link()
    assert stage.state() == "under_review"
    assert stage.ask("SELECT count(*) FROM reviews") == [1]
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
    sql = "SELECT \"by\" FROM audit WHERE verb = 'send_review' ORDER BY id"
    assert stage.ask(sql) == ["a-maral", "outside_reviewer"]


def test_no_organisation_is_left_and_two_come_from_outside(stage: Stage) -> None:
    stage.may_use()
    stage.post("karim", f"{HERE}/conflict", {"reason": "other"})
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
    for _ in range(2):
        link = stage.outside_link()
        assert 'name="verdict-experience"' not in stage.as_(None).get(link).text
        again = {"verdict-registered": "met"}
        assert stage.as_(None).post(link, data=again).status_code == 200
    assert "See what it comes to" in stage.as_("zarina").get(f"{HERE}/decision").text
    enough = stage.post("zarina", f"{HERE}/outside")
    assert enough.status_code == 422


def test_an_invitation_is_called_off(stage: Stage) -> None:
    stage.may_use("maral")
    stage.post("karim", f"{HERE}/conflict", {"reason": "other"})
    link = stage.outside_link()
    (place,) = stage.ask("SELECT id FROM reviews")
    assert stage.post("zarina", f"{HERE}/release", {"review": place}).status_code == 303
    assert stage.as_(None).get(link).status_code == 404
    assert stage.as_(None).post(link, data=stage.verdicts()).status_code == 404
    assert stage.ask("SELECT count(*) FROM review_answers") == [0]


def _waiting(stage: Stage, name: str) -> list[dict[str, str]]:
    found = stage.as_(name).get("/en/work", headers=JSON).json()["results"]
    return [each for each in found if "/applications" in each["address"]]
