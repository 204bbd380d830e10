"""Begin a campaign, send it for a second look, hide it; record what was done."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.actions import ask, call_off
from portal.campaigning.forms import Recorded, Written
from portal.campaigns.actions import (
    correct_activity,
    remove_activity,
    restore_activity,
    return_campaign,
    save_activity,
    save_campaign,
)
from portal.campaigns.acts import move_campaign
from portal.campaigns.queries import Sides, get_activity_row, get_sides
from portal.campaigns.rules import gives, keeps, may_be_edited, may_correct, may_record
from portal.db import as_json, count
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message

BEING_LOOKED_AT = Message("A second person is looking at this. Take it back before you change it.")


def begin(db: Database, by: Actor, at: datetime, written: Written, partners: Iterable[str]) -> str:
    """A campaign of the actor's own organisation, a draft; its id, the same for a double click."""
    if not gives(by):
        raise NotAllowed
    campaign_id = _id_of("c", by, written.key)
    if not count(db, "SELECT count(*) FROM campaigns WHERE id = :id", id=campaign_id):
        whose = {"organisation_id": by.organisation_id, "state": "draft"}
        save_campaign(db, by, at, campaign_id, {**_row(written, partners), **whose})
    return campaign_id


def rewrite(
    db: Database,
    by: Actor,
    at: datetime,
    campaign_id: str,
    written: Written,
    partners: Iterable[str],
) -> None:
    """Change a campaign. What was public is hidden until two people let it out again."""
    sides = _kept(db, by, campaign_id)
    if not may_be_edited(sides.state):
        raise Invalid({"all": [BEING_LOOKED_AT]})
    save_campaign(db, by, at, campaign_id, _row(written, partners))
    if sides.state == "published":
        move_campaign(db, by, at, campaign_id, "draft")


def send(db: Database, by: Actor, at: datetime, campaign_id: str) -> str:
    """Ask a second person to publish a campaign; the id of what waits."""
    _kept(db, by, campaign_id)
    move_campaign(db, by, at, campaign_id, "waiting")
    look = f"campaigns/{campaign_id}"
    return ask(db, by, at, "publish_campaign", campaign_id, look=look)


def take_back(db: Database, by: Actor, at: datetime, campaign_id: str) -> None:
    """Take back what waits for a second person, whoever of its keepers asked."""
    _kept(db, by, campaign_id)
    # security: an item left open would let whoever rewrites the campaign agree to it as well
    call_off(db, by, at, "publish_campaign", campaign_id)
    return_campaign(db, by, at, campaign_id)


def withdraw(db: Database, by: Actor, at: datetime, campaign_id: str) -> None:
    """Hide a published campaign at once: one person is enough."""
    _kept(db, by, campaign_id)
    move_campaign(db, by, at, campaign_id, "withdrawn")


def record(
    db: Database,
    by: Actor,
    at: datetime,
    campaign_id: str,
    recorded: Recorded,
    place_id: str | None,
) -> str:
    """An activity of a campaign, held by the actor's organisation; its id."""
    sides = get_sides(db, campaign_id)
    if not may_record(by, sides.organisation_id, sides.partners):
        raise NotAllowed
    _refuse_while_waiting(sides)
    activity_id = _id_of("ca", by, recorded.key)
    if not count(db, "SELECT count(*) FROM activities WHERE id = :id", id=activity_id):
        held_by = by.organisation_id if by.organisation_id in sides.partners else None
        whose = {"campaign_id": campaign_id, "organisation_id": held_by, "place_id": place_id}
        save_activity(db, by, at, activity_id, {**recorded.row(), **whose})
    return activity_id


def correct(
    db: Database,
    by: Actor,
    at: datetime,
    campaign_id: str,
    activity_id: str,
    recorded: Recorded,
    place_id: str | None,
) -> None:
    """Correct an activity; who did and when is shown, and what it said before is kept."""
    _corrected(db, by, campaign_id, activity_id)
    correct_activity(db, by, at, activity_id, {**recorded.row(), "place_id": place_id})


def remove(db: Database, by: Actor, at: datetime, campaign_id: str, activity_id: str) -> None:
    """Take an activity away; its campaign's keepers can put it back for 30 days."""
    _corrected(db, by, campaign_id, activity_id)
    remove_activity(db, by, at, activity_id)


def restore(db: Database, by: Actor, at: datetime, campaign_id: str, activity_id: str) -> None:
    """Put a removed activity back."""
    _refuse_while_waiting(_kept(db, by, campaign_id))
    restore_activity(db, by, at, campaign_id, activity_id)


def _kept(db: Database, by: Actor, campaign_id: str) -> Sides:
    sides = get_sides(db, campaign_id)
    if not keeps(by, sides.organisation_id):
        raise NotAllowed
    return sides


def _corrected(db: Database, by: Actor, campaign_id: str, activity_id: str) -> None:
    sides, row = get_sides(db, campaign_id), get_activity_row(db, activity_id)
    if row["campaign_id"] != campaign_id:
        raise NotFound
    if not may_correct(by, sides.organisation_id, row["organisation_id"]):
        raise NotAllowed
    _refuse_while_waiting(sides)


def _refuse_while_waiting(sides: Sides) -> None:
    # security: what a second person reads must be what they publish
    if sides.state == "waiting":
        raise Invalid({"all": [BEING_LOOKED_AT]})


def _row(written: Written, partners: Iterable[str]) -> dict[str, object]:
    row = written.row()
    in_languages = {name: as_json(row[name]) for name in ("titles", "summaries")}
    return {**row, **in_languages, "organisations": partners}


def _id_of(prefix: str, by: Actor, key: str) -> str:
    """The same form sent twice by the same person is the same record; nobody else can hit it."""
    return f"{prefix}-{hashlib.sha256(f'{by.account_id} {key}'.encode()).hexdigest()[:12]}"
