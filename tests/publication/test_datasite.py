"""The data site: pages, JSON and CSV for everybody; nothing else gets through."""

import json
from collections.abc import Callable

import httpx
import pytest

from portal.publication import datasite
from portal.publication.notes import read_notes
from portal.settings import Settings

Ask = Callable[..., httpx.Response]

NOTES = read_notes()
TABLES = NOTES.tables
QUERIES = list(NOTES.queries)

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new generation is noticed at once."""
    monkeypatch.setattr(datasite, "LOOK_EVERY_SECONDS", 0.0)


@pytest.mark.parametrize("path", ["/data", "/data/", "/data/network", "/data/network/"])
def test_the_contents_name_every_table_and_question(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 200
    for name in (*TABLES, *QUERIES):
        assert f'href="/data/network/{name}"' in answer.text


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_a_page_json_and_csv(ask: Ask, table: str) -> None:
    page = ask(f"/data/network/{table}")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert isinstance(ask(f"/data/network/{table}.json?_shape=array").json(), list)
    lines = ask(f"/data/network/{table}.csv?_stream=on").content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == NOTES_COLUMNS[table]


NOTES_COLUMNS = {table: list(NOTES.table(table, "en").columns) for table in TABLES}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_every_reviewed_question_is_answered(ask: Ask, query: str, form: str) -> None:
    assert ask(f"/data/network/{query}{form}").status_code == 200


def test_questions_take_their_parameters(ask: Ask) -> None:
    answer = ask("/data/network/organisations_by_service.json?_shape=array&service=medical")
    assert [row["organisation"] for row in answer.json()] == ["Ynam"]
    answer = ask("/data/network/home_visits.json?_shape=array&profession=psychologist")
    assert {(row["region"], row["home_visits"]) for row in answer.json()} == {
        ("Mary", "yes"),
        ("Lebap", "ask_hotline"),
    }


def test_questions_answer_in_the_readers_language(ask: Ask) -> None:
    answer = ask("/data/network/organisations_of_each_service.json?_shape=array&_lang=ru")
    assert "Юридическая помощь" in {row["service"] for row in answer.json()}


def test_a_row_has_a_page_and_json(ask: Ask) -> None:
    page = ask("/data/network/organisations/o-open")
    assert page.status_code == 200
    assert "Ak säher" in page.text
    row = ask("/data/network/organisations/o-open.json?_shape=array").json()
    assert row[0]["email"] == "o-open@example.invalid"
    assert ask("/data/network/practitioner_counts/TM-M,lawyer").status_code == 200
    assert ask("/data/network/organisations/o-home").status_code == 404


def test_filters_sorting_search_and_paging(ask: Ask) -> None:
    page = ask("/data/network/organisations?kind=ngo&_sort_desc=name&_facet=region&_lang=tg")
    assert page.status_code == 200
    assert ask("/data/network/organisations?_search=villages").status_code == 200
    assert "Ynam" not in ask("/data/network/organisations?_search=Mähriban").text
    first = ask("/data/network/codebook.json?_size=20").json()
    assert len(first["rows"]) == 20
    second = ask(f"/data/network/codebook.json?_size=20&_next={first['next']}").json()
    assert second["rows"][0] != first["rows"][0]
    assert "_next=" in ask("/data/network/codebook").text


@pytest.mark.parametrize(
    "query",
    [
        "sql=select+1",
        "sql=",
        "_where=1=1",
        "_timelimit=100000",
        "_through={}",
        "_ttl=100000",
        "_trace=1",
        "_json=name",
        "_extras=x",
        "_shape=odd",
        "_size=100000",
        "_size=-1",
        "_sort=nothing",
        "_facet=rowid",
        "_next=../..",
        "nothing=1",
        "name__arraycontains=x",
        "name__odd=x",
        "name=a%00b",
        "name=%FF",
        "&".join(f"name={n}" for n in range(50)),
    ],
)
@pytest.mark.parametrize("path", ["/data/network/organisations", "/data/network", "/data/"])
def test_no_sql_and_no_parameter_that_is_not_known(ask: Ask, path: str, query: str) -> None:
    answer = ask(f"{path}?{query}")
    assert answer.status_code == 400
    assert "<h1>" in answer.text
    assert "SELECT" not in answer.text.upper().replace("<SELECT", "")


@pytest.mark.parametrize(
    "path",
    [
        "/data/network.db",
        "/data/public",
        "/data/public.db",
        "/data/_internal",
        "/data/-/versions",
        "/data/-/metadata.json",
        "/data/-/static/app.css",
        "/data/-/logout",
        "/data/favicon.ico",
        "/data/.json",
        "/data/network.csv",
        "/data/network/nothing",
        "/data/network/sqlite_master",
        "/data/network/organisations_fts",
        "/data/network/organisations.blob",
        "/data/network/organisations/o-open.csv",
        "/data/network/organisations/o-open/more",
        "/data/network/organisations/%2e%2e",
        "/data/network/organisations/no'body",
        "/data/%5Cevil.example/",
        "/data//evil.example/",
        "/data/network/%E2%80%AE",
        "/data/../healthz",
    ],
)
def test_an_address_that_does_not_exist(
    ask: Ask, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers
    said = capfd.readouterr()
    for text in (answer.text, said.out, said.err):
        assert "Traceback" not in text
        assert "locals" not in text
        assert "public.db" not in text
        assert "generations" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_the_data_can_only_be_read(ask: Ask, method: str) -> None:
    answer = ask("/data/network/organisations", method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_head_has_no_body(ask: Ask) -> None:
    for path in ("/data/network/organisations", "/data/network/organisations.csv", "/data/x"):
        assert ask(path, "HEAD").content == b""


def test_nobody_is_known_and_no_cookie_is_set(ask: Ask) -> None:
    signed = ask("/data/", cookie="ds_actor=x; session=y", authorization="Bearer z")
    assert signed.status_code == 200
    assert "set-cookie" not in signed.headers
    assert signed.text == ask("/data/").text


def test_only_our_own_headers(ask: Ask) -> None:
    headers = ask("/data/network/organisations").headers
    ours = {"content-type", "content-encoding", "cache-control", "etag", "vary", "x-robots-tag"}
    assert set(headers) == ours
    assert ask("/data/network/organisations", if_none_match=headers["etag"]).status_code == 304
    other = ask("/data/network/organisations", accept_language="ru")
    assert other.headers["etag"] != headers["etag"]


def test_the_language_is_the_one_asked_for(ask: Ask) -> None:
    assert '<html lang="en">' in ask("/data/").text
    assert '<html lang="tg">' in ask("/data/", accept_language="de, tg;q=0.8, ru;q=0.5").text
    russian = ask("/data/network/regions?_lang=ru", accept_language="tg").text
    assert '<html lang="ru">' in russian
    assert "Регионы" in russian
    assert 'href="/data/network/regions/TM-M?_lang=ru"' in russian
    assert '<html lang="en">' in ask("/data/?_lang=xx").text


def test_a_page_shows_the_readers_language_and_the_download_all(ask: Ask) -> None:
    page = ask("/data/network/regions?_lang=tg").text
    assert '<td lang="tg">' in page
    assert '<td lang="ru">' not in page
    assert "name_ru" in ask("/data/network/regions.csv").text


def test_errors_are_plain_pages_or_json(ask: Ask) -> None:
    body = ask("/data/network/nothing.json").json()
    assert body["error"]["code"] == "not_found"
    body = ask("/data/network?sql=select+1", accept="application/json").json()
    assert body["error"]["code"] == "invalid"
    assert ask("/data/network/nothing", accept_language="ru").headers["vary"]


def test_json_says_no_path_of_the_server(ask: Ask, settings: Settings) -> None:
    for path in ("/data/network.json", "/data/network/organisations.json"):
        text = json.dumps(ask(path).json())
        assert str(settings.data_dir) not in text


def test_a_streamed_sheet_is_one_question_and_a_form_may_leave_fields_empty(
    published: object, ask: Callable[..., httpx.Response]
) -> None:
    slow = ask("/data/network/services.csv?_stream=on&_size=1")
    assert slow.text == ask("/data/network/services.csv?_stream=on").text
    assert len(slow.text.splitlines()) == 10
    assert ask("/data/network/services.csv?_stream=on&_facet=code").status_code == 400
    assert ask("/data/network/events?_search=&kind=training&region=&_lang=en").status_code == 200


def test_no_address_is_written_with_a_name_that_a_visitor_chose(
    published: object, ask: Callable[..., httpx.Response]
) -> None:
    for path in ("/data/network/organisations.json?_facet=kind&_size=1", "/data/"):
        answer = ask(path, host="elsewhere.example")
        assert answer.status_code == 200
        assert "elsewhere" not in answer.text + str(answer.headers)
