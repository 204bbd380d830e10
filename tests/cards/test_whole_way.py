"""Somebody without e-mail goes the whole way by a card of codes, on the telephone."""

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.agreements.actions import set_agreement, withdraw_consent
from portal.cards.actions import make_card
from portal.db import Store, column
from portal.nearby.queries import find_visits_left
from portal.nearby.rules import WEEKDAYS
from portal.requests import actions
from portal.requests.rules import Wanted
from portal.settings import Settings
from tests.cards.test_cards import done
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.keepers import Sign, field, token


class Telephone:
    """A coordinator with a form before her, and a practitioner with her card."""

    def __init__(self, client: TestClient, her: str, card: dict[int, str]) -> None:
        self.client, self.card = client, card
        self.path = f"/en/practitioners/{her}/telephone"

    def say(self, act: str, **more: str) -> int:
        query = f"?act={act}" + (f"&request={more['request']}" if "request" in more else "")
        page = self.client.get(self.path + query).text
        form = {"csrf": token(self.client), "act": act, **more}
        if 'name="seen"' in page:
            form["seen"] = field(page, "seen")
        if 'name="number"' in page:
            form["number"] = field(page, "number")
            form.setdefault("code", self.card[int(form["number"])])
        if 'name="ethics"' in page:
            form.setdefault("ethics", field(page, "ethics"))
        return self.client.post(self.path, data=form).status_code


@pytest.fixture
def telephone(
    client: TestClient, store: Store, settings: Settings, sign_in: Sign, her: str
) -> Telephone:
    """She was listed once and withdrew; her organisation proposes her again and brings a card."""
    sign_in("coordinator")
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, her, TODAY.isoformat())
        set_agreement(db, OPERATOR, MOMENT, her, "ended")
        set_agreement(db, OPERATOR, MOMENT, her, "proposed")
        codes = make_card(db, settings.secret, OPERATOR, MOMENT, her)
    return Telephone(client, her, dict(enumerate(codes, start=1)))


def is_listed(store: Store, her: str) -> bool:
    with store.read() as db:
        return bool(column(db, "SELECT id FROM listings WHERE practitioner_id = :her", her=her))


def ask_for(store: Store, her: str) -> str:
    """A request that is offered to her, at her own settlement by phone."""
    with store.transaction() as db:
        account = find_or_make_demo_account(db, "member", None, TODAY)
        row = db.table("accounts").get(account)
        person = db.table("practitioners").get(her)
        asker = Actor(
            role="member",
            account_id=account,
            organisation_id=row["organisation_id"],
            directory_access=True,
        )
        day = next(d for d in range(24, 30) if WEEKDAYS[(d - 23) % 7] == "sat")
        wanted = Wanted(
            profession=person["profession"],
            mode=person["modes"].split('"')[1],
            region=column(db, "SELECT region FROM places WHERE id = :id", id=person["place_id"])[0],
            wished_on=TODAY.replace(day=day),
            timezone="Asia/Ashgabat",
            form_key="key-of-the-only-form",
            accompaniment="asker",
            travel_cost="asker",
            place_id=person["place_id"],
        )
        return str(actions.create(db, asker, MOMENT, wanted, [her]))


CONSENT = {"scope": "members", "contact_policy": "via_organisation", "reference": "folder 7, 12"}


def test_the_whole_way_by_code_card(
    telephone: Telephone, client: TestClient, store: Store, her: str
) -> None:
    assert telephone.say("confirm") == 422  # nothing to confirm before the consent
    assert telephone.say("consent", **CONSENT) == 303
    with store.read() as db:
        sql = "SELECT how || reference FROM consents WHERE practitioner_id = :her ORDER BY id DESC"
        assert column(db, sql, her=her)[0] == "telephonefolder 7, 12"
    with store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT, her, "agreed")
        db.execute("DELETE FROM practitioner_absences WHERE practitioner_id = ?", [her])
    assert telephone.say("confirm") == 303
    assert is_listed(store, her)

    request = ask_for(store, her)
    page = client.get(telephone.path).text
    assert f"request={request}" in page
    assert telephone.say("accept", request=request, code="0000-0000") == 422
    assert telephone.say("accept", request=request) == 303
    with store.read() as db:
        state = "SELECT state FROM request_states WHERE request_id = :id ORDER BY id DESC"
        assert column(db, state, id=request)[0] == "accepted"
    assert "Read out the place" in client.get(telephone.path).text

    assert telephone.say("pause") == 303
    assert telephone.say("withdraw") == 303
    assert not is_listed(store, her)
    acts = [line.split('"act":"')[1].split('"')[0] for line in done(store, her)]
    assert acts == ["consent", "confirm", "accept", "pause", "withdraw"]
    assert all("folder" not in line for line in done(store, her))
    details = client.get(f"/en/practitioners/{her}", headers=JSON).json()
    assert details["listed"] is False


def test_she_declines_and_no_reason_is_one(telephone: Telephone, store: Store, her: str) -> None:
    assert telephone.say("consent", **CONSENT) == 303
    with store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT, her, "agreed")
        db.execute("DELETE FROM practitioner_absences WHERE practitioner_id = ?", [her])
    assert telephone.say("confirm") == 303
    request = ask_for(store, her)
    assert telephone.say("decline", request=request, reason="because") == 422
    assert telephone.say("decline", request=request, reason="no_reason") == 303
    assert telephone.say("accept", request=request) in (404, 422)


@pytest.mark.parametrize("missing", [*CONSENT, "code"])
def test_07_no_consent_without_code_paper_and_choice(
    telephone: Telephone, store: Store, her: str, missing: str
) -> None:
    assert telephone.say("consent", **{**CONSENT, missing: ""}) == 422
    assert not is_listed(store, her)
    assert done(store, her) == []


def test_a_request_of_somebody_else_is_not_answered_by_her_card(
    telephone: Telephone, store: Store, her: str
) -> None:
    assert telephone.say("accept", request="r-nobody") == 404
    assert done(store, her) == []


def test_a_full_month_leaves_no_visit_whatever_the_week_says(
    telephone: Telephone, client: TestClient, store: Store, her: str
) -> None:
    assert telephone.say("consent", **CONSENT) == 303
    with store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT, her, "agreed")
        db.execute("DELETE FROM practitioner_absences WHERE practitioner_id = ?", [her])
        db.execute(
            "UPDATE practitioners SET weekly_visits = 5, monthly_cap = 1 WHERE id = ?", [her]
        )
    assert telephone.say("confirm") == 303
    first = ask_for(store, her)
    assert telephone.say("accept", request=first) == 303
    assert "0 visits are left this week" in client.get(f"/en/practitioners/{her}/week").text
    with store.read() as db:
        assert find_visits_left(db, her, TODAY) == 0
        assert find_visits_left(db, her, TODAY.replace(month=12)) == 1
