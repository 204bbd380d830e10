"""Write a draft of the charter, and ask that it be adopted: by coordinators, one draft at a time.

While a second coordinator is asked the draft stands still: nobody agrees to what they did not see.
"""

from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.approvals.actions import ask, call_off
from portal.charter.actions import refuse_unready
from portal.charter.forms import Overtaken
from portal.charter.queries import Charter, find_charter, find_draft
from portal.charter.rules import FIELDS, mark_of
from portal.chartering.acts import copy_points, put_original, take_out, throw_away
from portal.chartering.forms import AdoptionAsked, NewPoint, PointWords
from portal.chartering.queries import find_waiting, get_draft_for, get_point
from portal.chartering.rules import code_of_form, neighbour, words_of, wrong_day
from portal.clock import stamp
from portal.db import as_json, count
from portal.errors import Invalid, NotAllowed
from portal.i18n.language import Message


def begin(db: Database, by: Actor, at: datetime, begin_from: str) -> None:
    """A draft of the next version; nothing when there is one already."""
    if not by.is_coordinator:
        raise NotAllowed
    if find_draft(db) is not None:
        return
    standing = find_charter(db)
    version = 1 + count(db, "SELECT max(version) FROM charter_versions")
    row = {"made_at": stamp(at), "made_by": by.account_id, "notes": as_json({})}
    db.table("charter_versions").insert({"version": version, **row})
    if standing is not None and begin_from == "copy":
        copy_points(db, standing.version, version)
    audit.record(db, by, at, "begin", "charter_versions", str(version))


def note(db: Database, by: Actor, at: datetime, notes: dict[str, str], seen: str | None) -> None:
    """Say in a sentence what the version is; `Overtaken` when somebody else did meanwhile."""
    draft = _get_open(db, by, at)
    differing = {
        f"note_{code}": draft.notes.get(code, "")
        for code in {*draft.notes, *notes}
        if draft.notes.get(code) != notes.get(code)
    }
    if not differing:
        return
    if seen != mark_of(draft.notes):
        raise Overtaken(differing)
    db.table("charter_versions").update(draft.version, {"notes": as_json(notes)})
    audit.record(db, by, at, "note", "charter_versions", str(draft.version))


def add_point(db: Database, by: Actor, at: datetime, words: NewPoint) -> str:
    """A new point at the end of its kind; its code. The same form sent twice is one point."""
    draft = _get_open(db, by, at)
    code = code_of_form(by.account_id, words.key)
    if code in {each.code for each in draft.points}:
        return code
    last = max((each.position for each in draft.points), default=0)
    row = {"kind": words.kind, "position": last + 1, "asks_file": 0}
    db.table("charter_points").insert({"version": draft.version, "code": code, **row})
    _write(db, by, at, draft.version, code, words)
    audit.record(db, by, at, "add", "charter_points", f"{draft.version}:{code}")
    return code


def change_point(db: Database, by: Actor, at: datetime, code: str, words: PointWords) -> None:
    """Decide a point anew; `Overtaken` when somebody else did since it was read."""
    draft = _get_open(db, by, at)
    now, wanted = words_of(get_point(draft, code)), words.decided
    differing = {name: now[name] for name in now if now[name] != wanted[name]}
    if not differing:
        return
    if words.seen != mark_of(now):
        raise Overtaken(differing)
    _write(db, by, at, draft.version, code, words)
    audit.record(db, by, at, "change", "charter_points", f"{draft.version}:{code}")


def remove_point(db: Database, by: Actor, at: datetime, code: str) -> None:
    """Take a point out of the draft; the versions before keep theirs."""
    draft = _get_open(db, by, at)
    get_point(draft, code)
    take_out(db, draft.version, code)
    audit.record(db, by, at, "remove", "charter_points", f"{draft.version}:{code}")


def move_point(db: Database, by: Actor, at: datetime, code: str, to: str) -> None:
    """Put a point before or after its neighbour of the same kind; nothing at the edge."""
    draft = _get_open(db, by, at)
    point = get_point(draft, code)
    other = neighbour(draft.points, code, to)
    if other is None:
        return
    for moved, position in ((point, other.position), (other, point.position)):
        row = {"position": position}
        db.table("charter_points").update((draft.version, moved.code), row)
    audit.record(db, by, at, "move", "charter_points", f"{draft.version}:{code}", to=to)


def discard(db: Database, by: Actor, at: datetime) -> None:
    """Throw the draft away."""
    draft = _get_open(db, by, at)
    throw_away(db, draft.version)
    audit.record(db, by, at, "discard", "charter_versions", str(draft.version))


def ask_adoption(db: Database, by: Actor, at: datetime, today: date, wanted: AdoptionAsked) -> str:
    """Ask a coordinator of another organisation to agree that this was decided; the item's id."""
    draft = get_draft_for(db, by)
    waiting = find_waiting(db, at, draft.version)
    if waiting is not None:
        return waiting
    refuse_unready(db, draft.version)
    standing = find_charter(db)
    adopted_on = standing.adopted_on if standing else None
    if wrong := wrong_day(wanted.decided_on, today, adopted_on):
        raise Invalid(wrong)
    on, minute = wanted.decided_on.isoformat(), wanted.minute
    look = f"criteria/versions/{draft.version}"
    return ask(db, by, at, "adopt_charter", str(draft.version), on=on, minute=minute, look=look)


def take_back(db: Database, by: Actor, at: datetime) -> None:
    """Go back to writing: what was asked is called off; nothing when nothing waits."""
    draft = get_draft_for(db, by)
    call_off(db, by, at, "adopt_charter", str(draft.version))


def _write(
    db: Database, by: Actor, at: datetime, version: int, code: str, words: PointWords
) -> None:
    originals = words.originals
    for field in FIELDS:
        put_original(db, by, at, (version, code, field), words.language, originals[field])
    row = {"asks_file": int(words.asks_file)}
    db.table("charter_points").update((version, code), row)


def _get_open(db: Database, by: Actor, at: datetime) -> Charter:
    """The draft, if it may be written just now."""
    draft = get_draft_for(db, by)
    if find_waiting(db, at, draft.version) is not None:
        said = Message("A second coordinator is asked about this draft. Take it back first.")
        raise Invalid({"all": [said]})
    return draft
