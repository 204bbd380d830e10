"""The engine for large networks: a Meilisearch server, asked through its official client."""

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import structs

from search.engine import Answer, Document, Question
from search.meilisearch_asking import Asking
from search.meilisearch_calls import Server
from search.meilisearch_reading import Reader, count, read_ids
from search.meilisearch_writing import Writer
from search.retyping import ask_retyped

_INDEX_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class MeilisearchEngine:
    """One index of the server for each index here, its name after `prefix`; threads may share it.

    `key` writes, `ask_keys` hold a key for each index that may do nothing but ask that one.
    """

    name = "meilisearch"

    def __init__(
        self,
        url: str,
        key: str,
        *,
        ask_keys: Mapping[str, str] = {},
        prefix: str = "portal_",
        timeout: float = 2.0,
    ) -> None:
        self._server = Server(url, timeout)
        self._key = key
        self._ask_keys = dict(ask_keys)
        self._prefix = prefix
        self._writing: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def put(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        writer = self._writer(index)
        with self._writing[index]:
            writer.put(documents, mark)

    def remove(self, index: str, ids: Iterable[str], mark: str | None = None) -> None:
        writer = self._writer(index)
        with self._writing[index]:
            writer.remove(ids, mark)

    def replace(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        writer = self._writer(index)
        with self._writing[index]:
            writer.replace(documents, mark)

    def mark(self, index: str) -> str | None:
        edition = self._reader(index).edition()
        return edition.mark if edition else None

    def ask(self, index: str, question: Question) -> Answer:
        answer = ask_retyped(lambda each: Asking(self._reader(index), each).answer(), question)
        return structs.replace(answer, engine=self.name)

    def ids(self, index: str) -> set[str]:
        return read_ids(self._reader(index))

    def count(self, index: str) -> int:
        return count(self._reader(index))

    def close(self) -> None:
        """Nothing is kept open."""

    def _reader(self, index: str) -> Reader:
        key = self._ask_keys.get(index, self._key)
        return Reader(self._server, key, self._uid(index))

    def _writer(self, index: str) -> Writer:
        return Writer(self._server, self._key, self._uid(index))

    def _uid(self, index: str) -> str:
        if not _INDEX_NAME.fullmatch(index):
            raise ValueError(f"not the name of an index: {index!r}")
        return self._prefix + index
