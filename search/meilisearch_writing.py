"""Writing to one index: a batch with its mark is one task, a whole index grows beside the old."""

import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice

import msgspec

from search.engine import Document, EngineUnavailable, IndexUnusable
from search.meilisearch_calls import LATEST, PATIENCE, SOONEST, Refused, Server
from search.meilisearch_reading import Reader
from search.meilisearch_shape import Edition, as_key, kept, read_rules

BATCH = 1_000  # documents sent at once while a whole index is built
BATCHES_WAITING = 3  # batches the server may not have written yet

_encode = msgspec.json.Encoder().encode


class Writer:
    """Writes one index with one key; one writer at a time."""

    def __init__(self, server: Server, key: str, uid: str) -> None:
        self._server = server
        self._key = key
        self._uid = uid
        self._next = uid + "_next"
        self._reader = Reader(server, key, uid)

    def put(self, documents: Iterable[Document], mark: str | None) -> None:
        """All of it in one task, which the server does whole or not at all."""
        edition = self._reader.edition()
        if edition is None:
            return self.replace(documents, mark)
        lines = [*map(kept, documents), _edition(edition.mark if mark is None else mark)]
        return self._wait(self._add(self._uid, lines))

    def remove(self, ids: Iterable[str], mark: str | None) -> None:
        """First the documents, then the mark: between the two the index holds less than it says."""
        edition = self._reader.edition()
        if edition is None:
            return self.replace((), mark)
        if keys := ", ".join(map(as_key, ids)):
            gone = f"key IN [{keys}]"
            self._wait(
                self._server.call(
                    self._key, lambda at: at.index(self._uid).delete_documents(filter=gone).task_uid
                )
            )
        return self._wait(self._add(self._uid, [_edition(edition.mark if mark is None else mark)]))

    def replace(self, documents: Iterable[Document], mark: str | None) -> None:
        """Build the index anew under another name, then exchange the two at one moment."""
        self._drop_next()
        try:
            self._exchange(self._build(documents, mark))
        except BaseException:
            with suppress(EngineUnavailable):
                self._drop_next()
            raise
        self._drop_next()

    def _build(self, documents: Iterable[Document], mark: str | None) -> Edition:
        """The new index under its other name; memory holds a batch at a time."""
        settings = read_rules().settings
        waiting = [
            self._server.call(
                self._key, lambda at: at.index(self._next).update_settings(settings).task_uid
            )
        ]
        edition, remaining = _edition(mark), iter(documents)
        while len(batch := list(map(kept, islice(remaining, BATCH)))) == BATCH:
            waiting.append(self._add(self._next, batch))
            if len(waiting) > BATCHES_WAITING:
                self._wait(waiting.pop(0))
        self._wait(*waiting, self._add(self._next, [*batch, edition]))
        return edition

    def _exchange(self, edition: Edition) -> None:
        """Exchange the two, and wait until the new one answers.

        The task itself cannot be waited for: it belongs to no index, so that a key for the
        portal's indexes may not see it.
        """
        exchange: dict[str, list[str] | bool] = {"indexes": [self._next, self._uid]}
        if self._token() is None:
            exchange["rename"] = True
        self._server.call(self._key, lambda at: at.client.swap_indexes([exchange]).task_uid)
        deadline, pause = time.monotonic() + PATIENCE, SOONEST
        while self._token() != edition.token:
            if time.monotonic() > deadline:
                raise EngineUnavailable("the search server takes too long to exchange indexes")
            time.sleep(pause)
            pause = min(pause * 1.5, LATEST)

    def _token(self) -> str | None:
        """Of the index that answers: "" when it is unusable, None when there is none."""
        try:
            edition = self._reader.edition()
        except IndexUnusable:
            return ""
        return edition.token if edition else None

    def _drop_next(self) -> None:
        """Asked for whether or not it is there: a task still waiting may be about to make it."""
        try:
            self._wait(
                self._server.call(self._key, lambda at: at.index(self._next).delete().task_uid)
            )
        except Refused as refused:
            if refused.code != "index_not_found":
                raise

    def _add(self, uid: str, lines: Iterable[msgspec.Struct]) -> int:
        payload = b"\n".join(_encode(line) for line in lines)
        return self._server.call(
            self._key, lambda at: at.index(uid).add_documents_ndjson(payload, "key").task_uid
        )

    def _wait(self, *tasks: int) -> None:
        self._server.wait(self._key, tasks)


def _edition(mark: str | None) -> Edition:
    return Edition(read_rules().version, secrets.token_hex(8), mark)
