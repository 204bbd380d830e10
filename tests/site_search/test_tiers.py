"""Which index is asked for whom, what is not answered any more, and what no log may hold."""

import logging
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from portal.campaigns.actions import save_campaign
from portal.db import Store, column
from portal.indexes.actions import rebuild
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Answer, Document, Engine, EngineUnavailable, Question
from seed_data.anchors import BAYRAMALY
from tests.architecture.test_routes import csrf_of
from tests.conftest import JSON, MOMENT, OPERATOR, PARTIAL, TODAY

ASKED = "Zebrafinch Döwletowa"


class Recording:
    """An engine that notes which index it is asked, and lets another answer."""

    name = "recording"

    def __init__(self, other: Engine, change: Callable[[Answer], Answer] = lambda same: same):
        self.other, self.change = other, change
        self.asked: list[tuple[str, Question]] = []

    def ask(self, index: str, question: Question) -> Answer:
        self.asked.append((index, question))
        return self.change(self.other.ask(index, question))

    def put(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        self.other.put(index, documents, mark)

    def remove(self, index: str, ids: Iterable[str], mark: str | None = None) -> None:
        self.other.remove(index, ids, mark)

    def replace(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        self.other.replace(index, documents, mark)

    def mark(self, index: str) -> str | None:
        return self.other.mark(index)

    def ids(self, index: str) -> set[str]:
        return self.other.ids(index)

    def count(self, index: str) -> int:
        return self.other.count(index)

    def close(self) -> None:
        self.other.close()


def fails(_: Answer) -> Answer:
    """What an engine does that is down; its message quotes the question, as some do."""
    raise EngineUnavailable(f"cannot answer {ASKED}")


@contextmanager
def asking(client: TestClient, change: Callable[[Answer], Answer] = lambda same: same):
    """The engine of a site replaced by one that records, until the block ends."""
    site = client.app.state.site
    recording = Recording(site.engine, change)
    client.app.state.site = replace(site, engines=replace(site.engines, asked=recording))
    try:
        yield recording
    finally:
        client.app.state.site = site


QUESTIONS = (
    {"q": "mary"},
    {"q": "Döwletowa", "kind": "practitioners"},
    {"q": "Bayramalx", "page": "2", "limit": "1"},
    {"near": BAYRAMALY, "within": "100"},
    {"near": BAYRAMALY, "kind": "practitioners"},
    {"kind": "practitioners"},
    {"q": "qwxzqwxzq", "kind": "practitioners"},
)


@pytest.mark.parametrize(
    ("role", "index"),
    [
        ("", "public"),
        ("observer", "public"),
        ("practitioner", "public"),
        ("admin", "public"),
        ("member", "members"),
        ("coordinator", "members"),
    ],
)
def test_each_tier_is_asked_in_its_own_index(
    visitor: TestClient, as_role, role: str, index: str
) -> None:
    client = as_role(role) if role else visitor
    with asking(client) as engine:
        for question in QUESTIONS:
            for headers in ({}, JSON, PARTIAL):
                assert client.get("/en/search", params=question, headers=headers).status_code == 200
                if role:
                    sent = {**question, "csrf": csrf_of(client)}
                    assert client.post("/en/search", data=sent, headers=headers).status_code == 200
    assert {asked for asked, _ in engine.asked} == {index}


def test_a_member_without_the_directory_is_asked_for_in_public(
    settings: Settings, store: Store, client: TestClient
) -> None:
    client.post("/demo/sign-in", data={"role": "member"})
    with store.transaction() as db:
        db.execute("UPDATE accounts SET directory_until = '2020-01-01' WHERE role = 'member'")
    with asking(client) as engine:
        client.get("/en/search?q=mary")
    assert {asked for asked, _ in engine.asked} == {"public"}


def test_an_engine_that_mixes_its_indexes_up_tells_the_public_nobody(visitor: TestClient) -> None:
    engine = visitor.app.state.site.engine
    mixed = engine.ask("members", Question(text="", kind="practitioners"))
    assert mixed.hits
    suggesting = lambda _: replace_answer(mixed, suggestion="Döwletowa")  # noqa: E731
    with asking(visitor, suggesting):
        answer = visitor.get("/en/search?q=mary", headers=JSON).json()
        page = visitor.get("/en/search?q=mary").text
    assert answer["results"] == []
    assert answer["suggestion"] is None
    assert all(hit.title not in page for hit in mixed.hits)


def replace_answer(answer: Answer, **changed: object) -> Answer:
    """The same answer with something else in it."""
    return Answer(
        total=answer.total, hits=answer.hits, facets=answer.facets, engine=answer.engine, **changed
    )


def test_what_is_taken_away_is_found_no_more_before_any_index_hears_of_it(
    settings: Settings, store: Store, client: TestClient
) -> None:
    with store.transaction() as db:
        shown = "SELECT id FROM organisations WHERE visibility = 'public' ORDER BY id"
        organisation = column(db, shown)[0]
        named = {"name": "Quokka rights group"}
        save_organisation(db, OPERATOR, MOMENT, organisation, named)
        row = {"title": "Quokka days", "organisation_id": organisation, "starts_on": "2026-01-02"}
        save_campaign(db, OPERATOR, MOMENT, "c-quokka", {**row, "state": "published"})
        person = column(db, "SELECT practitioner_id FROM listings ORDER BY id")[0]
        db.execute("UPDATE practitioners SET name = 'Quokka Quoll' WHERE id = ?", [person])
        event = column(db, "SELECT id FROM events WHERE starts_on < '2020' AND NOT closed")[0]
        db.execute("UPDATE events SET title = 'Quokka meeting' WHERE id = ?", [event])
        material = column(db, "SELECT id FROM materials WHERE visibility = 'public'")[0]
        db.execute("UPDATE materials SET title = 'Quokka poster' WHERE id = ?", [material])
    engine = EmbeddedEngine(settings.search_folder)
    rebuild(store, engine, TODAY)
    engine.close()

    def found() -> set[str]:
        """The kinds of what is still called so; without it others are found by a slip."""
        answer = client.get("/en/search?q=quokka&limit=100", headers=JSON).json()
        assert answer["total"] == len(answer["results"]) == sum(answer["facets"]["kind"].values())
        assert "Quokka" not in (answer["suggestion"] or "")
        return {each["kind"] for each in answer["results"] if "Quokka" in each["title"]}

    assert found() == {"organisations", "campaigns", "events", "materials"}
    with store.transaction() as db:
        # quietly: not a line in the outbox
        db.execute("UPDATE organisations SET visibility = 'members' WHERE id = ?", [organisation])
        db.execute("UPDATE campaigns SET state = 'withdrawn' WHERE id = 'c-quokka'")
        db.execute("UPDATE materials SET visibility = 'members' WHERE id = ?", [material])
    assert found() == {"events"}
    with store.transaction() as db:
        db.execute("UPDATE events SET closed = 1 WHERE id = ?", [event])
    assert found() == set()
    client.post("/demo/sign-in", data={"role": "member"})
    assert found() == {"organisations", "materials", "events", "practitioners"}
    with store.transaction() as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for table in ("listing_places", "listing_reach"):
            db.execute("DELETE FROM " + table)
        db.execute("DELETE FROM listings WHERE practitioner_id = ?", [person])
        db.execute("UPDATE materials SET published_version = NULL WHERE id = ?", [material])
    assert found() == {"organisations", "events"}
    slip = client.get("/en/search?q=Quokka+Quol", headers=JSON).json()
    assert "Quoll" not in str(slip)
    assert "quoll" in (settings.search_folder / "members.db").read_bytes().decode("latin-1").lower()


def test_the_spare_engine_says_so_calmly(visitor: TestClient) -> None:
    spare = lambda answer: replace_answer(answer, stands_in=True)  # noqa: E731
    with asking(visitor, spare):
        page = visitor.get("/en/search?q=mary")
        answer = visitor.get("/en/search?q=mary", headers=JSON).json()
        around = visitor.get(f"/en/search?near={BAYRAMALY}").text
    assert page.status_code == 200
    assert "The spare search engine is answering for now" in page.text
    assert "The spare search engine is answering for now" in around
    assert "alert" not in page.text
    assert answer["stands_in"] is True
    assert answer["engine"] == "embedded"


def test_when_no_engine_answers_the_lists_are_the_way_on(visitor: TestClient, as_role) -> None:
    for client in (visitor, as_role("member")):
        with asking(client, fails):
            page = client.get("/en/search?q=mary")
            assert page.status_code == 503
            assert "Search does not answer just now" in page.text
            assert 'href="/en/organisations"' in page.text
            assert 'value="mary"' in page.text
            block = client.get("/en/search?q=mary", headers=PARTIAL)
            assert block.status_code == 503
            assert "<html" not in block.text
            said = client.get("/en/search?q=mary", headers=JSON)
            assert said.status_code == 503
            assert said.json()["error"]["code"] == "unavailable"
            assert client.get("/en/search").status_code == 200


def test_what_was_asked_is_in_no_log_and_no_file(
    settings: Settings,
    store: Store,
    client: TestClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    client.post("/demo/sign-in", data={"role": "member"})
    sent = {"csrf": csrf_of(client), "q": ASKED}
    for change in (lambda same: same, fails):
        with asking(client, change):
            for headers in ({}, JSON, PARTIAL):
                client.get("/en/search", params={"q": ASKED}, headers=headers)
                client.post("/en/search", data=sent, headers=headers)
                client.post("/en/search", data={**sent, "kind": "x"}, headers=headers)
    with store.transaction() as db:
        db.execute("UPDATE sessions SET seen_at = '2026-11-23T01:00:00Z'")
    answer = client.post("/en/search", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/sign-in"
    with store.read() as db:
        assert column(db, "SELECT id FROM drafts") == []
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("http")]
    logged = " ".join(ours) + "".join(capfd.readouterr())
    assert "zebrafinch" not in logged.lower()
    for path in settings.data_dir.rglob("*"):
        assert not path.is_file() or b"zebrafinch" not in path.read_bytes().lower(), path
