"""The engine that is always there: one SQLite file for each index, no server."""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from msgspec import structs

from search import embedded_writing
from search.embedded_bodies import KeptBodies
from search.embedded_file import IndexFile
from search.embedded_memory import Memory
from search.embedded_reading import Permitted
from search.embedded_sets import Bits, how_many
from search.embedded_stages import Stages
from search.engine import Answer, Document, Question
from search.marking import show, suggest
from search.query import Query, read_query
from search.ranking import Ranked, Ranker
from search.retyping import ask_retyped
from search.vocabulary import Vocabulary

_INDEX_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class EmbeddedEngine:
    """Keeps `<index>.db`, its log and its lock in one folder; any number of threads may ask."""

    name = "embedded"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IndexFile] = {}
        self._memories: defaultdict[str, Memory] = defaultdict(Memory)
        self._opening = threading.Lock()

    def put(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        with self._file(index).writing() as db:
            embedded_writing.put(db, documents)
            embedded_writing.note(db, mark)

    def remove(self, index: str, ids: Iterable[str], mark: str | None = None) -> None:
        """No stored byte holds what was removed once this returns."""
        with self._file(index).writing() as db:
            embedded_writing.remove(db, ids)
            embedded_writing.note(db, mark)

    def replace(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        with self._file(index).writing(anew=True) as db:
            embedded_writing.put(db, documents)
            embedded_writing.note(db, mark)

    def mark(self, index: str) -> str | None:
        with self._file(index).reading() as db:
            row = db.execute("SELECT mark FROM edition").fetchone() if db else None
            return row[0] if row else None

    def ids(self, index: str) -> set[str]:
        with self._file(index).reading() as db:
            return {row[0] for row in db.execute("SELECT id FROM document")} if db else set()

    def count(self, index: str) -> int:
        with self._file(index).reading() as db:
            return int(db.execute("SELECT count(*) FROM document").fetchone()[0]) if db else 0

    def ask(self, index: str, question: Question) -> Answer:
        return ask_retyped(partial(self._ask, index), question)

    def _ask(self, index: str, question: Question) -> Answer:
        query = read_query(question.text)
        with self._file(index).reading() as db:
            if db is None or not (query.browsing or query.words):
                return Answer(0, (), {name: {} for name in question.facets}, None, self.name)
            memory = self._memories[index]
            permitted = Permitted(db, question, memory)
            if query.browsing:
                answer = _browse(permitted, query)
            else:
                answer = _find(permitted, query, lambda: memory.vocabulary(db))
            return structs.replace(answer, engine=self.name)

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _file(self, index: str) -> IndexFile:
        if not _INDEX_NAME.fullmatch(index):
            raise ValueError(f"not the name of an index: {index!r}")
        with self._opening:
            if index not in self._files:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._files[index] = IndexFile(self._folder / f"{index}.db")
            return self._files[index]


def _browse(permitted: Permitted, query: Query) -> Answer:
    question, ranker = permitted.question, Ranker(query)
    start, end = _page_of(question)
    page = permitted.read(permitted.by_weight(permitted.all, end)[start:])
    hits = show([ranker.place(document) for _, document, _ in page], ranker, question)
    return Answer(how_many(permitted.all), hits, permitted.count_facets(permitted.all))


def _find(permitted: Permitted, query: Query, vocabulary: Callable[[], Vocabulary]) -> Answer:
    question, stages = permitted.question, Stages(permitted, query, vocabulary)
    found, window = stages.find()
    bodies = KeptBodies(permitted, [stages.meant(p) for p in range(len(query.words))])
    ranker = Ranker(query, bodies)
    ranked = ranker.rank(bodies.read(window, ranker))
    page = _page(permitted, bodies, ranker, ranked, found & ~permitted.sets.of(window))
    suggestion = suggest(question.text, ranked[0] if ranked else None, ranker)
    hits = show(page, ranker, question)
    return Answer(how_many(found), hits, permitted.count_facets(found), suggestion)


def _page(
    permitted: Permitted, bodies: KeptBodies, ranker: Ranker, ranked: list[Ranked], others: Bits
) -> list[Ranked]:
    """The page asked for: the ranked ones first, then the others by weight."""
    start, end = _page_of(permitted.question)
    page = ranked[start:end]
    if end <= len(ranked):
        return page
    first = max(start - len(ranked), 0)
    rest = permitted.by_weight(others, end - len(ranked))[first:]
    return page + [ranker.place(document) for document in bodies.read(rest, ranker)]


def _page_of(question: Question) -> tuple[int, int]:
    start = max(question.offset, 0)
    return start, start + max(question.limit, 0)
