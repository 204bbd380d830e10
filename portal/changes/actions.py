"""Ask for a change, approve it, send it back, take it back; nothing a person typed is lost."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.changes import rules
from portal.changes.forms import Moved, Outcome, Wish
from portal.changes.queries import (
    Change,
    Editable,
    find_open,
    find_overdue,
    find_second_people,
    get_change,
    get_editable_for,
    is_newest_applied,
    new_values,
    newest_number,
)
from portal.clock import stamp
from portal.db import as_json
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.nearby.actions import refresh_listing
from portal.notices.actions import notify
from portal.practitioners.actions import forget_versions, save_practitioner
from portal.practitioners.queries import find_record
from portal.versions.queries import get_version, kept_fields, values_at


class _Act(msgspec.Struct, frozen=True):
    """Who does something now, and to whose details."""

    db: Database
    by: Actor
    at: datetime
    editable: Editable

    @property
    def who(self) -> str:
        """As rows name them."""
        return _who(self.by)


def ask(
    db: Database, by: Actor, at: datetime, today: date, practitioner_id: str, wish: Wish
) -> Outcome:
    """Change what one person may change alone, and let the rest wait beside the record.

    The same wish sent twice is kept once. `Moved` when it would overwrite what its writer did not
    see.
    """
    editable = get_editable_for(db, by, today, practitioner_id)
    act = _Act(db, by, at, editable)
    changed = _changed(act, wish)
    waiting = rules.needs_second(editable.side, changed) if editable.stands else frozenset()
    alone = {field: pair for field, pair in changed.items() if field not in waiting}
    second = {field: pair for field, pair in changed.items() if field in waiting}
    outcome = Outcome(
        applied=_change_now(act, wish, alone) if alone else None,
        waiting=_let_wait(act, wish, second) if second else None,
    )
    if wish.replaces is not None and changed:
        _replace_returned(act, wish.replaces)
    return outcome


def restore(
    db: Database, by: Actor, at: datetime, today: date, practitioner_id: str, version: int
) -> Outcome:
    """Ask for the details as they were at a version: a change like any other."""
    now = get_editable_for(db, by, today, practitioner_id).version
    get_version(db, practitioner_id, version)
    values = values_at(db, practitioner_id, version)
    wish = Wish(values, now, newest_number(db, practitioner_id), kind="restore")
    return ask(db, by, at, today, practitioner_id, wish)


def approve(
    db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int], version: int
) -> None:
    """Let a waiting change, named by practitioner and number, take effect.

    `version` is the record that the second person saw beside it. Approving what one approved
    already does nothing.
    """
    act, found = _seen(db, by, at, today, change)
    if found.state == "applied" and found.decided_by == act.who:
        return
    _refuse_second(act, found, "applied")
    values = {f: v for f, v in new_values(db, found).items() if f not in _withheld(act)}
    if rules.has_lapsed(found.made, at) or not values:
        raise Invalid({"all": [Message("This change waited too long. Ask for it anew.")]})
    before, now = values_at(db, change[0], version), find_record(db, change[0]) or {}
    if rules.differing(now, {field: before[field] for field in values}):
        said = Message("The details changed meanwhile. Look at this once more, then decide.")
        raise Invalid({"all": [said]})
    db.table("practitioner_changes").update(change, {"version": _save(act, values)})
    _decide(act, found, "applied")
    notify(db, at, "change_approved", change[0], account_id=found.made_by)


def send_back(
    db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int], reason: str
) -> None:
    """Return a waiting change to who asked for it, with a reason; the typed values are kept."""
    act, found = _seen(db, by, at, today, change)
    if found.state == "returned" and found.decided_by == act.who:
        return
    _refuse_second(act, found, "returned")
    _decide(act, found, "returned", reason)
    notify(db, at, "change_returned", change[0], account_id=found.made_by)


def withdraw(db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int]) -> None:
    """Take one's own change back before anybody approved it."""
    act, found = _seen(db, by, at, today, change)
    if found.made_by != act.who:
        raise NotAllowed
    if found.state != "withdrawn":
        _refuse_move(found, "withdrawn")
        _decide(act, found, "withdrawn")


def undo(db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int]) -> None:
    """Take back the newest change that took effect, for 30 days, by who made or approved it.

    One person is enough to roll back; contacts that were overwritten meanwhile do not come back.
    """
    act, found = _seen(db, by, at, today, change)
    if act.who not in (found.made_by, found.decided_by):
        raise NotAllowed
    if found.state == "undone":
        return
    _refuse_move(found, "undone")
    if not rules.may_undo(found.decided, at) or not is_newest_applied(db, found):
        raise Invalid({"all": [Message("Only the newest change can be undone, for 30 days.")]})
    pairs = _way_back(act, found)
    version = _save(act, _new_of(pairs))
    _keep(act, Wish({}, act.editable.version, found.number, kind="undo"), pairs, version)
    _decide(act, found, "undone")


def lapse_old(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """End the changes that nobody decided in 30 days, and those of a withdrawn consent."""
    overdue = find_overdue(db, at)
    for change in overdue:
        _add_state(db, by, at, (change.practitioner_id, change.number), "lapsed")
        notify(db, at, "change_lapsed", change.practitioner_id, account_id=change.made_by)
    return len(overdue)


def forget_contacts(db: Database, practitioner_id: str) -> None:
    """Overwrite contacts and licences in every version and change: no undo brings them back.

    Called after whatever takes them away, which might note them as old values once more.
    """
    forget_versions(db, practitioner_id)
    db.table("practitioner_changes_apart").delete_where("practitioner_id = ?", [practitioner_id])


def _changed(act: _Act, wish: Wish) -> dict[str, rules.Pair]:
    """What the wish would change, as (now, new); a field its writer left alone stays as it is."""
    db, editable, allowed = act.db, act.editable, rules.writable(act.editable.side) - _withheld(act)
    base, now = values_at(db, editable.id, wish.base), find_record(db, editable.id) or {}
    wanted = {field: value for field, value in wish.values.items() if field in allowed}
    meant = rules.differing(base, wanted)
    theirs = rules.moved(base, now, meant)
    for change in find_open(db, editable.id):
        if change.number > wish.seen and change.made_by != act.who:
            theirs |= rules.moved(base, new_values(db, change), meant)
    if theirs:
        raise Moved(theirs)
    return {field: (now[field], value) for field, value in rules.differing(now, meant).items()}


def _withheld(act: _Act) -> frozenset[str]:
    # security: without consent nobody writes a contact
    return rules.PERSONAL if act.editable.is_withdrawn else frozenset()


def _change_now(act: _Act, wish: Wish, pairs: Mapping[str, rules.Pair]) -> int:
    version = _save(act, _new_of(pairs))
    if act.editable.side != "herself":
        notify(act.db, act.at, "details_changed", act.editable.id, practitioner_id=act.editable.id)
    return _keep(act, wish, pairs, version)


def _let_wait(act: _Act, wish: Wish, pairs: Mapping[str, rules.Pair]) -> int:
    db, her = act.db, act.editable.id
    for change in find_open(db, her):
        if change.made_by == act.who and new_values(db, change) == _new_of(pairs):
            return change.number
    number = _keep(act, wish, pairs, None)
    db.table("practitioner_changes_apart").insert_all(
        {"practitioner_id": her, "number": number, "field": field, "new": new}
        for field, (_old, new) in pairs.items()
        if field in rules.APART
    )
    if act.editable.side != "herself":
        notify(db, act.at, "change_waits", her, practitioner_id=her)
    for account_id in find_second_people(db, act.editable, act.who):
        notify(db, act.at, "change_waits", her, account_id=account_id)
    return number


def _keep(act: _Act, wish: Wish, pairs: Mapping[str, rules.Pair], version: int | None) -> int:
    """Keep a change: applied when it has become a version, else waiting."""
    her, number = act.editable.id, newest_number(act.db, act.editable.id) + 1
    diff = {field: None if field in rules.APART else list(pair) for field, pair in pairs.items()}
    row = {"practitioner_id": her, "number": number, "kind": wish.kind, "side": act.editable.side}
    row |= {"base": wish.base, "diff": as_json(diff), "why": wish.why, "version": version}
    row |= {"made_at": stamp(act.at), "made_by": act.who}
    act.db.table("practitioner_changes").insert(row)
    about = {"side": act.editable.side, "kind": wish.kind, "fields": ",".join(sorted(pairs))}
    state = "applied" if version else "waiting"
    _add_state(act.db, act.by, act.at, (her, number), state, **about)
    return number


def _decide(act: _Act, change: Change, state: str, reason: str | None = None) -> None:
    key = (change.practitioner_id, change.number)
    _add_state(act.db, act.by, act.at, key, state, side=act.editable.side, reason=reason)


def _add_state(
    db: Database, by: Actor, at: datetime, key: tuple[str, int], state: str, **about: str | None
) -> None:
    """Add the newest state of a change; what was decided needs its new contacts no more."""
    row = {"practitioner_id": key[0], "number": key[1], "state": state, "at": stamp(at)}
    reason = {name: about.get(name) for name in ("side", "reason")}
    db.table("change_states").insert({**row, "by": _who(by), **reason})
    if state not in ("waiting", "returned"):
        where = "practitioner_id = ? AND number = ?"
        db.table("practitioner_changes_apart").delete_where(where, key)
    audit.record(db, by, at, f"change_{state}", "practitioners", key[0], number=key[1], **about)


def _replace_returned(act: _Act, number: int) -> None:
    change = get_change(act.db, act.editable.id, number)
    if change.state == "returned" and change.made_by == act.who:
        _decide(act, change, "replaced")


def _save(act: _Act, values: Mapping[str, Any]) -> int:
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


def _seen(
    db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int]
) -> tuple[_Act, Change]:
    editable = get_editable_for(db, by, today, change[0])
    return _Act(db, by, at, editable), get_change(db, *change)


def _way_back(act: _Act, change: Change) -> dict[str, rules.Pair]:
    """What undoing sets, as (now, before); refused when somebody has written there since."""
    db, her, became = act.db, act.editable.id, int(change.version or 0)
    before, after = (values_at(db, her, number) for number in (became - 1, became))
    fields = kept_fields(db, her, get_version(db, her, became)) & set(rules.EDITABLE)
    fields -= _withheld(act)
    now = find_record(db, her) or {}
    if not fields or rules.differing(now, {field: after[field] for field in fields}):
        raise Invalid({"all": [Message("This cannot be undone: there are newer details.")]})
    return {field: (now[field], before[field]) for field in fields}


def _refuse_second(act: _Act, change: Change, state: str) -> None:
    # security: nobody is their own second person
    if not rules.may_approve(change.made_by, change.side, act.by.account_id, act.editable.side):
        raise NotAllowed
    _refuse_move(change, state)


def _refuse_move(change: Change, state: str) -> None:
    if not rules.may_become(change.state, state):
        raise Invalid({"all": [Message("Somebody has decided about this change already.")]})


def _new_of(pairs: Mapping[str, rules.Pair]) -> dict[str, Any]:
    return {field: new for field, (_old, new) in pairs.items()}


def _who(by: Actor) -> str:
    return by.account_id or by.role
