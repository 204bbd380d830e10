"""What an operator sees of the search engines, and which settings are refused."""

import secrets
from dataclasses import dataclass

import pytest
from meilisearch import Client
from msgspec.structs import replace as replace_settings

from portal.checking import check_all
from portal.db import Store, column
from portal.engines import refuse_master_key
from portal.errors import Misconfigured
from portal.indexes.registry import INDEXES
from portal.organisations.actions import save_organisation
from portal.settings import Settings, read_settings, refuse_unsafe
from tests.conftest import MOMENT, OPERATOR
from tests.search.conftest import Meilisearch
from tests.test_cli import run_here

NOBODY_THERE = "http://127.0.0.1:9"
MADE = [secrets.token_hex(32) for _ in range(3)]


def change(store: Store) -> None:
    with store.transaction() as db:
        shown = column(db, "SELECT id FROM organisations")[0]
        save_organisation(db, OPERATOR, MOMENT, shown, {"name": "Quokka rights group"})


def test_a_server_that_is_down_is_told_and_nothing_waits_for_it(
    settings: Settings, store: Store
) -> None:
    change(store)
    down = {"PORTAL_MEILISEARCH_URL": NOBODY_THERE, "PORTAL_MEILISEARCH_KEY": "k"}
    status = run_here(settings.data_dir, "index", "status", **down)
    assert "embedded: 1 changes wait, since" in status.stdout
    assert "meilisearch: cannot be used now: " in status.stdout
    assert status.returncode == 0
    drained = run_here(settings.data_dir, "index", "drain", **down)
    assert "embedded: 1 changes." in drained.stdout
    assert "What changed waits for it." in drained.stderr
    assert drained.returncode == 1
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM outbox") == [1]
    assert run_here(settings.data_dir, "index", "drain").returncode == 0
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM outbox") == [0]
    down_settings = replace_settings(settings, meilisearch_url=NOBODY_THERE)
    said = [line.says for line in check_all(down_settings)]
    assert "0 changes wait for the search engine embedded." in said
    assert [each for each in said if "The search engine meilisearch cannot be used" in each]


def test_keys_are_made_and_each_engine_is_built(
    settings: Settings, meilisearch: Meilisearch
) -> None:
    # another site may have been served with it
    client = Client(meilisearch.url, meilisearch.master)
    for index in INDEXES:
        client.wait_for_task(client.delete_index(f"portal_{index}").task_uid, 30_000, 5)
    url = {"PORTAL_MEILISEARCH_URL": meilisearch.url}
    made = run_here(settings.data_dir, "index", "keys", **url, MEILI_MASTER_KEY=meilisearch.master)
    assert made.returncode == 0, made.stderr
    keys = dict(line.split("=") for line in made.stdout.splitlines())
    assert list(keys) == [
        "PORTAL_MEILISEARCH_KEY",
        "PORTAL_MEILISEARCH_PUBLIC_KEY",
        "PORTAL_MEILISEARCH_MEMBERS_KEY",
    ]
    assert meilisearch.master not in made.stdout + made.stderr
    status = run_here(settings.data_dir, "index", "status", **url, **keys)
    assert "meilisearch: must be built anew" in status.stdout
    built = run_here(
        settings.data_dir, "index", "rebuild", "--engine", "meilisearch", **url, **keys
    )
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("meilisearch: ")
    status = run_here(settings.data_dir, "index", "status", **url, **keys).stdout
    held = [line.split(": ")[1] for line in status.splitlines()]
    assert held[: len(held) // 2] == held[len(held) // 2 :]
    # what belongs in the settings starts, the master key does not
    right = {"PORTAL_DATA_DIR": str(settings.data_dir), **url, **keys}
    refuse_master_key(read_settings(right))
    with pytest.raises(Misconfigured, match="may do everything"):
        refuse_master_key(read_settings({**right, "PORTAL_MEILISEARCH_KEY": meilisearch.master}))


def test_wrong_words_are_one_plain_sentence(settings: Settings, meilisearch: Meilisearch) -> None:
    url = {"PORTAL_MEILISEARCH_URL": meilisearch.url}
    for arguments, environ, says in (
        (("index", "rebuild", "--engine", "solr"), {}, "no engine solr; there is embedded."),
        (("index", "keys"), {"MEILI_MASTER_KEY": "x"}, "PORTAL_MEILISEARCH_URL is not set"),
        (("index", "keys"), {**url, "MEILI_MASTER_KEY": "wrong"}, "No keys were made: "),
        (("index", "status"), {"PORTAL_MEILISEARCH_URL": "here:7700"}, "must look like http://"),
    ):
        answer = run_here(settings.data_dir, *arguments, **environ)
        assert answer.returncode == 2
        assert says in answer.stderr
        assert "wrong" not in answer.stderr


@dataclass(frozen=True)
class Refused:
    """Settings of production, and what is said of them; nothing is when they are right."""

    url: str
    keys: tuple[str, str, str]
    says: str = ""


@pytest.mark.parametrize(
    "case",
    [
        Refused("http://127.0.0.1:7700", (MADE[0], MADE[1], MADE[2])),
        Refused("https://search.example", (MADE[0], MADE[1], MADE[2])),
        Refused("http://search.example:7700", (MADE[0], MADE[1], MADE[2]), "https://"),
        Refused("http://10.0.0.7:7700", (MADE[0], MADE[1], MADE[2]), "https://"),
        Refused("http://[::1]:7700", ("a master key", MADE[1], MADE[2]), "MEILISEARCH_KEY must"),
        Refused("http://[::1]:7700", (MADE[0], "", MADE[2]), "MEILISEARCH_PUBLIC_KEY must"),
        Refused("http://[::1]:7700", (MADE[0], MADE[1], ""), "MEILISEARCH_MEMBERS_KEY must"),
        Refused("http://[::1]:7700", (MADE[0], MADE[1], MADE[1]), "different"),
    ],
)
def test_production_starts_with_safe_keys_only(case: Refused) -> None:
    settings = read_settings(
        {
            "PORTAL_SECRET": "a long secret of our own, 32+ chars",
            "PORTAL_MEILISEARCH_URL": case.url,
            "PORTAL_MEILISEARCH_KEY": case.keys[0],
            "PORTAL_MEILISEARCH_PUBLIC_KEY": case.keys[1],
            "PORTAL_MEILISEARCH_MEMBERS_KEY": case.keys[2],
        }
    )
    if not case.says:
        refuse_unsafe(settings)
        return
    with pytest.raises(Misconfigured, match=case.says) as refused:
        refuse_unsafe(settings)
    assert not [key for key in case.keys if key and key in str(refused.value)]


def test_a_server_that_is_down_is_not_in_the_way_of_starting(settings: Settings) -> None:
    refuse_master_key(
        replace_settings(settings, meilisearch_url=NOBODY_THERE, meilisearch_key=MADE[0])
    )
