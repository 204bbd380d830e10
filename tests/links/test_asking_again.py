"""Whoever's link is over gets another one; the page tells nobody who is known here."""

import pytest
from litestar.testing import TestClient

from portal.accounts.actions import lock
from portal.agreements.actions import set_agreement, withdraw_consent
from portal.db import Store, column
from portal.settings import Settings
from portal.web.page import page
from tests.conftest import LANGUAGES, MOMENT, OPERATOR, PARTIAL, TODAY
from tests.people import make_person

ADDRESS = "maral@clinic.example"


@pytest.fixture
def maral(store: Store) -> str:
    """A listed practitioner with an address and no account."""
    with store.transaction() as db:
        found = column(db, "SELECT practitioner_id FROM listings ORDER BY 1")[0]
        row = {"practitioner_id": found, "email": "Maral@Clinic.example"}
        db.table("practitioner_contacts").upsert(row, pk="practitioner_id")
        db.execute("DELETE FROM notices")
    return str(found)


def ask(client: TestClient, to: str = ADDRESS, purpose: str = "confirm", **headers: str):
    form = {"to": to, "purpose": purpose}
    return client.post("/en/links/again", data=form, headers=headers, follow_redirects=False)


def asked_for(store: Store) -> list[tuple[str, str]]:
    with store.read() as db:
        sql = "SELECT practitioner_id, purpose FROM notices WHERE kind = 'link_again'"
        return db.execute(sql).fetchall()


def test_a_listed_practitioner_gets_another_link_to_confirm(
    client: TestClient, store: Store, maral: str
) -> None:
    answer = ask(client, f" {ADDRESS.upper()} ")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/links/again?asked=1"
    assert asked_for(store) == [(maral, "confirm")]
    ask(client)
    assert asked_for(store) == [(maral, "confirm")]


def test_the_sign_in_name_does_as_well(
    client: TestClient, store: Store, settings: Settings, maral: str
) -> None:
    make_person(store, settings, "maral", "practitioner", practitioner_id=maral)
    ask(client, "Maral")
    assert asked_for(store) == [(maral, "confirm")]


def test_consent_is_asked_for_again_only_while_it_is_proposed(
    client: TestClient, store: Store, maral: str
) -> None:
    ask(client, purpose="consent")
    assert asked_for(store) == []
    with store.transaction() as db:
        set_agreement(db, OPERATOR, MOMENT, maral, "proposed")
    ask(client, purpose="confirm")
    assert asked_for(store) == []
    ask(client, purpose="consent")
    assert asked_for(store) == [(maral, "consent")]


def test_whoever_withdrew_or_is_locked_is_unknown(
    client: TestClient, store: Store, settings: Settings, maral: str
) -> None:
    make_person(store, settings, "maral", "practitioner", practitioner_id=maral)
    with store.transaction() as db:
        lock(db, OPERATOR, MOMENT, "maral")
    ask(client, "maral")
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, MOMENT, maral, TODAY.isoformat())
    ask(client)
    assert asked_for(store) == []


def test_15_known_and_unknown_are_answered_alike(
    client: TestClient, store: Store, maral: str
) -> None:
    before = changes(store)
    known = ask(client)
    between = changes(store)
    unknown = ask(client, "nobody@clinic.example")
    assert changes(store) > between > before  # both write: one takes as long as the other
    assert known.status_code == unknown.status_code
    assert known.content == unknown.content
    alike = [dict(answer.headers) for answer in (known, unknown)]
    assert alike[0] == alike[1]
    with store.read() as db:
        tries = column(db, "SELECT failures FROM attempts")
    assert sorted(tries) == [1, 1, 2]


def changes(store: Store) -> int:
    with store.read() as db:
        return column(db, "SELECT coalesce(sum(failures), 0) FROM attempts")[0]


@pytest.mark.parametrize("to", [ADDRESS, "nobody@clinic.example"])
def test_16_asking_too_often_has_to_wait_known_or_not(
    client: TestClient, store: Store, maral: str, to: str
) -> None:
    assert [ask(client, to).status_code for _ in range(6)] == [303] * 5 + [429]
    assert ask(client, "somebody-else").status_code == 303


def test_asking_for_links_slows_no_sign_in_down(client: TestClient, maral: str) -> None:
    for _ in range(6):
        ask(client, "aylar")
    form = {"name": "aylar", "password": "wrong wrong wrong", "code": "000000"}
    assert client.post("/en/sign-in", data=form).status_code == 422


def test_what_was_typed_is_kept_with_the_problem(client: TestClient) -> None:
    answer = client.post("/en/links/again", data={"to": ADDRESS, "purpose": "review"})
    assert answer.status_code == 422
    assert f'value="{ADDRESS}"' in answer.text
    assert client.post("/en/links/again", data={"purpose": "confirm"}).status_code == 422
    assert client.put("/en/links/again").status_code == 405


def test_29_a_page_of_somebody_else_cannot_ask(client: TestClient) -> None:
    assert ask(client, Origin="https://elsewhere.example").status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_every_language_whole_and_in_part(visitor: TestClient, language: str) -> None:
    whole = visitor.get(f"/{language}/links/again?asked=1")
    assert whole.status_code == 200
    assert f'<html lang="{language}">' in whole.text
    part = visitor.get(f"/{language}/links/again", headers=PARTIAL)
    assert "<html" not in part.text
    assert 'name="to"' in part.text


@pytest.mark.parametrize(("purpose", "offers"), [("confirm", 1), ("consent", 1), ("review", 0)])
def test_a_link_that_is_over_says_so_and_offers_another(
    client: TestClient, purpose: str, offers: int
) -> None:
    from litestar import Request, get
    from litestar.testing import create_test_client

    site = client.app.state.site

    @get("/en/over", sync_to_thread=False)
    def over(request: Request) -> object:
        return page(request, "link_over.html", block="content", status=404, purpose=purpose)

    with create_test_client(over, state=client.app.state) as other:
        other.app.state.site = site
        answer = other.get("/en/over")
    assert answer.status_code == 404
    assert "opens nothing any more" in answer.text
    assert answer.text.count('action="/en/links/again"') == offers
    assert answer.text.count(f'name="purpose" value="{purpose}"') == offers
