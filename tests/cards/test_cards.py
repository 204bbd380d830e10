"""A printed card: kept as hashes, handed over once, and worth nothing to one person alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal import audit
from portal.actor import Actor
from portal.cards.actions import Call, act_on_behalf, make_card
from portal.cards.forms import Confirming
from portal.cards.queries import find_card, find_waiting
from portal.cards.rules import CODES, REFUSED, TRIES, acts_now, asked_number, card_hash
from portal.credentials.rules import plain_code
from portal.db import Store, column
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR, TODAY, browsing
from tests.keepers import Sign, field, token
from tests.people import MovingClock

Card = dict[int, str]


@pytest.fixture
def card(store: Store, settings: Settings, her: str) -> Card:
    """Her card, printed by somebody else than the demo's coordinator."""
    with store.transaction() as db:
        codes = make_card(db, settings.secret, OPERATOR, MOMENT, her)
    return dict(enumerate(codes, start=1))


@pytest.fixture
def calls(client: TestClient, sign_in: Sign, her: str) -> Callable[..., int]:
    """What a coordinator's form answers when she says something."""
    sign_in("coordinator")
    path = f"/en/practitioners/{her}/telephone"

    def call(act: str, **more: str) -> int:
        page = client.get(f"{path}?act={act}").text
        form = {"csrf": token(client), "act": act}
        for name in ("number", "seen"):
            if f'name="{name}"' in page:
                form[name] = field(page, name)
        return client.post(path, data={**form, **more}).status_code

    return call


def asked(client: TestClient, her: str) -> int:
    page = client.get(f"/en/practitioners/{her}/telephone?act=confirm").text
    return int(field(page, "number"))


def how(store: Store, her: str) -> list[str | None]:
    sql = "SELECT how FROM confirmations WHERE practitioner_id = :her ORDER BY id"
    with store.read() as db:
        return column(db, sql, her=her)


def done(store: Store, her: str) -> list[str]:
    sql = "SELECT detail FROM audit WHERE verb = 'on_behalf' AND entity_id = :her ORDER BY id"
    with store.read() as db:
        return column(db, sql, her=her)


def test_14_of_a_card_only_keyed_hashes_are_kept(
    store: Store, settings: Settings, card: Card
) -> None:
    assert len(set(card.values())) == CODES
    assert all(len(plain_code(code)) * 5 == 40 for code in card.values())
    stored = store.path.read_bytes() + store.path.with_name("portal.db-wal").read_bytes()
    assert not any(
        text.encode() in stored for code in card.values() for text in (code, plain_code(code))
    )
    one = card_hash(settings.secret, "c-1", 1, "abcd-efgh")
    assert one != card_hash("another secret", "c-1", 1, "abcd-efgh")
    assert one != card_hash(settings.secret, "c-2", 1, "abcd-efgh")
    assert one != card_hash(settings.secret, "c-1", 2, "abcd-efgh")


def test_the_portal_chooses_the_number_and_stays_with_it() -> None:
    unused = list(range(1, 13))
    assert asked_number("s", "c", unused) == asked_number("s", "c", unused)
    order = []
    while unused:
        number = asked_number("s", "c", unused)
        assert number in unused
        order.append(number)
        unused.remove(number)
    assert order != sorted(order)
    assert asked_number("s", "c", []) is None
    assert len({asked_number(f"s{n}", "c", list(range(1, 13))) for n in range(99)}) == CODES


def test_with_her_code_a_coordinator_confirms_for_her(
    client: TestClient, store: Store, her: str, card: Card, calls: Callable[..., int]
) -> None:
    number = asked(client, her)
    assert calls("confirm", code=card[number].upper().replace("-", " ")) == 303
    assert how(store, her)[-1] == "telephone"
    (line,) = done(store, her)
    assert '"act":"confirm"' in line
    assert f'"number":{number}' in line
    assert asked(client, her) != number
    page = client.get(f"/en/practitioners/{her}/telephone").text
    assert f"with code number {number}" in page
    with store.read() as db:
        kinds = "SELECT kind FROM notices WHERE practitioner_id = :her ORDER BY id"
        assert column(db, kinds, her=her) == ["card_made", "on_behalf"]
        assert audit.first_broken(db) is None


def test_07_a_coordinator_alone_cannot_widen(
    client: TestClient, store: Store, her: str, card: Card, calls: Callable[..., int]
) -> None:
    before = how(store, her)
    assert calls("confirm") == 422
    assert calls("confirm", code="") == 422
    assert calls("confirm", code="0000-0000") == 422
    assert how(store, her) == before
    assert done(store, her) == []


def test_07_whoever_printed_the_card_takes_no_call_with_it(
    client: TestClient, store: Store, sign_in: Sign, her: str, calls: Callable[..., int]
) -> None:
    page = client.post(f"/en/practitioners/{her}/card", data={"csrf": token(client)})
    codes = [each.split("<")[0] for each in page.text.split("<code>")[1:]]
    assert len(codes) == CODES
    before, path = how(store, her), f"/en/practitioners/{her}/telephone"
    form = client.get(f"{path}?act=confirm").text
    for shown in (form, client.get(path).text):
        assert "You printed this card; another coordinator can take the call." in shown
        assert "?act=confirm" not in shown.split("<main")[1].split("</main>")[0]
    assert 'name="code"' not in form
    assert [calls("confirm", number=str(n), code=codes[n - 1], seen="x") for n in (1, 2)] == [
        422,
        422,
    ]
    assert how(store, her) == before


@pytest.mark.parametrize("who", ["printer", "herself"])
def test_09_a_second_account_of_one_person_takes_no_call(
    store: Store, settings: Settings, her: str, who: str
) -> None:
    with store.transaction() as db:
        (name,) = column(db, "SELECT name FROM practitioners WHERE id = :her", her=her)
        row = {"id": "a-ann", "sign_in_name": "ann", "name": "Ann Lee", "role": "coordinator"}
        db.table("accounts").insert(row)
        codes = make_card(db, settings.secret, Actor("coordinator", "a-ann"), MOMENT, her)
        caller = {"printer": "Lee Ann", "herself": " ".join(reversed(name.split()))}[who]
        call = Call(Actor("coordinator", "a-other", caller), MOMENT, TODAY, her)
        said = Confirming(number=1, code=codes[0], act="confirm", seen="")
        verdict = act_on_behalf(db, settings.secret, call, said)
    assert verdict.refused == who
    assert who in REFUSED


def test_what_can_be_said_is_ordered_by_what_stands() -> None:
    assert acts_now(consent_stands=True, with_code=True)[0] == "confirm"
    assert acts_now(consent_stands=False, with_code=True)[0] == "consent"
    assert "confirm" not in acts_now(consent_stands=False, with_code=True)
    for stands in (True, False):
        assert acts_now(consent_stands=stands, with_code=False) == ["pause", "withdraw"]


def test_with_no_card_a_new_one_comes_first(client: TestClient, sign_in: Sign, her: str) -> None:
    sign_in("coordinator")
    page = client.get(f"/en/practitioners/{her}/telephone").text
    assert page.index("Print a new card") < page.index("?act=pause")
    assert "?act=confirm" not in page.split("<main")[1].split("</main>")[0]
    assert 'href="/en/cards"' in client.get("/en/people").text


def test_two_people_do_it_when_her_organisation_brings_the_card(
    client: TestClient, store: Store, sign_in: Sign, her: str, calls: Callable[..., int]
) -> None:
    sign_in("member")
    page = client.post(f"/en/practitioners/{her}/card", data={"csrf": token(client)})
    codes = [each.split("<")[0] for each in page.text.split("<code>")[1:]]
    sign_in("coordinator")
    assert calls("confirm", code=codes[asked(client, her) - 1]) == 303
    assert how(store, her)[-1] == "telephone"


def test_a_thief_with_the_card_alone_can_do_nothing(
    client: TestClient, store: Store, sign_in: Sign, her: str, stranger: str, card: Card
) -> None:
    before, path = how(store, her), f"/en/practitioners/{her}/telephone"
    with store.read() as db:
        held = find_card(db, her)
        weeks = list(db.table("practitioner_absences").rows)
    assert held is not None
    forms = [
        {"act": "confirm", "number": str(n), "code": code, "seen": "x"} for n, code in card.items()
    ]
    forms += [{"act": "pause"}, {"act": "withdraw"}]
    client.cookies.clear()
    assert {client.post(path, data=form).status_code for form in forms} == {303}  # to sign in
    for role, organisation, status in (
        ("member", stranger, 404),
        ("admin", "", 404),
        ("member", "", 403),
        ("practitioner", "", 403),
    ):
        sign_in(role, organisation)
        csrf = {"csrf": token(client)}
        assert {client.post(path, data=form | csrf).status_code for form in forms} == {status}
    assert how(store, her) == before
    with store.read() as db:
        assert find_card(db, her) == held
        assert list(db.table("practitioner_absences").rows) == weeks


def test_a_code_read_from_another_place_of_the_card_opens_nothing(
    client: TestClient, store: Store, her: str, card: Card, calls: Callable[..., int]
) -> None:
    before, number = how(store, her), asked(client, her)
    other = next(n for n in card if n != number)
    assert calls("confirm", code=card[other]) == 422
    assert calls("confirm", code=card[other], number=str(other)) == 422
    assert how(store, her) == before
    assert asked(client, her) == number


@pytest.mark.parametrize("jump", [timedelta(), timedelta(days=-1), timedelta(days=1)])
def test_r11_a_used_code_is_refused_whatever_the_clock_says(
    settings: Settings, store: Store, her: str, card: Card, jump: timedelta
) -> None:
    clock = MovingClock()
    with browsing(settings, clock) as site:
        site.follow_redirects = False
        site.post("/demo/sign-in", data={"role": "coordinator"})
        path = f"/en/practitioners/{her}/telephone"
        page = site.get(f"{path}?act=confirm").text
        number = field(page, "number")
        form = {"act": "confirm", "number": number, "seen": field(page, "seen")}
        form |= {"code": card[int(number)], "csrf": token(site)}
        assert site.post(path, data=form).status_code == 303
        before = how(store, her)
        clock.moment = MOMENT + timedelta(minutes=6) + jump
        site.post("/demo/sign-in", data={"role": "coordinator"})
        again = site.post(path, data={**form, "csrf": token(site)})
        assert again.status_code == 422
        assert "used already" in again.text
        assert how(store, her) == before


def test_r14_a_double_tap_does_it_once_and_costs_one_code(
    client: TestClient, store: Store, her: str, card: Card, calls: Callable[..., int]
) -> None:
    number = asked(client, her)
    page = client.get(f"/en/practitioners/{her}/telephone?act=confirm").text
    form = {"number": str(number), "code": card[number], "seen": field(page, "seen")}
    assert [calls("confirm", **form) for _ in range(2)] == [303, 303]
    assert [calls("pause") for _ in range(2)] == [303, 303]
    assert len(done(store, her)) == 2
    with store.read() as db:
        found = find_card(db, her)
    assert found is not None
    assert len(found.unused) == CODES - 1
    assert found.failures == 0


def test_16_five_wrong_codes_lock_the_card_until_a_new_one_is_brought(
    client: TestClient,
    store: Store,
    settings: Settings,
    her: str,
    card: Card,
    calls: Callable[..., int],
) -> None:
    number, before = asked(client, her), how(store, her)
    for _ in range(TRIES):
        assert calls("confirm", code="0000-0000", number=str(number)) == 422
    assert calls("confirm", code=card[number], number=str(number), seen="x") == 422
    assert how(store, her) == before
    assert "locked" in client.get(f"/en/practitioners/{her}/telephone").text
    keeper = Actor(role="coordinator", account_id="x")
    with store.transaction() as db:
        lines = find_waiting(db, keeper, MOMENT, TODAY)
        assert [line.path for line in lines] == [("cards",)]
        codes = make_card(db, settings.secret, OPERATOR, MOMENT, her)
        assert find_waiting(db, keeper, MOMENT, TODAY) == []
    # an earlier card opens nothing any more
    new = asked(client, her)
    assert calls("confirm", code=card[new]) == 422
    assert calls("confirm", code=codes[new - 1]) == 303


def test_a_right_code_with_details_that_changed_is_not_used_up(
    client: TestClient, store: Store, her: str, card: Card, calls: Callable[..., int]
) -> None:
    number = asked(client, her)
    assert calls("confirm", code=card[number], seen="stale") == 422
    assert asked(client, her) == number
    assert calls("confirm", code=card[number]) == 303


def test_pausing_and_withdrawing_need_no_code_but_her_organisation_is_told(
    client: TestClient, store: Store, sign_in: Sign, her: str, calls: Callable[..., int]
) -> None:
    sign_in("member")
    sign_in("coordinator")
    told = "SELECT account_id FROM notices WHERE kind = 'on_behalf_people' AND entity_id = :her"
    away = "SELECT max(ends_on) FROM practitioner_absences WHERE practitioner_id = :her"
    assert calls("pause", ends_on="2026-11-20") == 422
    assert calls("pause", ends_on="2027-02-28") == 303
    with store.read() as db:
        assert column(db, away, her=her) == ["2027-02-28"]
        assert column(db, told, her=her) == ["demo-member"]
    assert calls("withdraw") == 303
    assert calls("withdraw") == 303
    with store.read() as db:
        assert column(db, "SELECT id FROM listings WHERE practitioner_id = :her", her=her) == []
        assert column(
            db, "SELECT phone FROM practitioner_contacts WHERE practitioner_id = :her", her=her
        ) in ([], [None])
    assert len(done(store, her)) == 2


def test_29_a_forged_call_does_nothing(
    client: TestClient, store: Store, her: str, calls: Callable[..., int]
) -> None:
    assert calls("withdraw", csrf="00") == 403
    assert done(store, her) == []


def test_an_unknown_act_is_refused(her: str, calls: Callable[..., int]) -> None:
    assert calls("publish") == 422


def test_a_printed_card_names_nobody(client: TestClient, sign_in: Sign, her: str) -> None:
    sign_in("coordinator")
    answer = client.post(f"/en/practitioners/{her}/card", data={"csrf": token(client)})
    assert "no-store" in answer.headers["cache-control"]
    assert "<title>Numbers</title>" in answer.text
    slip = answer.text.split('class="slip"')[1].split("</main>")[0]
    assert slip.count("<li>") == CODES
    assert "ologist" not in slip
    again = client.get(f"/en/practitioners/{her}/telephone").text
    assert "<code>" not in again


def test_she_sees_what_was_done_for_her_and_prints_no_card(
    client: TestClient, sign_in: Sign, her: str, calls: Callable[..., int]
) -> None:
    calls("pause")
    sign_in("practitioner")
    page = client.get(f"/en/practitioners/{her}/telephone?act=pause").text
    assert "Away for a time" in page
    assert "without a code" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    form = {"csrf": token(client)}
    assert client.post(f"/en/practitioners/{her}/card", data=form).status_code == 403


def test_03_cards_are_found_by_those_who_look_after_her(
    client: TestClient, store: Store, sign_in: Sign, her: str, stranger: str, card: Card
) -> None:
    with store.read() as db:
        (name,) = column(db, "SELECT name FROM practitioners WHERE id = :her", her=her)
    for role, organisation, sees in (
        ("coordinator", "", True),
        ("member", "", True),
        ("member", stranger, False),
    ):
        sign_in(role, organisation)
        address = f"/en/practitioners/{her}/telephone"
        assert (address in client.get("/en/cards").text) == sees
        form = {"csrf": token(client), "who": name.split()[0].upper()}
        assert (address in client.post("/en/cards", data=form).text) == sees
        assert client.post("/en/cards", data={**form, "who": "zzzz"}).status_code == 200
