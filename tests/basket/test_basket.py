"""Choose materials, look at what was chosen, take all of it as one archive."""

import io
import zipfile
from pathlib import Path

import pytest
from litestar.testing import TestClient

from portal.basket.rules import folder_of, told_apart
from portal.db import Store, column
from portal.materials.actions import withdraw_work
from portal.settings import Settings
from tests.conftest import JSON, LANGUAGES, MOMENT, PARTIAL
from tests.materials.stage import Stage


@pytest.fixture
def stage(store: Store, settings: Settings, tmp_path: Path) -> Stage:
    folder = tmp_path / "drawn"
    folder.mkdir()
    return Stage(store, settings, folder)


def _items(*ids: str) -> str:
    return "&".join(f"item={each}" for each in ids)


def _archive(answer: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(answer))


def test_what_was_chosen_is_shown_with_its_size(client: TestClient, stage: Stage) -> None:
    one, two = stage.work("en", "ru"), stage.work("tg", title="Know your rights")
    page = client.get(f"/en/basket?{_items(one, two)}")
    assert page.status_code == 200
    for words in ("Ask before you go", "Know your rights", "2 materials", "Download all"):
        assert words in page.text
    found = client.get(f"/en/basket?{_items(one, two)}", headers=JSON).json()
    assert [item["work"]["id"] for item in found["items"]] == [one, two]
    assert found["size"] == sum(item["size"] for item in found["items"]) > 100_000
    assert found["languages"] == ["en", "ru", "tg"]
    assert "<html" not in client.get(f"/en/basket?{_items(one)}", headers=PARTIAL).text


def test_all_of_it_comes_as_one_archive_with_credits(
    client: TestClient, stage: Stage, settings: Settings
) -> None:
    note = stage.note({"en": "# What worked\n\nAsk twice."}, title="What worked")
    one = stage.work("en", "ru")
    answer = client.get(f"/en/basket/zip?{_items(one, note)}")
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "attachment" in answer.headers["content-disposition"]
    assert "sandbox" in answer.headers["content-security-policy"]
    archive = _archive(answer.content)
    assert archive.testzip() is None
    names = archive.namelist()
    assert names == [
        "CREDITS.txt",
        "01-ask-before-you-go/ask-before-you-go_en.pdf",
        "01-ask-before-you-go/ask-before-you-go_ru.pdf",
        "02-what-worked/what-worked_en.md",
    ]
    assert archive.read(names[1]).startswith(b"%PDF-1.7")
    assert archive.read(names[3]).decode() == "# What worked\n\nAsk twice."
    told = archive.read("CREDITS.txt").decode("utf-8-sig")
    assert "CC BY 4.0" in told
    assert f"/en/materials/{one}" in told
    assert not list(settings.incoming.glob("basket-*"))


def test_one_language_can_be_taken_alone(client: TestClient, stage: Stage) -> None:
    one = stage.work("en", "ru")
    archive = _archive(client.get(f"/ru/basket/zip?{_items(one)}&language=ru").content)
    assert [name[-7:] for name in archive.namelist()] == ["ITS.txt", "_ru.pdf"]
    assert "лицензия" in archive.read("CREDITS.txt").decode("utf-8-sig").lower()


def test_what_is_not_there_in_a_language_is_said_and_left_out(
    client: TestClient, stage: Stage
) -> None:
    both = _items(stage.work("en", "ru"), stage.work("en", title="English alone"))
    page = client.get(f"/en/basket?{both}&language=ru").text
    assert "nothing in this language" in page
    assert ">1 material ·" in page
    archive = _archive(client.get(f"/en/basket/zip?{both}&language=ru").content)
    assert "English alone" not in archive.read("CREDITS.txt").decode("utf-8-sig")


def test_an_archive_goes_on_where_it_stopped(client: TestClient, stage: Stage) -> None:
    address = f"/en/basket/zip?{_items(stage.work('en', 'ru', 'tg'))}"
    whole = client.get(address)
    tag, half = whole.headers["etag"], len(whole.content) // 2
    rest = client.get(address, headers={"Range": f"bytes={half}-", "If-Range": tag})
    assert rest.status_code == 206
    assert (
        rest.headers["content-range"]
        == f"bytes {half}-{len(whole.content) - 1}/{len(whole.content)}"
    )
    assert whole.content[:half] + rest.content == whole.content
    anew = client.get(address, headers={"Range": f"bytes={half}-", "If-Range": '"another"'})
    assert anew.status_code == 200
    assert anew.content == whole.content
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_range_behind_the_end_leaves_nothing_behind(
    client: TestClient, stage: Stage, settings: Settings
) -> None:
    address = f"/en/basket/zip?{_items(stage.work('en'))}"
    answer = client.get(address, headers={"Range": "bytes=99999999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"].startswith("bytes */")
    assert not list(settings.incoming.glob("basket-*"))


def test_what_is_taken_is_counted_once_a_download(
    client: TestClient, stage: Stage, store: Store
) -> None:
    address = f"/en/basket/zip?{_items(stage.work('en'))}"
    whole = client.get(address)
    client.get(address, headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]})
    client.head(address)
    with store.read() as db:
        assert column(db, "SELECT number FROM download_counts") == [1]


def test_an_archive_is_no_way_round_what_is_hidden(
    client: TestClient, stage: Stage, store: Store
) -> None:
    hidden = [
        stage.work("en", visibility="members"),
        stage.work("en", publish=False),
        stage.work("en"),
        "m-nothing",
    ]
    with store.transaction() as db:
        withdraw_work(db, stage.by(), MOMENT, hidden[2])
    shown = stage.work("en", title="Shown")
    found = client.get(f"/en/basket?{_items(*hidden, shown)}", headers=JSON).json()
    assert [item["work"]["id"] for item in found["items"]] == [shown]
    assert found["missing"] == 4
    names = _archive(client.get(f"/en/basket/zip?{_items(*hidden, shown)}").content).namelist()
    assert names == ["CREDITS.txt", "01-shown/shown_en.pdf"]


def test_a_draft_version_is_not_in_the_archive(client: TestClient, stage: Stage) -> None:
    work = stage.work("en")
    stage.version(work, "en", "ru", publish=False)
    names = _archive(client.get(f"/en/basket/zip?{_items(work)}").content).namelist()
    assert [name[-7:] for name in names] == ["ITS.txt", "_en.pdf"]


def test_nothing_to_take_leads_back_to_the_basket(client: TestClient) -> None:
    answer = client.get("/en/basket/zip?item=m-nothing", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/en/basket?item=m-nothing")
    assert "not there any more" in client.get("/en/basket?item=m-nothing").text


@pytest.mark.parametrize(
    "query", ["item=..%2Fx", "item=a&language=xx", "basket=1", "item=" + "x" * 41]
)
def test_bad_addresses_are_refused_in_words(client: TestClient, query: str) -> None:
    assert client.get(f"/en/basket?{query}").status_code == 422
    assert client.get(f"/en/basket/zip?{query}").status_code == 422


def test_a_basket_holds_so_many(client: TestClient) -> None:
    many = _items(*(f"m-{number}" for number in range(51)))
    answer = client.get(f"/en/basket?{many}")
    assert answer.status_code == 422
    assert "at most 50" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_every_language(client: TestClient, stage: Stage, language: str) -> None:
    work = stage.work("en")
    assert client.get(f"/{language}/basket?{_items(work)}").status_code == 200
    assert _archive(client.get(f"/{language}/basket/zip?{_items(work)}").content).testzip() is None


def test_names_are_plain_whatever_the_title() -> None:
    assert folder_of("Пеш аз рафтан пурс!", 3) == "03-pesh-az-raftan-purs"
    assert folder_of("../../etc/passwd\x00", 1) == "01-etc-passwd"
    assert folder_of("؟", 2).startswith("02-")
    assert list(told_apart(["a.pdf", "a.pdf", "b.pdf", "a.pdf"])) == [
        "a.pdf",
        "a-2.pdf",
        "b.pdf",
        "a-3.pdf",
    ]


def test_24_a_basket_leaves_no_cookie(client: TestClient, stage: Stage) -> None:
    answer = client.get(f"/en/basket?{_items(stage.work('en'))}")
    assert "set-cookie" not in answer.headers
