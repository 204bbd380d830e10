"""Keep the engines current with what the database says.

Each engine is followed apart, so that one that is down keeps no other from going on. An index
itself says how far it came; the queue is kept until every engine is past it.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from portal.actor import Actor
from portal.clock import day_of
from portal.db import Store
from portal.engines import Freshness, claimed, open_engines
from portal.errors import Unavailable
from portal.indexes.acts import Progress, bring_forward, find_position, replace
from portal.indexes.registry import INDEXES, find_all
from portal.indexes.rules import may_be_forgotten, pause_after
from portal.outbox import count_after, forget_until, last_number, read_queue, waiting_since
from portal.settings import Settings
from search.engine import Engine, EngineUnavailable, IndexUnusable

log = logging.getLogger("portal")

# seconds a command waits for another process that writes to the engine
PATIENCE = 60.0
SHORT_PATIENCE = 10.0

LOOK_EVERY_SECONDS = 60.0

# times that all documents are read to be compared, while changes go on
READINGS = 5


def ignore(_done: int) -> None:
    """Nobody watches."""


def drain(
    store: Store,
    engine: Engine,
    today: date,
    progress: Progress = ignore,
    *,
    patience: float = 0.0,
) -> int:
    """Bring what is queued into the engine; how many lines were done, 0 if another one is at it."""
    with claimed(store.path.parent, engine, patience=patience) as is_mine:
        return _bring(store, engine, today, progress) if is_mine else 0


def rebuild(store: Store, engine: Engine, today: date, progress: Progress = ignore) -> int:
    """Build the engine's indexes anew; how many documents they hold together."""
    with claimed(store.path.parent, engine, patience=PATIENCE) as is_mine:
        if not is_mine:
            raise Unavailable("Another process is writing to the search index: try again later.")
        for index in INDEXES:
            replace(store, engine, index, today, progress)
        return sum(engine.count(index) for index in INDEXES)


def mend(store: Store, engine: Engine, today: date) -> int:
    """Build those indexes anew whose ids are not those of the database; how many had to be.

    None is looked at while somebody else goes on writing to the engine.
    """
    mended = 0
    with claimed(store.path.parent, engine, patience=SHORT_PATIENCE) as is_mine:
        for index in INDEXES if is_mine else ():
            if not _is_whole(store, engine, index, today):
                replace(store, engine, index, today, ignore)
                mended += 1
    return mended


def look_over(store: Store, settings: Settings, _by: Actor, at: datetime) -> int:
    """Compare every engine with the database, id by id, and build a server's indexes anew.

    How many indexes were not whole. What was removed from a server's index is gone from its disk
    only when the whole index is.
    """
    engines, today = open_engines(settings), day_of(at, settings.timezone)
    try:
        mended = sum(mend(store, engine, today) for engine in engines.each)
        if engines.server:
            rebuild(store, engines.server, today)
    finally:
        engines.close()
    return mended


def retire(store: Store, positions: Iterable[int | None]) -> None:
    """Forget the lines that every engine is past, and those of a queue that got too long."""
    with store.read() as db:
        queue = read_queue(db)
    number = may_be_forgotten(positions, queue)
    if number >= queue.first:
        with store.transaction() as db:
            forget_until(db, number)


def find_positions(store: Store, engine: Engine) -> int | None:
    """Up to which line all of the engine's indexes are; None when one has to be built anew."""
    numbers = [find_position(store, engine, index) for index in INDEXES]
    known = [number for number in numbers if number is not None]
    return min(known) if len(known) == len(numbers) else None


class Standing(msgspec.Struct, frozen=True):
    """How an engine is: what is wrong with it, what its indexes hold, and what waits for it.

    `waiting` is unknown for who must be built anew, or cannot be asked.
    """

    name: str
    problem: str | None = None
    documents: dict[str, int] = {}
    must_be_rebuilt: bool = False
    waiting: int | None = None
    since: str | None = None


def find_standing(store: Store, engine: Engine) -> Standing:
    """How this engine is now, as far as it says."""
    try:
        position = find_positions(store, engine)
        documents = {} if position is None else {each: engine.count(each) for each in INDEXES}
    except EngineUnavailable as error:
        return Standing(engine.name, problem=str(error) or "it does not answer")
    if position is None:
        return Standing(engine.name, must_be_rebuilt=True)
    with store.read() as db:
        waiting, since = count_after(db, position), waiting_since(db, position)
    return Standing(engine.name, documents=documents, waiting=waiting, since=since)


class Follower:
    """Keeps one engine current for one worker, round by round; one that fails is left alone longer.

    `freshness` learns what is known about the engine, and tells the time; `measure` is one whose
    numbers of documents it must have.
    """

    def __init__(
        self,
        store: Store,
        engine: Engine,
        freshness: Freshness,
        *,
        measure: Engine | None = None,
    ) -> None:
        self.position: int | None = None
        self._store = store
        self._engine = engine
        self._freshness = freshness
        self._measure = measure
        self._clock = freshness.clock
        self._failures = 0
        self._next_try = float("-inf")
        self._next_look = float("-inf")

    def round(self, today: date, progress: Progress = ignore) -> None:
        """Bring what is queued into the engine, if it is time to and nobody else does."""
        if self._clock() < self._next_try:
            return
        try:
            self._follow(today, progress)
        except EngineUnavailable as error:
            self._note_failure(error)
            return
        if self._failures:
            log.warning("the search engine %s is current again", self._engine.name)
        self._failures = 0

    def _follow(self, today: date, progress: Progress) -> None:
        began = self._clock()
        with self._store.read() as db:
            wanted = last_number(db)
        with claimed(self._store.path.parent, self._engine) as is_mine:
            done = _bring(self._store, self._engine, today, progress) if is_mine else 0
            self.position = find_positions(self._store, self._engine)
        if self.position is None:
            self._freshness.lose()
            return
        if done:
            self._next_look = began
        if self.position >= wanted and (not is_mine or self._is_measured(today)):
            self._freshness.note(began)

    def _is_measured(self, today: date) -> bool:
        """Whether it has as many documents as it should; looked at after changes and each minute.

        An index that somebody emptied may have taken what came afterwards, and the mark with it.
        """
        if self._measure is None or self._clock() < self._next_look:
            return True
        if find_positions(self._store, self._measure) != self.position:
            return True
        self._next_look = self._clock() + LOOK_EVERY_SECONDS
        if all(self._engine.count(index) == self._measure.count(index) for index in INDEXES):
            return True
        self._freshness.lose()
        if mended := sum(mend(self._store, each, today) for each in (self._measure, self._engine)):
            log.warning("documents of a search index had gone by themselves: %s rebuilt", mended)
        return False

    def _note_failure(self, error: EngineUnavailable) -> None:
        if isinstance(error, IndexUnusable):
            self._freshness.lose()
        self._failures += 1
        self._next_try = self._clock() + pause_after(self._failures)
        if self._failures == 1:
            with self._store.read() as db:
                waiting = count_after(db, self.position or 0)
            log.warning(
                "the search engine %s cannot be kept current, %s changes wait for it: %s",
                *(self._engine.name, waiting, error),
            )


def _bring(store: Store, engine: Engine, today: date, progress: Progress) -> int:
    return max([bring_forward(store, engine, index, today, progress) for index in INDEXES])


def _is_whole(store: Store, engine: Engine, index: str, today: date) -> bool:
    """Whether the index holds the ids that the database has, both as of the same line."""
    for _ in range(READINGS):
        bring_forward(store, engine, index, today, ignore)
        position = find_position(store, engine, index)
        wanted = {document.id for document in find_all(store, today, index)}
        with store.read() as db:
            if last_number(db) == position:
                return engine.ids(index) == wanted
    return True
