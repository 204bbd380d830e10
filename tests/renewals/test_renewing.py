"""A member renews once a year: at once when all holds, else somebody else looks."""

import pytest

from portal.renewals.queries import due_of, find_overdue, find_renewal
from tests.conftest import JSON, LANGUAGES, PARTIAL
from tests.renewals.stage import DUE, EARLY, LATE, Stage

PAGE = "/en/membership/renewal"
LOOK = f"/en/memberships/{DUE}/renewal"
NOT = {"holds__safe": "no", "words__safe": "The rules are being written anew."}


def due(stage: Stage, organisation: str = DUE) -> str:
    with stage.store.read() as db:
        return str(due_of(db, organisation, stage.today))


def newest(stage: Stage) -> object:
    with stage.store.read() as db:
        return find_renewal(db, DUE)


def decide(stage: Stage, name: str, verdict: str, note: str = "As we agreed.") -> int:
    (last,) = stage.ask("SELECT id FROM renewals ORDER BY rowid DESC LIMIT 1")
    sent = {"renewal": last, "verdict": verdict, "note": note}
    return int(stage.post(name, LOOK, sent).status_code)


def test_all_that_holds_is_renewed_at_once_and_once(stage: Stage) -> None:
    page = stage.as_("mahri").get(PAGE).text
    assert page.count("Still holds") == 2
    assert "We do no harm." in page
    before = stage.rows()
    for _ in range(2):
        answer = stage.check("mahri")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/en/membership?done=renewal"
    after = stage.rows()
    assert (after["renewals"], after["renewal_answers"]) == (1, 2)
    # sent, and renewed
    assert after["audit"] - before["audit"] == 2
    found = stage.ask("SELECT verdict || coalesce(decided_by, '-') FROM renewals")
    assert found == ["renewed-"]
    assert due(stage) == "2027-12-01"
    assert "Renewing opens on 2 October 2027" in stage.as_("mahri").get(PAGE).text


def test_what_does_not_hold_waits_for_another_organisation(stage: Stage) -> None:
    assert stage.check("mahri", **NOT).status_code == 303
    assert stage.check("mahri", **NOT).status_code == 303
    assert stage.rows()["renewals"] == 1
    told = stage.ask("SELECT account_id FROM notices WHERE kind = 'renewal_waits' ORDER BY id")
    assert told == ["a-bahar", "a-sona"]
    assert "waits for a coordinator" in stage.as_("mahri").get(PAGE).text
    # a coordinator of the same organisation reads it and does not decide
    page = stage.as_("oraz").get(LOOK).text
    assert "being written anew" in page
    assert 'name="verdict"' not in page
    before = stage.rows()
    assert decide(stage, "oraz", "renewed") == 403
    assert decide(stage, "merdan", "renewed") == 404
    assert decide(stage, "sona", "renewed", "") == 422
    assert decide(stage, "sona", "renewed", "x" * 2001) == 422
    assert stage.rows() == before
    for _ in range(2):
        assert decide(stage, "sona", "renewed") == 303
    assert due(stage) == "2027-12-01"
    assert stage.ask("SELECT decided_by FROM renewals") == ["a-sona"]
    told = stage.ask("SELECT account_id FROM notices WHERE kind = 'renewal_decided' ORDER BY id")
    assert told == ["a-mahri", "a-oraz"]


def test_what_came_back_is_sent_anew(stage: Stage) -> None:
    stage.check("mahri", **NOT)
    assert decide(stage, "bahar", "returned", "Until when will they be ready?") == 303
    assert decide(stage, "sona", "renewed") == 422
    page = stage.as_("mahri").get(PAGE).text
    assert "Until when will they be ready?" in page
    assert "being written anew" in page
    stage.at("2026-11-25")
    stage.check("mahri", holds__safe="no", words__safe="By 1 March.")
    assert stage.rows()["renewals"] == 2
    assert decide(stage, "bahar", "renewed") == 303
    assert due(stage) == "2027-12-01"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"holds__safe": ""}, "holds-safe"),
        ({"holds__safe": "no"}, "words-safe"),
        ({"holds__safe": "no", "words__safe": "x" * 2001}, "words-safe"),
        ({"principles": ""}, "principles"),
        ({"due": "soon"}, "due"),
        ({"due": "2025-12-01"}, "all"),
        ({"due": "2027-12-01"}, "all"),
        ({"version": "2"}, "all"),
    ],
)
def test_what_is_missing_is_said_at_the_field(
    stage: Stage, changes: dict[str, str], field: str
) -> None:
    before = stage.rows()
    words = {"words__registered": "Kept as it was typed."}
    answer = stage.check("mahri", **{**words, **changes})
    assert answer.status_code == 422
    if field not in ("all", "due"):
        assert f'id="{field}-wrong"' in answer.text
        assert f'href="#{field}"' in answer.text
    assert "Kept as it was typed." in answer.text
    assert stage.rows() == before


def test_renewing_is_shut_until_sixty_days_before(stage: Stage) -> None:
    page = stage.as_("sona").get(PAGE)
    assert page.status_code == 200
    assert "Renewing opens on" in page.text
    before = stage.rows()
    assert stage.check("sona", due="2027-06-01").status_code == 422
    assert stage.rows() == before


def test_whoever_is_late_renews_for_the_day_that_was_missed(stage: Stage) -> None:
    with stage.store.read() as db:
        assert [each.id for each in find_overdue(db, stage.today)] == [LATE]
    # the next year has opened already, and one renewal answers both
    assert stage.check("merdan", due="2027-01-15").status_code == 303
    assert due(stage, LATE) == "2028-01-15"


def test_strangers_and_forgeries(stage: Stage) -> None:
    stage.join("nobody", None)
    stage.join("helper", DUE, "practitioner")
    for name in ("nobody", "helper"):
        assert stage.as_(name).get(PAGE).status_code == 404
        assert stage.check(name).status_code == 404
    stage.check("mahri", **NOT)
    assert stage.as_("merdan").get(LOOK).status_code == 404
    assert stage.as_("sona").get(f"/en/memberships/{EARLY}/renewal").status_code == 404
    client = stage.as_("mahri")
    assert client.post(PAGE, data={"due": "2026-12-01"}).status_code == 403
    assert client.put(PAGE).status_code == 405
    stage.as_(None)
    assert client.get(PAGE, headers=JSON).status_code == 401
    assert client.get(PAGE, follow_redirects=False).status_code == 303


def test_the_same_address_answers_page_block_and_json(stage: Stage) -> None:
    client = stage.as_("mahri")
    assert "<html" not in client.get(PAGE, headers=PARTIAL).text
    assert "<html" in client.get(PAGE, headers={"Accept": "*/*"}).text
    found = client.get(PAGE, headers=JSON).json()
    assert (found["due_on"], found["is_open"], found["verdict"]) == ("2026-12-01", True, None)
    for language in LANGUAGES:
        assert client.get(f"/{language}/membership/renewal").status_code == 200
    stage.check("mahri", **NOT)
    looked = stage.as_("sona").get(LOOK, headers=JSON).json()
    assert looked["may_decide"] is True
    assert [each["holds"] for each in looked["answers"]] == [True, False]


def test_the_audit_holds_codes_and_no_words(stage: Stage) -> None:
    stage.check("mahri", **NOT)
    decide(stage, "sona", "returned", "A note about somebody.")
    lines = "".join(stage.ask("SELECT verb || entity || entity_id || detail FROM audit"))
    assert "anew" not in lines
    assert "somebody" not in lines
