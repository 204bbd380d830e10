"""Ask for a change, approve it, send it back, take it back; nothing a person typed is lost."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.changes import rules
from portal.changes.acts import Act, add_state, decide, keep, new_of, save, seen, withheld
from portal.changes.forms import Moved, Outcome, Wish
from portal.changes.queries import (
    Change,
    find_open,
    find_overdue,
    find_second_people,
    get_change,
    get_editable_for,
    is_maker_gone,
    is_newest_applied,
    new_values,
    newest_number,
)
from portal.db import column
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message
from portal.notices.actions import notify, notify_welcome
from portal.practitioners.actions import forget_versions
from portal.practitioners.queries import find_record, find_standing
from portal.versions.queries import get_version, kept_fields, values_at


def ask(
    db: Database, by: Actor, at: datetime, today: date, practitioner_id: str, wish: Wish
) -> Outcome:
    """Change what one person may change alone, and let the rest wait beside the record.

    The same wish sent twice is kept once. `Moved` when it would overwrite what its writer did not
    see.
    """
    editable = get_editable_for(db, by, today, practitioner_id)
    act = Act(db, by, at, editable)
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
    act, found = seen(db, by, at, today, change)
    if found.state == "applied" and found.decided_by == act.who:
        return
    _refuse_second(act, found, "applied")
    if is_maker_gone(db, found, today):
        told = Message(
            "Whoever asked for this is locked, or may not change these details any more."
        )
        raise Invalid({"all": [told]})
    undone = _undone_by(act, found)
    values = {f: v for f, v in new_values(db, found).items() if f not in withheld(act)}
    if rules.has_lapsed(found.made, at) or not values:
        raise Invalid({"all": [Message("This change waited too long. Ask for it anew.")]})
    before, now = values_at(db, change[0], version), find_record(db, change[0]) or {}
    if rules.differing(now, {field: before[field] for field in values}):
        said = Message("The details changed meanwhile. Look at this once more, then decide.")
        raise Invalid({"all": [said]})
    db.table("practitioner_changes").update(change, {"version": save(act, values)})
    decide(act, found, "applied")
    if undone is not None:
        decide(act, undone, "undone")
    notify_welcome(db, at, "change_approved", change[0], [found.made_by])


def send_back(
    db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int], reason: str
) -> None:
    """Return a waiting change to who asked for it, with a reason; the typed values are kept."""
    act, found = seen(db, by, at, today, change)
    if found.state == "returned" and found.decided_by == act.who:
        return
    _refuse_second(act, found, "returned")
    decide(act, found, "returned", reason)
    notify_welcome(db, at, "change_returned", change[0], [found.made_by])


def withdraw(db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int]) -> None:
    """Take one's own change back before anybody approved it."""
    act, found = seen(db, by, at, today, change)
    if found.made_by != act.who:
        raise NotAllowed
    if found.state != "withdrawn":
        _refuse_move(found, "withdrawn")
        decide(act, found, "withdrawn")


def undo(db: Database, by: Actor, at: datetime, today: date, change: tuple[str, int]) -> int:
    """Take back the newest change that took effect, for 30 days, by who made or approved it.

    What would widen waits for a second person like any edit, unless she undoes it herself; the
    number to look at then. Contacts that were overwritten meanwhile do not come back.
    """
    act, found = seen(db, by, at, today, change)
    if act.who not in (found.made_by, found.decided_by):
        raise NotAllowed
    if found.state == "undone":
        return found.number
    _refuse_undo(act, found)
    pairs, editable = _way_back(act, found), act.editable
    wish = Wish({}, editable.version, found.number, kind="undo", undoes=found.number)
    # security: one person narrows; nobody makes somebody easier to find or reach alone
    is_alone = editable.side == "herself" or not editable.stands
    if not is_alone and rules.needs_second(editable.side, pairs):
        return _let_wait(act, wish, pairs)
    keep(act, wish, pairs, save(act, new_of(pairs)))
    decide(act, found, "undone")
    return found.number


def lapse_old(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """End the changes that nobody decided in 30 days, and those of a withdrawn consent."""
    overdue = find_overdue(db, at)
    for change in overdue:
        add_state(db, by, at, (change.practitioner_id, change.number), "lapsed")
        notify_welcome(db, at, "change_lapsed", change.practitioner_id, [change.made_by])
    return len(overdue)


def end_waiting(db: Database, by: Actor, at: datetime, practitioner_id: str) -> None:
    """End every change of somebody that waits: what was asked before counts no more."""
    sql = """
        SELECT number FROM changes_now
        WHERE practitioner_id = :id AND state IN ('waiting', 'returned')
    """
    for number in column(db, sql, id=practitioner_id):
        add_state(db, by, at, (practitioner_id, number), "lapsed")


def forget_contacts(db: Database, practitioner_id: str) -> None:
    """Overwrite contacts and licences in every version and change: no undo brings them back.

    Called after whatever takes them away, which might note them as old values once more.
    """
    forget_versions(db, practitioner_id)
    db.table("practitioner_changes_apart").delete_where("practitioner_id = ?", [practitioner_id])


def _changed(act: Act, wish: Wish) -> dict[str, rules.Pair]:
    """What the wish would change, as (now, new); a field its writer left alone stays as it is."""
    db, editable, allowed = act.db, act.editable, rules.writable(act.editable.side) - withheld(act)
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


def _change_now(act: Act, wish: Wish, pairs: Mapping[str, rules.Pair]) -> int:
    version = save(act, new_of(pairs))
    if act.editable.side != "herself":
        notify(act.db, act.at, "details_changed", act.editable.id, practitioner_id=act.editable.id)
    return keep(act, wish, pairs, version)


def _let_wait(act: Act, wish: Wish, pairs: Mapping[str, rules.Pair]) -> int:
    db, her = act.db, act.editable.id
    for change in find_open(db, her):
        if change.made_by == act.who and new_values(db, change) == new_of(pairs):
            return change.number
    number = keep(act, wish, pairs, None)
    db.table("practitioner_changes_apart").insert_all(
        {"practitioner_id": her, "number": number, "field": field, "new": new}
        for field, (_old, new) in pairs.items()
        if field in rules.APART
    )
    if act.editable.side != "herself":
        notify(db, act.at, "change_waits", her, practitioner_id=her)
    for account_id in find_second_people(db, act.editable, act.at.date()):
        notify(db, act.at, "change_waits", her, account_id=account_id)
    return number


def _replace_returned(act: Act, number: int) -> None:
    change = get_change(act.db, act.editable.id, number)
    if change.state == "returned" and change.made_by == act.who:
        decide(act, change, "replaced")


def _way_back(act: Act, change: Change) -> dict[str, rules.Pair]:
    """What undoing sets, as (now, before); refused when somebody has written there since."""
    db, her, became = act.db, act.editable.id, int(change.version or 0)
    before, after = (values_at(db, her, number) for number in (became - 1, became))
    fields = kept_fields(db, her, get_version(db, her, became)) & set(rules.EDITABLE)
    fields -= withheld(act)
    now = find_record(db, her) or {}
    if not fields or rules.differing(now, {field: after[field] for field in fields}):
        raise Invalid({"all": [Message("This cannot be undone: there are newer details.")]})
    return {field: (now[field], before[field]) for field in fields}


def _refuse_undo(act: Act, change: Change) -> None:
    _refuse_move(change, "undone")
    if not rules.may_undo(change.decided, act.at) or not is_newest_applied(act.db, change):
        raise Invalid({"all": [Message("Only the newest change can be undone, for 30 days.")]})
    _refuse_settled(act, change)


def _refuse_settled(act: Act, change: Change) -> None:
    standing = find_standing(act.db, act.editable.id)
    if standing is not None and rules.is_settled(change.decided, standing.consent_on):
        told = Message(
            "She has consented since then, so this cannot be undone. Make a new change instead."
        )
        raise Invalid({"all": [told]})


def _undone_by(act: Act, change: Change) -> Change | None:
    """The change that an undo takes back, refused when it stands no more; None for an edit."""
    if change.undoes is None:
        return None
    undone = get_change(act.db, act.editable.id, change.undoes)
    _refuse_move(undone, "undone")
    _refuse_settled(act, undone)
    return undone


def _refuse_second(act: Act, change: Change, state: str) -> None:
    # security: nobody is their own second person
    side, her = act.editable.side, act.editable.person
    if not rules.may_approve(change.maker, change.side, act.by, side, her):
        raise NotAllowed
    _refuse_move(change, state)


def _refuse_move(change: Change, state: str) -> None:
    if not rules.may_become(change.state, state):
        raise Invalid({"all": [Message("Somebody has decided about this change already.")]})
