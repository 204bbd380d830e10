"""What only Meilisearch can do: lose an index, be killed, answer nonsense, hang."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import meilisearch as official
import pytest

from search import meilisearch_writing
from search.engine import Document, EngineUnavailable, IndexUnusable, Question
from search.meilisearch import MeilisearchEngine
from search.meilisearch_shape import Rules, as_code, as_key, from_code, read_rules
from tests.search.conftest import Meilisearch

PREFIX = "own_"


def person(number: int) -> Document:
    return Document(f"practitioners:{number}", "practitioners", {"": f"Maral Ataýew{number}"})


@pytest.fixture
def engine(meilisearch: Meilisearch) -> Iterator[MeilisearchEngine]:
    """An engine with three people, whose indexes nobody else has."""
    engine = meilisearch.engine(PREFIX)
    engine.replace("members", map(person, range(3)), mark="a:1")
    yield engine
    for uid in uids(meilisearch):
        run(meilisearch, lambda client, uid=uid: client.delete_index(uid).task_uid)


def run(server: Meilisearch, act: Callable[[official.Client], int]) -> None:
    client = official.Client(server.url, server.master)
    assert client.wait_for_task(act(client), 30_000, 5).status == "succeeded"


def uids(server: Meilisearch) -> list[str]:
    indexes = official.Client(server.url, server.master).get_indexes()["results"]
    return [index.uid for index in indexes if index.uid.startswith(PREFIX)]


def test_an_emptied_index_is_replaced_not_believed(
    engine: MeilisearchEngine, meilisearch: Meilisearch
) -> None:
    run(meilisearch, lambda client: client.index("own_members").delete_all_documents().task_uid)
    for use in (
        lambda: engine.ask("members", Question("Maral")),
        lambda: engine.ask("members", Question("")),
        lambda: engine.mark("members"),
        lambda: engine.ids("members"),
        lambda: engine.count("members"),
        lambda: engine.put("members", [person(7)]),
        lambda: engine.remove("members", ["practitioners:1"]),
    ):
        with pytest.raises(IndexUnusable):
            use()
    engine.replace("members", [person(4)], mark="a:9")
    assert (engine.ids("members"), engine.mark("members")) == ({"practitioners:4"}, "a:9")


def test_an_index_without_settings_is_replaced(
    engine: MeilisearchEngine, meilisearch: Meilisearch
) -> None:
    run(meilisearch, lambda client: client.index("own_members").reset_settings().task_uid)
    for text in ("Maral", ""):
        with pytest.raises(IndexUnusable, match="settings"):
            engine.ask("members", Question(text))
    engine.replace("members", [person(4)])
    assert engine.ask("members", Question("Maral")).total == 1


def test_a_deleted_index_is_one_nobody_wrote_to(
    engine: MeilisearchEngine, meilisearch: Meilisearch
) -> None:
    run(meilisearch, lambda client: client.delete_index("own_members").task_uid)
    assert (engine.mark("members"), engine.ids("members")) == (None, set())
    engine.put("members", [person(4)], mark="a:2")
    assert engine.ask("members", Question("Марал")).total == 1
    assert engine.mark("members") == "a:2"


def test_an_index_of_other_rules_must_be_replaced(
    engine: MeilisearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(meilisearch_writing, "read_rules", lambda: Rules(read_rules().settings, "0"))
        engine.put("members", [person(5)])
    with pytest.raises(IndexUnusable, match="another version"):
        engine.ask("members", Question("Maral"))
    engine.replace("members", [person(6)])
    assert engine.ids("members") == {"practitioners:6"}


def test_a_rebuild_leaves_nothing_behind_but_the_index(
    engine: MeilisearchEngine, meilisearch: Meilisearch
) -> None:
    def failing() -> Iterator[Document]:
        yield person(8)
        raise RuntimeError("the source went away")

    with pytest.raises(RuntimeError):
        engine.replace("members", failing())
    assert uids(meilisearch) == ["own_members"]
    assert engine.count("members") == 3

    engine.put("members_next", [person(99)])  # what a killed rebuild leaves
    engine.replace("members", map(person, range(2_500)), mark="a:3")
    assert uids(meilisearch) == ["own_members"]
    assert engine.ids("members") == {person(number).id for number in range(2_500)}


def test_two_writers_at_once_lose_nothing(engine: MeilisearchEngine) -> None:
    failed: list[Exception] = []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 5):
                engine.put("public", [person(number)])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert engine.count("public") == 10


def test_words_of_the_field_are_found_in_any_language(engine: MeilisearchEngine) -> None:
    line = Document("materials:1", "materials", {"": "Буклет"}, body="Телефон: горячая линия")
    poster = Document("materials:2", "materials", {"": "Hotline of the network"})
    engine.replace("public", [line, poster, Document("n:1", "n", {"ru": "НПО «Кейик окара»"})])
    for text in ("gyzgyn liniýa", "хатти боварӣ", "горячая линия"):
        hits = engine.ask("public", Question(text)).hits
        assert {hit.id for hit in hits} == {line.id, poster.id}
    assert engine.ask("public", Question("NGO")).hits[0].id == "n:1"


def test_a_killed_server_has_all_that_it_acknowledged(tmp_path: Path) -> None:
    server = Meilisearch(tmp_path)
    engine = server.engine()
    acknowledged: list[int] = []
    engine.replace("members", [], mark="a:0")

    def write() -> None:
        try:
            for number in range(1, 10_000):
                engine.put("members", [person(number)], mark=f"a:{number}")
                acknowledged.append(number)
        except EngineUnavailable:
            return

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 5:
        assert writer.is_alive()
        time.sleep(0.001)
    server.kill()
    writer.join()
    server.start()
    try:
        mark = int((engine.mark("members") or "").removeprefix("a:"))
        assert mark >= acknowledged[-1]
        assert engine.ids("members") == {person(number).id for number in range(1, mark + 1)}
    finally:
        server.kill()


# --- a server that is not well ---

TOLD = "Nobody should read this name in a log"
NONSENSE = {
    "500": (500, b"oh"),
    "503 in JSON": (503, b'{"message": "Nobody should read this name in a log", "code": 7}'),
    "no JSON": (200, b"<html>"),
    "no bytes": (200, b""),
    "not text": (200, b"\xff\xfe\x00"),
    "another JSON": (200, b"[1, 2]"),
    "a number": (200, b"1e999"),
    "no results": (200, b'{"results": []}'),
    "results of nothing": (200, b'{"results": [{"hits": [{}]}, {"hits": 3}]}'),
    "deep": (200, b"[" * 100_000),
    "elsewhere": (307, b""),
}


class Unwell(BaseHTTPRequestHandler):
    """Answers what its server is told to; "hang" and "drip" until the test is over."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        server: UnwellServer = self.server  # type: ignore[assignment]
        if server.mood in NONSENSE:
            status, body = NONSENSE[server.mood]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 307:
                self.send_header("Location", "http://192.0.2.1/")  # reserved: nobody is there
            self.end_headers()
            self.wfile.write(body)
            return
        if server.mood == "drip":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        try:
            while not server.over.wait(0.02):
                if server.mood == "drip":
                    self.wfile.write(b" ")
        except OSError:
            return

    do_GET = do_DELETE = do_PATCH = do_PUT = do_POST

    def log_message(self, *_: object) -> None:
        """Nothing."""


class UnwellServer(ThreadingHTTPServer):
    mood = "500"
    over: threading.Event


@pytest.fixture(scope="module")
def unwell() -> Iterator[UnwellServer]:
    server = UnwellServer(("127.0.0.1", 0), Unwell)
    server.over = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("mood", [*NONSENSE, "hang", "drip"])
def test_a_server_that_is_not_well_is_unavailable_soon(unwell: UnwellServer, mood: str) -> None:
    unwell.mood = mood
    engine = MeilisearchEngine(f"http://127.0.0.1:{unwell.server_port}", "key", timeout=0.25)
    told = Document("p:1", "p", {"": TOLD})
    for use in (
        lambda: engine.ask("members", Question(TOLD)),
        lambda: engine.mark("members"),
        lambda: engine.put("members", [told]),
        lambda: engine.replace("members", [told]),
    ):
        begun = time.monotonic()
        with pytest.raises(EngineUnavailable) as refused:
            use()
        assert "Nobody" not in str(refused.value)
        assert time.monotonic() - begun < 5


def test_a_server_that_is_not_there_is_unavailable() -> None:
    for url in ("http://127.0.0.1:9", "http://[", "nonsense", "ftp://127.0.0.1"):
        with pytest.raises(EngineUnavailable):
            MeilisearchEngine(url, "key").ask("members", Question("maral"))


@pytest.mark.parametrize("name", ["", "../members", "Members", "a" * 50, "members?"])
def test_an_index_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="name of an index"):
        MeilisearchEngine("http://127.0.0.1:9", "key").count(name)


@pytest.mark.parametrize("text", ["", "_", "a_20b", "TM-A", "tm-a", "Aşgabat", "\ud800", "a" * 500])
def test_codes_hold_any_text(text: str) -> None:
    assert from_code(as_code(text)) == text
    assert len(as_key(text)) <= 402
