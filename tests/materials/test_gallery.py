"""The gallery: what is published, by filters with counts, newest first."""

import re

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.materials.rules import FULL_BASKET, basket_with, in_basket
from tests.conftest import JSON, LANGUAGES, PARTIAL
from tests.materials.many import add_many
from tests.materials.stage import Stage


def found(client: TestClient, query: str = "") -> dict:
    return client.get(f"/en/materials?{query}", headers=JSON).json()


def ids(client: TestClient, query: str = "") -> list[str]:
    return [each["id"] for each in found(client, query)["results"]]


def test_page_block_and_json_say_the_same(client: TestClient, stage: Stage) -> None:
    work = stage.work("en", "ru")
    assert work in ids(client)
    page = client.get("/en/materials").text
    block = client.get("/en/materials", headers=PARTIAL).text
    assert f'id="{work}"' in page
    assert f'id="{work}"' in block
    assert "<html" in page
    assert "<html" not in block
    # the filters are swapped with the results: their counts change
    assert '<select id="kind"' in block


def test_a_card_says_what_one_decides_by(client: TestClient, stage: Stage) -> None:
    work = stage.work("ru", "en")
    (card,) = [each for each in found(client)["results"] if each["id"] == work]
    assert card["languages"] == ["en", "ru"]
    assert {each["language"] for each in card["files"]} == {"en", "ru"}
    assert all(each["size"] > 1000 for each in card["files"])
    page = client.get("/ru/materials").text
    assert "Спроси, прежде чем ехать" in page
    assert "90 кБ" in page
    assert "CC BY 4.0" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(client: TestClient, stage: Stage, language: str) -> None:
    stage.work()
    assert client.get(f"/{language}/materials?kind=poster").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "kind=leaflet",
        "language=tg",
        "audience=teachers",
        "topic=burnout",
        "region=TM-M",
        "licence=cc_by_nd",
        "organisation={other}",
    ],
)
def test_each_filter_keeps_what_fits(client: TestClient, stage: Stage, query: str) -> None:
    fits = stage.work(
        "tg",
        kind="leaflet",
        audiences=["teachers"],
        topics=["burnout"],
        region="TM-M",
        licence="cc_by_nd",
        owner=stage.other,
    )
    not_this = stage.work("en")
    shown = ids(client, query.format(other=stage.other) + "&per_page=100")
    assert fits in shown
    assert not_this not in shown


def test_the_newest_comes_first(client: TestClient, store: Store, stage: Stage) -> None:
    older, newer = stage.work(), stage.work()
    with store.transaction() as db:
        db.table("materials").update(newer, {"published_at": "2027-01-01T05:00:00Z"})
    shown = ids(client)
    assert shown.index(newer) < shown.index(older)


@pytest.mark.parametrize(
    "query",
    ["kind=nothing", "language=xx", "organisation=o-none", "unknown=1", "per_page=1000", "page=0"],
)
def test_what_is_not_known_is_said(client: TestClient, query: str) -> None:
    answer = client.get(f"/en/materials?{query}", headers=JSON)
    assert answer.status_code == 422
    assert query.split("=")[0] in answer.json()["error"]["fields"]


def test_an_empty_field_of_a_form_is_no_filter(client: TestClient, stage: Stage) -> None:
    work = stage.work()
    assert work in ids(client, "q=&kind=&language=&audience=&topic=&region=&licence=&organisation=")


def test_nothing_fits_and_what_to_do(client: TestClient, stage: Stage) -> None:
    stage.work()
    page = client.get("/en/materials?kind=audio&region=TM-M&topic=burnout").text
    assert "Choose fewer of them" in page
    assert "Show all materials" in page


def test_nobody_writes_here(client: TestClient) -> None:
    assert client.post("/en/materials").status_code in (403, 405)


def test_a_page_of_twelve_out_of_thousands(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        add_many(db, 5000)
    first = found(client, "q=&page=1")
    assert first["total"] >= 4500
    assert len(first["results"]) == first["per_page"] == 12
    second, last = ids(client, "page=2"), (first["total"] + 11) // 12
    assert not {each["id"] for each in first["results"]} & set(second)
    assert len(ids(client, f"page={last}")) == first["total"] - 12 * (last - 1)
    assert ids(client, f"page={last + 1}") == []
    page = client.get("/en/materials", headers={"Accept-Encoding": "gzip"})
    assert int(page.headers["content-length"]) <= 14 * 1024
    # one picture for the whole page
    pictures = {part.split('"')[0] for part in page.text.split('src="')[1:]}
    assert len([each for each in pictures if "/materials/sheet?of=" in each]) == 1
    assert 'rel="next"' in page.text


def test_the_basket_goes_along_in_the_address(client: TestClient, stage: Stage) -> None:
    first, second = stage.work(), stage.work()
    page = client.get(f"/en/materials?basket={first}&kind=poster").text
    assert "In the basket: 1" in page
    assert f"/en/basket?item={first}" in page
    assert f'name="basket" value="{first}"' in page
    assert f"basket={first}.{second}#{second}" in page
    assert "Take out of the basket" in page
    assert f'/en/materials?kind=poster#{first}"' in page


def test_a_basket_holds_what_can_be_an_id() -> None:
    assert in_basket("m-1.m-2.m-1..<b>") == ["m-1", "m-2"]
    assert basket_with("m-1.m-2", "m-1") == "m-2"
    assert basket_with("", "m-1") == "m-1"
    assert len(in_basket(".".join(f"m-{n}" for n in range(500)))) == FULL_BASKET


def test_one_picture_holds_all_thumbnails_of_a_page(client: TestClient, stage: Stage) -> None:
    works = [stage.work(), stage.work()]
    sheet = client.get("/en/materials/sheet?of=" + ".".join(works))
    assert sheet.status_code == 200
    assert sheet.headers["content-type"] == "image/webp"


@pytest.mark.parametrize("path", ["materials", "campaigns", "events"])
def test_chosen_filters_stand_in_the_address(client: TestClient, path: str) -> None:
    page = client.get(f"/en/{path}").text
    assert 'data-hx-replace-url="true"' in page
    # without "reload" the script would leave the address alone
    assert '"history": "reload"' in page


def test_without_script_a_button_stands_below_the_filters(client: TestClient) -> None:
    page = client.get("/en/materials").text
    assert re.search(r"</select>.*<noscript>.*<button.*</noscript>.*</details>", page, re.DOTALL)
