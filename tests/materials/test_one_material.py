"""One material: its files by language, its versions, where it comes from, what one may do."""

import io
import json
import zipfile

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.materials.actions import add_file, add_version, save_work
from portal.materials.rules import ADAPTED_UNDER, ALLOWS
from tests.conftest import JSON, LANGUAGES, MOMENT, PARTIAL
from tests.materials.stage import Stage
from tests.network import Network


def record(client: TestClient, path: str) -> dict:
    answer = client.get(f"/en/materials/{path}", headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_page_block_and_json_say_the_same(client: TestClient, stage: Stage) -> None:
    work = stage.work("en", "ru")
    found = record(client, work)
    page = client.get(f"/en/materials/{work}").text
    block = client.get(f"/en/materials/{work}", headers=PARTIAL).text
    for each in found["files"]:
        assert each["url"] == f"/en/materials/{work}/files/{each['id']}"
        assert each["light_url"] == each["url"] + "/light"
        assert each["url"] in page
        assert each["url"] in block
    assert "PDF, 90 kB, 2 pages" in page
    assert "<html" not in block


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(client: TestClient, stage: Stage, language: str) -> None:
    work = stage.work("en", "tg")
    for path in ("", "/versions/1", "/print"):
        assert client.get(f"/{language}/materials/{work}{path}").status_code == 200


@pytest.mark.parametrize("path", ["nothing", "nothing/print", "nothing/versions/1"])
def test_what_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(f"/en/materials/{path}").status_code == 404


def test_a_version_that_is_not_there(client: TestClient, stage: Stage) -> None:
    work = stage.work()
    assert client.get(f"/en/materials/{work}/versions/2").status_code == 404
    assert client.get(f"/en/materials/{work}/versions/x").status_code == 404
    assert client.get(f"/en/materials/{work}?wrong=1", headers=JSON).status_code == 422


def test_a_translation_left_behind_is_called_out_of_date(client: TestClient, stage: Stage) -> None:
    work = stage.work("en", "ru", "tg")
    stage.version(work, "en", note="New telephone number")
    stage.version(work, "tg", follows=2)
    found = record(client, work)
    assert {each["language"]: each["out_of_date"] for each in found["files"]} == {
        "en": False,
        "ru": True,
        "tg": False,
    }
    page = client.get(f"/en/materials/{work}").text
    assert page.count("translation out of date") == 1
    # as of the first version it was not
    assert "translation out of date" not in client.get(f"/en/materials/{work}/versions/1").text


def test_an_older_version_leads_to_the_newest(client: TestClient, stage: Stage) -> None:
    work = stage.work("en")
    stage.version(work, "en", note="New telephone number")
    old = client.get(f"/en/materials/{work}/versions/1").text
    assert "This is version 1. There is a newer one." in old
    assert "Go to version 2" in old
    newest = client.get(f"/en/materials/{work}").text
    assert "There is a newer one" not in newest
    assert "New telephone number" in newest
    assert f"/en/materials/{work}/versions/1" in newest
    assert "There is a newer one" not in client.get(f"/en/materials/{work}/versions/2").text


def test_links_are_links_and_say_where_they_lead(
    client: TestClient, store: Store, stage: Stage
) -> None:
    work = stage.work("en", publish=False)
    with store.transaction() as db:
        version = add_version(db, stage.by(), MOMENT, work)
        address = "https://video.example/watch"
        add_file(db, stage.by(), MOMENT, version, "ru", of_version=2, link=address)
        stage.publish(db, version)
    page = client.get(f"/en/materials/{work}").text
    assert f'href="{address}" rel="noopener noreferrer nofollow"' in page
    assert "Open at video.example" in page


def test_an_adaptation_and_its_original_name_each_other(client: TestClient, stage: Stage) -> None:
    original = stage.work(title="The first", titles={})
    changed = {"adapted_from": original, "adapted_how": "Pictures of our own town"}
    adapted = stage.work(title="The second", titles={}, **changed)
    page = client.get(f"/en/materials/{adapted}").text
    assert "The first" in page
    assert "Pictures of our own town" in page
    assert record(client, adapted)["original"]["id"] == original
    assert [each["id"] for each in record(client, original)["adaptations"]] == [adapted]
    assert "The second" in client.get(f"/en/materials/{original}").text


def test_an_original_for_members_is_not_named_to_others(client: TestClient, stage: Stage) -> None:
    original = stage.work(title="Only ours", titles={}, visibility="members")
    adapted = stage.work(adapted_from=original)
    found = record(client, adapted)
    assert found["original"] is None
    assert found["adapted_from"] is None
    page = client.get(f"/en/materials/{adapted}").text
    assert "Only ours" not in page
    assert original not in page


@pytest.mark.parametrize("licence", list(ADAPTED_UNDER))
def test_what_a_licence_allows_is_said(client: TestClient, stage: Stage, licence: str) -> None:
    page = client.get(f"/en/materials/{stage.work(licence=licence)}").text
    assert ALLOWS[licence].text in page
    assert ("You may adapt this and give it on under" in page) == bool(ADAPTED_UNDER[licence])


def test_a_campaign_is_named_once_it_is_published(
    client: TestClient, store: Store, stage: Stage
) -> None:
    campaign = {
        "id": "c-1",
        "title": "Safe summer",
        "titles": "{}",
        "organisation_id": stage.home,
        "starts_on": "2026-06-01",
        "summaries": "{}",
        "state": "draft",
    }
    with store.transaction() as db:
        db.table("campaigns").insert(campaign)
    work = stage.work(campaign_id="c-1")
    assert "Safe summer" not in client.get(f"/en/materials/{work}").text
    assert record(client, work)["campaign_id"] is None
    with store.transaction() as db:
        db.table("campaigns").update("c-1", {"state": "published"})
    assert "Safe summer" in client.get(f"/en/materials/{work}").text
    assert work in client.get("/en/materials?campaign=c-1").text


@pytest.mark.parametrize(
    ("until", "ended", "said"),
    [
        ("2028-01-01", None, "agree to be shown until 1 January 2028."),
        ("2027-01-10", None, "until 10 January 2027 only"),
        ("2026-11-01", None, "no longer agree"),
        ("2028-01-01", "2026-11-01T05:00:00Z", "no longer agree"),
    ],
)
def test_members_read_until_when_people_agree_to_be_shown(
    client: TestClient, store: Store, stage: Stage, until: str, ended: str | None, said: str
) -> None:
    work = stage.work()
    row = {"material_id": work, "given_on": "2025-01-01", "until": until, "ended_at": ended}
    with store.transaction() as db:
        db.table("image_consents").insert({**row, "whose": "adult", "by": "a-giver"})
    network = Network(client, store)
    network.join("reader", stage.other)
    assert said in network.as_("reader").get(f"/en/materials/{work}").text
    assert "people in the picture" not in network.as_(None).get(f"/en/materials/{work}").text
    assert record(client, work)["consents"] == []


def test_who_may_work_on_it_and_who_may_adapt_it(
    client: TestClient, store: Store, stage: Stage
) -> None:
    work, fixed = stage.work(), stage.work(licence="cc_by_nd")
    network = Network(client, store)
    network.join("owner", stage.home)
    network.join("other", stage.other)

    def page_for(name: str | None, which: str) -> str:
        return network.as_(name).get(f"/en/materials/{which}").text

    assert f'href="/en/contribute/{work}"' in page_for("owner", work)
    assert f'href="/en/contribute/{work}"' not in page_for("other", work)
    assert f"/en/contribute/{work}/adapt" in page_for("other", work)
    assert f"/en/contribute/{fixed}/adapt" not in page_for("other", fixed)
    assert "/en/contribute" not in page_for(None, work)


def test_a_practice_note_is_read_in_its_languages(client: TestClient, stage: Stage) -> None:
    texts = {"en": "# First\n\nGo *together*. <script>x</script>", "ru": "Идите вместе."}
    work = stage.note(texts)
    assert record(client, work)["texts"][0]["language"] == "en"
    english = client.get(f"/en/materials/{work}").text
    assert "<h3>First</h3>" in english
    assert "<em>together</em>" in english
    assert "<script>x" not in english
    assert "Идите вместе." in client.get(f"/en/materials/{work}?text=ru").text
    assert "Идите вместе." in client.get(f"/ru/materials/{work}").text
    # a language it is not there in: the original
    assert "<em>together</em>" in client.get(f"/tg/materials/{work}").text
    (card,) = [
        each
        for each in client.get("/en/materials?kind=practice_note", headers=JSON).json()["results"]
        if each["id"] == work
    ]
    assert card["languages"] == ["en", "ru"]


def test_the_print_view_holds_the_text_and_the_licence(client: TestClient, stage: Stage) -> None:
    note = stage.note({"en": "Go *together*."})
    page = client.get(f"/en/materials/{note}/print").text
    assert "<em>together</em>" in page
    assert "CC BY 4.0" in page
    assert f"http://localhost:8000/en/materials/{note}" in page
    assert "<nav" not in page
    assert "Exit this page" in page
    poster = stage.work()
    assert "picture?size=preview" in client.get(f"/en/materials/{poster}/print").text


def test_a_screening_guide_is_for_members_whatever_a_form_says(
    client: TestClient, store: Store, stage: Stage
) -> None:
    guide = stage.work(kind="screening_guide", visibility="public")
    with store.transaction() as db:
        save_work(db, stage.by(), MOMENT, guide, {"visibility": "public"})
    became = stage.work()
    with store.transaction() as db:
        save_work(db, stage.by(), MOMENT, became, {"kind": "screening_guide"})
    for work in (guide, became):
        assert client.get(f"/en/materials/{work}").status_code == 404
        assert work not in client.get("/en/materials?per_page=100").text
        assert work not in client.get("/en/materials/feed").text


def test_an_organisation_without_a_public_card_is_not_named(
    client: TestClient, store: Store, stage: Stage
) -> None:
    work = stage.work()
    with store.transaction() as db:
        db.execute(
            "INSERT INTO organisation_services (organisation_id, service) VALUES (?, 'shelter')",
            [stage.home],
        )
        name = db.execute("SELECT name FROM organisations WHERE id = ?", [stage.home]).fetchone()[0]
    for path in (f"/{work}", "", "/feed", f"/{work}/print"):
        assert name not in client.get(f"/en/materials{path}").text
    for address in (f"/{work}", "", f"/{work}/print"):
        assert "an organisation of the network" in client.get(f"/en/materials{address}").text
    assert "an organisation of the network" in client.get(f"/en/basket?item={work}").text
    zipped = client.get(f"/en/basket/zip?item={work}").content
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        told = archive.read("CREDITS.txt").decode("utf-8-sig")
    assert "an organisation of the network" in told
    assert name not in told
    found = json.dumps(record(client, work), ensure_ascii=False)
    assert stage.home not in found


def test_what_is_put_into_the_basket_leaves_one_where_one_is(
    client: TestClient, stage: Stage
) -> None:
    work = stage.work()
    page = client.get(f"/en/materials/{work}?basket=m-1").text
    assert f'href="/en/materials/{work}?basket=m-1.{work}">Put into the basket' in page
    there = client.get(f"/en/materials/{work}?basket=m-1.{work}").text
    assert "Take out of the basket" in there
    assert "In the basket: 2" in there
    assert f"item={work}" in there


def test_downloads_are_counted_by_language(client: TestClient, stage: Stage) -> None:
    work = stage.work("en", "ru")
    files = {each["language"]: each["url"] for each in record(client, work)["files"]}
    for _ in range(3):
        assert client.get(files["ru"]).status_code == 200
    assert record(client, work)["downloads"] == [{"language": "ru", "whole": 3, "light": 0}]
    assert "Downloaded so far: Russian 3" in client.get(f"/en/materials/{work}").text


def test_files_are_withheld_when_somebody_agrees_no_longer(
    client: TestClient, store: Store, stage: Stage
) -> None:
    work = stage.work()
    row = {"material_id": work, "given_on": "2025-01-01", "until": "2026-11-01"}
    with store.transaction() as db:
        db.table("image_consents").insert({**row, "whose": "adult", "by": "a-giver"})
    found = record(client, work)
    assert found["withheld"]
    assert found["files"] == []
    assert found["picture"] is None
    page = client.get(f"/en/materials/{work}").text
    assert "The files are not given at the moment" in page
    network = Network(client, store)
    network.join("owner", stage.home)
    assert network.as_("owner").get(f"/en/materials/{work}", headers=JSON).json()["files"]
