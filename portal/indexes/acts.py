"""Write one index of one engine; only who has claimed the engine does."""

from collections.abc import Callable, Iterator
from datetime import date

from msgspec.structs import replace as replace_fields
from sqlite_utils import Database

from portal.db import Store, count
from portal.indexes.registry import MADE_BY, find_all, find_changed
from portal.indexes.rules import position_of, write_mark
from portal.outbox import Queue, find_after, read_queue
from search.engine import Document, Engine, EngineUnavailable, IndexUnusable

AT_ONCE = 500

Progress = Callable[[int], None]


def find_position(store: Store, engine: Engine, index: str) -> int | None:
    """The number of the last line that this index holds; None when it has to be built anew."""
    # the mark first: one that is read later may be ahead of what this reader sees of the queue
    mark = _read_mark(engine, index)
    with store.read() as db:
        return _position(db, mark, _read_queue(db))


def bring_forward(store: Store, engine: Engine, index: str, today: date, progress: Progress) -> int:
    """Bring what is queued into the index, in order; how many lines were done.

    What a line speaks of is read as it is now, after the claim: whoever is late writes nothing
    older over something newer, and to do a line twice changes nothing.
    """
    done, expected = 0, None
    while True:
        mark = _read_mark(engine, index)
        if expected not in (None, mark):
            raise EngineUnavailable("the index does not keep how far it came")
        with store.read() as db:
            queue = _read_queue(db)
            position = _position(db, mark, queue)
            lines = [] if position is None else find_after(db, position, AT_ONCE)
            documents, gone = find_changed(db, today, index, lines)
        if position is None:
            expected = replace(store, engine, index, today, progress)
        elif lines:
            expected = write_mark(queue.origin, lines[-1].id)
            _write(engine, index, documents, gone, expected)
            done += len(lines)
        else:
            return done


def replace(store: Store, engine: Engine, index: str, today: date, progress: Progress) -> str:
    """Build the index anew from the database; the mark it has then.

    The mark is read before the documents: those that change meanwhile are also in lines after it.
    """
    with store.read() as db:
        queue = _read_queue(db)
        mark = write_mark(queue.origin, queue.last)
    engine.replace(index, _counted(find_all(store, today, index), progress), mark)
    return mark


def _read_queue(db: Database) -> Queue:
    """The queue, named after what makes documents of its lines as well."""
    queue = read_queue(db)
    return replace_fields(queue, origin=f"{queue.origin}-{MADE_BY}")


def _write(
    engine: Engine, index: str, documents: list[Document], gone: list[str], mark: str
) -> None:
    """First what is gone; the mark goes with the last of it, so that nothing is passed over."""
    if gone and documents:
        engine.remove(index, gone)
    if gone and not documents:
        engine.remove(index, gone, mark)
    else:
        engine.put(index, documents, mark)


def _read_mark(engine: Engine, index: str) -> str | None:
    try:
        return engine.mark(index)
    except IndexUnusable:
        return None


def _position(db: Database, mark: str | None, queue: Queue) -> int | None:
    if mark is None and _is_new(db, queue):
        return queue.last
    return position_of(mark, queue)


def _is_new(db: Database, queue: Queue) -> bool:
    """Whether nothing was ever put into this database: there is nothing to build."""
    return not queue.last and not count(db, "SELECT count(*) FROM places")


def _counted(documents: Iterator[Document], progress: Progress) -> Iterator[Document]:
    for done, document in enumerate(documents, start=1):
        progress(done)
        yield document
