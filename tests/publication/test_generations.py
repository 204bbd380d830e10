"""Generations: one after the other, the old one in service until the new one is whole."""

from datetime import UTC, datetime

import pytest

from portal.actor import Actor
from portal.db import Store
from portal.errors import Unavailable
from portal.publication.builder import Misdeclared
from portal.publication.generations import (
    FILE,
    current_number,
    drafting,
)
from portal.releasing.actions import release_and_publish
from portal.settings import Settings

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")


def test_the_last_three_generations_are_kept(store: Store, settings: Settings) -> None:
    for _ in range(5):
        release_and_publish(store, settings, OPERATOR, AT)
    kept = {each.name for each in settings.generations.iterdir() if each.is_dir()}
    assert kept == {"3", "4", "5"}
    assert current_number(settings.generations) == 5


def test_a_publication_that_fails_leaves_the_old_one(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)
    with store.transaction() as db:
        db.execute("UPDATE organisations SET kind = 'unheard of' WHERE id = 'o-two'")
    with pytest.raises(Misdeclared, match="organisations"):
        release_and_publish(store, settings, OPERATOR, AT)
    assert current_number(settings.generations) == 1
    assert {each.name for each in settings.generations.iterdir()} == {"1", "current", "lock"}


def test_an_interrupted_publication_leaves_the_old_one(store: Store, settings: Settings) -> None:
    release_and_publish(store, settings, OPERATOR, AT)

    def interrupt(done: int, _total: int) -> None:
        if done == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        release_and_publish(store, settings, OPERATOR, AT, progress=interrupt)
    assert current_number(settings.generations) == 1
    assert {each.name for each in settings.generations.iterdir()} == {"1", "current", "lock"}


def test_what_a_killed_publication_left_is_cleared_away(store: Store, settings: Settings) -> None:
    left = settings.generations / ".draft"
    left.mkdir(parents=True)
    (left / FILE).write_bytes(b"half")
    assert release_and_publish(store, settings, OPERATOR, AT).generation == 1
    assert not left.exists()


def test_one_publisher_at_a_time(store: Store, settings: Settings) -> None:
    with drafting(settings.generations), pytest.raises(Unavailable):
        release_and_publish(store, settings, OPERATOR, AT)
