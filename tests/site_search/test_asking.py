"""What a person types, the page that answers, and the ways on from it."""

import re
from html import unescape

import pytest
from litestar.testing import TestClient

from seed_data.anchors import BAYRAMALY
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, PARTIAL

HOSTILE = (
    "",
    "   ",
    '"',
    '"mary',
    "'); DROP TABLE places; --",
    "NEAR(a b) AND OR NOT *",
    "title:mary",
    "^mary$",
    "mary* -mary (mary",
    "😀😀",
    "👩🏽\u200d⚖️",
    "שלום",
    "سلام مریم",
    "\u202emary\u202c",
    "\x00",
    "mary\x00mary",
    "…—!?",
    "аa бb",
    "Мary Мары",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "%s %(n)s",
    "x" * 1000,
    "mary " * 200,
    "ÿ́" * 300,
    "a",
    "я",
)


@pytest.fixture(params=["", "member"], ids=["the public", "a member"])
def somebody(request: pytest.FixtureRequest, visitor: TestClient, as_role) -> TestClient:
    """Both kinds of askers."""
    return as_role(request.param) if request.param else visitor


def posted(client: TestClient, headers: dict[str, str] | None = None, **sent: str):
    """The answer to a form of the page."""
    return client.post("/en/search", data={"csrf": csrf_of(client), **sent}, headers=headers or {})


def read(html: str) -> str:
    """What one reads on a page: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_whatever_is_typed_gets_an_answer(somebody: TestClient) -> None:
    csrf = csrf_of(somebody) if "csrf" in somebody.get("/en").text else ""
    for hostile in HOSTILE:
        for headers in ({}, JSON, PARTIAL):
            answers = [somebody.get("/en/search", params={"q": hostile}, headers=headers)]
            if csrf:
                sent = {"csrf": csrf, "q": hostile}
                answers.append(somebody.post("/en/search", data=sent, headers=headers))
            for answer in answers:
                assert answer.status_code == 200, hostile
                assert "<script>alert" not in answer.text or headers == JSON
                assert " 49 " not in answer.text


def test_parameters_that_cannot_be_are_said_beside_what_was_typed(visitor: TestClient) -> None:
    for wrong in ({"kind": "x"}, {"near": "L-nowhere"}, {"within": "7"}, {"page": "-1"}, {"a": ""}):
        answer = visitor.get("/en/search", params={"q": "mary", **wrong})
        if wrong == {"a": ""}:  # an empty parameter is an absent one
            assert answer.status_code == 200
            continue
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert 'value="mary"' in answer.text
        said = visitor.get("/en/search", params={"q": "mary", **wrong}, headers=JSON)
        assert list(said.json()["error"]["fields"]) == list(wrong)


def test_the_shape_for_scripts(somebody: TestClient) -> None:
    answer = somebody.get("/en/search?q=mary", headers=JSON).json()
    shape = {"engine", "total", "results", "facets", "page", "suggestion", "stands_in"}
    assert set(answer) == shape
    assert answer["stands_in"] is False
    assert set(answer["results"][0]) == {"kind", "id", "title", "url", "snippet"}


def test_a_blank_question_explains_and_offers_the_lists(somebody: TestClient) -> None:
    for path in ("/en/search", "/en/search?q=", "/en/search?q=%20%20&kind="):
        page = somebody.get(path).text
        assert "Write a few letters of a name" in page
        for way in ("organisations", "places", "materials", "events"):
            assert f'href="/en/{way}"' in page
        assert "0 results" not in page
        assert somebody.get(path, headers=JSON).json()["total"] == 0


def test_what_cannot_be_looked_for_is_said_plainly(visitor: TestClient) -> None:
    assert "There is no letter or number in this" in visitor.get("/en/search?q=…!").text
    assert "Write at least two letters" in visitor.get("/en/search?q=m", headers=PARTIAL).text
    long = visitor.get("/en/search", params={"q": "mary " * 60})
    assert "only its beginning was looked for" in long.text
    assert len(re.search(r'id="q"[^>]*value="([^"]*)"', long.text)[1]) <= 200
    assert "only its beginning" not in visitor.get("/en/search?q=mary").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_says_what_may_help(visitor: TestClient, language: str) -> None:
    page = visitor.get(f"/{language}/search?q=qwxzqwxzq&kind=events").text
    assert f'href="/{language}/search?q=qwxzqwxzq#found"' in page  # among all kinds
    assert f'href="/{language}/organisations"' in page
    assert "+993 00 0000" in page.partition("<main")[2].partition("</main")[0]


def test_the_public_leafs_and_chooses_by_links(visitor: TestClient) -> None:
    first = visitor.get("/en/search?q=a*ba&limit=2").text
    assert '<a href="/en/search?' in first
    whole = visitor.get("/en/search?q=mary&limit=100", headers=JSON).json()
    seen, page = [], 1
    while leaf := visitor.get(f"/en/search?q=mary&limit=2&page={page}", headers=JSON).json():
        if not leaf["results"]:
            break
        assert leaf["total"] == whole["total"]
        seen += [each["id"] for each in leaf["results"]]
        page += 1
    assert seen == [each["id"] for each in whole["results"]]
    html = visitor.get("/en/search?q=mary&limit=2").text
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html
    counted = visitor.get("/en/search?q=mary&kind=places").text
    for kind, number in whole["facets"]["kind"].items():
        assert f"kind={kind}" in counted, kind
        assert f" {number}</a>" in counted


def test_a_slip_is_asked_back_and_other_names_are_said(visitor: TestClient) -> None:
    page = visitor.get("/en/search?q=Bayramalx").text
    assert "Did you mean:" in page
    assert '<a href="/en/search?q=Bayramaly#found">Bayramaly</a>' in page
    assert "also called" in read(visitor.get("/en/search?q=Charjew").text)
    later = visitor.get("/en/search?q=Bayramalx&limit=1&page=2", headers=JSON).json()
    assert later["suggestion"] is None


def test_what_is_near_a_settlement_without_words(visitor: TestClient) -> None:
    found = visitor.get("/en/search?q=bayramaly").text
    assert f'href="/en/search?near={BAYRAMALY}#found"' in found
    assert f'href="/en/nearby?place={BAYRAMALY}"' in found
    near = visitor.get(f"/en/search?near={BAYRAMALY}&within=100", headers=JSON).json()
    kinds = [each["kind"] for each in near["results"]]
    assert set(kinds) >= {"organisations", "places"}
    assert kinds == sorted(kinds, key=["organisations", "events", "places"].index)
    assert near["total"] == sum(near["facets"]["kind"].values()) == len(kinds)
    closer = visitor.get(f"/en/search?near={BAYRAMALY}&within=10", headers=JSON).json()
    assert 0 < closer["total"] < near["total"]
    page = read(visitor.get(f"/en/search?near={BAYRAMALY}").text)
    assert "Near Bayramaly 10 km 25 km 50 km 100 km Everywhere" in page
    leaf = [
        each["id"]
        for n in (1, 2, 3)
        for each in visitor.get(
            f"/en/search?near={BAYRAMALY}&within=100&limit=2&page={n}", headers=JSON
        ).json()["results"]
    ]
    assert leaf == [each["id"] for each in near["results"]][:6]


def test_a_circle_and_words_together(visitor: TestClient) -> None:
    asked = {"q": "training", "limit": 100}
    near = {**asked, "near": BAYRAMALY, "within": 50}
    here = visitor.get("/en/search", params=near, headers=JSON).json()
    everywhere = visitor.get("/en/search", params=asked, headers=JSON).json()
    assert 0 < here["total"] < everywhere["total"]
    far = visitor.get(f"/en/search?q=Khujand&near={BAYRAMALY}&within=50").text
    assert "Look everywhere, not only near Bayramaly" in far


def test_a_member_asks_by_post_and_no_link_holds_the_question(member: TestClient) -> None:
    page = posted(member, q="Bayramalx", kind="places")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    body = page.text.partition("<main")[2]
    assert "Bayramaly" in body
    assert "/search?" not in page.text
    assert not re.search(r'href="[^"]*ayramal', page.text)
    for name, value in (("q", "Bayramaly"), ("kind", ""), ("near", BAYRAMALY)):
        assert f'name="{name}" value="{value}"' in body
    assert '<form id="again" method="post" action="/en/search#found">' in body
    block = posted(member, PARTIAL, q="Bayramalx")
    assert "<html" not in block.text
    # of a name sent twice the button's counts, for it comes last
    again = {"csrf": csrf_of(member), "q": ["Bayramalx", "Khujand"]}
    assert "Khujand" in member.post("/en/search", data=again).text
    answer = member.post(
        "/en/search", data={"q": "mary"}, headers={**JSON, "X-CSRF-Token": csrf_of(member)}
    )
    assert answer.json()["total"] > 0


def test_posting_needs_the_token_and_a_session(member: TestClient) -> None:
    assert member.post("/en/search", data={"q": "mary"}).status_code == 403
    member.cookies.clear()
    answer = member.post("/en/search", data={"q": "mary"}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/sign-in"


@pytest.mark.parametrize("role", ["member", "practitioner", "coordinator", "admin", "observer"])
def test_the_box_of_every_page_posts_for_whoever_is_signed_in(as_role, role: str) -> None:
    client = as_role(role)
    for path in ("/en", "/ru/organisations", "/tk/nothing", "/en/search"):
        header = client.get(path).text.partition("</header>")[0]
        if path == "/tk/nothing":  # nobody was looked up there, so nothing is asked there either
            assert 'name="q"' not in header
            assert 'href="/tk/search"' in header
            continue
        box = re.search(r'<form class="find".*?</form>', header, re.S)[0]
        assert 'method="post"' in box
        assert 'name="csrf"' in box


def test_the_box_of_every_page_gets_for_the_public(visitor: TestClient) -> None:
    for path in ("/en", "/tg/events", "/ru/nothing"):
        header = visitor.get(path).text.partition("</header>")[0]
        box = re.search(r'<form class="find".*?</form>', header, re.S)[0]
        assert "post" not in box
        assert "csrf" not in box
        for said in ('autocomplete="off"', 'autocapitalize="none"', 'spellcheck="false"'):
            assert said in box
        assert 'enterkeyhint="search"' in box


def test_who_finds_no_practitioner_is_shown_the_way_to_those_who_travel(
    member: TestClient,
) -> None:
    page = posted(member, q="Darganata", kind="practitioners").text
    assert 'class="button" form="travel" name="place" value="1514801"' in page
    assert re.search(r">Who will travel to [A-ZÄÖÜÝ]\w+<", page)  # by the name it has today
    lost = posted(member, q="qwxzqwxzq", kind="practitioners").text
    assert 'class="button" href="/en/nearby"' in lost
    for words in ("lawyer Darganata", "юрист в Дарганата"):
        assert 'form="travel" name="place" value="1514801"' in posted(member, q=words).text
    named = posted(member, q="lawyer nowherewhatever").text
    assert 'form="travel"' not in named.partition("<main")[2]
    near = posted(member, q="qwxzqwxzq", near=BAYRAMALY).text
    assert f'class="button" form="travel" name="place" value="{BAYRAMALY}"' in near
    assert "+993 00 0000" in lost.partition("<main")[2].partition("</main")[0]
    token = {"csrf": csrf_of(member), "place": BAYRAMALY}
    assert "practitioner" in member.post("/en/nearby", data=token).text


@pytest.mark.parametrize("typed", ["lawyer", "юрист"])
def test_members_find_practitioners_by_what_they_are(member: TestClient, typed: str) -> None:
    page = posted(member, q=typed, kind="practitioners").text
    people = re.findall(r'<li class="card">.*?</li>', page, re.S)
    assert people
    assert all("Lawyer ·" in read(each) for each in people)
