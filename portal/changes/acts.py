"""The rows of changes: who acts on whose details, a change, its states, the version it becomes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.changes import rules
from portal.changes.forms import Wish
from portal.changes.queries import Change, Editable, get_change, get_editable_for, newest_number
from portal.clock import stamp
from portal.db import as_json
from portal.nearby.actions import refresh_listing
from portal.practitioners.actions import save_practitioner


class Act(msgspec.Struct, frozen=True):
    """Who does something now, and to whose details."""

    db: Database
    by: Actor
    at: datetime
    editable: Editable

    @property
    def who(self) -> str:
        """As rows name them."""
        return who_of(self.by)


def seen(
    db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int]
) -> tuple[Act, Change]:
    """The details and a change of them, for somebody who may see both."""
    editable = get_editable_for(db, by, today, change[0])
    return Act(db, by, at, editable), get_change(db, *change)


def keep(act: Act, wish: Wish, pairs: Mapping[str, rules.Pair], version: int | None) -> int:
    """Keep a change: applied when it has become a version, else waiting."""
    her, number = act.editable.id, newest_number(act.db, act.editable.id) + 1
    diff = {field: None if field in rules.APART else list(pair) for field, pair in pairs.items()}
    row = {"practitioner_id": her, "number": number, "kind": wish.kind, "side": act.editable.side}
    row |= {"base": wish.base, "diff": as_json(diff), "why": wish.why, "version": version}
    row["undoes"] = wish.undoes
    row |= {"made_at": stamp(act.at), "made_by": act.who}
    act.db.table("practitioner_changes").insert(row)
    about = {"side": act.editable.side, "kind": wish.kind, "fields": ",".join(sorted(pairs))}
    state = "applied" if version else "waiting"
    add_state(act.db, act.by, act.at, (her, number), state, **about)
    return number


def decide(act: Act, change: Change, state: str, reason: str | None = None) -> None:
    """Bring a change to its next state."""
    key = (change.practitioner_id, change.number)
    add_state(act.db, act.by, act.at, key, state, side=act.editable.side, reason=reason)


def add_state(
    db: Database, by: Actor, at: datetime, key: tuple[str, int], state: str, **about: str | None
) -> None:
    """Add the newest state of a change; what was decided needs its new contacts no more."""
    row = {"practitioner_id": key[0], "number": key[1], "state": state, "at": stamp(at)}
    reason = {name: about.get(name) for name in ("side", "reason")}
    db.table("change_states").insert({**row, "by": who_of(by), **reason})
    if state not in ("waiting", "returned"):
        where = "practitioner_id = ? AND number = ?"
        db.table("practitioner_changes_apart").delete_where(where, key)
    audit.record(db, by, at, f"change_{state}", "practitioners", key[0], number=key[1], **about)


def save(act: Act, values: Mapping[str, Any]) -> int:
    """Write new values as the next version; its number."""
    row: dict[str, Any] = {
        field: as_json(v) if field in rules.LISTS else v for field, v in values.items()
    }
    if "areas" in values:
        row["areas"] = [(kind, code) for kind, code in values["areas"]]
    if "season" in values:
        row["closed_from"], row["closed_to"] = row.pop("season") or (None, None)
    version = save_practitioner(act.db, act.by, act.at, act.editable.id, row)
    refresh_listing(act.db, act.editable.id)
    return version


def withheld(act: Act) -> frozenset[str]:
    """The fields that nobody may write now."""
    # security: without consent nobody writes a contact
    return rules.PERSONAL if act.editable.is_withdrawn else frozenset()


def new_of(pairs: Mapping[str, rules.Pair]) -> dict[str, Any]:
    """The new values of (old, new) pairs."""
    return {field: new for field, (_old, new) in pairs.items()}


def who_of(by: Actor) -> str:
    """How rows name somebody."""
    return by.account_id or by.role
