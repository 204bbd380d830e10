"""Questions about the draft of the charter: what is in it, and whether it waits."""

from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.queries import find_open
from portal.charter.queries import Charter, find_draft
from portal.charter.rules import Point
from portal.errors import NotFound


def get_draft_for(db: Database, actor: Actor) -> Charter:
    """The draft, for coordinators; `NotFound` for all others, and where there is none."""
    draft = find_draft(db) if actor.is_coordinator else None
    if draft is None:
        raise NotFound
    return draft


def get_point(draft: Charter, code: str) -> Point:
    """A point of a draft, or `NotFound`."""
    for each in draft.points:
        if each.code == code:
            return each
    raise NotFound


def find_waiting(db: Database, at: datetime, version: int) -> str | None:
    """The id of what asks that a version be adopted, while it waits for a second person."""
    return find_open(db, at, "adopt_charter", str(version))
