"""An applicant is an organisation of the register already: bound to it, it stands there once."""

from datetime import timedelta
from typing import Any

import pytest

from portal.applications.actions import erase_application, withdraw
from portal.applications.queries import find_open, get_application
from portal.applications.rules import LINK_GOOD_FOR, PURPOSE
from portal.files import Shelf
from portal.leaving.actions import erase_departed, leave, suspend_member
from portal.leaving.forms import Ending
from portal.links.actions import make_link
from portal.membership.actions import readmit, set_state
from portal.membership.queries import is_out, state_of
from tests.conftest import JSON, OPERATOR
from tests.reviews.stage import APPLICATION, SECRET, Stage, apply

HERE = f"/en/applications/{APPLICATION}"
BINDING = f"{HERE}/binding"
MADE = f"o-{APPLICATION}"
KNOWN = "o-known"
SURE = {"organisation": KNOWN, "sure": "1"}


def know(stage: Stage, organisation: str = KNOWN, *states: str, **more: Any) -> None:
    """An organisation of the register, and what its membership was in the last days."""
    row = {"name": "Merkezi «Umyt»", "names": '{"ru": "Умыт"}', "sort_name": "umyt", "kind": "ngo"}
    about = {"summaries": "{}", "visibility": "public", "phone": "+993 12 111111"}
    with stage.store.transaction() as db:
        db.table("organisations").insert({"id": organisation, **row, **about, **more})
        for state in states:
            set_state(db, OPERATOR, stage.clock.moment - timedelta(days=9), organisation, state)


def everything(stage: Stage) -> list[list[Any]]:
    """All that a binding may touch."""
    tables = {
        "organisations": "SELECT id || coalesce(phone, '') FROM organisations ORDER BY id",
        "states": "SELECT id || state FROM membership_states ORDER BY id",
        "applications": "SELECT id || organisation_id FROM applications ORDER BY id",
        "services": "SELECT organisation_id FROM organisation_services ORDER BY 1",
        "audit": "SELECT verb FROM audit WHERE verb IN ('bind', 'save', 'set_state')",
    }
    return [stage.ask(sql) for sql in tables.values()]


def state(stage: Stage, organisation: str = KNOWN) -> str | None:
    with stage.store.read() as db:
        return state_of(db, organisation)


def admit(stage: Stage) -> None:
    stage.review("maral")
    stage.review("nigora")
    assert stage.decide("zarina", "admitted").status_code == 303


@pytest.mark.parametrize("before", [(), ("admitted", "left"), ("declined",)])
def test_an_application_is_bound_to_the_known_organisation(
    stage: Stage, before: tuple[str, ...]
) -> None:
    know(stage, KNOWN, *before)
    know(stage, "o-other", name="Ynam", names="{}")
    with stage.store.transaction() as db:
        db.table("organisation_services").insert({"organisation_id": MADE, "service": "legal"})
    page = stage.as_("zarina").get(HERE).text
    assert "The register knows this name" in page
    assert "Merkezi «Umyt»" in page
    assert "Ynam" not in page
    choice = stage.as_("zarina").get(BINDING).text
    assert f'value="{KNOWN}"' in choice
    assert stage.ask("SELECT count(*) FROM organisations WHERE id = :id", id=MADE) == [1]
    for _ in range(2):
        assert stage.post("zarina", BINDING, SURE).headers["location"] == HERE
    assert stage.ask("SELECT organisation_id FROM applications") == [KNOWN]
    assert stage.ask("SELECT count(*) FROM organisations WHERE id = :id", id=MADE) == [0]
    for table in ("membership_states", "organisation_services"):
        sql = "SELECT count(*) FROM " + table + " WHERE organisation_id = :id"
        assert stage.ask(sql, id=MADE) == [0]
    sql = "SELECT state FROM membership_states WHERE organisation_id = :id ORDER BY id"
    assert stage.ask(sql, id=KNOWN) == [*before, "applicant"]
    assert stage.ask("SELECT name FROM organisations WHERE id = :id", id=KNOWN) == [
        "Merkezi «Umyt»"
    ]
    heard = "SELECT DISTINCT entity_id FROM outbox WHERE entity_id IN (:made, :known) ORDER BY 1"
    assert stage.ask(heard, made=MADE, known=KNOWN) == [MADE, KNOWN]
    assert stage.ask("SELECT count(*) FROM audit WHERE verb = 'bind'") == [1]
    # what the audit said of the second entry stays
    assert stage.ask("SELECT count(*) FROM audit WHERE entity_id = :id", id=MADE)[0] > 0
    page = stage.as_("zarina").get(HERE).text
    assert "This is an organisation of the register" in page
    assert "The register knows this name" not in page
    assert SECRET in page
    assert "before a review is taken, and once" in stage.as_("zarina").get(BINDING).text
    again = stage.post("zarina", BINDING, {"organisation": "o-other", "sure": "1"})
    assert again.status_code == 422
    # the card is seen by coordinators alone while it applies
    assert stage.as_(None).get(f"/en/organisations/{KNOWN}").status_code == 404
    admit(stage)
    assert state(stage) == "admitted"
    card = "SELECT phone || '|' || summary || '|' || joined_on FROM organisations WHERE id = :id"
    assert stage.ask(card, id=KNOWN) == ["+993 12 111111|We help on the railway|2026-11-23"]


def test_who_may_not_bind_and_what_is_refused_leaves_nothing(stage: Stage) -> None:
    know(stage, KNOWN, "left")
    know(stage, "o-member", "admitted", name="Umyt")
    stage.join("hers", KNOWN, "coordinator")
    stage.post("karim", f"{HERE}/conflict", {"reason": "money"})
    assert stage.ask("SELECT count(*) FROM conflicts") == [1]
    apply(stage, "ap-twin")
    before = everything(stage)
    for name, status in (
        (None, 303),
        ("maral", 403),
        ("olim", 403),
        ("root", 403),
        ("karim", 404),
        ("hers", 404),
    ):
        assert stage.post(name, BINDING, SURE).status_code == status, name
        if name not in (None, "karim", "hers"):
            assert "The register knows" not in stage.as_(name).get(HERE).text
    page = stage.as_("zarina").get(BINDING).text
    assert "A member or an applicant of this name exists" in page
    assert page.count('type="radio"') == 1
    for wrong, says in (
        ({"organisation": ""}, "Choose one of the organisations"),
        ({"sure": ""}, "compared the two"),
        ({"organisation": "o-member"}, "Meanwhile"),
        ({"organisation": "o-ap-twin"}, "Meanwhile"),
        ({"organisation": MADE}, "Meanwhile"),
        ({"name": "x"}, "not known"),
    ):
        answer = stage.post("zarina", BINDING, {**SURE, **wrong})
        assert answer.status_code == 422, wrong
        assert says in answer.text, wrong
    assert stage.as_("zarina").post(BINDING, data=SURE).status_code == 403
    shown = stage.as_("zarina").get(BINDING, headers=JSON).json()
    assert [each["id"] for each in shown["known"]] == [KNOWN]
    assert {each["id"] for each in shown["others"]} == {"o-member", "o-ap-twin"}
    assert everything(stage) == before


def test_it_is_too_late_once_a_review_was_taken(stage: Stage) -> None:
    know(stage, KNOWN, "left")
    stage.post("maral", f"{HERE}/take")
    before = everything(stage)
    answer = stage.post("zarina", BINDING, SURE)
    assert answer.status_code == 422
    assert "A review has begun" in answer.text
    assert "The register knows" not in stage.as_("zarina").get(HERE).text
    assert everything(stage) == before


def test_what_an_import_said_meanwhile_is_not_undone(stage: Stage) -> None:
    know(stage, KNOWN, "left")
    with stage.store.transaction() as db:
        set_state(db, OPERATOR, stage.clock.moment, MADE, "admitted")
    assert stage.post("zarina", BINDING, SURE).status_code == 422
    assert state(stage, MADE) == "admitted"
    with stage.store.transaction() as db:
        set_state(db, OPERATOR, stage.clock.moment, MADE, "applicant")
    stage.join("early", MADE)
    answer = stage.post("zarina", BINDING, SURE)
    assert answer.status_code == 422
    assert "it cannot go" in answer.text
    assert state(stage) == "left"
    assert stage.ask("SELECT organisation_id FROM applications") == [MADE]


def test_the_earlier_application_has_no_say_any_more(stage: Stage) -> None:
    stage.review("maral", registered="not_met")
    stage.review("nigora")
    assert stage.decide("zarina", "declined", registered="not_met").status_code == 303
    stage.clock.moment += timedelta(days=2)
    apply(stage, "ap-anew", 0, email="second@example.org")
    with stage.store.read() as db:
        assert get_application(db, APPLICATION).may_appeal(stage.clock.moment)
    path = "/en/applications/ap-anew"
    bound = stage.post("olga", f"{path}/binding", {"organisation": MADE, "sure": "1"})
    assert bound.status_code == 303
    with stage.store.read() as db:
        assert not get_application(db, APPLICATION).may_appeal(stage.clock.moment)
        assert get_application(db, "ap-anew").state == "applicant"
        assert find_open(db, "umyt@example.org") is None
        assert find_open(db, "second@example.org") == "ap-anew"
    page = stage.as_("olga").get(path).text
    assert "Applied before: Declined, 23 November 2026" in page
    assert "reason about" not in page
    assert "Applied before" not in stage.as_("maral").get(path).text


def test_the_applicant_sees_nothing_of_before_and_erases_nothing_of_it(stage: Stage) -> None:
    know(stage, KNOWN, "admitted", "left", name="Ak ýol Umyt", website="https://before.example")
    assert stage.post("zarina", BINDING, SURE).status_code == 303
    with stage.store.transaction() as db:
        link = make_link(db, stage.clock.moment, PURPOSE, APPLICATION, LINK_GOOD_FOR)
    for path in ("", "/letter", "/withdraw"):
        page = stage.as_(None).get(f"/en/apply/{link}{path}").text
        assert "Ak ýol" not in page
        assert "before.example" not in page
    assert stage.settings is not None
    shelf, at = Shelf(stage.settings.files), stage.clock.moment
    with stage.store.transaction() as db:
        withdraw(db, shelf, at, APPLICATION)
    assert state(stage) == "left"
    with stage.store.transaction() as db:
        erase_application(db, shelf, OPERATOR, at + timedelta(days=31), APPLICATION)
    card = "SELECT phone || '|' || website FROM organisations WHERE id = :id"
    assert stage.ask(card, id=KNOWN) == ["+993 12 111111|https://before.example"]
    assert stage.ask("SELECT contact_name FROM applications") == [None]


def test_who_comes_back_finds_the_accounts_of_before_closed(stage: Stage) -> None:
    home, at = stage.organisations[4], stage.clock.moment
    closed = "SELECT id FROM accounts WHERE organisation_id = :id AND locked_at IS NULL"
    with stage.store.transaction() as db:
        db.table("organisations").update(home, {"name": "Umyt", "names": "{}"})
        leave(db, OPERATOR, at - timedelta(days=20), home, Ending("own_wish"))
    assert stage.ask(closed, id=home) == []
    assert stage.post("zarina", BINDING, {"organisation": home, "sure": "1"}).status_code == 303
    assert stage.ask("SELECT 1 FROM links WHERE purpose = 'farewell' AND used_at IS NULL") == []
    stage.clock.moment += timedelta(days=12)
    assert stage.settings is not None
    # what was private waits: it may be needed again
    assert erase_departed(stage.store, stage.settings, OPERATOR, stage.clock.moment) == 0
    with stage.store.read() as db:
        assert is_out(db, home)
    admit(stage)
    assert state(stage, home) == "admitted"
    assert erase_departed(stage.store, stage.settings, OPERATOR, stage.clock.moment) == 0
    assert stage.ask(closed, id=home) == []
    # whoever was invited anew comes back from a suspension; who left before does not
    stage.join("anew", home)
    with stage.store.transaction() as db:
        at = stage.clock.moment + timedelta(days=1)
        suspend_member(db, OPERATOR, at, home, Ending("own_wish"))
        readmit(db, OPERATOR, at, home)
    assert stage.ask(closed, id=home) == ["a-anew"]


def test_an_import_of_the_state_opens_no_account(stage: Stage) -> None:
    home, at = stage.organisations[4], stage.clock.moment
    with stage.store.transaction() as db:
        leave(db, OPERATOR, at, home, Ending("own_wish"))
        set_state(db, OPERATOR, at, home, "admitted")
    sql = "SELECT id FROM accounts WHERE organisation_id = :id AND locked_at IS NULL"
    assert stage.ask(sql, id=home) == []
