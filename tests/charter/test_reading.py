"""The criteria: who reads what, in which language, what changed, and what can be found of it."""

import sqlite3
from pathlib import Path

from litestar.testing import TestClient

from portal.charter.rules import Piece, words_changed
from portal.db import Store
from portal.indexes.actions import rebuild
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from portal.upkeep import REPUBLISHED
from search.embedded import EmbeddedEngine
from search.engine import Question
from tests.charter.conftest import put_charter
from tests.conftest import JSON, LANGUAGES, MOMENT, OPERATOR, PARTIAL, TODAY
from tests.network import Network

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_the_page_its_block_its_json_and_each_language(visitor: TestClient) -> None:
    whole = visitor.get("/en/criteria")
    assert whole.status_code == 200
    assert "<html" in whole.text
    block = visitor.get("/en/criteria", headers=PARTIAL)
    assert "<html" not in block.text
    assert "Registered and independent" in block.text
    asks = block.text.split('id="registered"')[1].split("</li>\n<li")[0]
    assert asks.index("What shows it:") < asks.index("A file is needed")
    found = visitor.get("/en/criteria", headers=JSON).json()
    assert found["version"] == 2
    assert found["minute"] is None
    assert found["points"][0]["title"]["states"]["en"] == "original"
    for code in LANGUAGES:
        page = visitor.get(f"/{code}/criteria")
        assert page.status_code == 200
        assert f'href="/{code}/apply"' in page.text
    assert visitor.post("/en/criteria").status_code == 405
    versions = visitor.get("/en/criteria/versions", headers=JSON).json()
    assert [each["version"] for each in versions["results"]] == [2, 1]
    assert visitor.get("/en/criteria/versions/99").status_code == 404
    for too_large in ("9" * 20, "9" * 5000):
        for path in (f"/{too_large}", f"/{too_large}/changes"):
            assert visitor.get(f"/en/criteria/versions{path}").status_code == 404
        since = visitor.get(f"/en/criteria/versions/2/changes?since={too_large}")
        assert since.status_code == 422
    assert visitor.get("/en/criteria/versions/2/changes?since=x").status_code == 422
    assert visitor.get("/en/criteria/versions/2/changes?since=77").status_code == 404
    assert "first version" in visitor.get("/en/criteria/versions/1/changes").text


def test_where_the_readers_language_is_not_there_it_says_so(stage: Network) -> None:
    page = stage.as_(None).get("/tk/criteria").text
    safe, new = page.split('id="safe"')[1].split('id="new"')
    assert "Çagalar howpsuz" in safe
    assert "Terjime entek barlanmady" in safe
    assert '<span lang="en">Zealously confirmed</span>' in new
    assert "English" in new.split("</li>")[0]
    russian = stage.as_(None).get("/ru/criteria").text
    assert "Перевод ещё не проверен" not in russian.split('id="safe"')[1].split('id="new"')[0]
    assert "Для проверки." in russian


def test_a_changed_criterion_is_seen_in_all_four_languages(stage: Network) -> None:
    path = "/criteria/versions/2/changes"
    found = stage.as_(None).get(f"/en{path}", headers=JSON).json()
    assert (found["version"], found["since"]) == (2, 1)
    hows = {each["code"]: each["how"] for each in found["results"]}
    assert hows == {"safe": "changed", "new": "added", "old": "removed"}
    (words,) = [each["words"] for each in found["results"] if each["code"] == "safe"]
    assert set(words) == {"text"}
    assert set(words["text"]) == set(LANGUAGES)
    came = {"en": "written ", "ru": "письменные ", "tk": "ýazgylaýyn ", "tg": "хаттии"}
    for code in LANGUAGES:
        page = stage.as_(None).get(f"/{code}{path}").text
        own, others = page.split("</h1>")[1].split("<details>", 1)
        for language, word in came.items():
            part = own if language == code else others
            inside = part.split(f'lang="{language}">', 1)[1].split("</p>")[0]
            assert word.strip() in "".join(
                each.split("</ins>")[0] for each in inside.split("<ins>")[1:]
            ), (code, language)
        assert '<span class="hidden">[' in own


def test_words_are_compared_and_nothing_is_lost() -> None:
    pieces = words_changed("Rules are there.", "Written rules are kept there. Always.")
    assert "".join(p.text for p in pieces if p.how != "added") == "Rules are there."
    whole = "".join(p.text for p in pieces if p.how != "removed")
    assert whole == "Written rules are kept there. Always."
    assert words_changed("а б", "а б") == [Piece("same", "а б")]
    assert words_changed("", "Қоида") == [Piece("added", "Қоида")]


def test_a_draft_is_hidden_and_the_minute_is_for_members(stage: Network, tmp_path: Path) -> None:
    put_charter(stage.store, tmp_path, {1: "2019-09-14"})
    with stage.store.transaction() as db:
        db.execute("UPDATE charter_versions SET minute = 'Minute 7' WHERE version = 1")
    for name in (None, "mira"):
        client = stage.as_(name)
        for path in ("2", "2/changes", "1/changes?since=2"):
            assert client.get(f"/en/criteria/versions/{path}").status_code == 404
        assert "Zealously confirmed" not in client.get("/en/criteria/versions").text
        seen = "Minute 7" in client.get("/en/criteria").text
        assert seen is (name is not None)
        shown = client.get("/en/criteria/versions", headers=JSON).json()["results"][0]["minute"]
        assert shown == ("Minute 7" if name else None)
    client = stage.as_("ana")
    assert "it does not stand" in client.get("/en/criteria/versions/2").text
    assert client.get("/en/criteria/versions/2/changes").status_code == 200


def test_without_a_charter_there_is_nothing_but_a_way_to_begin(stage: Network) -> None:
    with stage.store.transaction() as db:
        for table in ("charter_texts", "charter_points", "charter_versions"):
            db.execute(f"DELETE FROM {table}")
    assert stage.as_(None).get("/en/criteria").status_code == 404
    answer = stage.as_("ana").get("/en/criteria", follow_redirects=False)
    assert answer.headers["location"] == "/en/criteria/draft"


def test_texts_are_shown_as_text_and_printed_without_the_rest(stage: Network) -> None:
    with stage.store.transaction() as db:
        sql = "UPDATE charter_texts SET text = ? WHERE version = 2 AND code = 'safe'"
        db.execute(sql, [HOSTILE])
        db.execute("UPDATE charter_versions SET notes = json_object('en', ?)", [HOSTILE])
    paths = ["criteria", "criteria/versions", "criteria/versions/2/changes"]
    paths += ["criteria/versions/2/translations?language=ru"]
    paths += ["criteria/versions/2/translations/ru/safe"]
    for path in paths:
        page = stage.as_("ana").get(f"/en/{path}").text
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
        assert "&lt;" in page, path
    styles = Path("portal/web/static/site.css").read_text()
    assert ".screen" in styles.split("@media print")[1]
    page = stage.as_(None).get("/en/criteria").text
    assert '<p class="screen"><a class="button" href="/en/apply">' in page


def test_points_are_found_by_everybody_drafts_by_nobody(
    stage: Network, settings: Settings, tmp_path: Path
) -> None:
    put_charter(stage.store, tmp_path, {1: "2019-09-14"})
    engine = EmbeddedEngine(settings.search_folder)
    rebuild(stage.store, engine, TODAY)
    for index in ("public", "members"):
        (hit,) = engine.ask(index, Question(text="howpsuz", kind="criteria")).hits
        assert hit.url == "/criteria#safe"
        assert not engine.ask(index, Question(text="zealously", kind="criteria")).hits
    engine.close()
    page = stage.as_(None).get("/en/search?q=howpsuz&kind=criteria").text
    assert "/en/criteria#safe" in page


def published(settings: Settings, sql: str) -> list[tuple]:
    newest = (settings.generations / "current").read_text().strip()
    with sqlite3.connect(settings.generations / newest / "public.db") as db:
        return db.execute(sql).fetchall()


def test_adopted_versions_are_published_without_who_and_drafts_not_at_all(
    stage: Network, store: Store, settings: Settings, tmp_path: Path
) -> None:
    put_charter(store, tmp_path, {1: "2019-09-14"})
    release_and_publish(store, settings, OPERATOR, MOMENT)
    assert published(settings, "SELECT version, adopted_on FROM charter_versions") == [
        (1, "2019-09-14")
    ]
    sql = "SELECT code, kind, asks_file FROM charter_points ORDER BY position"
    assert published(settings, sql) == [
        ("safe", "criterion", 1),
        ("old", "criterion", 1),
        ("harm", "principle", 0),
    ]
    sql = "SELECT language, state FROM charter_texts WHERE code = 'safe' AND field = 'title'"
    assert dict(published(settings, sql)) == {
        "en": "original",
        "ru": "checked",
        "tk": "unchecked",
        "tg": "unchecked",
    }
    newest = (settings.generations / "current").read_text().strip()
    content = (settings.generations / newest / "public.db").read_bytes()
    assert b"Zealously confirmed" not in content
    assert "criteria" in REPUBLISHED
