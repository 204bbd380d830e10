"""What no index holds, whoever asks it: a phone, an e-mail address, a licence, a note."""

from collections.abc import Iterator

import msgspec
import pytest

from portal.db import Store, column
from portal.indexes.actions import rebuild
from portal.indexes.registry import INDEXES, SOURCES
from portal.nearby.actions import refresh_listing
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from search.engine import Document
from search.folding import read_word
from tests.conftest import TODAY
from tests.privacy.test_marker_words import PRIVATE_COLUMNS

NOWHERE = "Qwyzhzyx"

# all of them but the one that renames the practitioners, whom members find by name
PLANTED = (
    "UPDATE practitioners SET contact_hours = :m",
    *PRIVATE_COLUMNS[1:],
    "UPDATE organisations SET phone = :m, email = :m, website = :m, duty_phone = :m",
    "UPDATE requests SET note = :m",
)


@pytest.fixture
def planted(settings: Settings) -> Iterator[tuple[Settings, Store]]:
    """The world with the word in every contact, licence, note and account, indexed anew."""
    store = Store(settings.database)
    with store.transaction() as db:
        db.execute(
            "UPDATE places SET origin = 'network' WHERE id IN (SELECT id FROM places LIMIT 3)"
        )
        for change in PLANTED:
            db.execute(change, {"m": NOWHERE})
        for practitioner_id in column(db, "SELECT id FROM practitioners"):
            refresh_listing(db, practitioner_id)
    engine = EmbeddedEngine(settings.search_folder)
    rebuild(store, engine, TODAY)
    engine.close()
    yield settings, store
    store.close()


def documents_of(store: Store, *, members: bool) -> list[Document]:
    """Every document that is handed to an index."""
    with store.read() as db:
        return [
            document
            for find_documents in SOURCES.values()
            for document in find_documents(db, TODAY, members=members)
        ]


def test_no_index_is_handed_or_holds_a_contact_a_licence_or_a_note(
    planted: tuple[Settings, Store],
) -> None:
    settings, store = planted
    words = {each.lower().encode() for each in (NOWHERE, *read_word(NOWHERE))}
    for members in INDEXES.values():
        handed = documents_of(store, members=members)
        assert len(handed) > 100
        for document in handed:
            whole = msgspec.json.encode(document).lower()
            assert not any(word in whole for word in words), document.id
    files = [path for path in settings.search_folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"public.db", "members.db"}
    for path in files:
        content = path.read_bytes().lower()
        assert not any(word in content for word in words), path


def test_each_index_holds_what_its_tier_may_read(planted: tuple[Settings, Store]) -> None:
    settings, store = planted
    public = {each.id: each for each in documents_of(store, members=False)}
    members = {each.id: each for each in documents_of(store, members=True)}
    assert public.keys() < members.keys()
    assert {each.kind for each in members.values()} - {each.kind for each in public.values()} == {
        "practitioners"
    }
    with store.read() as db:
        own = {
            f"places:{each}"
            for each in column(db, "SELECT id FROM places WHERE origin = 'network'")
        }
        shelters = {
            f"organisations:{each}"
            for each in column(
                db,
                "SELECT organisation_id FROM organisation_services WHERE service = 'shelter'",
            )
        }
        told = {
            f"organisations:{each}"
            for each in column(
                db,
                "SELECT o.id FROM organisations AS o JOIN places AS p ON p.id = o.place_id"
                " WHERE p.origin = 'geonames'",
            )
        }
    assert own
    assert own <= members.keys()
    assert not own & public.keys()
    assert shelters
    assert not shelters & public.keys()
    assert all(each.position is None for each in members.values() if each.id in shelters)
    assert all(each.position is None for each in members.values() if each.kind == "practitioners")
    assert all(each.position for each in public.values() if each.kind == "places")
    placed = {each.id for each in public.values() if each.kind == "organisations" and each.position}
    assert placed
    assert placed <= told - shelters
    engine = EmbeddedEngine(settings.search_folder)
    assert engine.ids("public") == public.keys()
    assert engine.ids("members") == members.keys()
    engine.close()
