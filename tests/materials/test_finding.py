"""Finding: by a word in any alphabet, in the site's search, and what stays out of it."""

import pytest
from litestar.testing import TestClient

from portal.actor import PUBLIC, Actor
from portal.db import Store
from portal.gallery.queries import find_by_word
from portal.indexes.actions import drain
from portal.materials.actions import withdraw_work
from portal.materials.documents import find_documents
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Answer, EngineUnavailable, Question
from tests.conftest import JSON, MOMENT, TODAY
from tests.materials.stage import Stage
from tests.network import Network


@pytest.fixture
def index(store: Store, settings: Settings) -> object:
    """Bring what was announced into the indexes, as upkeep does."""

    def bring() -> None:
        engine = EmbeddedEngine(settings.search_folder)
        drain(store, engine, TODAY, patience=20.0)
        engine.close()

    return bring


def ids(client: TestClient, query: str) -> list[str]:
    found = client.get(f"/en/materials?{query}", headers=JSON).json()
    return [each["id"] for each in found["results"]]


def test_a_word_in_either_script_finds_it(client: TestClient, stage: Stage, index) -> None:
    work = stage.work(title="Beýle Safarow road", titles={"ru": "Безопасная дорога Сафарова"})
    other = stage.work(title="Something else", titles={}, kind="leaflet")
    index()
    for word in ("safarow", "Сафаров", "beyle saf"):
        assert work in ids(client, f"q={word}"), word
        assert other not in ids(client, f"q={word}"), word
    assert ids(client, "q=safarow&kind=leaflet") == []
    page = client.get("/en/materials?q=safarow").text
    assert 'value="safarow"' in page
    assert "Nothing was found" in client.get("/en/materials?q=qwxzqwxz").text


def test_counts_follow_the_word(client: TestClient, stage: Stage, index) -> None:
    stage.work(title="Quzzle one", titles={})
    stage.work(title="Quzzle two", titles={}, kind="leaflet")
    index()
    found = client.get("/en/materials?q=quzzle", headers=JSON).json()
    assert found["total"] == 2
    assert found["facets"]["kind"] == {"poster": 1, "leaflet": 1}


def test_the_search_of_the_site_knows_materials(client: TestClient, stage: Stage, index) -> None:
    work = stage.work(title="Quzzle for everybody", titles={})
    index()
    found = client.get("/en/search?q=quzzle&kind=materials", headers=JSON).json()
    assert [each["url"] for each in found["results"]] == [f"/en/materials/{work}"]
    assert "Quzzle" in client.get("/en/search?q=quzzle").text


def test_who_finds_what(client: TestClient, store: Store, stage: Stage, index) -> None:
    ours = stage.work(title="Quzzle ours", titles={}, visibility="members")
    guide = stage.work(title="Quzzle guide", titles={}, kind="screening_guide")
    draft = stage.work(title="Quzzle draft", titles={}, publish=False)
    gone = stage.work(title="Quzzle gone", titles={})
    index()
    with store.transaction() as db:
        withdraw_work(db, stage.by(), MOMENT, gone)
    index()
    network = Network(client, store)
    network.join("other", stage.other)
    network.join("visits", None, "practitioner", directory_until=None)
    for name, expected in ((None, set()), ("other", {ours, guide}), ("visits", {ours, guide})):
        assert set(ids(network.as_(name), "q=quzzle")) == expected, name
    found = network.as_(None).get("/en/search?q=quzzle", headers=JSON).json()
    assert not {each["id"] for each in found["results"]} & {ours, guide, draft, gone}
    members = network.as_("other").get("/en/search?q=quzzle", headers=JSON).json()
    assert {each["id"] for each in members["results"]} >= {ours, guide}
    assert not {each["id"] for each in members["results"]} & {draft, gone}


def test_topics_and_the_text_of_a_note_are_found(store: Store, stage: Stage) -> None:
    note = stage.note({"en": "Sit beside, not opposite.", "ru": "Садитесь рядом."})
    with store.read() as db:
        (document,) = find_documents(db, TODAY, members=False, only=note)
    assert "Sit beside" in document.body
    assert "Садитесь рядом" in document.body
    assert "Муҳоҷирати бехатар" in document.body
    assert document.facets["language"] == ("en", "ru")


class Down(EmbeddedEngine):
    """An engine that cannot answer."""

    def ask(self, index: str, question: Question) -> Answer:
        raise EngineUnavailable(index, question)


def test_without_an_engine_titles_are_read(store: Store, settings: Settings, stage: Stage) -> None:
    work = stage.work(title="Beýle Safarow road", titles={})
    ours = stage.work(title="Beýle Safarow ours", titles={}, visibility="members")
    down = Down(settings.search_folder)
    with store.read() as db:
        assert list(find_by_word(db, down, PUBLIC, "сафаров бейле")) == [work]
        member = Actor("member", "a-1", organisation_id=stage.other, directory_access=True)
        assert set(find_by_word(db, down, member, "safarow")) == {work, ours}
        assert list(find_by_word(db, down, PUBLIC, "…")) == []
