"""What an observer reads first, and what nobody tells them."""

import pytest
from litestar.testing import TestClient

from portal.indicators.locks import last_closed
from portal.indicators.queries import find_definitions
from tests.conftest import JSON, LANGUAGES, PARTIAL, TODAY, SignIn

WHERE = "/en/overview"


@pytest.fixture
def observer(as_role: SignIn) -> TestClient:
    """A donor."""
    return as_role("observer")


def test_an_observer_begins_with_the_overview(visitor: TestClient) -> None:
    answer = visitor.post("/demo/sign-in", data={"role": "observer"}, follow_redirects=False)
    assert answer.headers["location"] == "/en/overview"
    page = visitor.get(WHERE).text
    assert "Safe roads from the Murgap valley" in page
    assert f'href="{WHERE}"' in visitor.get("/en/work").text
    assert "/en/practitioners" not in page


def test_only_open_figures_of_a_closed_quarter_are_there(observer: TestClient) -> None:
    found = observer.get(WHERE, headers=JSON).json()
    with observer.app.state.site.store.read() as db:
        closed = last_closed(db)
        people = {d.code for d in find_definitions(db, TODAY) if d.counts_people}
        quoted = {d.code for d in find_definitions(db, TODAY) if d.source == "quoted"}
    assert closed is not None
    assert found["quarter"] == closed.code == "2026-Q2"
    codes = {each["code"] for each in found["figures"]}
    assert {"members", "leaflets", "assisted_published"} <= codes
    assert not codes & (people - quoted)
    assert {e["period"] for e in found["figures"] if not e["is_quoted"]} == {closed.code}


def test_completeness_is_numbers_without_names(observer: TestClient) -> None:
    found = observer.get(WHERE, headers=JSON).json()["completeness"]
    assert [each["period"] for each in found] == ["2026-Q3", "2026-Q2"]
    for each in found:
        assert 0 < each["accepted"] <= each["handed_in"] <= each["expected"]
        assert each["on_time"] <= each["handed_in"]
        assert set(each) == {"period", "due_on", "expected", "handed_in", "on_time", "accepted"}


def test_a_shelter_is_not_named_to_an_observer(observer: TestClient) -> None:
    found = observer.get(WHERE, headers=JSON).json()["projects"]
    by_id = {each["id"]: each for each in found}
    assert by_id["pr-murgap"]["organisation"]
    shelter = observer.get("/en/projects/pr-house", headers=JSON).json()
    assert shelter["organisation"] is None
    assert "Parahat" not in observer.get("/en/projects/pr-house").text


@pytest.mark.parametrize("role", ["member", "practitioner", "admin"])
def test_nobody_else_is_told(as_role: SignIn, role: str) -> None:
    assert as_role(role).get(WHERE).status_code == 404


def test_in_every_language_as_page_block_and_to_strangers(observer: TestClient) -> None:
    for code in LANGUAGES:
        page = observer.get(f"/{code}/overview")
        assert page.status_code == 200
        assert "<html" not in observer.get(f"/{code}/overview", headers=PARTIAL).text
    assert observer.post(WHERE).status_code in (403, 405)
    observer.cookies.clear()
    assert observer.get(WHERE, headers=JSON).status_code == 401
    assert observer.get(WHERE, follow_redirects=False).headers["location"].startswith("/en/sign-in")
