"""What one takes along from the data site: sheets, pictures, files of an edition; and how often."""

import csv
import gzip
import hashlib
import io
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import charts
from portal.actor import Actor
from portal.db import Store
from portal.publication import datasite
from portal.publication.contents import next_release_after
from portal.publication.limits import AT_ONCE, MOST_KEPT, Limit
from portal.publication.notes import LANGUAGES, METADATA, read_notes
from portal.publication.spreadsheet import Harmless
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from portal.texts import is_formula

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

Ask = Callable[..., httpx.Response]

NOTES = read_notes()


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new generation is noticed at once."""
    monkeypatch.setattr(datasite, "LOOK_EVERY_SECONDS", 0.0)


@given(
    st.lists(st.lists(st.text("=+-@\t\r\n\"',;aя1 "), min_size=2, max_size=3), max_size=5),
    st.integers(1, 9),
)
def test_no_cell_is_calculated_however_the_sheet_is_cut(rows: list[list[str]], piece: int) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    body = written.getvalue().encode()
    harmless = Harmless()
    given_away = b"".join(
        harmless.take(body[n : n + piece], further=True) for n in range(0, len(body), piece)
    )
    given_away += harmless.take(b"", further=False)
    read = list(csv.reader(io.StringIO(given_away.decode("utf-8-sig"), newline="")))
    assert len(read) == len(rows)
    for row, was in zip(read, rows, strict=True):
        assert len(row) == len(was)
        for cell in row:
            assert not is_formula(cell.lstrip())


def test_a_sheet_neutralises_names_and_keeps_phone_numbers(
    ask: Ask, published: Store, settings: Settings
) -> None:
    with published.transaction() as db:
        db.table("organisations").update("o-two", {"summary": '=HYPERLINK("x")'})
    release_and_publish(published, settings, OPERATOR, AT)
    sheet = ask("/data/network/organisations.csv?_stream=on").content
    assert sheet.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert {row["phone"][:7] for row in found} == {"+993 12"}
    assert '\'=HYPERLINK("x")' in {row["summary"] for row in found}
    rows = ask("/data/network/organisations.json?_shape=array").json()
    assert '=HYPERLINK("x")' in {row["summary"] for row in rows}


@pytest.mark.usefixtures("published")
def test_what_is_withheld_is_no_order(ask: Ask) -> None:
    for table, column in (("practitioner_counts", "practitioners"), ("figures", "value")):
        for asked in ("_sort", "_sort_desc", "_facet"):
            for form in ("", ".json", ".csv"):
                assert ask(f"/data/network/{table}{form}?{asked}={column}").status_code == 400
        assert f"_sort={column}" not in ask(f"/data/network/{table}").text
    assert "withheld" in ask("/data/network/practitioner_counts?region=TM-L").text


@pytest.mark.usefixtures("published")
def test_a_form_offers_choices_by_name_and_sends_what_was_not_chosen(ask: Ask) -> None:
    page = ask("/data/network/figures?indicator=assisted_published&area=&period=&_lang=ru").text
    assert '<option value="assisted_published" selected>Помощь</option>' in page
    assert "2018" in page
    assert "Published report of 2018" in page
    assert "/data/charts/indicator_over_time.svg?indicator=assisted_published" in page


@pytest.mark.usefixtures("published")
def test_a_chart_is_an_image_of_the_same_numbers(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[bytes] = []

    def draw(spec: bytes) -> str:
        drawn.append(spec)
        return "<svg></svg>"

    monkeypatch.setattr(charts, "_drawn", draw)
    path = "/data/charts/indicator_over_time.svg?indicator=assisted_published"
    answer = ask(path)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "<title>Assisted</title>" in answer.text
    assert b"2018" in drawn[0]
    assert ask(f"{path}&sql=select").status_code == 400
    assert ask("/data/charts/home_visits.svg").status_code == 404
    assert ask("/data/charts/figures_by_region.svg").status_code == 200
    assert b"not shown" in drawn[1]
    places = [charts._places.acquire(blocking=False) for _ in range(charts.MOST_WAITING)]
    assert all(places)
    assert ask("/data/charts/settlements_of_region.svg").status_code == 503
    for _ in places:
        charts._places.release()


def test_files_of_an_edition_are_taken_by_their_exact_names(
    ask: Ask, published: Store, settings: Settings
) -> None:
    published.close()
    assert "/data/files/" not in ask("/data/").text
    folder = settings.generations / "1" / "files"
    folder.mkdir()
    body = bytes(range(256)) * 1000
    (folder / "all.zip").write_bytes(body)
    (folder / "secret.txt").write_bytes(b"not listed")
    listed = {
        "name": "all.zip",
        "title": {"en": "Everything", "ru": "Всё"},
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "media_type": "application/zip",
        "language": None,
    }
    up = {**listed, "name": "../public.db"}
    (folder / "files.json").write_text(json.dumps([listed, up]))
    assert 'href="/data/files/all.zip"' in ask("/data/").text
    whole = ask("/data/files/all.zip")
    assert whole.content == body
    assert whole.headers["content-disposition"] == 'attachment; filename="all.zip"'
    assert whole.headers["content-type"] == "application/zip"
    assert whole.headers["x-content-type-options"] == "nosniff"
    part = ask("/data/files/all.zip", range="bytes=1000-1999")
    assert (part.status_code, part.content) == (206, body[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(body)}"
    assert ask("/data/files/all.zip", range="bytes=-5").content == body[-5:]
    assert ask("/data/files/all.zip", range="bytes=999999-").status_code == 416
    tag = whole.headers["etag"]
    assert ask("/data/files/all.zip", if_none_match=tag).status_code == 304
    changed = ask("/data/files/all.zip", range="bytes=0-1", if_range='"other"')
    assert changed.status_code == 200
    assert ask("/data/files/all.zip", "HEAD").content == b""
    for name in ("secret.txt", "files.json", "../public.db", "%2e%2e/public.db", "all.zip/x"):
        assert ask(f"/data/files/{name}").status_code == 404


def test_a_loop_is_told_to_wait_and_people_are_not() -> None:
    at = [0.0]
    limit = Limit("", lambda: at[0])
    one = {"client": ("203.0.113.5", 1), "headers": []}
    beside = {"client": ("203.0.113.77", 1), "headers": []}
    other = {"client": ("2001:db8::1", 1), "headers": []}
    assert [limit.wait(one) for _ in range(AT_ONCE)] == [0] * AT_ONCE
    assert limit.wait(beside) == 1
    assert limit.wait(other) == 0
    at[0] = 1.0
    assert limit.wait(one) == 0
    behind = Limit("X-Real-IP", lambda: 0.0)
    for n in range(MOST_KEPT + 5):
        address = f"10.{n // 256}.{n % 256}.1".encode()
        behind.wait({"client": ("127.0.0.1", 1), "headers": [(b"x-real-ip", address)]})
    assert len(behind._left) == MOST_KEPT


@pytest.mark.usefixtures("published")
def test_whoever_asks_too_often_reads_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limit, "wait", lambda *_: 7)
    answer = ask("/data/")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert "too often" in answer.text
    assert "set-cookie" not in answer.headers
    assert ask("/data/network.json").json()["error"]["code"] == "too_many"


def test_the_next_release_is_due_45_days_after_a_quarter() -> None:
    assert next_release_after(date(2026, 12, 1)) == date(2027, 2, 14)
    assert next_release_after(date(2026, 2, 14)) == date(2026, 5, 15)
    assert next_release_after(date(2025, 12, 31)) == date(2026, 2, 14)


class Items(HTMLParser):
    """The properties of schema.org in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.types: list[str] = []
        self.properties: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        self.types += [str(had["itemtype"])] if "itemtype" in had else []
        self.properties |= {str(had["itemprop"])} if "itemprop" in had else set()


@pytest.mark.usefixtures("published")
def test_a_table_describes_itself_to_programs(ask: Ask) -> None:
    items = Items()
    items.feed(ask("/data/network/figures").text)
    assert items.types[0] == "https://schema.org/Dataset"
    asked = {"name", "description", "license", "version", "datePublished", "variableMeasured"}
    assert asked | {"distribution", "contentUrl"} <= items.properties
    start = ask("/data/")
    assert "version 1.1" in start.text
    assert "14 February 2027" in start.text
    assert len(gzip.compress(start.content)) <= 14 * 1024


def test_every_column_has_a_label_in_four_languages() -> None:
    for language in LANGUAGES:
        for table in NOTES.tables:
            for column in NOTES.table(table, language).columns:
                assert NOTES.label(column, language) != column or column.count("_") == 0
    grouped = [table.name for group in NOTES.groups("tg") for table in group.tables]
    assert sorted(grouped) == sorted(NOTES.tables)


def test_another_machine_answers_the_same_questions(published: Store, settings: Settings) -> None:
    """Datasette alone, over the file and its notes, with nothing of the portal."""
    published.close()
    file = settings.generations / "1" / "public.db"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    off = ("default_allow_sql", "allow_download", "suggest_facets", "allow_facet")
    command = [str(Path(sys.executable).with_name("datasette")), "serve", "--immutable", str(file)]
    command += ["--metadata", str(METADATA), "--port", str(port)]
    for name in off:
        command += ["--setting", name, "off"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as site:
            for _ in range(200):
                with suppress(httpx.ConnectError):
                    site.get("/")
                    break
                time.sleep(0.1)
            for query in NOTES.queries:
                assert site.get(f"/public/{query}.json").status_code == 200, query
            rows = site.get("/public/home_visits.json?_shape=array&profession=psychologist").json()
            assert {row["home_visits"] for row in rows} == {"yes", "ask_hotline"}
            assert site.get("/public.json?sql=select+1").status_code == 403
            assert site.get("/public.db").status_code in (403, 404)
            assert site.get("/public/figures.json?_sort=value").status_code >= 400
    finally:
        process.terminate()
        process.wait(timeout=10)
