"""What the portal itself makes of the public database reads one edition of it to the end."""

import pytest

from portal.db import Store
from portal.errors import Unavailable
from portal.publication.actions import publish
from portal.publication.generations import FILE
from portal.publication.reading import find_edition_in_service, reading
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from tests.publication.conftest import AT, OPERATOR


def test_an_edition_says_which_release_it_holds(published: Store, settings: Settings) -> None:
    with reading(settings.generations) as (db, edition):
        assert (edition.number, edition.release, edition.version) == (1, 1, "1.1")
        assert (edition.released_on, edition.published_on) == ("2026-11-20", "2026-11-20")
        assert db.table("organisations").count == 3
    publish(published, settings, OPERATOR, AT)
    edition = find_edition_in_service(settings.generations) or pytest.fail("nothing in service")
    assert edition.version == "1.2"


def test_who_reads_keeps_the_edition_they_began_with(published: Store, settings: Settings) -> None:
    with reading(settings.generations) as (db, edition):
        for _ in range(5):
            publish(published, settings, OPERATOR, AT)
        assert not (settings.generations / str(edition.number)).exists()
        assert db.table("organisations").count == 3


def test_nothing_published_or_a_damaged_file_is_unavailable(
    store: Store, settings: Settings
) -> None:
    with pytest.raises(Unavailable), reading(settings.generations):
        pass
    assert find_edition_in_service(settings.generations) is None
    release_and_publish(store, settings, OPERATOR, AT)
    path = settings.generations / "1" / FILE
    path.write_bytes(path.read_bytes()[:-200] + b"x" * 200)
    with pytest.raises(Unavailable), reading(settings.generations):
        pass
