"""Who will travel to me: the ladder of answers, and what each of them may say."""

import re
from datetime import UTC, datetime

import pytest
from litestar.testing import TestClient

from portal.settings import Settings
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, LANGUAGES, PARTIAL, SignIn, browsing

BAYRAMALY = "1219762"
ASK = {"place": BAYRAMALY, "profession": "psychologist", "language": "ru", "language_must": "1"}


def posted(client: TestClient, form: dict[str, str], **headers: str):
    return client.post("/en/nearby", data={**form, "csrf": csrf_of(client)}, headers=headers)


def test_the_same_address_answers_page_block_and_json(member: TestClient) -> None:
    page = member.get("/en/nearby", params=ASK)
    block = member.get("/en/nearby", params=ASK, headers=PARTIAL)
    json = member.get("/en/nearby", params=ASK, headers=JSON).json()
    assert page.text.startswith("<!doctype html>")
    assert "<html" not in block.text
    names = [each["name"] for each in json["results"]]
    assert names
    for answer in (page.text, block.text):
        assert re.findall(r"<h3><a [^>]*>([^<]+)</a>", answer) == names


def test_history_restore_and_any_type_get_the_page(member: TestClient) -> None:
    for headers in ({"Accept": "*/*"}, {"HX-Request": "true", "HX-Request-Type": "full"}):
        answer = member.get("/en/nearby", params=ASK, headers=headers)
        assert answer.text.startswith("<!doctype html>")
        assert "HX-Request-Type" in answer.headers["vary"]
        assert "Accept" in answer.headers["vary"]


def test_a_posted_search_answers_the_same_and_is_not_kept(member: TestClient) -> None:
    asked = member.get("/en/nearby", params=ASK, headers=JSON).json()
    told = posted(member, ASK, **JSON)
    assert told.status_code == 200
    assert told.json() == asked
    assert told.headers["cache-control"] == "no-store"


def test_a_search_without_its_token_is_refused(member: TestClient) -> None:
    assert member.post("/en/nearby", data=ASK).status_code == 403
    assert member.post("/en/nearby", data={**ASK, "csrf": "00" * 64}).status_code == 403
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert posted(member, ASK, **elsewhere).status_code == 403


def test_a_token_of_another_session_is_refused(as_role: SignIn) -> None:
    stolen = csrf_of(as_role("coordinator"))
    client = as_role("member")
    assert client.post("/en/nearby", data={**ASK, "csrf": stolen}).status_code == 403


def test_results_say_reasons_and_never_a_contact_or_kilometres(member: TestClient) -> None:
    answer = member.get("/en/nearby", params=ASK, headers=JSON).json()
    for each in answer["results"]:
        assert "speaks Russian" in each["reasons"]
        assert each["distance_band"] in {"<5", "5-10", "10-20", "20-40", "40-80", ">80"}
        assert set(each) == {
            "id",
            "name",
            "profession",
            "organisation",
            "place",
            "languages",
            "distance_band",
            "covers",
            "slots",
            "visits_left",
            "confirmed_days_ago",
            "reasons",
            "warnings",
        }


def test_who_has_the_wished_slot_comes_first(member: TestClient) -> None:
    asked = {**ASK, "day": "mon", "part": "morning"}
    results = member.get("/en/nearby", params=asked, headers=JSON).json()["results"]
    has_slot = ["mon:morning" in each["slots"] for each in results]
    assert has_slot == sorted(has_slot, reverse=True)
    assert has_slot[0]
    assert not has_slot[-1]
    without = next(each for each in results if "mon:morning" not in each["slots"])
    assert "no free time known for the day you wish" in without["warnings"]


def test_a_preferred_language_ranks_and_warns_but_hides_nobody(member: TestClient) -> None:
    anybody = {key: ASK[key] for key in ("place", "profession")}
    everybody = member.get("/en/nearby", params=anybody, headers=JSON).json()
    prefer = member.get("/en/nearby", params={**anybody, "language": "ru"}, headers=JSON).json()
    assert prefer["total"] == everybody["total"]
    silent = [each for each in prefer["results"] if "ru" not in each["languages"]]
    assert silent
    assert all("does not speak Russian" in each["warnings"] for each in silent)


def test_nobody_found_says_what_would_help_and_who_is_elsewhere(member: TestClient) -> None:
    asked = {"place": BAYRAMALY, "profession": "lawyer", "language": "wbl", "language_must": "1"}
    answer = member.get("/en/nearby", params=asked, headers=JSON).json()
    assert answer["total"] == 0
    assert answer["relax"][0]["filter"] == "language_must"
    freed = {key: value for key, value in asked.items() if key != "language_must"}
    found = member.get("/en/nearby", params=freed, headers=JSON).json()
    assert answer["relax"][0]["adds"] == found["total"] > 0
    page = member.get("/en/nearby", params=asked)
    assert "The language is a must" in page.text
    assert "hotline" in page.text


def test_elsewhere_the_nearest_say_that_they_do_not_come(member: TestClient) -> None:
    for asked in ({"place": "12226652", "profession": "doctor"},):
        answer = member.get("/en/nearby", params=asked, headers=JSON).json()
        assert answer["total"] == 0
        not_coming = [each for each in answer["elsewhere"] if each["covers"] is False]
        assert not_coming
        assert all("does not travel to this place" in e["warnings"] for e in not_coming)


@pytest.mark.parametrize("spelling", ["Baýramaly", "Байрамали", "bayramaly", "Bayram-Ali"])
def test_a_place_is_known_by_its_names(member: TestClient, spelling: str) -> None:
    answer = member.get("/en/nearby", params={"place": spelling}, headers=JSON)
    assert answer.json()["place"]["id"] == BAYRAMALY


@pytest.mark.parametrize("role", ["visitor", "member"])
def test_an_unknown_place_is_422_with_suggestions(as_role: SignIn, role: str) -> None:
    client = as_role("member")
    if role == "visitor":
        client.cookies.clear()
    answer = client.get("/en/nearby", params={"place": "Baýramalyy-gala"}, headers=JSON)
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert list(error["fields"]) == ["place"]
    assert BAYRAMALY in [each["id"] for each in error["candidates"]]
    page = client.get("/en/nearby", params={"place": "Baýramalyy-gala"})
    assert page.status_code == 422
    assert "Choose one from the list" in page.text


def test_an_ambiguous_place_names_its_candidates(member: TestClient) -> None:
    answer = member.get("/en/nearby", params={"place": "Türkmenbaşy"}, headers=JSON)
    assert answer.status_code == 422
    candidates = answer.json()["error"]["candidates"]
    assert len(candidates) > 1
    for each in candidates:
        chosen = {"place": f"{each['name']} ({each['id']})"}
        found = member.get("/en/nearby", params=chosen, headers=JSON).json()
        assert found["place"]["id"] == each["id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "many"),
        ("date", "2026-02-30"),
        ("date", "2020-01-01"),
        ("date", "2031-01-01"),
        ("day", "someday"),
        ("part", "night"),
        ("mode", "drone"),
        ("profession", "wizard"),
        ("gender", "x"),
        ("age_group", "baby"),
        ("language", "xx"),
        ("specialisation", "nothing"),
        ("colour", "blue"),
        ("place", "x" * 101),
    ],
)
def test_bad_input_is_422_and_names_the_field(member: TestClient, field: str, value: str) -> None:
    asked = {"place": BAYRAMALY, field: value}
    answer = member.get("/en/nearby", params=asked, headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]
    assert member.get("/en/nearby", params=asked).status_code == 422


def test_an_empty_parameter_is_an_absent_one(member: TestClient) -> None:
    empty = dict.fromkeys(("language", "gender", "mode", "day", "date", "limit"), "")
    answer = member.get("/en/nearby", params={"place": BAYRAMALY, **empty}, headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["total"] > 0


def test_the_empty_form_asks_for_a_place(member: TestClient) -> None:
    assert member.get("/en/nearby").status_code == 200
    answer = member.get("/en/nearby", headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == ["place"]


def test_the_public_reads_only_its_region_and_the_hotline(visitor: TestClient) -> None:
    answer = visitor.get("/en/nearby", params={"place": BAYRAMALY}, headers=JSON).json()
    assert set(answer) == {"place", "region", "home_visits", "hotline"}
    assert answer["region"] == "TM-M"
    assert answer["hotline"] == "+993 00 0000"
    assert set(answer["home_visits"].values()) <= {"yes", "ask_hotline"}
    assert set(answer["home_visits"]) == {"psychologist", "lawyer", "doctor", "social_worker"}


def test_the_public_learns_no_more_from_more_filters(visitor: TestClient) -> None:
    plain = visitor.get("/en/nearby", params={"region": "TM-M"}, headers=JSON).json()
    narrow = {"region": "TM-M", "profession": "lawyer", "language": "wbl", "gender": "male"}
    assert visitor.get("/en/nearby", params=narrow, headers=JSON).json() == plain


@pytest.mark.parametrize("role", ["practitioner", "admin"])
def test_without_the_directory_a_role_reads_what_the_public_reads(
    as_role: SignIn, role: str
) -> None:
    answer = as_role(role).get("/en/nearby", params={"place": BAYRAMALY}, headers=JSON).json()
    assert "results" not in answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_speaks_the_readers_language(member: TestClient, language: str) -> None:
    page = member.get(f"/{language}/nearby", params=ASK)
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text


def test_the_map_shows_settlements_and_is_for_members(member: TestClient) -> None:
    address = member.get("/en/nearby", params=ASK, headers=JSON).json()["map"]
    drawn = member.get(address)
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "Bayramaly" in drawn.text
    assert "language" not in address
    assert member.get(f"/en/nearby/map.svg?place={BAYRAMALY}&at=x").status_code == 422
    assert member.get("/en/nearby/map.svg?place=0").status_code == 404


def test_the_form_opens_on_a_leap_day(settings: Settings) -> None:
    with browsing(settings, lambda: datetime(2028, 2, 29, 6, tzinfo=UTC)) as browser:
        assert browser.get("/en/nearby").status_code == 200
        browser.post("/demo/sign-in", data={"role": "member"})
        assert browser.get("/en/nearby").status_code == 200


def test_who_does_not_come_may_help_by_phone_and_is_of_the_country_first(
    member: TestClient,
) -> None:
    asked = {"place": "Khorugh", "profession": "lawyer"}
    answer = member.get("/en/nearby", params=asked, headers=JSON).json()
    assert answer["total"] == 0
    away = [each for each in answer["elsewhere"] if each["covers"] is False]
    assert away
    assert any("helps by phone" in each["reasons"] for each in away)
    assert not [e for e in away if any(r.startswith("travel:") for r in e["reasons"])]
    ids = [each["id"] for each in answer["elsewhere"]]
    assert len(ids) == len(set(ids))


def test_a_refused_token_says_so(member: TestClient) -> None:
    answer = member.post("/en/nearby", data=ASK, headers=JSON)
    assert answer.json()["error"]["code"] == "forged"
