"""Headers that every answer carries, whatever it is."""

import pytest
from litestar.testing import TestClient

from portal.settings import Settings
from portal.web.assets import Assets
from tests.conftest import JSON

ANSWERS = [
    ("GET", "/", 302),
    ("GET", "/en", 200),
    ("GET", "/en/organisations?region=nowhere", 422),
    ("GET", "/en/nothing-here", 404),
    ("GET", "/nothing-here", 404),
    ("GET", "/xx/organisations", 404),
    ("DELETE", "/en/organisations", 405),
    ("GET", "/en/practitioners", 303),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/api/openapi.json", 200),
    ("GET", "/data/network", 200),
    ("GET", "/data/nothing", 404),
    ("GET", "/exit", 303),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_is_guarded(visitor: TestClient, method: str, path: str, status: int) -> None:
    answer = visitor.request(method, path, follow_redirects=False)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    for name in ("opener-policy", "resource-policy"):
        assert answer.headers[f"cross-origin-{name}"] == "same-origin"
    assert answer.headers["cross-origin-embedder-policy"] == "require-corp"
    assert "permissions-policy" in answer.headers
    assert "set-cookie" not in answer.headers or path == "/exit"


def test_a_body_too_large_is_refused_with_the_same_headers(member: TestClient) -> None:
    answer = member.post("/en/nearby", data={"place": "x" * 100_000})
    assert answer.status_code == 413
    assert "content-security-policy" in answer.headers


def test_what_signed_in_people_see_is_not_kept(member: TestClient) -> None:
    for path in ("/en", "/en/practitioners", "/en/organisations", "/en/search?q=mary"):
        assert member.get(path).headers["cache-control"] == "no-store"


def test_an_error_is_a_plain_page_without_a_trace(visitor: TestClient) -> None:
    answer = visitor.get("/ru/nothing")
    assert "Traceback" not in answer.text
    assert "portal/" not in answer.text
    assert '<html lang="ru">' in answer.text


def test_our_files_are_kept_for_a_year_and_answer_304(visitor: TestClient) -> None:
    page = visitor.get("/en").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    first = visitor.get(address)
    assert "immutable" in first.headers["cache-control"]
    again = visitor.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    ("cookie", "asked", "language"),
    [
        ("", "tg;q=0.5, ru;q=0.9", "ru"),
        ("", "de, tk;q=0.1", "tk"),
        ("", "de", "en"),
        ("", "nonsense;q=x", "en"),
        ("tg", "ru", "tg"),
        ("xx", "ru", "ru"),
    ],
)
def test_the_front_door_leads_to_the_readers_language(
    visitor: TestClient, cookie: str, asked: str, language: str
) -> None:
    headers = {"Accept-Language": asked, "Cookie": f"lang={cookie}"}
    answer = visitor.get("/", headers=headers, follow_redirects=False)
    assert answer.headers["location"] == f"/{language}"


def test_the_openapi_document_lists_the_registers(visitor: TestClient) -> None:
    document = visitor.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert "/{lang}/nearby" in document["paths"]
    assert "/demo/sign-in" not in document["paths"]
    asked = document["paths"]["/{lang}/nearby"]["get"]["parameters"]
    assert {"place", "profession", "gender_must", "limit"} <= {each["name"] for each in asked}
    assert "Answer" in document["components"]["schemas"]


def test_a_script_reads_its_token_from_a_json_answer(member: TestClient) -> None:
    token = member.get("/en/organisations", headers=JSON).headers["x-csrf-token"]
    answer = member.post("/en/nearby", data={"place": "1219762"}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 200
    member.cookies.clear()
    assert "x-csrf-token" not in member.get("/en/organisations", headers=JSON).headers


@pytest.mark.parametrize("path", ["/en", "/healthz", "/en/nothing", "/data/network"])
def test_head_is_get_without_the_body(visitor: TestClient, path: str) -> None:
    asked, told = visitor.head(path), visitor.get(path)
    assert asked.status_code == told.status_code
    assert asked.content == b""
    assert asked.headers["content-type"] == told.headers["content-type"]
    assert "content-security-policy" in asked.headers


@pytest.mark.parametrize(
    "host", ["127.0.0.1:abc", "127.0.0.1:99999999", "http://evil/", "[", "a b", "evil.example:"]
)
def test_an_impossible_host_is_refused_with_the_same_headers(
    visitor: TestClient, host: str
) -> None:
    for path in ("/en", "/data/network", "/demo/sign-in"):
        answer = visitor.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "content-security-policy" in answer.headers


def test_details_of_health_are_for_this_machine(visitor: TestClient) -> None:
    assert visitor.get("/healthz").json()["checks"]["database"] == "ok"
    behind = visitor.get("/healthz", headers={"X-Forwarded-For": "203.0.113.9"}).json()
    assert behind == {"status": "ok", "checks": {}}


def test_a_block_sends_the_whole_page_to_sign_in(visitor: TestClient) -> None:
    answer = visitor.get("/en/practitioners", headers={"HX-Request-Type": "partial"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/en/sign-in"


def test_a_damaged_public_database_shows_in_health_and_the_site_stays_up(
    client: TestClient, settings: Settings
) -> None:
    number = (settings.generations / "current").read_text().strip()
    published = settings.generations / number / "public.db"
    published.write_bytes(published.read_bytes()[:-4096])
    health = client.get("/healthz").json()
    assert (health["status"], health["checks"]["published"]) == ("degraded", "failed")
    assert client.get("/data/network").status_code == 503
    assert client.get("/en/organisations").status_code == 200


def test_without_the_script_of_others_every_page_still_works(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Assets, "has", lambda _self, _name: False)
    for path in ("/en/nearby", "/en/organisations", "/en/events", "/en/search?q=mary"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_an_error_page_leads_on_without_our_own_words(client: TestClient) -> None:
    page = client.get("/en/practitioners/nobody/nothing")
    assert page.status_code == 404
    inside = page.text.split("<main")[1].split("</main>")[0]
    assert "not_found" not in inside
    assert 'href="/en/sign-in"' in inside
