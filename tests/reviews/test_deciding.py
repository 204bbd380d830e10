"""A coordinator decides: refusals, disagreement, admission, decline, silence, appeal."""

from datetime import timedelta

from tests.conftest import JSON, LANGUAGES
from tests.reviews.stage import APPLICATION, Stage

HERE = f"/en/applications/{APPLICATION}"
DECISION = f"{HERE}/decision"


def test_all_met_is_admitted(stage: Stage) -> None:
    early = stage.decide("zarina", "admitted")
    assert early.status_code == 422
    assert stage.ask("SELECT count(*) FROM decisions") == [0]
    stage.review("maral")
    stage.review("nigora")
    page = stage.as_("zarina").get(DECISION).text
    assert page.count('value="met" checked') == len(stage.codes())
    assert stage.as_("maral").get(DECISION).status_code == 403
    first = stage.post("zarina", DECISION, stage.points())
    assert first.status_code == 200
    assert "With this the organisation is admitted" in first.text
    assert stage.state() == "under_review"
    for _ in range(2):
        assert stage.decide("zarina", "admitted").headers["location"] == DECISION
    assert stage.state() == "admitted"
    assert stage.ask("SELECT count(*) FROM decisions") == [1]
    assert stage.ask("SELECT joined_on FROM organisations WHERE name = 'Umyt'") == ["2026-11-23"]
    assert stage.ask("SELECT kind FROM application_letters") == ["admitted"]
    assert stage.ask("SELECT closed_at FROM applications") == ["2026-11-23T05:00:00Z"]
    sql = "SELECT entity_id FROM outbox WHERE entity = 'organisations' AND entity_id = :id"
    assert stage.ask(sql, id=f"o-{APPLICATION}")
    sql = "SELECT directory_until FROM organisations WHERE name = 'Umyt'"
    assert stage.ask(sql) == [None]
    assert 'href="/en/people/organisations"' in stage.as_("zarina").get(DECISION).text
    for verb in ("decide", "close"):
        assert stage.ask(f"SELECT count(*) FROM audit WHERE verb = '{verb}'") == [1]
    assert stage.as_("maral").get(HERE).status_code == 404
    late = stage.decide("olga", "declined", registered="not_met")
    assert late.status_code == 422
    assert "Meanwhile" in late.text


def test_refusals_name_the_criterion_and_leave_nothing(stage: Stage) -> None:
    stage.review("maral", registered="not_met")
    stage.review("nigora")
    page = stage.as_("zarina").get(DECISION).text
    assert page.count('value="met" checked') == len(stage.codes()) - 1
    for part in ("not_met about registered", "Somebody", SECRET_OF_NOBODY):
        assert (part in page) == (part == "not_met about registered")
    whole = stage.points()
    for changes, says in (
        ({"met-registered": ""}, "Decide whether this criterion is met"),
        ({"met-registered": "not_met"}, "Write the reason"),
        ({"met-registered": "maybe"}, "Choose one of"),
        ({"reason-registered": "x" * 2001}, "at most 2000"),
        ({"note": "x" * 2001}, "at most 2000"),
        ({"verdict": "admitted"}, "not known"),
    ):
        answer = stage.post("zarina", DECISION, {**whole, "sure": "admitted", **changes})
        assert answer.status_code == 422, changes
        assert says in answer.text
        assert "Registered and independent" in answer.text
    assert stage.state() == "under_review"
    assert stage.ask("SELECT count(*) FROM decisions") == [0]
    assert stage.ask("SELECT count(*) FROM application_letters") == [0]
    answer = stage.as_("zarina").post(DECISION, data=whole)
    assert answer.status_code == 403


SECRET_OF_NOBODY = "Somebody from outside"


def test_what_was_confirmed_is_what_is_done(stage: Stage) -> None:
    stage.review("maral", registered="not_met")
    stage.review("nigora")
    other = stage.decide("zarina", "admitted", registered="not_met")
    assert other.status_code == 200
    assert "With this the organisation is declined" in other.text
    assert stage.state() == "under_review"
    stage.decide("zarina", "declined", registered="not_met")
    assert stage.state() == "declined"
    assert stage.ask("SELECT kind FROM application_letters") == ["declined"]
    sql = "SELECT reason FROM decision_points WHERE met = 0"
    assert stage.ask(sql) == ["reason about registered"]
    assert stage.ask("SELECT joined_on FROM organisations WHERE name = 'Umyt'") == [None]
    for language in LANGUAGES:
        page = stage.as_("olga").get(f"/{language}/applications/{APPLICATION}/decision")
        assert "reason about registered" in page.text
    shown = stage.as_("olga").get(DECISION, headers=JSON).json()
    assert shown["verdict"] == "declined"
    assert shown["points"]["registered"] == {"met": False, "reason": "reason about registered"}
    lines = "".join(stage.ask("SELECT detail FROM audit WHERE entity = 'applications'"))
    assert "reason about" not in lines


def test_against_both_reviewers_only_with_a_reason(stage: Stage) -> None:
    stage.review("maral", registered="not_met")
    stage.review("nigora", registered="not_met")
    answer = stage.post("zarina", DECISION, {**stage.points(), "sure": "admitted"})
    assert answer.status_code == 422
    assert "Write the reason" in answer.text
    sent = {**stage.points(), "reason-registered": "The paper came later", "sure": "admitted"}
    assert stage.post("zarina", DECISION, sent).status_code == 303
    assert stage.state() == "admitted"


def test_who_reviewed_or_belongs_to_a_reviewer_does_not_decide(stage: Stage) -> None:
    stage.join("dowran", stage.organisations[1], "coordinator")
    stage.review("karim")
    stage.review("nigora")
    for name, says in (("karim", "reviewed it yourself"), ("dowran", "has reviewed it")):
        answer = stage.decide(name, "admitted")
        assert answer.status_code == 422
        assert says in answer.text
        assert says in stage.as_(name).get(DECISION).text
        here = stage.as_(name).get(HERE).text
        assert says in here
        assert f'href="{DECISION}"' not in here
    assert f'href="{DECISION}"' in stage.as_("zarina").get(HERE).text
    assert stage.state() == "under_review"
    with stage.store.transaction() as db:
        for name in ("zarina", "olga"):
            db.table("accounts").update(f"a-{name}", {"locked_at": "2026-11-01T00:00:00Z"})
    assert stage.decide("dowran", "admitted").status_code == 303
    assert stage.state() == "admitted"


def test_silence_of_60_days_may_be_declined(stage: Stage) -> None:
    stage.review("maral", registered="more")
    stage.review("nigora")
    stage.clock.moment += timedelta(days=59)
    assert stage.decide("zarina", "declined", registered="not_met").status_code == 422
    stage.clock.moment += timedelta(days=1)
    work = stage.as_("zarina").get("/en/work").text
    assert "An applicant has not answered for 60 days." in work
    page = stage.as_("zarina").get(DECISION).text
    assert "more about registered" in page
    assert page.count('value="met" checked') == len(stage.codes()) - 1
    admitted = stage.decide("zarina", "admitted")
    assert admitted.status_code == 422
    assert stage.state() == "more_information"
    assert stage.decide("zarina", "declined", registered="not_met").status_code == 303
    assert stage.state() == "declined"


def test_an_appeal_goes_to_other_people(stage: Stage) -> None:
    stage.review("maral", registered="not_met")
    stage.review("nigora", registered="more")
    stage.answer_again()
    again = {"act": "send", "verdict-registered": "not_met", "note-registered": "still not"}
    for name in ("maral", "nigora"):
        assert stage.post(name, f"{HERE}/review", again).status_code == 303
    stage.decide("zarina", "declined", registered="not_met")
    stage.clock.moment += timedelta(days=9)
    stage.appeal()
    for name in ("maral", "meret", "nigora"):
        refused = stage.post(name, f"{HERE}/take")
        assert refused.status_code == 422
        assert "has reviewed this before" in refused.text
        assert "misread" not in stage.as_(name).get(HERE).text
    work = stage.as_("farrukh").get("/en/work", headers=JSON).json()["results"]
    (line,) = [each for each in work if each["says"] == "An organisation appeals."]
    assert line["about"][0] == "Umyt"
    assert line["due"].startswith("2026-12-16")
    stage.post("farrukh", f"{HERE}/take")
    for path in (HERE, f"{HERE}/review"):
        page = stage.as_("farrukh").get(path).text
        assert "You misread our rules" in page
        assert f"{HERE}/evidence/ev-appeal" in page
    shown = stage.as_("olga").get(HERE, headers=JSON).json()
    assert [each["name"] for each in shown["appeal_files"]] == ["Устав appeal.pdf"]
    assert stage.post("farrukh", f"{HERE}/review", stage.verdicts()).status_code == 303
    stage.review("dilbar")
    page = stage.as_("olga").get(DECISION).text
    assert "still not" not in page
    refused = stage.decide("zarina", "admitted")
    assert refused.status_code == 422
    assert "You decided on it before" in refused.text
    assert stage.decide("olga", "admitted").status_code == 303
    assert stage.state() == "admitted"
    assert stage.ask("SELECT is_appeal FROM decisions ORDER BY at") == [0, 1]
