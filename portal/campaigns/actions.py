"""Keep campaigns and their activities."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.outbox import announce

NEW = {"titles": "{}", "summaries": "{}", "state": "draft"}

LISTS = {
    "organisations": ("campaign_organisations", "organisation_id"),
    "regions": ("campaign_regions", "region"),
    "audiences": ("campaign_audiences", "audience"),
}


def save_campaign(
    db: Database, by: Actor, at: datetime, campaign_id: str, changes: Mapping[str, Any]
) -> None:
    """Add a campaign, or change the named columns of one; `regions` and the like are lists."""
    row = dict(changes)
    lists = {name: row.pop(name) for name in LISTS if name in row}
    table = db.table("campaigns")
    if table.count_where("id = ?", [campaign_id]):
        table.update(campaign_id, row)
    else:
        who = {"added_at": stamp(at), "added_by": by.account_id or by.role}
        table.insert({**NEW, **who, **row, "id": campaign_id})
    for name, codes in lists.items():
        _set_list(db, campaign_id, name, codes)
    audit.record(db, by, at, "save", "campaigns", campaign_id)
    announce(db, "campaigns", campaign_id)


def save_activity(
    db: Database, by: Actor, at: datetime, activity_id: str, changes: Mapping[str, Any]
) -> None:
    """Add an activity of a campaign, or change the named columns of one; `materials` is a list."""
    row = dict(changes)
    used = row.pop("materials", None)
    table = db.table("activities")
    if table.count_where("id = ?", [activity_id]):
        table.update(activity_id, row)
    else:
        who = {"added_at": stamp(at), "added_by": by.account_id or by.role}
        table.insert({**who, **row, "id": activity_id})
    if used is not None:
        db.table("activity_materials").delete_where("activity_id = ?", [activity_id])
        rows = [{"activity_id": activity_id, "material_id": each} for each in dict.fromkeys(used)]
        db.table("activity_materials").insert_all(rows)
    audit.record(db, by, at, "save", "activities", activity_id)
    (campaign,) = db.execute(
        "SELECT campaign_id FROM activities WHERE id = ?", [activity_id]
    ).fetchone()
    announce(db, "campaigns", str(campaign))


def publish_campaign(db: Database, by: Actor, at: datetime, campaign_id: str) -> None:
    """Let everybody see a campaign and that its activities were held."""
    _set_state(db, by, at, campaign_id, "published")


def return_campaign(db: Database, by: Actor, at: datetime, campaign_id: str) -> None:
    """Give a campaign back to who wrote it."""
    _set_state(db, by, at, campaign_id, "draft")


def _set_state(db: Database, by: Actor, at: datetime, campaign_id: str, state: str) -> None:
    db.table("campaigns").update(campaign_id, {"state": state})
    audit.record(db, by, at, "set_state", "campaigns", campaign_id, state=state)
    announce(db, "campaigns", campaign_id)


def _set_list(db: Database, campaign_id: str, name: str, codes: Iterable[str]) -> None:
    table, word = LISTS[name]
    db.table(table).delete_where("campaign_id = ?", [campaign_id])
    rows = [{"campaign_id": campaign_id, word: code} for code in dict.fromkeys(codes)]
    db.table(table).insert_all(rows)
