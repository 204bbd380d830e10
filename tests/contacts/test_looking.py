"""A contact on demand: with a purpose, one at a time, logged, under her policy, kept nowhere."""

import logging

import pytest

from portal.agreements.actions import exclude, withdraw_consent
from portal.contacts.schema import TIERS
from portal.practitioners.rules import name_key
from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, TODAY
from tests.contacts.conftest import DUTY, EMAIL, PHONE, SAY, Desk

SECRETS = (PHONE, PHONE.replace(" ", ""), EMAIL, SAY)


def carries_contact(text: str) -> bool:
    return any(secret in text for secret in SECRETS)


def test_05_two_steps_from_the_record_to_the_contact(desk: Desk) -> None:
    record = desk.client.get(f"/en/practitioners/{desk.her}").text
    assert f'href="{desk.address}"' in record
    form = desk.client.get(desk.address)
    assert form.status_code == 200
    assert form.text.count('name="purpose"') == 5
    shown = desk.post("urgent")
    assert shown.status_code == 200
    assert f'href="tel:{PHONE.replace(" ", "")}"' in shown.text
    assert EMAIL in shown.text
    assert SAY in shown.text


def test_05_the_contact_is_in_the_answer_to_the_post_only(desk: Desk) -> None:
    before = [desk.client.get(desk.address), desk.client.get(desk.address, headers=JSON)]
    shown = desk.post()
    after = [
        desk.client.get(address, headers=headers)
        for address in (desk.address, f"/en/practitioners/{desk.her}", "/en/practitioners")
        for headers in ({}, JSON)
    ]
    assert carries_contact(shown.text)
    assert not any(carries_contact(each.text) for each in (*before, *after))
    assert not any(carries_contact(str(each.headers)) for each in (*before, shown, *after))
    assert "<title>Contact</title>" in shown.text


def test_05_no_browser_keeps_it_and_no_printer_prints_it(desk: Desk) -> None:
    shown = desk.post()
    assert shown.headers["cache-control"] == "no-store"
    inside = shown.text.split('<div class="once"')[1].split("</div>")[0]
    outside = shown.text.replace(inside, "")
    assert carries_contact(inside)
    assert not carries_contact(outside)
    sheet = shown.text.split('rel="stylesheet" href="')[1].split('"')[0]
    print_rules = desk.client.get(sheet).text.split("@media print{")[1]
    assert ".once," in print_rules.split("{display:none!important}")[0]


@pytest.mark.parametrize("form", [{}, {"purpose": ""}, {"purpose": "curious"}])
def test_05_no_contact_without_a_purpose_we_know(desk: Desk, form: dict[str, str]) -> None:
    token = csrf_of(desk.client)
    answer = desk.client.post(desk.address, data={"csrf": token, **form})
    assert answer.status_code == 422
    assert "What for" in answer.text
    assert not carries_contact(answer.text)
    assert desk.looks() == 0


def test_05_one_at_a_time(desk: Desk) -> None:
    assert desk.post(practitioner=desk.listed[1]).status_code == 422
    assert desk.looks() == 0


def test_05_json_gives_the_contact_to_a_post_with_the_token(desk: Desk) -> None:
    assert desk.post_json() == {
        "phone": PHONE,
        "email": EMAIL,
        "hours": None,
        "say_when_calling": SAY,
        "duty_phone": DUTY,
        "shown": "contact",
        "why": None,
    }
    refused = desk.client.post(desk.address, data={"purpose": "urgent"}, headers=JSON)
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "forged"
    asked = desk.client.get(desk.address, headers=JSON).json()
    assert set(asked) == {"practitioner_id", "purposes"}


def test_05_a_form_of_another_session_is_refused(desk: Desk) -> None:
    stolen = csrf_of(desk.client)
    desk.sign_in("coordinator")
    answer = desk.client.post(desk.address, data={"csrf": stolen, "purpose": "urgent"})
    assert answer.status_code == 403
    assert desk.looks() == 0


@pytest.mark.parametrize(("role", "status"), [("practitioner", 403), ("admin", 403)])
def test_05_other_roles_are_refused(desk: Desk, role: str, status: int) -> None:
    desk.sign_in(role)
    assert desk.client.get(desk.address).status_code == status
    assert desk.post().status_code == status
    desk.change("UPDATE accounts SET role = 'observer' WHERE id = 'demo-admin'")
    assert desk.post().status_code == 403
    desk.client.cookies.clear()
    assert desk.client.get(desk.address, headers=JSON).status_code == 401


def test_05_a_member_without_the_yearly_grant_is_refused(desk: Desk) -> None:
    desk.change("UPDATE accounts SET directory_until = '2026-11-22' WHERE id = 'demo-member'")
    assert desk.client.get(desk.address).status_code == 403
    assert desk.post().status_code == 403


@pytest.mark.parametrize("kind", ["organisation", "account", "organisation_kind"])
def test_05_whom_she_excludes_finds_nothing(desk: Desk, kind: str) -> None:
    kinds = desk.ask("SELECT kind FROM organisations WHERE id = :own", own=desk.own)
    value = {"organisation": desk.own, "account": "demo-member", "organisation_kind": kinds[0]}
    with desk.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, desk.her, kind, value[kind])
    assert desk.client.get(desk.address).status_code == 404
    assert desk.post().status_code == 404
    assert desk.post(purpose="nothing").status_code == 404
    assert desk.looks() == 0


def test_05_an_excluded_coordinator_is_led_through_the_organisation(desk: Desk) -> None:
    desk.sign_in("coordinator")
    assert desk.post_json()["shown"] == "contact"
    with desk.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, desk.her, "account", "demo-coordinator")
    answer = desk.post_json()
    assert (answer["shown"], answer["phone"], answer["email"]) == ("duty", None, None)
    desk.set_way("via_organisation")
    assert desk.post_json() == answer


def test_05_nobody_unlisted_is_reached(desk: Desk) -> None:
    with desk.store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, desk.her, TODAY.isoformat())
    assert desk.post().status_code == 404
    desk.sign_in("coordinator")
    assert desk.client.get(desk.address).status_code == 404
    assert desk.post().status_code == 404
    kept = "SELECT count(*) FROM practitioner_contacts WHERE practitioner_id = :her"
    assert desk.ask(kept, her=desk.her) == [0]


def test_05_the_look_is_logged_and_audited_without_the_contact(
    desk: Desk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.post("invite")
    columns = ", ".join(sorted(TIERS["contact_looks"]))
    with desk.store.read() as db:
        row = next(db.query("SELECT " + columns + " FROM contact_looks ORDER BY id DESC"))
        last = next(db.query("SELECT * FROM audit ORDER BY id DESC"))
        notice = next(db.query("SELECT * FROM notices ORDER BY id DESC"))
    assert row["practitioner_id"] == last["entity_id"] == notice["practitioner_id"] == desk.her
    assert (row["account_id"], row["organisation_id"]) == ("demo-member", desk.own)
    assert (row["purpose"], row["shown"], row["at"]) == ("invite", "contact", last["at"])
    assert (last["verb"], notice["kind"]) == ("look_at_contact", "contact_looked")
    written = str([row, last, notice]) + caplog.text + "".join(capfd.readouterr())
    assert not carries_contact(written)


def test_05_no_other_answer_carries_it_afterwards(desk: Desk) -> None:
    desk.post()
    (place, profession) = desk.ask(
        "SELECT place_id || ' ' || profession FROM practitioners WHERE id = :her", her=desk.her
    )[0].split(" ")
    addresses = [
        f"/en/nearby?place={place}&profession={profession}&limit=100",
        f"/en/practitioners/{desk.her}",
        f"/en/practitioners/{desk.her}/report",
        "/en/practitioners?per_page=100",
        "/en/tickets",
        "/en/account",
        f"/en/search?q={EMAIL.split('@')[0]}",
    ]
    answers = [desk.client.get(each, headers=how) for each in addresses for how in ({}, JSON)]
    desk.sign_in("coordinator")
    for each in ("/en/contacts", f"/en/practitioners/{desk.her}/looked", *addresses):
        answers += [desk.client.get(each, headers=how) for how in ({}, JSON)]
    assert {each.status_code for each in answers} == {200}
    assert not any(carries_contact(each.text) for each in answers)


def test_05_a_look_copies_the_contact_nowhere(desk: Desk, settings: Settings) -> None:
    desk.post()
    with desk.store.read() as db:
        held = [
            table
            for table in db.table_names()
            if any(carries_contact(str(row)) for row in db.execute("SELECT * FROM " + table))
        ]
    assert held == ["practitioner_contacts"]
    indexes = [path for path in settings.search_folder.rglob("*") if path.is_file()]
    assert indexes
    for path in indexes:
        assert PHONE.encode() not in path.read_bytes()
        assert EMAIL.encode() not in path.read_bytes()


def test_r14_a_double_click_is_one_look(desk: Desk) -> None:
    key = desk.client.get(desk.address).text.split('name="key" value="')[1].split('"')[0]
    first, second = desk.post(key=key), desk.post(key=key)
    assert carries_contact(first.text)
    assert carries_contact(second.text)
    assert desk.looks() == 1
    desk.wait(seconds=31)
    desk.post(key=key)
    assert desk.looks() == 2
    desk.post("urgent", key=key)
    assert desk.looks() == 3


def test_a_key_is_no_place_for_words(desk: Desk) -> None:
    assert desk.post(key="she lives in the blue house").status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_speak_four_languages(desk: Desk, language: str) -> None:
    page = desk.client.get(f"/{language}/practitioners/{desk.her}/contact").text
    said = {"en": "Urgent situation", "ru": "Срочная ситуация", "tk": "Gyssagly ýagdaý"}
    assert said.get(language, "Ҳолати фаврӣ") in page


def test_05_a_coordinator_excluded_by_name_is_led_through_the_organisation(desk: Desk) -> None:
    desk.sign_in("coordinator")
    with desk.store.transaction() as db:
        exclude(db, OPERATOR, MOMENT, desk.her, "person", name_key("Coordinator, Demo"))
    answer = desk.post_json()
    assert (answer["shown"], answer["phone"], answer["email"]) == ("duty", None, None)
