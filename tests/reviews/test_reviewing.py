"""Take a review, save it, send it blind; ask for more; step back; the pages for each role."""

from datetime import timedelta

import pytest

from tests.conftest import JSON, LANGUAGES, PARTIAL
from tests.reviews.stage import APPLICATION, CONTACT, SECRET, Stage, apply

HERE = f"/en/applications/{APPLICATION}"
REVIEW = f"{HERE}/review"


def test_the_queue_tells_members_nothing_of_what_was_written(stage: Stage) -> None:
    apply(stage, "ap-older", days=9)
    client = stage.as_("maral")
    assert 'href="/en/applications"' in client.get("/en/organisations").text
    apply(stage, "ap-today", days=0)
    page = client.get("/en/applications").text
    assert "waits for reviewers · " not in page
    assert "waits for reviewers<br>" in page
    assert "Sent today" in page
    assert "Sent 3 days ago" in page
    stage.close("ap-today")
    found = client.get("/en/applications", headers=JSON).json()
    assert (found["total"], found["page"], found["per_page"]) == (2, 1, 50)
    oldest, newest = found["results"]
    assert (oldest["id"], oldest["age_days"]) == ("ap-older", 9)
    assert (newest["reviewers"], newest["reviewers_needed"]) == (0, 2)
    assert newest["may_take"]
    assert (newest["region"], newest["kind"], newest["state"]) == ("TM-M", "ngo", "applicant")
    for path in ("/en/applications", HERE):
        for headers in ({}, PARTIAL, JSON):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 200
            for word in (SECRET, CONTACT, "umyt@example.org", "railway", "777888", "Устав"):
                assert word not in answer.text
    assert "<html" not in client.get("/en/applications", headers=PARTIAL).text
    page = client.get("/en/applications?per_page=1&page=2", headers=JSON).json()
    assert [each["id"] for each in page["results"]] == [APPLICATION]
    assert client.get("/en/applications?state=admitted", headers=JSON).json()["total"] == 0
    assert client.get("/en/applications?state=nothing").status_code == 422
    for language in LANGUAGES:
        assert client.get(f"/{language}/applications").status_code == 200
        assert client.get(f"/{language}/applications/{APPLICATION}").status_code == 200


def test_strangers_find_no_queue_and_no_application(stage: Stage) -> None:
    for name in ("olim", "root"):
        assert stage.as_(name).get("/en/applications").status_code == 403
        assert stage.as_(name).get(HERE).status_code == 404
        assert stage.post(name, f"{HERE}/take").status_code == 404
        assert stage.post(name, f"{HERE}/conflict", {"reason": "x"}).status_code == 404
    nobody = stage.as_(None)
    assert nobody.get(HERE, headers=JSON).status_code == 401
    assert "sign-in" in nobody.get(HERE, follow_redirects=False).headers["location"]
    assert nobody.post(f"{HERE}/take", headers=JSON).status_code == 401
    with stage.store.transaction() as db:
        row = {"organisation_id": stage.organisations[0], "state": "suspended"}
        db.table("membership_states").insert({**row, "at": "2026-11-01T00:00:00Z", "by": "x"})
    assert stage.as_("maral").get("/en/applications").status_code == 403
    assert stage.as_("maral").get(HERE).status_code == 404
    assert stage.state() == "applicant"


def test_a_review_is_taken_saved_and_sent(stage: Stage) -> None:
    for _ in range(2):
        taken = stage.post("maral", f"{HERE}/take")
        assert taken.headers["location"] == REVIEW
    assert stage.state() == "under_review"
    assert stage.ask("SELECT count(*) FROM reviews") == [1]
    assert stage.ask("SELECT count(*) FROM audit WHERE verb = 'take_review'") == [1]
    page = stage.as_("maral").get(REVIEW).text
    for word in (SECRET, "Registered and independent", "Устав clean.pdf", "waits for the scanner"):
        assert word in page
    assert CONTACT not in page
    half = {"act": "save", "verdict-registered": "met", "note-experience": "Which year?\r\nAnd"}
    assert stage.post("maral", REVIEW, half).headers["location"] == f"{REVIEW}?saved=1"
    kept = stage.as_("maral").get(f"{REVIEW}?saved=1").text
    assert "It is not sent yet" in kept
    assert "Which year?\nAnd" in kept
    missing = stage.post("maral", REVIEW, {**half, "act": "send"})
    assert missing.status_code == 422
    assert "Say whether this criterion is met" in missing.text
    assert '#verdict-no_charge">Help without payment' in missing.text
    assert "Which year?" in missing.text
    for _ in range(2):
        assert stage.post("maral", REVIEW, stage.verdicts()).status_code == 303
    late = stage.post("maral", REVIEW, stage.verdicts(registered="not_met"))
    assert late.status_code == 422
    assert "it stays as it is" in late.text
    assert set(stage.ask("SELECT verdict FROM review_answers")) == {"met"}
    assert stage.ask("SELECT count(*) FROM audit WHERE verb = 'send_review'") == [1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"verdict-registered": "perhaps"}, "Choose one of"),
        ({"note-registered": "x" * 2001}, "at most 2000"),
        ({"verdict-registered": "more", "note-registered": ""}, "Say in the note"),
        ({"act": "publish"}, "Choose one of"),
        ({"account_id": "a-nigora"}, "not known"),
    ],
)
def test_bad_input_is_said_at_the_field(stage: Stage, changes: dict[str, str], says: str) -> None:
    stage.post("maral", f"{HERE}/take")
    answer = stage.post("maral", REVIEW, {**stage.verdicts(), **changes})
    assert answer.status_code == 422
    assert says in answer.text
    assert stage.ask("SELECT count(*) FROM review_answers") == [0]
    assert stage.ask("SELECT submitted_at FROM reviews") == [None]


def test_a_review_of_long_cyrillic_notes_arrives_whole(stage: Stage) -> None:
    stage.post("maral", f"{HERE}/take")
    notes = {f"note-{code}": "ж" * 2000 for code in stage.codes()}
    assert stage.post("maral", REVIEW, {**stage.verdicts(), **notes}).status_code == 303
    assert set(stage.ask("SELECT length(note) FROM review_answers")) == {2000}


def test_reviewers_are_blind_until_both_have_sent(stage: Stage) -> None:
    stage.review("maral", registered="not_met")
    stage.post("nigora", f"{HERE}/take")
    blind = "not_met about registered"
    for path in (HERE, REVIEW, f"{HERE}/decision"):
        for name in ("nigora", "zarina"):
            for headers in ({}, JSON):
                assert blind not in stage.as_(name).get(path, headers=headers).text
    assert blind in stage.as_("maral").get(REVIEW).text
    stage.post("nigora", REVIEW, stage.verdicts())
    assert blind in stage.as_("nigora").get(REVIEW).text
    assert blind in stage.as_("nigora").get(HERE, headers=JSON).text
    assert blind not in stage.as_("farrukh").get(HERE, headers=JSON).text
    assert stage.state() == "under_review"
    told = stage.ask("SELECT account_id FROM notices WHERE kind = 'decision_waits' ORDER BY 1")
    assert told == ["a-karim", "a-olga", "a-zarina"]


def test_one_vote_an_organisation_and_two_places(stage: Stage) -> None:
    stage.post("maral", f"{HERE}/take")
    colleague = stage.post("meret", f"{HERE}/take")
    assert colleague.status_code == 422
    assert "one vote an organisation" in colleague.text
    assert SECRET not in colleague.text
    stage.post("nigora", f"{HERE}/take")
    third = stage.post("farrukh", f"{HERE}/take")
    assert third.status_code == 422
    assert "all the reviewers it needs" in third.text
    assert stage.ask("SELECT count(*) FROM reviews") == [2]
    assert stage.as_("farrukh").get(REVIEW).status_code == 404
    assert stage.post("farrukh", REVIEW, stage.verdicts()).status_code == 404
    assert stage.ask("SELECT count(*) FROM review_answers") == [0]


def test_the_applicants_own_people_are_refused(stage: Stage) -> None:
    stage.join("guncha", f"o-{APPLICATION}", "coordinator")
    stage.join("gerek", stage.organisations[1], "coordinator", name="Saparowa Ogulgerek")
    with stage.store.transaction() as db:
        row = {"organisation_id": f"o-{APPLICATION}", "state": "admitted"}
        db.table("membership_states").insert({**row, "at": "2026-11-01T00:00:00Z", "by": "x"})
    for name, says in (("guncha", "Your own organisation"), ("gerek", "seem to be the person")):
        answer = stage.post(name, f"{HERE}/take")
        assert answer.status_code == 422
        assert says in answer.text
        assert SECRET not in answer.text
    assert stage.ask("SELECT count(*) FROM reviews") == [0]


def test_stepping_back_frees_the_place_and_closes_the_answers(stage: Stage) -> None:
    stage.post("maral", f"{HERE}/take")
    stage.post("maral", REVIEW, stage.verdicts("save"))
    assert "<summary>Step back</summary>" in stage.as_("maral").get(HERE).text
    back = stage.post("maral", f"{HERE}/step-back")
    told = stage.as_("maral").get(back.headers["location"]).text
    assert "You have stepped back." in told
    assert SECRET not in told
    assert stage.as_("maral").get(REVIEW).status_code == 404
    assert stage.ask("SELECT count(*) FROM review_answers") == [0]
    stage.review("meret")
    late = stage.post("meret", f"{HERE}/step-back")
    assert late.status_code == 422
    assert "it stays as it is" in late.text
    assert stage.post("farrukh", f"{HERE}/step-back").status_code == 404


def test_more_information_asks_the_same_reviewers_about_that_alone(stage: Stage) -> None:
    stage.review("maral", registered="more")
    stage.review("nigora", experience="not_met")
    assert stage.state() == "more_information"
    sql = "SELECT kind FROM application_letters"
    assert stage.ask(sql) == ["more_information"]
    assert stage.ask("SELECT count(*) FROM notices WHERE kind = 'decision_waits'") == [0]
    waiting = stage.as_("maral").get(HERE).text
    for said in ("1. Registered and independent", "You asked:", "more about registered"):
        assert said in waiting
    assert "more about registered" in stage.as_("maral").get(REVIEW).text
    assert "You asked:" not in stage.as_("nigora").get(HERE).text
    early = stage.post("maral", REVIEW, {"act": "send", "verdict-registered": "met"})
    assert early.status_code == 422
    assert stage.post("farrukh", f"{HERE}/take").status_code == 422
    stage.clock.moment += timedelta(days=20)
    stage.answer_again()
    page = stage.as_("nigora").get(REVIEW).text
    assert 'name="verdict-registered"' in page
    assert 'name="verdict-experience"' not in page
    assert "You asked:" not in page
    mine = stage.as_("maral").get(REVIEW).text
    assert mine.index("You asked:") < mine.index("more about registered") < mine.index("<fieldset")
    again = {"act": "send", "verdict-registered": "met"}
    assert stage.post("nigora", REVIEW, again).status_code == 303
    assert f'href="{REVIEW}"' in stage.as_("nigora").get(HERE).text
    assert "not_met about experience" in stage.as_("nigora").get(REVIEW).text
    assert stage.post("maral", REVIEW, again).status_code == 303
    assert stage.state() == "under_review"
    sql = "SELECT count(*) FROM review_answers AS s JOIN reviews AS r ON r.id = s.review_id"
    assert stage.ask(sql + " WHERE r.round = 2") == [2 * len(stage.codes())]
    verdicts = stage.as_("zarina").get(HERE, headers=JSON).json()["verdicts"]
    assert [each["code"] for each in verdicts if each["verdict"] != "met"] == ["experience"]


def test_criteria_keep_their_numbers_when_few_are_asked(stage: Stage) -> None:
    last = stage.codes()[-1]
    stage.review("maral", **{last: "more"})
    stage.review("nigora")
    stage.answer_again()
    page = stage.as_("nigora").get(REVIEW).text
    assert f'<h2 id="{last}" lang="en">{len(stage.codes())}. ' in page
    assert f"<span>{len(stage.codes())}.</span>" in page


def test_nobody_is_late_for_what_was_asked_before_they_were_admitted(stage: Stage) -> None:
    stage.clock.moment += timedelta(days=30)
    with stage.store.transaction() as db:
        today = {"joined_on": stage.clock.moment.date().isoformat()}
        db.table("organisations").update(stage.organisations[2], today)
    late = {"farrukh": "2027-01-06", "dilbar": "2026-12-04"}
    for name, by in late.items():
        (line,) = [
            each
            for each in stage.as_(name).get("/en/work", headers=JSON).json()["results"]
            if each["says"] == "An organisation asks to join."
        ]
        assert (line["about"], line["due"][:10]) == (["Umyt", "Mary"], by)


def test_what_waits_is_said_to_each(stage: Stage) -> None:
    def lines(name: str) -> list[tuple[str, str | None]]:
        found = stage.as_(name).get("/en/work", headers=JSON).json()["results"]
        ours = [each for each in found if "/applications" in each["address"]]
        return [(each["says"], (each["due"] or "")[:10]) for each in ours]

    assert lines("maral") == [("An organisation asks to join.", "2026-12-04")]
    assert lines("olim") == []
    stage.post("maral", f"{HERE}/take")
    assert lines("meret") == []
    assert lines("maral") == [("A review that you have taken is not sent yet.", "2026-12-07")]
    stage.post("maral", REVIEW, stage.verdicts())
    assert lines("maral") == lines("zarina") == []
    stage.review("nigora")
    assert lines("zarina") == [("An application waits for a decision.", "2026-12-07")]
    assert stage.as_("zarina").get("/en/work").status_code == 200


def test_a_reviewer_who_does_not_send_is_replaced_after_14_days(stage: Stage) -> None:
    stage.post("maral", f"{HERE}/take")
    (review,) = stage.ask("SELECT id FROM reviews")
    sent = {"review": review}
    assert stage.post("nigora", f"{HERE}/release", sent).status_code == 404
    assert stage.post("zarina", f"{HERE}/release", sent).status_code == 422
    stage.clock.moment += timedelta(days=14)
    assert "Free this place" in stage.as_("zarina").get(HERE).text
    assert stage.post("zarina", f"{HERE}/release", sent).status_code == 303
    assert stage.post("zarina", f"{HERE}/release", sent).status_code == 404
    assert stage.as_("maral").get(REVIEW).status_code == 404
    assert stage.post("nigora", f"{HERE}/take").status_code == 303


def test_nothing_is_changed_without_the_token(stage: Stage) -> None:
    client = stage.as_("maral")
    for path in ("take", "review", "conflict", "step-back", "release", "outside"):
        answer = client.post(f"{HERE}/{path}", data={"reason": "money"})
        assert answer.status_code == 403, path
    assert client.put(HERE).status_code == 405
    assert stage.ask("SELECT count(*) FROM reviews") == [0]


def test_the_audit_holds_no_text(stage: Stage) -> None:
    stage.review("maral", registered="more")
    stage.review("nigora", experience="not_met")
    lines = "".join(stage.ask("SELECT detail FROM audit WHERE entity = 'applications'"))
    for word in ("about registered", SECRET, CONTACT, "Umyt"):
        assert word not in lines
