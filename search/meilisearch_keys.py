"""The three keys of the portal: one that writes its indexes, and one that asks each of them.

They are made with the master key, which is used once and kept nowhere. A key follows from its
fixed uid and the master key, so making them again gives the same ones.
"""

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from search.meilisearch_calls import Caller, Refused, Server

WRITES = ["search", "documents.*", "indexes.*", "settings.*", "tasks.get", "stats.get"]
ASKS = ["search"]

_OURS = uuid.UUID("6f1d0f0c-6f0b-4c5e-9a52-0d6f3f6a7f11")  # chosen once; uids follow from it


class Keys(NamedTuple):
    """What belongs in the portal's settings."""

    write: str
    public: str
    members: str


def make_keys(url: str, master: str, *, prefix: str = "portal_", timeout: float = 10.0) -> Keys:
    """Make the keys that are not there yet, and make anew those that may do other things."""
    server = Server(url, timeout)
    return Keys(
        _make(server, master, f"{prefix}: writes", WRITES, f"{prefix}*"),
        _make(server, master, f"{prefix}: asks what is public", ASKS, f"{prefix}public"),
        _make(server, master, f"{prefix}: asks as members", ASKS, f"{prefix}members"),
    )


def is_master(url: str, key: str, *, timeout: float = 10.0) -> bool:
    """Whether this key could make keys; true of any key on a server without a master key."""
    try:
        Server(url, timeout).call(key, lambda at: at.client.create_key({}))
    except Refused as refused:
        return refused.status not in (401, 403) or refused.code == "missing_master_key"
    return True


def _make(server: Server, master: str, name: str, actions: list[str], indexes: str) -> str:
    wanted = {"uid": str(uuid.uuid5(_OURS, name)), "actions": actions, "indexes": [indexes]}
    there = _find(server, master, wanted["uid"])
    if there is not None:
        if (sorted(there[1]), there[2]) == (sorted(actions), [indexes]):
            return there[0]
        server.call(master, lambda at: at.client.delete_key(str(wanted["uid"])))
    key: Mapping[str, Any] = {**wanted, "name": name, "expiresAt": None}
    return server.call(master, lambda at: at.client.create_key(key).key)


def _find(server: Server, master: str, uid: object) -> tuple[str, list[str], list[str]] | None:
    """The key with this uid, what it may do and where."""

    def find(at: Caller) -> tuple[str, list[str], list[str]]:
        key = at.client.get_key(str(uid))
        return key.key, key.actions, key.indexes

    try:
        return server.call(master, find)
    except Refused as refused:
        if refused.code == "api_key_not_found":
            return None
        raise
