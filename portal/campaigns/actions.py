"""Keep campaigns and their activities."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.campaigns.acts import move_campaign
from portal.campaigns.queries import find_removed, get_activity_row, get_state
from portal.campaigns.rules import UNDO_DAYS
from portal.clock import stamp
from portal.db import as_json
from portal.errors import NotFound
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
        _set_materials(db, activity_id, used)
    audit.record(db, by, at, "save", "activities", activity_id)
    announce(db, "campaigns", str(get_activity_row(db, activity_id)["campaign_id"]))


def correct_activity(
    db: Database, by: Actor, at: datetime, activity_id: str, changes: Mapping[str, Any]
) -> None:
    """Change an activity; what it said before is kept, but for the text of its result."""
    row = get_activity_row(db, activity_id)
    asked = {name: value for name, value in changes.items() if name in row}
    was = {name: row[name] for name, value in asked.items() if row[name] != value}
    if "result" in was:
        # a text is taken out when it said too much: it is not kept elsewhere
        was["result"] = None
    if was:
        _remember(db, by, at, "correct", row, was)
    save_activity(db, by, at, activity_id, changes)


def remove_activity(db: Database, by: Actor, at: datetime, activity_id: str) -> None:
    """Take an activity away: one person is enough, and can put it back for 30 days."""
    row = get_activity_row(db, activity_id)
    _remember(db, by, at, "remove", row, row)
    db.table("activity_materials").delete_where("activity_id = ?", [activity_id])
    db.table("activities").delete(activity_id)
    audit.record(db, by, at, "remove", "activities", activity_id)
    announce(db, "campaigns", str(row["campaign_id"]))


def restore_activity(
    db: Database, by: Actor, at: datetime, campaign_id: str, activity_id: str
) -> None:
    """Put a removed activity back as it was; `NotFound` when nothing is left of it."""
    removed = [each for each in find_removed(db, campaign_id) if each.activity_id == activity_id]
    if not removed:
        raise NotFound
    row = msgspec.json.decode(removed[0].was)
    used = row.pop("materials")
    db.table("activities").insert(row)
    _set_materials(db, activity_id, used)
    db.table("activity_changes").delete(removed[0].id)
    audit.record(db, by, at, "restore", "activities", activity_id)
    announce(db, "campaigns", campaign_id)


def forget_removed(db: Database, _by: Actor, at: datetime, _today: date) -> int:
    """Erase removed activities for good after 30 days; how many."""
    before = stamp(at - timedelta(days=UNDO_DAYS))
    sql = "DELETE FROM activity_changes WHERE verb = 'remove' AND at < :before"
    return int(db.execute(sql, {"before": before}).rowcount)


def publish_campaign(db: Database, by: Actor, at: datetime, campaign_id: str) -> None:
    """Let everybody see a campaign and that its activities were held."""
    move_campaign(db, by, at, campaign_id, "published")


def return_campaign(db: Database, by: Actor, at: datetime, campaign_id: str) -> None:
    """Give a campaign that waits back to who wrote it; nothing when it waits no more."""
    if get_state(db, campaign_id) == "waiting":
        move_campaign(db, by, at, campaign_id, "draft")


def _remember(
    db: Database, by: Actor, at: datetime, verb: str, row: Mapping[str, Any], was: Mapping[str, Any]
) -> None:
    db.table("activity_changes").insert(
        {
            "activity_id": row["id"],
            "campaign_id": row["campaign_id"],
            "verb": verb,
            "at": stamp(at),
            "by": by.account_id or by.role,
            "was": as_json(was),
        }
    )


def _set_materials(db: Database, activity_id: str, used: Iterable[str]) -> None:
    db.table("activity_materials").delete_where("activity_id = ?", [activity_id])
    rows = [{"activity_id": activity_id, "material_id": each} for each in dict.fromkeys(used)]
    db.table("activity_materials").insert_all(rows)


def _set_list(db: Database, campaign_id: str, name: str, codes: Iterable[str]) -> None:
    table, word = LISTS[name]
    db.table(table).delete_where("campaign_id = ?", [campaign_id])
    rows = [{"campaign_id": campaign_id, word: code} for code in dict.fromkeys(codes)]
    db.table(table).insert_all(rows)
