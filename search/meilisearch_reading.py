"""Reading one index: the answers of one state of it, known to be whole and of these rules."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec

from search.engine import Document, EngineUnavailable, IndexUnusable
from search.meilisearch_calls import Refused, Server
from search.meilisearch_shape import EDITION, Edition, Held, read_rules

PAGE_OF_IDS = 5_000
READINGS = 6  # times an index is read anew because it was written to meanwhile

DOCUMENTS = '"facets.kind" EXISTS'  # all but the edition
COUNTED = {"page": 1, "hitsPerPage": 0}  # by pages the server counts exactly


class Result(msgspec.Struct, rename="camel"):
    """The server's answer to one query."""

    hits: list[Any]
    total_hits: int = 0
    facet_distribution: dict[str, dict[str, int]] = {}


class Results(msgspec.Struct):
    """The server's answer to several queries."""

    results: list[Result]


class _Id(msgspec.Struct):
    id: str


class Reader:
    """Reads one index with one key."""

    def __init__(self, server: Server, key: str, uid: str) -> None:
        self._server = server
        self._key = key
        self._uid = uid

    def edition(self) -> Edition | None:
        """The index's own note about itself, or None when there is no index."""
        found = self.read([])
        return found[0] if found else None

    def read(self, queries: Sequence[dict[str, Any]]) -> tuple[Edition, list[Result]] | None:
        """The answers to all queries by one state of the index; None when there is no index."""
        for pause in range(READINGS):
            found = self._read(queries)
            if found is None or found[0].token == found[2].token:
                return found[:2] if found else None
            time.sleep(pause / 500)
        raise EngineUnavailable("the index is written to again and again")

    def _read(
        self, queries: Sequence[dict[str, Any]]
    ) -> tuple[Edition, list[Result], Edition] | None:
        edition = {"filter": f"key = {EDITION}", "limit": 1}
        asked = [edition, *queries, edition] if queries else [edition]
        each = [{"indexUid": self._uid, **query} for query in asked]
        try:
            got = self._server.call(self._key, lambda at: _results(at.client.multi_search(each)))
        except Refused as refused:
            if refused.code == "index_not_found":
                return None
            self._blame(refused, queries)
            raise
        if len(got) != len(asked):
            raise EngineUnavailable("the search server answered another question")
        return _edition(got[0]), got[1:-1], _edition(got[-1])

    def _blame(self, refused: Refused, queries: Sequence[dict[str, Any]]) -> None:
        """Settings that were never made or were lost refuse even the question for the edition."""
        if not (refused.code or "").startswith("invalid_search_"):
            return
        if not queries:
            raise IndexUnusable("the index has other settings: replace it whole") from refused
        self.edition()


def _results(answer: object) -> list[Result]:
    return msgspec.convert(answer, Results).results


def _edition(result: Result) -> Edition:
    if not result.hits:
        raise IndexUnusable("the index was emptied or is half built: replace it whole")
    edition = msgspec.convert(result.hits[0], Edition)
    if edition.rules != read_rules().version:
        raise IndexUnusable("the index was made by another version: replace it whole")
    return edition


def read_ids(reader: Reader) -> set[str]:
    """The ids of all documents at one moment."""
    for _ in range(READINGS):
        ids = _read_ids(reader)
        if ids is not None:
            return ids
    raise EngineUnavailable("the index is written to again and again")


def _read_ids(reader: Reader) -> set[str] | None:
    ids, token = set[str](), None
    while True:
        page = {"filter": DOCUMENTS, "attributesToRetrieve": ["id"]}
        found = reader.read([{**page, "offset": len(ids), "limit": PAGE_OF_IDS}])
        if found is None:
            return set()
        edition, (result,) = found
        if token not in (None, edition.token):
            return None
        token = edition.token
        if not result.hits:
            return ids
        ids |= {one.id for one in msgspec.convert(result.hits, list[_Id])}


def count(reader: Reader) -> int:
    """How many documents there are."""
    found = reader.read([{"filter": DOCUMENTS, **COUNTED}])
    return found[1][0].total_hits if found else 0


def documents(result: Result) -> list[Document]:
    """The documents of an answer, in its order."""
    return [held.document() for held in msgspec.convert(result.hits, list[Held])]
