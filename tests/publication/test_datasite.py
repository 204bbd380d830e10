"""The data site: pages, JSON and CSV for everybody; nothing else gets through."""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.actor import Actor
from portal.db import Store
from portal.publication import datasite
from portal.publication.actions import publish
from portal.publication.datasite import DataSite
from portal.publication.notes import read_notes
from portal.settings import Settings

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

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
    assert ask(f"/data/network/{table}.json?_shape=array").json()
    lines = ask(f"/data/network/{table}.csv?_stream=on").text.splitlines()
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
    ours = {"content-type", "content-encoding", "cache-control", "etag", "vary"}
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


def test_errors_are_plain_pages_or_json(ask: Ask) -> None:
    body = ask("/data/network/nothing.json").json()
    assert body["error"]["code"] == "not_found"
    body = ask("/data/network?sql=select+1", accept="application/json").json()
    assert body["error"]["code"] == "invalid"
    assert ask("/data/network/nothing", accept_language="ru").headers["vary"]


class Outline(HTMLParser):
    """What our pages must not have, and must have."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        self.tags.append(tag)
        self.ids += [str(had["id"])] if "id" in had else []
        self.wrong += [name for name in had if name.startswith("on") or name == "style"]
        self.wrong += [tag] if tag in ("script", "style", "iframe", "img") else []
        if tag == "label":
            self.labels.add(str(had.get("for")))
        if tag in ("select", "input") and had.get("type") != "hidden":
            self.fields.append(str(had.get("id")))
        for name in ("href", "src", "action"):
            value = str(had.get(name) or "/")
            if not value.startswith(("/", "#", "mailto:", "tel:", "https://")):
                self.wrong.append(value)


@pytest.mark.parametrize(
    "path",
    [
        "/data/",
        *(f"/data/network/{table}" for table in TABLES),
        *(f"/data/network/{query}" for query in QUERIES),
        "/data/network/organisations/o-open",
        "/data/network/nothing",
    ],
)
def test_pages_hold_to_the_strict_policy_and_can_be_read_aloud(ask: Ask, path: str) -> None:
    html = ask(path).text
    outline = Outline()
    outline.feed(html)
    assert outline.wrong == []
    assert outline.tags.count("h1") == 1
    assert "main" in outline.tags
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.fields) <= outline.labels
    assert outline.tags.count("table") == outline.tags.count("caption")
    assert "/static/site.abc.css" in html
    assert "/exit" in html


def test_text_that_somebody_typed_shows_as_text(
    ask: Ask, published: Store, settings: Settings
) -> None:
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    with published.transaction() as db:
        db.table("organisations").update("o-two", {"summary": attack, "name": attack})
        db.table("organisations").update("o-open", {"website": "javascript:alert(1)"})
    publish(published, settings, OPERATOR, AT)
    for path in ("organisations", "organisations/o-two", "organisations_by_service"):
        html = ask(f"/data/network/{path}").text
        assert "<script" not in html
        assert "<img" not in html
    assert 'href="javascript' not in ask("/data/network/organisations/o-open").text
    reflected = ask('/data/network/organisations?name="><script>alert(1)</script>')
    assert "<script" not in reflected.text


def current_file(settings: Settings) -> Path:
    number = (settings.generations / "current").read_text().strip()
    return settings.generations / number / "public.db"


def test_a_new_generation_is_served_by_the_same_process(
    ask: Ask, published: Store, settings: Settings
) -> None:
    before = ask("/data/network/organisations")
    with published.transaction() as db:
        db.table("organisations").update("o-two", {"visibility": "members"})
    publish(published, settings, OPERATOR, AT)
    after = ask("/data/network/organisations")
    assert "Mähriban" in before.text
    assert "Mähriban" not in after.text
    assert before.headers["etag"] != after.headers["etag"]


def test_the_old_generation_is_closed_after_the_swap(
    ask: Ask, data_site: DataSite, published: Store, settings: Settings
) -> None:
    ask("/data/")
    old: Any = data_site._served
    publish(published, settings, OPERATOR, AT)
    ask("/data/")
    assert data_site._served is not old
    with pytest.raises(RuntimeError):
        old.server.executor.submit(print)


def test_without_a_public_database_it_says_so_and_recovers(ask: Ask, settings: Settings) -> None:
    assert ask("/data/").status_code == 200
    away = settings.generations.with_name("away")
    settings.generations.rename(away)
    missing = ask("/data/")
    assert missing.status_code == 503
    assert "cannot be shown at the moment" in missing.text
    assert ask("/data/network.json").json()["error"]["code"] == "unavailable"
    away.rename(settings.generations)
    assert ask("/data/").status_code == 200


@pytest.mark.parametrize("damage", ["cut", "garbage", "flipped", "other"])
def test_a_damaged_public_database_is_not_served(ask: Ask, settings: Settings, damage: str) -> None:
    path = current_file(settings)
    good = path.read_bytes()
    assert ask("/data/").status_code == 200
    if damage == "other":
        path.unlink()
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE t (x)")
        path.with_name("public.db.sha256").unlink()
    else:
        path.write_bytes(spoilt(good, damage))
    bump(path)
    assert ask("/data/").status_code == 503
    path.write_bytes(good)
    bump(path)
    assert ask("/data/").status_code == 200


def spoilt(good: bytes, damage: str) -> bytes:
    if damage == "cut":
        return good[:5000]
    if damage == "garbage":
        return b"not a database" * 1000
    place = good.index("Mähriban".encode())
    return good[:place] + b"W" + good[place + 1 :]


def bump(path: Path) -> None:
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 10**9))


def test_a_damaged_newer_generation_leaves_the_older_in_service(
    ask: Ask, settings: Settings
) -> None:
    assert ask("/data/").status_code == 200
    shutil.copytree(settings.generations / "1", settings.generations / "2")
    (settings.generations / "2" / "public.db").write_bytes(b"half of it")
    (settings.generations / "current").write_text("2")
    assert ask("/data/").status_code == 200
    assert ask("/data/network/organisations.json").status_code == 200


def test_a_pointer_that_says_nothing_is_no_publication(ask: Ask, settings: Settings) -> None:
    (settings.generations / "current").write_text("nothing")
    assert ask("/data/").status_code == 503


def test_json_says_no_path_of_the_server(ask: Ask, settings: Settings) -> None:
    for path in ("/data/network.json", "/data/network/organisations.json"):
        text = json.dumps(ask(path).json())
        assert str(settings.data_dir) not in text
