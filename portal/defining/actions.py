"""Define, change, open and end indicators; opening takes a coordinator of another organisation."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.actions import ask, call_off
from portal.db import as_json
from portal.defining.queries import get_standing, is_known, opens
from portal.defining.rules import CODE_TAKEN, COUNTED, widens, wrong_side
from portal.errors import Invalid, NotAllowed
from portal.indicators.actions import (
    TEXTS,
    define,
    end_indicator,
    refuse_opening,
    reword,
    set_openness,
    set_target,
)
from portal.indicators.queries import Aim, Definition, find_version, find_versions


def add_indicator(db: Database, by: Actor, at: datetime, definition: Definition) -> str | None:
    """Define something new; the item that waits when its figures are to be open."""
    if is_known(db, definition.code):
        raise Invalid({"code": [CODE_TAKEN]})
    return save_definition(db, by, at, definition)


def save_definition(db: Database, by: Actor, at: datetime, definition: Definition) -> str | None:
    """Save a version; the item that waits when it would open figures that were not open.

    Until a second coordinator agrees its figures are kept: it is saved as one that counts people.
    """
    _refuse_stranger(by)
    versions = find_versions(db, definition.code)
    # of a version that is changed, what was agreed to counts; of a further one, the one before
    before = next((each for each in versions if each.version <= definition.version), None)
    if before is not None and before.source == "counted":
        raise Invalid({"all": [COUNTED]})
    call_off_openings(db, by, at, definition.code)
    is_wide = widens(before, definition)
    kept = msgspec.structs.replace(definition, counts_people=definition.counts_people or is_wide)
    define(db, by, at, kept)
    return ask_opening(db, by, at, kept) if is_wide else None


def ask_opening(db: Database, by: Actor, at: datetime, definition: Definition, **texts: str) -> str:
    """Ask a coordinator of another organisation to open the exact figures of a version.

    `Invalid` when something was reported under it: a further version may be opened.
    """
    refuse_opening(db, definition)
    # security: bound to what it says now, or in waiting words; anything else is not agreed to
    detail = {"meaning": definition.meaning, **texts}
    return ask(db, by, at, "open_indicator", opens(definition), **detail)


def mend_texts(db: Database, by: Actor, at: datetime, definition: Definition) -> str | None:
    """Mend the texts of a version; of an open one they wait, and the item by which is the answer.

    Figures that everybody reads were agreed to in these words: others take a second person too.
    """
    _refuse_stranger(by)
    kept = find_version(db, definition.code, definition.version)
    if kept == definition:
        return None
    call_off_openings(db, by, at, definition.code)
    texts = {name: getattr(definition, name) for name in TEXTS}
    if kept is None or not kept.is_open or msgspec.structs.replace(kept, **texts) != definition:
        reword(db, by, at, definition)
        return None
    return ask_opening(db, by, at, definition, texts=as_json(texts))


def call_off_openings(db: Database, by: Actor, at: datetime, code: str) -> None:
    """Call off whatever waits of any version of an indicator."""
    # security: it was asked of other words; nobody may agree to it while looking at these
    for each in find_versions(db, code):
        call_off(db, by, at, "open_indicator", opens(each))


def keep_figures(db: Database, by: Actor, at: datetime, code: str) -> None:
    """Keep the exact figures of all versions to coordinators, at once: hiding takes one person."""
    _refuse_stranger(by)
    call_off_openings(db, by, at, code)
    for each in find_versions(db, code):
        if each.is_open:
            set_openness(db, by, at, code, each.version, counts_people=True)


def set_aim(db: Database, by: Actor, at: datetime, aim: Aim, *, is_sure: bool) -> None:
    """Set a baseline and a target; `Invalid` asks back once when the target lies behind."""
    _refuse_stranger(by)
    definition = get_standing(db, aim.code, at).definition
    said = wrong_side(definition.direction, aim)
    if said is not None and not is_sure:
        raise Invalid({"is_meant": [said]})
    set_target(db, by, at, aim)


def end(db: Database, by: Actor, at: datetime, code: str, on: date) -> None:
    """Nobody is asked for it from a day on; what was reported stays."""
    _refuse_stranger(by)
    end_indicator(db, by, at, code, on)


def _refuse_stranger(by: Actor) -> None:
    # security: the pages ask this too; an import or a script comes here without them
    if not by.is_coordinator:
        raise NotAllowed
