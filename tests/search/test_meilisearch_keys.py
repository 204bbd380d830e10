"""No key of the portal may do more than its part; none of them is the master key."""

import meilisearch as official
import pytest
from meilisearch.errors import MeilisearchApiError

from search.engine import Document, EngineUnavailable, Question
from search.meilisearch import MeilisearchEngine
from search.meilisearch_keys import is_master, make_keys
from tests.search.conftest import Meilisearch

PERSON = Document("practitioners:1", "practitioners", {"": "Maral Ataýew"})


def test_each_key_does_its_part_and_nothing_else(meilisearch: Meilisearch) -> None:
    keys = make_keys(meilisearch.url, meilisearch.master, prefix="keyed_")
    assert make_keys(meilisearch.url, meilisearch.master, prefix="keyed_") == keys
    asking = {"public": keys.public, "members": keys.members}
    engine = MeilisearchEngine(
        meilisearch.url, keys.write, ask_keys=asking, prefix="keyed_", timeout=10
    )
    for index in asking:
        engine.replace(index, [PERSON], mark="a:1")
        engine.put(index, [PERSON])
        engine.remove(index, ["practitioners:2"])
        assert engine.ask(index, Question("Марал")).total == engine.count(index) == 1
        assert engine.ids(index) == {PERSON.id}

    for key, other in ((keys.public, "members"), (keys.members, "public")):
        stranger = MeilisearchEngine(meilisearch.url, key, prefix="keyed_", timeout=10)
        with pytest.raises(EngineUnavailable, match="403"):
            stranger.ask(other, Question("Марал"))
        for index in asking:
            with pytest.raises(EngineUnavailable, match="403"):
                stranger.put(index, [PERSON])
            with pytest.raises(EngineUnavailable, match="403"):
                stranger.replace(index, [PERSON])
        for forbidden in ("get_indexes", "get_tasks", "get_keys", "get_all_stats", "create_dump"):
            with pytest.raises(MeilisearchApiError):
                getattr(official.Client(meilisearch.url, key), forbidden)()
        with pytest.raises(MeilisearchApiError):
            official.Client(meilisearch.url, key).index("keyed_public").get_documents()


def test_the_writing_key_keeps_to_the_portals_indexes(meilisearch: Meilisearch) -> None:
    keys = make_keys(meilisearch.url, meilisearch.master, prefix="keyed_")
    elsewhere = MeilisearchEngine(meilisearch.url, keys.write, prefix="others_", timeout=10)
    with pytest.raises(EngineUnavailable, match="403"):
        elsewhere.replace("members", [PERSON])
    with pytest.raises(MeilisearchApiError):
        official.Client(meilisearch.url, keys.write).get_keys()
    masters = [key for key in (meilisearch.master, *keys) if is_master(meilisearch.url, key)]
    assert masters == [meilisearch.master]
