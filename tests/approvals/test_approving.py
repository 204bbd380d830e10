"""Ask, agree, refuse: the act is done in the transaction of the agreement, or never."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import msgspec
import pytest
from litestar.testing import TestClient

from portal import audit
from portal.actor import Actor
from portal.approvals.actions import (
    ask,
    decide,
    expire_approvals,
    take,
    use_permit,
    withdraw_approval,
)
from portal.db import Store, column, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.invitations.actions import Wanted
from portal.people.actions import ask_invitation, propose_acting
from tests.approvals.conftest import Signed, signed_with
from tests.conftest import JSON, LANGUAGES, MOMENT, TODAY
from tests.people import MovingClock
from tests.postbox import opened_postbox

Make = Callable[..., Actor]
DAY = timedelta(days=1)


@pytest.fixture
def ana(make: Make, organisations: list[str]) -> Actor:
    return make("ana", "coordinator", organisations[0])


@pytest.fixture
def beg(make: Make, organisations: list[str]) -> Actor:
    return make("beg", "coordinator", organisations[1])


@pytest.fixture
def mira(make: Make, organisations: list[str]) -> Actor:
    return make("mira", "member", organisations[2])


def asked(store: Store, by: Actor, kind: str, subject: str, **detail: str) -> str:
    with store.transaction() as db:
        return ask(db, by, MOMENT, kind, subject, **detail)


def spoken(store: Store, by: Actor, item: str, verdict: str = "approved", later=timedelta()) -> str:
    with store.transaction() as db:
        reason = "not_known" if verdict == "refused" else None
        return str(decide(db, by, MOMENT + later, item, verdict, reason).verdict)


def cell(store: Store, sql: str, **parameters: object) -> object:
    with store.read() as db:
        return column(db, sql, **parameters)[0]


def role_of(store: Store, who: Actor) -> object:
    return cell(store, "SELECT role FROM accounts WHERE id = :id", id=who.account_id)


def test_07_nothing_is_done_before_a_second_person_agrees(
    store: Store, ana: Actor, beg: Actor, mira: Actor
) -> None:
    item = asked(store, ana, "role", str(mira.account_id), role="coordinator")
    assert role_of(store, mira) == "member"
    assert spoken(store, beg, item) == "approved"
    assert role_of(store, mira) == "coordinator"
    with store.read() as db:
        verbs = column(db, "SELECT verb FROM audit ORDER BY id DESC LIMIT 4")
        assert audit.first_broken(db) is None
        told = column(db, "SELECT kind FROM notices ORDER BY id")
    assert verbs == ["decide", "set_role", "speak", "ask"]
    assert told == ["approval_waits", "approval_decided"]


def test_07_the_asker_cannot_agree_and_the_one_concerned_neither(
    store: Store, ana: Actor, beg: Actor, make: Make, organisations: list[str]
) -> None:
    item = asked(store, ana, "unlock", str(beg.account_id))
    for who, says in ((ana, "yourself"), (beg, "concerns you")):
        with pytest.raises(Invalid) as raised:
            spoken(store, who, item)
        assert says in str(raised.value.fields["all"][0].text)
    twin = make("ana.2", "coordinator", organisations[2])
    with store.transaction() as db:
        db.table("accounts").update(twin.account_id, {"name": "Ana"})
    with pytest.raises(Invalid):
        spoken(store, Actor(**{**_fields(twin), "name": "ana"}), item)
    with pytest.raises(Invalid):
        spoken(store, make("cem", "coordinator", organisations[0]), item)


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in actor.__struct_fields__}


def test_07_who_is_no_keeper_can_neither_ask_nor_agree(
    store: Store, ana: Actor, mira: Actor, make: Make
) -> None:
    for role in ("member", "observer", "practitioner"):
        with pytest.raises(NotAllowed):
            asked(store, make(f"x{role}", role), "role", "a-mira")
    item = asked(store, ana, "unlock", "a-mira")
    with pytest.raises(NotFound):
        spoken(store, mira, item)


def test_a_refused_item_leaves_nothing_behind(store: Store, ana: Actor, beg: Actor) -> None:
    with store.transaction() as db:
        item = ask_invitation(db, ana, MOMENT, Wanted("Leyla", "observer"))
    assert cell(store, "SELECT name FROM wanted_invitations") == "Leyla"
    assert spoken(store, beg, item, "refused") == "refused"
    assert cell(store, "SELECT count(*) FROM wanted_invitations") == 0
    assert cell(store, "SELECT count(*) FROM invitations WHERE name = 'Leyla'") == 0
    assert spoken(store, beg, item) == "refused"
    with store.transaction() as db, pytest.raises(NotFound):
        take(db, ana, MOMENT, item)


def test_an_item_expires_by_the_clock_and_the_job_forgets_it(
    store: Store, ana: Actor, beg: Actor
) -> None:
    with store.transaction() as db:
        item = ask_invitation(db, ana, MOMENT, Wanted("Leyla", "observer"))
    assert spoken(store, beg, item, later=30 * DAY) == "expired"
    with store.transaction() as db:
        assert expire_approvals(db, beg, MOMENT + 31 * DAY, TODAY) == 1
        assert expire_approvals(db, beg, MOMENT + 31 * DAY, TODAY) == 0
    assert cell(store, "SELECT count(*) FROM wanted_invitations") == 0


def test_r11_a_clock_set_back_opens_nothing(store: Store, ana: Actor, beg: Actor) -> None:
    item = asked(store, ana, "role", "a-ana")
    assert spoken(store, beg, item, later=-DAY) == "None"


def test_r14_agreeing_twice_does_it_once(
    store: Store, ana: Actor, beg: Actor, mira: Actor, make: Make, organisations: list[str]
) -> None:
    cem = make("cem", "coordinator", organisations[2])
    item = asked(store, ana, "grant_directory", organisations[0], of="organisation")
    assert asked(store, ana, "grant_directory", organisations[0], of="organisation") == item
    together = Barrier(2)

    def agree(who: Actor) -> None:
        together.wait()
        spoken(store, who, item)

    threads = [Thread(target=agree, args=[who]) for who in (beg, cem)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    done = "SELECT count(*) FROM audit WHERE verb = 'grant_directory'"
    assert cell(store, done) == 1
    assert cell(store, "SELECT count(*) FROM approval_voices") == 1


def test_an_act_that_fails_leaves_the_item_open(
    store: Store, ana: Actor, mira: Actor, make: Make, organisations: list[str]
) -> None:
    other = make("nur", "member", organisations[1])
    with store.transaction() as db:
        db.execute("UPDATE accounts SET locked_at = 'x' WHERE id = 'a-ana'")
        item = propose_acting(db, mira, MOMENT, str(mira.account_id))
        db.execute("UPDATE accounts SET locked_at = NULL WHERE id = 'a-ana'")
    with pytest.raises(Invalid):
        spoken(store, other, item)
    with store.read() as db:
        assert column(db, "SELECT verdict FROM approvals") == [None]
        assert count(db, "SELECT count(*) FROM approval_voices") == 0


def test_07_a_permit_is_used_once_by_whoever_asked(store: Store, ana: Actor, beg: Actor) -> None:
    item = asked(store, ana, "export", "practitioners")
    for who, wanted in ((ana, NotFound), (beg, NotFound)):
        with store.transaction() as db, pytest.raises(wanted):
            use_permit(db, who, MOMENT, item)
    spoken(store, beg, item)
    with store.transaction() as db, pytest.raises(NotFound):
        use_permit(db, beg, MOMENT, item)
    with store.transaction() as db:
        assert use_permit(db, ana, MOMENT, item).subject_id == "practitioners"
    with store.transaction() as db, pytest.raises(NotFound):
        use_permit(db, ana, MOMENT, item)


def test_09_a_weak_administrators_voice_waits_for_another(
    store: Store, ana: Actor, mira: Actor, make: Make
) -> None:
    item = asked(store, ana, "role", str(mira.account_id), role="coordinator")
    wim, wal = (signed_with(make(name, "admin"), "password") for name in ("wim", "wal"))
    assert spoken(store, wim, item) == "None"
    with pytest.raises(Invalid):
        spoken(store, wim, item)
    assert role_of(store, mira) == "member"
    assert spoken(store, wal, item) == "approved"
    assert role_of(store, mira) == "coordinator"


def test_06_who_lost_the_role_has_asked_for_nothing(
    store: Store, ana: Actor, beg: Actor, mira: Actor
) -> None:
    item = asked(store, ana, "role", str(mira.account_id), role="coordinator")
    with store.transaction() as db:
        db.execute("UPDATE accounts SET role = 'member' WHERE id = 'a-ana'")
    with pytest.raises(Invalid):
        spoken(store, beg, item)
    assert role_of(store, mira) == "member"


def test_06_who_lost_the_role_takes_nothing_that_was_agreed_to(
    store: Store, ana: Actor, beg: Actor
) -> None:
    item = asked(store, ana, "export", "practitioners")
    spoken(store, beg, item)
    demoted = Actor(**{**_fields(ana), "role": "member"})
    with store.transaction() as db, pytest.raises(NotAllowed):
        use_permit(db, demoted, MOMENT, item)


def test_only_the_asker_takes_it_back(store: Store, ana: Actor, beg: Actor) -> None:
    item = asked(store, ana, "unlock", "a-beg")
    with store.transaction() as db, pytest.raises(NotAllowed):
        withdraw_approval(db, beg, MOMENT, item)
    with store.transaction() as db:
        withdraw_approval(db, ana, MOMENT, item)
    assert cell(store, "SELECT verdict FROM approvals") == "withdrawn"


def test_an_invitation_from_the_site_the_whole_way(
    signed: Signed, store: Store, ana: Actor, beg: Actor, clock: MovingClock
) -> None:
    form = {"person": "Leyla", "role": "member", "organisation": str(ana.organisation_id)}
    form["directory"] = "yes"
    first = signed("a-ana").post("/en/people/invite", data=form)
    assert first.status_code == 303, first.text
    where = first.headers["location"]
    again = signed("a-ana").post("/en/people/invite", data=form)
    assert again.headers["location"] == where
    assert "somebody else has to agree" in signed("a-ana").get(where).text
    assert signed("a-ana").post(f"{where}/link").status_code == 404
    other = signed("a-beg")
    assert where.removeprefix("/en") in other.get("/en/work").text
    assert "Leyla" in other.get(where).text
    assert other.post(where, data={"verdict": "refused"}).status_code == 422
    assert other.post(where, data={"verdict": "approved"}).status_code == 303
    assert other.post(where, data={"verdict": "approved"}).status_code == 303
    assert other.post(f"{where}/link").status_code == 404
    mine = signed("a-ana")
    assert "shown to you once" in mine.get("/en/work").text
    shown = mine.post(f"{where}/link")
    assert shown.headers["cache-control"] == "no-store"
    (code,) = re.findall(r"/join/([0-9a-z-]+)<", shown.text)
    assert mine.post(f"{where}/link").status_code == 404
    assert "link was shown" in mine.get(where).text
    assert code not in mine.get(where).text
    assert mine.get(f"/en/join/{code}").status_code == 200
    with store.read() as db:
        rows = "SELECT name || directory FROM invitations WHERE name = 'Leyla'"
        assert column(db, rows) == ["Leyla1"]
        assert column(db, "SELECT name FROM wanted_invitations") == []
        assert not [each for each in column(db, "SELECT detail FROM audit") if "Leyla" in each]


def test_the_register_and_its_json(signed: Signed, ana: Actor, beg: Actor, store: Store) -> None:
    item = asked(store, ana, "unlock", "a-beg")
    found = signed("a-beg").get("/en/approvals", headers=JSON).json()
    assert found["total"] == 1
    assert found["results"][0]["id"] == item
    assert found["results"][0]["asked_by"] == "Ana"
    assert signed("a-beg").get(f"/en/approvals/{item}", headers=JSON).json()["kind"] == "unlock"
    for language in LANGUAGES:
        assert f'lang="{language}"' in signed("a-beg").get(f"/{language}/approvals").text


def test_03_a_member_sees_nobodys_items_by_their_id(
    signed: Signed, ana: Actor, mira: Actor, store: Store
) -> None:
    item = asked(store, ana, "unlock", "a-mira")
    browser = signed("a-mira")
    assert browser.get(f"/en/approvals/{item}").status_code == 404
    assert browser.post(f"/en/approvals/{item}", data={"verdict": "approved"}).status_code == 404
    assert browser.post(f"/en/approvals/{item}/link").status_code == 404
    assert browser.get("/en/approvals", headers=JSON).json()["total"] == 0


def test_a_form_without_the_token_of_the_page_changes_nothing(
    signed: Signed, ana: Actor, beg: Actor, store: Store, browser: TestClient
) -> None:
    item = asked(store, ana, "role", "a-beg")
    signed("a-beg")
    browser.headers.pop("X-CSRF-Token")
    answer = browser.post(f"/en/approvals/{item}", data={"verdict": "approved"})
    assert answer.status_code == 403
    assert cell(store, "SELECT count(*) FROM approval_voices") == 0


def test_an_invitation_to_an_address_is_mailed_too(
    signed: Signed, ana: Actor, beg: Actor, browser: TestClient
) -> None:
    form = {"person": "guest@ngo.example", "role": "observer"}
    where = signed("a-ana").post("/en/people/invite", data=form).headers["location"]
    signed("a-beg").post(where, data={"verdict": "approved"})
    site = browser.app.state.site
    with opened_postbox() as box:
        mailing = msgspec.structs.replace(site.settings, smtp_url=box.url())
        browser.app.state.site = dataclasses.replace(site, settings=mailing)
        shown = signed("a-ana").post(f"{where}/link").text
    browser.app.state.site = site
    (letter,) = box.letters
    (code,) = re.findall(r"/join/([0-9a-z-]+)<", shown)
    assert letter["To"] == "guest@ngo.example"
    assert code in letter.get_content()
    assert "also sent by e-mail" in shown
