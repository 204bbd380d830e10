"""The feed: valid Atom of what is public, in the language asked for, and nothing else."""

from xml.etree import ElementTree as Tree

import pytest
from litestar.testing import TestClient

from portal.db import Store
from tests.conftest import LANGUAGES
from tests.materials.many import add_many
from tests.materials.stage import Stage
from tests.network import Network

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: TestClient, language: str) -> list[Tree.Element]:
    answer = client.get(f"/{language}/materials/feed")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return Tree.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314  our own


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_what_atom_asks_for(client: TestClient, stage: Stage, language: str) -> None:
    stage.work(language, title="A & <b>", titles={})
    feed = Tree.fromstring(client.get(f"/{language}/materials/feed").content)  # noqa: S314
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}")
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost:8000/{language}/materials/feed"
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "author/" + ATOM + "name"):
            assert entry.findtext(f"{ATOM}{name}"), name
        assert (entry.findtext(f"{ATOM}id") or "").startswith("tag:localhost,2026:")
    assert "A & <b>" in [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_only_works_that_are_there_in_the_language(client: TestClient, stage: Stage) -> None:
    work = stage.work("en", "ru")
    assert any(work in (entry.findtext(f"{ATOM}id") or "") for entry in entries(client, "ru"))
    assert not any(work in (entry.findtext(f"{ATOM}id") or "") for entry in entries(client, "tg"))


def test_nothing_for_members_is_ever_in_it(client: TestClient, store: Store, stage: Stage) -> None:
    hidden = [
        stage.work(visibility="members"),
        stage.work(kind="screening_guide"),
        stage.work(publish=False),
    ]
    network = Network(client, store)
    network.join("owner", stage.home)
    for name in (None, "owner"):
        text = network.as_(name).get("/en/materials/feed").text
        assert not [work for work in hidden if work in text]


def test_the_newest_thirty(client: TestClient, store: Store) -> None:
    with store.transaction() as db:
        add_many(db, 200)
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries(client, "ru")]
    assert len(dates) == 30
    assert dates == sorted(dates, reverse=True)


def test_what_has_not_changed_is_not_sent_again(client: TestClient, stage: Stage) -> None:
    stage.work()
    first = client.get("/en/materials/feed")
    again = client.get("/en/materials/feed", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    stage.work()
    changed = client.get("/en/materials/feed", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


def test_the_gallery_names_the_feed(client: TestClient) -> None:
    page = client.get("/tg/materials").text
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert 'href="/tg/materials/feed"' in page
