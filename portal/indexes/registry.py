"""What can be found: one row a register, and who may find it in which index."""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from inspect import getsourcefile
from pathlib import Path
from typing import Protocol

import msgspec
from sqlite_utils import Database

from portal.campaigns.documents import find_documents as of_campaigns
from portal.charter.documents import find_documents as of_criteria
from portal.db import Store
from portal.events.documents import find_documents as of_events
from portal.materials.documents import find_documents as of_materials
from portal.organisations.documents import find_documents as of_organisations
from portal.outbox import Line
from portal.places.documents import find_documents as of_places
from portal.practitioners.documents import find_documents as of_practitioners
from search.engine import Document


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

# `public` holds what the public may read, `members` what a member may read; a question to one
# never touches the other
INDEXES = {"public": False, "members": True}

# What made the documents: an index of a version that hands over others is built anew.
MADE_BY = sha256(
    b"".join(Path(getsourcefile(each) or "").read_bytes() for each in SOURCES.values())
).hexdigest()[:8]

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Document).decode


def find_changed(
    db: Database, today: date, index: str, lines: Iterable[Line]
) -> tuple[list[Document], list[str]]:
    """Of the records that these lines speak of: the documents there are now, the ids of others."""
    changed = {(line.entity, line.entity_id) for line in lines if line.entity in SOURCES}
    documents = [
        document
        for entity, entity_id in sorted(changed)
        for document in SOURCES[entity](db, today, members=INDEXES[index], only=entity_id)
    ]
    gone = {f"{entity}:{entity_id}" for entity, entity_id in changed}
    return documents, sorted(gone - {document.id for document in documents})


def find_all(store: Store, today: date, index: str) -> Iterator[Document]:
    """Every document of an index.

    Each register is read in one go and handed over afterwards: an engine may take minutes, and
    while the database is being read what was erased stays in its log.
    """
    for find_documents in SOURCES.values():
        with store.read() as db:
            packed = list(map(_pack, find_documents(db, today, members=INDEXES[index])))
        yield from map(_unpack, packed)
