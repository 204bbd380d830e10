"""Bring the search indexes up to what the database says.

`public` holds what the public may read, `members` what a member may read; a question to one never
touches the other.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Protocol

import msgspec
from sqlite_utils import Database

from portal.campaigns.documents import find_documents as of_campaigns
from portal.charter.documents import find_documents as of_criteria
from portal.db import Store, as_json, count, fetch
from portal.events.documents import find_documents as of_events
from portal.materials.documents import find_documents as of_materials
from portal.organisations.documents import find_documents as of_organisations
from portal.places.documents import find_documents as of_places
from portal.practitioners.documents import find_documents as of_practitioners
from search.engine import Document, Engine, EngineUnavailable


class FindDocuments(Protocol):
    """How a domain hands over its documents."""

    def __call__(
        self, db: Database, today: date, /, *, members: bool, only: str | None = None
    ) -> Iterator[Document]: ...


SOURCES: dict[str, FindDocuments] = {
    "organisations": of_organisations,
    "practitioners": of_practitioners,
    "places": of_places,
    "events": of_events,
    "materials": of_materials,
    "campaigns": of_campaigns,
    "criteria": of_criteria,
}

INDEXES = {"public": False, "members": True}

Progress = Callable[[int], None]

AT_ONCE = 500


class Waiting(msgspec.Struct, frozen=True):
    """One line of the outbox."""

    id: int
    entity: str
    entity_id: str


def drain(store: Store, engine: Engine, today: date) -> int:
    """Bring what is queued into the indexes, oldest first; how many lines were done."""
    done = 0
    while lines := _next(store):
        with store.read() as db:
            for index in INDEXES:
                _apply(db, engine, index, today, lines)
        with store.transaction() as db:
            db.table("outbox").delete_where(
                "id IN (SELECT value FROM json_each(?))", [str([line.id for line in lines])]
            )
        done += len(lines)
    return done


def rebuild(
    store: Store, engine: Engine, today: date, progress: Progress = lambda _done: None
) -> int:
    """Build both indexes anew from the database; how many documents they hold together."""
    with store.transaction() as db:
        db.execute("DELETE FROM outbox")
    total = 0
    for index, members in INDEXES.items():
        with store.read() as db:
            engine.replace(index, _counted(_all(db, today, members), progress))
        total += engine.count(index)
    return total


def ensure(store: Store, engine: Engine, today: date) -> int:
    """Build the indexes when there are none that can be used: after a restore, or an upgrade.

    How many documents were built, 0 when nothing had to be.
    """
    with store.read() as db:
        is_seeded = count(db, "SELECT count(*) FROM places") > 0
    try:
        is_usable = all(engine.count(index) for index in INDEXES)
    except EngineUnavailable:
        is_usable = False
    return rebuild(store, engine, today) if is_seeded and not is_usable else 0


def lag(db: Database) -> int:
    """How many changes wait to be brought into the indexes."""
    return count(db, "SELECT count(*) FROM outbox")


def are_queued(db: Database, *entities: str) -> bool:
    """Whether changes of any of these registers wait."""
    sql = "SELECT count(*) FROM outbox WHERE entity IN (SELECT value FROM json_each(:entities))"
    return count(db, sql, entities=as_json(entities)) > 0


def is_late(db: Database) -> bool:
    """Whether a change has waited for five minutes: something is in the way of the indexes."""
    sql = "SELECT count(*) FROM outbox WHERE queued_at < datetime('now', '-5 minutes')"
    return count(db, sql) > 0


def _next(store: Store) -> list[Waiting]:
    sql = "SELECT id, entity, entity_id FROM outbox ORDER BY id LIMIT :at_once"
    with store.read() as db:
        return fetch(db, Waiting, sql, at_once=AT_ONCE)


def _apply(db: Database, engine: Engine, index: str, today: date, lines: list[Waiting]) -> None:
    changed = {(line.entity, line.entity_id) for line in lines if line.entity in SOURCES}
    documents = [
        document
        for entity, entity_id in sorted(changed)
        for document in SOURCES[entity](db, today, members=INDEXES[index], only=entity_id)
    ]
    gone = {f"{entity}:{entity_id}" for entity, entity_id in changed}
    engine.remove(index, sorted(gone - {document.id for document in documents}))
    engine.put(index, documents)


def _all(db: Database, today: date, members: bool) -> Iterator[Document]:
    for find_documents in SOURCES.values():
        yield from find_documents(db, today, members=members)


def _counted(documents: Iterator[Document], progress: Progress) -> Iterator[Document]:
    for done, document in enumerate(documents, start=1):
        progress(done)
        yield document
