"""What a search engine promises, whichever one answers; the portal knows these words only."""

from collections.abc import Iterable
from typing import Protocol

import msgspec


class EngineUnavailable(Exception):
    """The engine cannot answer or write now; nothing was half-written, and asking again is safe."""


class IndexUnusable(EngineUnavailable):
    """The index is there but was made by other rules, or lost its documents: replace it whole."""


class Position(msgspec.Struct, frozen=True):
    """A point on the earth in degrees, north and east positive."""

    latitude: float
    longitude: float


class Circle(msgspec.Struct, frozen=True):
    """All points within so many kilometres of a centre, along the earth's surface."""

    centre: Position
    kilometres: float


class Document(msgspec.Struct, frozen=True):
    """One thing that can be found; hand over only what every asker of that index may read.

    `id` is unique in its index, `titles` maps language codes to titles ("" is the original as
    written), `names` are other spellings and former names, `url` has no language prefix,
    `weight` decides between equally good answers (higher first), and `position` is where it is, for
    things whose place is told.
    """

    id: str
    kind: str
    titles: dict[str, str]
    names: tuple[str, ...] = ()
    body: str = ""
    url: str = ""
    facets: dict[str, tuple[str, ...]] = {}
    weight: float = 0.0
    position: Position | None = None


class Question(msgspec.Struct, frozen=True):
    """What somebody asks: blank `text` browses by weight; ids in `without` are never answered.

    `filters` maps a facet to the value a document must have there; `facets` names those to count;
    `within` asks for documents in that circle, those without a position left out.
    """

    text: str
    kind: str | None = None
    filters: dict[str, str] = {}
    within: Circle | None = None
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

    `suggestion` is the question respelled after the best hit, when that was found by a typo;
    `engine` names who answered, and `stands_in` says that it did so for another that could not.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    suggestion: str | None = None
    engine: str = ""
    stands_in: bool = False


class Engine(Protocol):
    """Named indexes, kept apart: a question to one never touches another.

    Every method may raise `EngineUnavailable`. An index nobody wrote to is an empty one. A `mark`
    is the writer's own note of how far it came; it is kept in the index, written as one with the
    documents it is given with, so that an index always knows what it holds.
    """

    name: str

    def put(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        """Add documents, or overwrite those with the same ids; no mark leaves the one there is."""

    def remove(self, index: str, ids: Iterable[str], mark: str | None = None) -> None:
        """Forget documents; unknown ids are ignored. Afterwards nobody can find or read them."""

    def replace(self, index: str, documents: Iterable[Document], mark: str | None = None) -> None:
        """Make these the whole index, streaming; until it is complete the old one answers."""

    def mark(self, index: str) -> str | None:
        """The mark last written; None when there is none. `IndexUnusable` as when asking."""

    def ask(self, index: str, question: Question) -> Answer:
        """Answer any text whatsoever, in bounded time."""

    def ids(self, index: str) -> set[str]:
        """The ids of all documents in the index."""

    def count(self, index: str) -> int:
        """How many documents the index holds."""

    def close(self) -> None:
        """Let go of files and connections."""
