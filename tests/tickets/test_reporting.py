"""Report a wrong detail on a card, and follow its fate."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.agreements.actions import exclude, withdraw_consent
from portal.db import Store, column
from portal.errors import NotFound
from portal.jobs.registry import JOBS
from portal.practitioners.rules import name_key
from portal.requests.rules import personal_in
from portal.tickets.actions import answer, forget_notes, report
from portal.tickets.forms import Answered, Filters, Wrong
from portal.tickets.queries import find_tickets, find_waiting, get_ticket_for
from portal.tickets.rules import FATES, FITS, MOVES, fits, is_doubtful, may_become
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, TODAY

MOVED = {"field": "place", "problem": "moved"}
SILENT = {"field": "contact", "problem": "no_answer"}


class Desk:
    """One site and one browser; two organisations, and somebody listed of the second."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store = client, store
        client.follow_redirects = False
        self.sign_in("member")
        with store.transaction() as db:
            db.execute("DELETE FROM ticket_states")
            db.execute("DELETE FROM tickets")
            db.execute("DELETE FROM notices")
        self.own = self.ask("SELECT organisation_id FROM accounts WHERE id = 'demo-member'")[0]
        sql = (
            "SELECT l.practitioner_id FROM listings AS l"
            " JOIN organisations AS o ON o.id = l.organisation_id"
            " JOIN membership_now AS m ON m.organisation_id = o.id AND m.state = 'admitted'"
            " WHERE o.id <> :own AND o.directory_until > '2026-11-23'"
            " AND l.confirmed_on > '2026-09-01' AND l.practitioner_id NOT IN"
            " (SELECT practitioner_id FROM consent_exclusions) ORDER BY l.practitioner_id"
        )
        self.her = self.ask(sql, own=self.own)[0]
        sql = "SELECT organisation_id FROM practitioners WHERE id = :her"
        self.theirs = self.ask(sql, her=self.her)[0]

    def ask(self, sql: str, **parameters: object) -> list[Any]:
        with self.store.read() as db:
            return column(db, sql, **parameters)

    def sign_in(self, role: str, organisation: str = "") -> None:
        self.client.cookies.clear()
        form = {"role": role, "organisation": organisation}
        assert self.client.post("/demo/sign-in", data=form).status_code == 303

    def post(self, path: str, **form: str):
        return self.client.post(f"/en/{path}", data={"csrf": csrf_of(self.client), **form})

    def report(self, **form: str) -> str:
        answer = self.post(f"practitioners/{self.her}/report", **(form or MOVED))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/en/")

    def tickets(self) -> list[dict[str, Any]]:
        return self.client.get("/en/tickets", headers=JSON).json()["results"]

    def notices(self, kind: str) -> list[str]:
        sql = "SELECT coalesce(account_id, practitioner_id) FROM notices WHERE kind = :kind"
        return self.ask(sql, kind=kind)


@pytest.fixture
def desk(client: TestClient, store: Store) -> Desk:
    return Desk(client, store)


def test_every_card_leads_to_its_report(desk: Desk) -> None:
    for card in (f"practitioners/{desk.her}", f"organisations/{desk.own}"):
        assert f'href="/en/{card}/report"' in desk.client.get(f"/en/{card}").text
        form = desk.client.get(f"/en/{card}/report")
        assert form.status_code == 200
        choices = desk.client.get(f"/en/{card}/report", headers=JSON).json()
        assert (choices["kind"], choices["id"]) == tuple(card.split("/"))
        assert all(f'<option value="{each}"' in form.text for each in choices["fields"])


def test_a_report_is_saved_audited_and_followed(desk: Desk) -> None:
    path = desk.report(**MOVED, note="The clinic is in another town now")
    page = desk.client.get(f"/en/{path}")
    for word in ("Reported", "Settlement", "Has moved", "another town", "you"):
        assert word in page.text
    found = desk.client.get(f"/en/{path}", headers=JSON).json()
    assert [step["state"] for step in found["history"]] == ["open"]
    assert desk.tickets()[0]["id"] == found["id"]
    with desk.store.read() as db:
        last = next(db.query("SELECT * FROM audit ORDER BY id DESC"))
    assert (last["entity"], last["entity_id"]) == ("tickets", found["id"])
    assert "another town" not in str(last)
    assert "Has moved" not in page.text.split("<title>")[1].split("</title>")[0]


def test_r14_a_double_click_reports_once(desk: Desk) -> None:
    assert desk.report() == desk.report()
    assert desk.report(**SILENT) != desk.report()
    assert desk.ask("SELECT count(*) FROM tickets") == [2]
    assert desk.ask("SELECT count(*) FROM ticket_states") == [2]


@pytest.mark.parametrize(
    ("form", "field", "says"),
    [
        ({}, "field", "Fill this in"),
        ({"field": "place"}, "problem", "Fill this in"),
        ({**MOVED, "field": "duty_phone"}, "field", "Choose one of"),
        ({**MOVED, "problem": "rude"}, "problem", "Choose one of"),
        ({"field": "place", "problem": "wrong_language"}, "problem", "does not fit"),
        ({**MOVED, "note": "x" * 301}, "note", "at most 300"),
        ({**MOVED, "note": "Call +993 65 12-34-56"}, "note", "Leave out phone numbers"),
        ({**MOVED, "note": "write to her@example.org"}, "note", "Leave out e-mail"),
        ({**MOVED, "state": "mended"}, "state", "not known"),
    ],
)
def test_bad_input_keeps_the_text(desk: Desk, form: dict[str, str], field: str, says: str) -> None:
    answer = desk.post(f"practitioners/{desk.her}/report", **form)
    assert answer.status_code == 422
    assert says in answer.text
    if field == "note":
        assert f">{form['note']}</textarea>" in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert desk.ask("SELECT count(*) FROM tickets") == [0]


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("The phone is off in the evening", None),
        ("Closed from 9 to 17, since 2025", None),
        ("8 993 65 12 34 56", "number"),
        ("٨٩٩٣٦٥١٢", "number"),
        ("passport I-AS 123456", "number"),
        ("65\u200b12\u200b34", "number"),
        ("t.me/somebody", "address"),
        ("a@b", "address"),
    ],
)
def test_what_looks_personal_is_found(note: str, found: str | None) -> None:
    assert personal_in(note) == found


def test_whoever_does_not_see_the_card_cannot_report_it(desk: Desk) -> None:
    with desk.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, desk.her, "organisation", desk.own)
    assert desk.client.get(f"/en/practitioners/{desk.her}/report").status_code == 404
    assert desk.post(f"practitioners/{desk.her}/report", **MOVED).status_code == 404
    desk.sign_in("admin")
    assert desk.post(f"practitioners/{desk.her}/report", **MOVED).status_code == 404
    hidden = desk.ask("SELECT id FROM organisations WHERE visibility = 'members'")[0]
    assert desk.client.get(f"/en/organisations/{hidden}/report").status_code == 404
    desk.client.cookies.clear()
    assert desk.client.get(f"/en/organisations/{hidden}/report", headers=JSON).status_code == 401


def test_03_strangers_find_no_ticket(desk: Desk) -> None:
    path = desk.report()
    others = "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
    others += " ON m.organisation_id = o.id WHERE m.state = 'admitted'"
    others += " AND o.id NOT IN (:own, :theirs) LIMIT 1"
    stranger = desk.ask(others, own=desk.own, theirs=desk.theirs)[0]
    for role, organisation in (("member", stranger), ("practitioner", ""), ("admin", "")):
        desk.sign_in(role, organisation)
        assert desk.client.get(f"/en/{path}").status_code == 404
        assert desk.post(path, state="mended").status_code == 404
        assert desk.tickets() == []


def test_the_cards_own_people_mend_it_and_the_reporter_is_told(desk: Desk) -> None:
    desk.sign_in("member", desk.theirs)
    desk.sign_in("member")
    path = desk.report()
    assert desk.notices("ticket_opened") == [f"demo-member-{desk.theirs}"]
    assert desk.post(path, state="mended").status_code == 403
    desk.sign_in("member", desk.theirs)
    own_name = desk.ask("SELECT name FROM organisations WHERE id = :own", own=desk.own)[0]
    assert own_name in desk.client.get(f"/en/{path}").text
    assert desk.post(path, state="seen").status_code == 303
    assert desk.notices("ticket_answered") == []
    for _ in range(2):
        assert desk.post(path, state="mended").headers["location"] == f"/en/{path}"
    assert desk.notices("ticket_answered") == ["demo-member"]
    desk.sign_in("member")
    found = desk.client.get(f"/en/{path}", headers=JSON).json()
    assert [step["state"] for step in found["history"]] == ["open", "seen", "mended"]
    assert "Corrected" in desk.client.get(f"/en/{path}").text


def test_whoever_reported_does_not_answer_it(desk: Desk) -> None:
    desk.sign_in("member", desk.theirs)
    desk.sign_in("coordinator")
    desk.sign_in("member", desk.theirs)
    path = desk.report()
    assert desk.notices("ticket_opened") == ["demo-coordinator"]
    assert "Your answer" not in desk.client.get(f"/en/{path}").text
    assert desk.post(path, state="mended").status_code == 403
    with desk.store.transaction() as db:
        colleague = {"id": "a-two", "sign_in_name": "two", "name": "two", "role": "member"}
        db.table("accounts").insert({**colleague, "organisation_id": desk.theirs})
    with desk.store.read() as db:
        by = Actor("member", "a-two", "two", desk.theirs, directory_access=True)
        assert get_ticket_for(db, by, TODAY, path.removeprefix("tickets/")).may_mend
    desk.sign_in("coordinator")
    assert desk.post(path, state="mended").status_code == 303


def test_every_problem_and_field_of_the_rules_is_in_the_lists(client: TestClient) -> None:
    terms = client.app.state.site.terms
    assert set(FITS) <= set(terms.codes("report_kinds"))
    assert set().union(*FITS.values()) <= set(terms.codes("card_fields"))
    assert fits("other", "profession")
    assert not fits("no_answer", "profession")
    assert fits("no_answer", "other")


def test_keeping_it_needs_a_reason(desk: Desk) -> None:
    path = desk.report()
    desk.sign_in("coordinator")
    refused = desk.post(path, state="kept")
    assert refused.status_code == 422
    assert "Say why it stays" in refused.text
    assert desk.post(path, state="kept", reason="because").status_code == 422
    assert desk.post(path, state="kept", reason="is_right").status_code == 303
    assert "We checked, it is right" in desk.client.get(f"/en/{path}").text


def test_r12_the_second_answer_sees_the_first(desk: Desk) -> None:
    path = desk.report()
    desk.sign_in("coordinator")
    desk.post(path, state="mended")
    answer = desk.post(path, state="kept", reason="is_right")
    assert answer.status_code == 422
    assert "already" in answer.text
    assert "Corrected" in answer.text
    assert desk.ask("SELECT state FROM tickets_now") == ["mended"]


def test_where_nobody_has_an_account_coordinators_are_told(desk: Desk) -> None:
    desk.sign_in("coordinator")
    desk.sign_in("member")
    desk.report()
    assert desk.notices("ticket_opened") == ["demo-coordinator"]


def test_she_mends_reports_about_her_own_card(desk: Desk) -> None:
    path = desk.report()
    desk.sign_in("practitioner")
    assert desk.client.get(f"/en/{path}").status_code == 404
    with desk.store.transaction() as db:
        db.table("accounts").update("demo-practitioner", {"practitioner_id": desk.her})
    assert desk.post(path, state="mended").status_code == 303


def test_the_name_goes_when_the_card_does(desk: Desk) -> None:
    path = desk.report()
    name = desk.ask("SELECT name FROM practitioners WHERE id = :her", her=desk.her)[0]
    assert name in desk.client.get(f"/en/{path}").text
    with desk.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, desk.her, "organisation", desk.own)
    page, listed = desk.client.get(f"/en/{path}").text, desk.client.get("/en/tickets").text
    assert name not in page + listed
    assert desk.her not in page + listed
    assert desk.tickets()[0]["card_id"] is None


def actor(desk: Desk, organisation: str, name: str) -> Actor:
    row = {"id": f"a-{name}", "sign_in_name": name, "name": name, "role": "member"}
    with desk.store.transaction() as db:
        db.table("accounts").upsert({**row, "organisation_id": organisation})
    return Actor("member", row["id"], name, organisation, directory_access=True)


def test_two_organisations_in_doubt_ask_for_a_fresh_confirmation(desk: Desk) -> None:
    ours = [actor(desk, desk.own, name) for name in ("one", "two")]
    theirs = actor(desk, desk.theirs, "three")
    for by, expected in ((ours[0], []), (ours[1], []), (theirs, [desk.her])):
        with desk.store.transaction() as db:
            report(db, by, MOMENT, TODAY, "practitioners", desk.her, Wrong(**SILENT))
        assert desk.notices("confirm") == expected


def test_other_reports_doubt_nothing() -> None:
    assert is_doubtful("no_visits", 2)
    assert not is_doubtful("no_visits", 1)
    assert not is_doubtful("misspelt", 5)


def test_notes_are_erased_ninety_days_after_the_fate(desk: Desk) -> None:
    by = actor(desk, desk.theirs, "keeper")
    notes = "SELECT note FROM tickets"
    with desk.store.transaction() as db:
        wrong = Wrong(**MOVED, note="In another town")
        path = report(db, by, MOMENT, TODAY, "practitioners", desk.her, wrong)
    (job,) = [each for each in JOBS if each.name == "ticket-notes"]
    assert job.work is forget_notes

    def forget(days: int) -> int:
        with desk.store.transaction() as db:
            return forget_notes(db, OPERATOR, MOMENT + timedelta(days=days), TODAY)

    assert forget(400) == 0
    with desk.store.transaction() as db:
        answer(db, Actor("coordinator", "c"), MOMENT, TODAY, path, Answered("mended"))
    assert forget(90) == 0
    assert forget(91) == 1
    assert forget(91) == 0
    assert desk.ask(notes) == [None]
    assert desk.ask("SELECT state FROM tickets_now") == ["mended"]


def test_with_the_consent_goes_what_was_written(desk: Desk) -> None:
    desk.report(**MOVED, note="In another town")
    with desk.store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, desk.her, TODAY.isoformat())
        assert forget_notes(db, OPERATOR, MOMENT, TODAY) == 1
    assert desk.ask("SELECT note FROM tickets") == [None]


def test_open_reports_wait_for_those_who_can_mend(desk: Desk) -> None:
    keeper, reporter = actor(desk, desk.theirs, "keeper"), actor(desk, desk.own, "reporter")
    with desk.store.transaction() as db:
        path = report(db, reporter, MOMENT, TODAY, "practitioners", desk.her, Wrong(**MOVED))

    def waits(by: Actor) -> list[Any]:
        with desk.store.read() as db:
            return find_waiting(db, by, MOMENT, TODAY)

    (line,) = waits(keeper)
    assert (line.path, line.since) == (("tickets",), "2026-11-23T05:00:00Z")
    assert len(waits(Actor("coordinator", "c"))) == 1
    assert waits(reporter) == []
    with desk.store.transaction() as db:
        answer(db, keeper, MOMENT, TODAY, path, Answered("mended"))
    assert waits(keeper) == []


def test_the_table_of_moves() -> None:
    assert {"mended", "kept"} == FATES
    assert [each for each in MOVES if may_become("open", each)] == ["seen", "mended", "kept"]
    assert [each for each in MOVES if may_become("seen", each)] == ["mended", "kept"]
    assert not any(may_become(fate, each) for fate in FATES for each in MOVES)


def test_the_list_is_filtered_and_paged(desk: Desk) -> None:
    desk.report()
    desk.report(**SILENT)
    ask = lambda **query: desk.client.get("/en/tickets", params=query, headers=JSON).json()  # noqa: E731
    assert ask(state="open")["total"] == 2
    assert ask(state="kept")["total"] == 0
    assert len(ask(per_page="1")["results"]) == 1
    assert desk.client.get("/en/tickets?state=lost").status_code == 422
    assert "page=2" in desk.client.get("/en/tickets?per_page=1&state=open").text


def test_29_a_report_needs_the_token_of_the_page(desk: Desk) -> None:
    for path in (f"practitioners/{desk.her}/report", f"organisations/{desk.own}/report"):
        assert desk.client.post(f"/en/{path}", data=MOVED).status_code == 403
    path = desk.report()
    desk.sign_in("coordinator")
    assert desk.client.post(f"/en/{path}", data={"state": "mended"}).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_those_of_the_reader(desk: Desk, language: str) -> None:
    path = desk.report()
    page = desk.client.get(f"/{language}/{path}").text
    said = {"en": "Has moved", "ru": "Переезд", "tk": "göçdi", "tg": "кӯчид"}
    assert said[language] in page


@pytest.mark.parametrize("kind", ["person", "account"])
def test_05_a_colleague_whom_she_excludes_hears_of_no_report(desk: Desk, kind: str) -> None:
    desk.sign_in("member", desk.theirs)
    colleague = f"demo-member-{desk.theirs}"
    value = {"person": name_key("Aman Kadyrow"), "account": colleague}[kind]
    with desk.store.transaction() as db:
        db.table("accounts").update(colleague, {"name": "Kadyrow Aman"})
        exclude(db, OPERATOR, MOMENT, desk.her, kind, value)
    desk.sign_in("member")
    ticket = desk.report()
    assert colleague not in desk.notices("ticket_opened")
    actor = Actor("member", colleague, "Kadyrow Aman", desk.theirs, "ngo", None, True)
    with desk.store.read() as db:
        assert find_waiting(db, actor, MOMENT, TODAY) == []
        assert find_tickets(db, actor, TODAY, Filters()).total == 0
        with pytest.raises(NotFound):
            get_ticket_for(db, actor, TODAY, ticket.removeprefix("tickets/"))
