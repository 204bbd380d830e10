"""What a search engine promises, whichever one answers; the portal knows these words only."""

from collections.abc import Iterable
from typing import Protocol

import msgspec


class EngineUnavailable(Exception):
    """The engine cannot answer or write now; nothing was half-written, and asking again is safe."""


class Document(msgspec.Struct, frozen=True):
    """One thing that can be found; hand over only what every asker of that index may read.

    `id` is unique in its index, `titles` maps language codes to titles ("" is the original as
    written), `names` are other spellings and former names, `url` has no language prefix, and
    `weight` decides between equally good answers (higher first).
    """

    id: str
    kind: str
    titles: dict[str, str]
    names: tuple[str, ...] = ()
    body: str = ""
    url: str = ""
    facets: dict[str, tuple[str, ...]] = {}
    weight: float = 0.0


class Question(msgspec.Struct, frozen=True):
    """What somebody asks: blank `text` browses by weight; ids in `without` are never answered.

    `filters` maps a facet to the value a document must have there; `facets` names those to count.
    """

    text: str
    kind: str | None = None
    filters: dict[str, str] = {}
    without: tuple[str, ...] = ()
    language: str = ""
    limit: int = 20
    offset: int = 0
    facets: tuple[str, ...] = ("kind",)


class Hit(msgspec.Struct, frozen=True):
    """One answer: `marks` are character ranges [start, end) of `snippet`, `title_marks` of `title`.

    `matched_name` is the other name that was found when the title itself is not what was asked.
    """

    id: str
    kind: str
    title: str
    url: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    title_marks: tuple[tuple[int, int], ...]
    matched_name: str | None


class Answer(msgspec.Struct, frozen=True):
    """One page of hits; `total` and `facets` count all that answers, filters and kind applied.

    `suggestion` is the question respelled after the best hit, when that was found by a typo.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    suggestion: str | None = None


class Engine(Protocol):
    """Named indexes, kept apart: a question to one never touches another.

    Every method may raise `EngineUnavailable`. An index nobody wrote to is an empty one.
    """

    name: str

    def put(self, index: str, documents: Iterable[Document]) -> None:
        """Add documents, or overwrite those with the same ids."""

    def remove(self, index: str, ids: Iterable[str]) -> None:
        """Forget documents; unknown ids are ignored. Afterwards no stored byte holds them."""

    def replace(self, index: str, documents: Iterable[Document]) -> None:
        """Make these the whole index, streaming; until it is complete the old one answers."""

    def ask(self, index: str, question: Question) -> Answer:
        """Answer any text whatsoever, in bounded time."""

    def ids(self, index: str) -> set[str]:
        """The ids of all documents in the index."""

    def count(self, index: str) -> int:
        """How many documents the index holds."""

    def close(self) -> None:
        """Let go of files and connections."""
