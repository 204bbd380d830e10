"""Anybody's program may read, from anywhere; nobody is recognised, and nobody is found in it."""

import re
from collections.abc import Iterator
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as some
from litestar.testing import TestClient

from portal.hsds.rules import MOST_NETWORKS, Pace, web_address
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from tests.conftest import JSON, MOMENT, OPERATOR, SignIn, browsing
from tests.hsds.conftest import KINDS

EVERYTHING = (
    "/hsds/services?format=ndjson&full=true",
    "/hsds/organizations?format=ndjson&full_service=true",
    "/hsds/service_at_locations?format=ndjson&full=true",
    "/hsds/taxonomy_terms?format=ndjson",
    "/hsds/services?minimal=true",
    "/hsds/services?modified_after=2026-11-23",
)


def told(settings: Settings) -> dict[str, str]:
    with browsing(settings) as site:
        return {path: site.get(path).text for path in EVERYTHING}


def test_no_practitioner_moves_a_byte(settings: Settings) -> None:
    """Why no filter finds a person: no record, list, count or date here comes of a person's row.

    - `taxonomy_term_id`, `taxonomy_id`: the terms are those of the public cards, all of them, and
      what organisations offer is declared by them. Who specialises in what is not a taxonomy.
    - `organization_id`: one gets the public card, which shows the same to every visitor.
    - `search`: looks through names and summaries of public cards and the code list, nothing else.
    - `modified_after`, `minimal`: every date is the edition's, so that no change tells of a row.
    - distances and postcodes are refused.
    So all practitioners can go, and a new edition with a new release says the same, word by word.
    """
    before = told(settings)
    with browsing(settings) as site:
        store = site.app.state.site.store
        with store.transaction() as db:
            db.execute("UPDATE listings SET profession = 'lawyer', gender = 'female'")
            db.execute("UPDATE practitioners SET profession = 'lawyer', languages = '[\"en\"]'")
            db.execute("UPDATE accounts SET name = 'Somebody else'")
        release_and_publish(store, settings, OPERATOR, MOMENT)
    assert told(settings) == before


def test_a_shelter_and_a_place_of_our_own_never_get_here(settings: Settings) -> None:
    with browsing(settings) as site:
        store = site.app.state.site.store
        with store.transaction() as db:
            (shelter,) = db.execute(
                "SELECT o.id FROM organisations AS o JOIN organisation_services AS s"
                " ON s.organisation_id = o.id WHERE s.service = 'shelter' LIMIT 1"
            ).fetchone()
            db.execute(
                "UPDATE organisations SET visibility = 'public', name = 'Quiet House',"
                " phone = '+993 65 010203' WHERE id = ?",
                [shelter],
            )
            (moved,) = db.execute(
                "SELECT id FROM organisations WHERE id <> ? AND id = 'o-s2k6bd'", [shelter]
            ).fetchone()
            db.execute(
                "UPDATE places SET origin = 'network', name = 'Hidden Hamlet' WHERE id ="
                " (SELECT place_id FROM organisations WHERE id = ?)",
                [moved],
            )
        release_and_publish(store, settings, OPERATOR, MOMENT)
    said = told(settings)
    for text in said.values():
        for word in (shelter, "Quiet House", "010203", "Hidden Hamlet"):
            assert word not in text
    (line,) = [each for each in said[EVERYTHING[1]].splitlines() if f"/{moved}" in each]
    assert '"locations"' not in line
    assert '"service_areas"' in line
    # the word is in the code list; nobody offers it here
    (term,) = re.findall(r'"id":"([^"]+)","code":"shelter"', said[EVERYTHING[3]])
    with browsing(settings) as site:
        assert site.get(f"/hsds/services?taxonomy_term_id={term}").json()["empty"]


def test_only_public_telephone_numbers_and_no_persons_are_told(settings: Settings) -> None:
    with browsing(settings) as site:
        store = site.app.state.site.store
        with store.read() as db:
            private = {
                text
                for row in db.execute("SELECT phone, email FROM practitioner_contacts")
                for text in row
                if text
            }
            names = {name for (name,) in db.execute("SELECT name FROM practitioners")}
        said = "".join(told(settings).values())
    assert private
    assert names
    assert not [each for each in private | names if each in said]
    assert '"contacts"' not in said
    assert '"languages"' not in said
    assert '"schedules"' not in said


@pytest.fixture
def addresses(visitor: TestClient) -> list[str]:
    found = ["/hsds/", "/hsds/services?minimal=1"]
    for path in KINDS:
        one = visitor.get(f"/hsds/{path}?per_page=1").json()["contents"][0]["id"]
        found += [f"/hsds/{path}", f"/hsds/{path}/{one}"]
    return found


def test_every_answer_may_be_read_by_pages_of_other_sites(
    visitor: TestClient, addresses: list[str]
) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    wrong = ["/hsds/nothing", "/hsds/services/nothing", "/hsds/services?page=0"]
    for path in (*addresses, *wrong):
        for method in ("GET", "HEAD", "POST", "DELETE"):
            answer = visitor.request(method, path, headers={"Origin": asks["Origin"]})
            assert answer.headers["access-control-allow-origin"] == "*", (method, path)
            assert "access-control-allow-credentials" not in answer.headers
            assert "set-cookie" not in answer.headers
            assert answer.headers["content-type"].startswith("application/json"), (method, path)
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")
            assert answer.headers["x-content-type-options"] == "nosniff"
            if method in ("POST", "DELETE"):
                assert answer.status_code in (404, 405), (method, path)
    for path in addresses:
        answer = visitor.options(path, headers=asks)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "GET" in answer.headers["access-control-allow-methods"]
        assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in visitor.get("/en/organisations").headers
    assert "access-control-allow-origin" not in visitor.get("/hsdsx").headers


def test_a_page_that_was_not_changed_is_not_sent_again(
    visitor: TestClient, addresses: list[str]
) -> None:
    tags = {}
    for path in addresses:
        first, head = visitor.get(path), visitor.head(path)
        tags[path] = first.headers["etag"]
        assert head.headers["etag"] == tags[path]
        assert head.content == b""
        again = visitor.get(path, headers={"If-None-Match": f'"other", {tags[path]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tags[path]
        assert visitor.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert len(set(tags.values())) == len(addresses)


def test_a_member_reads_what_everybody_reads(as_role: SignIn, visitor: TestClient) -> None:
    public = {path: visitor.get(path) for path in EVERYTHING}
    member = as_role("coordinator")
    assert "x-csrf-token" in member.get("/en/organisations", headers=JSON).headers
    for path, answer in public.items():
        own = member.get(path)
        assert own.content == answer.content
        assert own.headers == answer.headers
    for path in ("/hsds/nothing", "/hsds/services/nothing"):
        assert "x-csrf-token" not in member.get(path, headers=JSON).headers


def test_before_the_first_publication_there_is_nothing_to_read(settings: Settings) -> None:
    (settings.generations / "current").unlink()
    with browsing(settings) as site:
        for path in ("/hsds/", "/hsds/services"):
            answer = site.get(path)
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "unavailable"
            assert answer.headers["access-control-allow-origin"] == "*"


@pytest.fixture
def narrow(reading: TestClient) -> Iterator[TestClient]:
    """The same site with room for three questions."""
    wide = reading.app.state.hsds_pace
    reading.cookies.clear()
    reading.app.state.hsds_pace = Pace(burst=3, each_second=0.001)
    yield reading
    reading.app.state.hsds_pace = wide


def test_who_asks_without_end_waits_a_little(narrow: TestClient) -> None:
    statuses = [narrow.get("/hsds/taxonomies").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = narrow.get("/hsds/services")
    assert answer.status_code == 429
    assert 900 < int(answer.headers["retry-after"]) <= 1000
    assert answer.json()["error"]["code"] == "too_many"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    assert narrow.get("/en/organisations").status_code == 200


@given(
    some.lists(some.tuples(some.sampled_from("abc"), some.floats(0, 5)), max_size=60),
    some.integers(1, 5),
    some.floats(0.1, 4),
)
def test_no_network_gets_more_than_its_share(
    asks: list[tuple[str, float]], burst: int, each_second: float
) -> None:
    pace, at, begun = Pace(burst, each_second), 0.0, {}
    for network, later in asks:
        at += later
        begun.setdefault(network, [at, 0])
        wait = pace.take(network, at)
        if wait is None:
            begun[network][1] += 1
        else:
            assert 1 <= wait.total_seconds() <= ceil(1 / each_second)
        since, had = begun[network]
        assert had <= burst + (at - since) * each_second + 1e-6


def test_the_memory_of_who_asked_is_bounded_and_those_who_ask_are_kept() -> None:
    pace = Pace(burst=2, each_second=0.0001)
    for number in range(MOST_NETWORKS + 50):
        pace.take(f"n{number}", 0)
        pace.take("eager", 0)
    assert len(pace) <= MOST_NETWORKS
    assert pace.take("eager", 1) is not None


def test_an_address_that_is_none_is_left_out() -> None:
    assert web_address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    for text in (
        "example.org",
        "javascript:alert(1)",
        "https://",
        "http://a b",
        "http://[",
        "",
        None,
    ):
        assert web_address(text) is None
