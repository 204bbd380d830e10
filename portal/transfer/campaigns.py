"""Campaigns and their activities as rows of files; an import publishes a campaign that is new."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigns.actions import save_activity, save_campaign
from portal.i18n.language import Message
from portal.transfer import cells, references
from portal.transfer.columns import (
    Column,
    Entry,
    Kind,
    id_column,
    in_languages,
    save_languages,
    select_languages,
)
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

COUNTS = ("women", "men", "girls", "boys")
MOST_PEOPLE = 100_000
MOST_GIVEN_OUT = 1_000_000

CAMPAIGN_COLUMNS = (
    id_column(),
    Column("title", cells.line(300), required=True),
    *in_languages("title", cells.line(300)),
    Column("organisation", references.organisations(), required=True),
    Column("regions", references.regions()),
    Column("starts_on", cells.day(), required=True),
    Column("ends_on", cells.day()),
    Column("audiences", cells.codes("audiences")),
    Column("summary", cells.paragraphs()),
    *in_languages("summary", cells.paragraphs()),
)

ACTIVITY_COLUMNS = (
    id_column(),
    Column("campaign", references.record("campaigns"), required=True),
    Column("kind", cells.code("activity_kinds"), required=True),
    Column("held_on", cells.day(), required=True),
    Column("place", cells.place()),
    *(Column(name, cells.number(0, MOST_PEOPLE, whole=True)) for name in COUNTS),
    Column("given_out", cells.number(0, MOST_GIVEN_OUT, whole=True)),
    Column("result", cells.paragraphs()),
    Column("materials", references.records("materials")),
    Column("organisation", cells.organisation()),
)

# in `organisation` the one that leads comes first, then those that take part
_CAMPAIGNS = (
    """
    SELECT c.id, c.title, c.starts_on, c.ends_on, c.summary,
        (SELECT json_group_array(id) FROM (
            SELECT c.organisation_id AS id
            UNION ALL
            SELECT * FROM (SELECT organisation_id FROM campaign_organisations
                           WHERE campaign_id = c.id ORDER BY rowid))) AS organisation,
        (SELECT json_group_array(region) FROM (
            SELECT region FROM campaign_regions
            WHERE campaign_id = c.id ORDER BY rowid)) AS regions,
        (SELECT json_group_array(audience) FROM (
            SELECT audience FROM campaign_audiences
            WHERE campaign_id = c.id ORDER BY rowid)) AS audiences
    """
    + select_languages("title", "c.titles")
    + select_languages("summary", "c.summaries")
    + " FROM campaigns AS c ORDER BY c.id"
)

_ACTIVITIES = """
    SELECT a.id, a.campaign_id AS campaign, a.kind, a.held_on, a.place_id AS place,
        a.women, a.men, a.girls, a.boys, a.given_out, a.result,
        a.organisation_id AS organisation,
        (SELECT json_group_array(material_id) FROM (
            SELECT material_id FROM activity_materials
            WHERE activity_id = a.id ORDER BY rowid)) AS materials
    FROM activities AS a ORDER BY a.id
"""

# what waits for a second person, and what was withdrawn, leaves by no file
_UNPUBLISHED = "SELECT id FROM campaigns WHERE state <> 'published'"
_OF_UNPUBLISHED = """
    SELECT a.id FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id
    WHERE c.state <> 'published'
"""


def _check_campaign(_db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    starts, ends = entry.kept("starts_on"), entry.kept("ends_on")
    if starts and ends and ends < starts and entry.changes.keys() & {"starts_on", "ends_on"}:
        said = Message("This campaign ends before it begins. Look at both days.")
        return [entry.error("ends_on", said)]
    return []


def _check_activity(_db: Database, entry: Entry, finder: Finder) -> list[CellError]:
    held = entry.kept("held_on")
    if not held or date.fromisoformat(held) <= finder.today:
        return []
    said = Message("This day has not come yet: nobody can be counted. Leave the cell empty.")
    return [
        entry.error(name, said)
        for name in COUNTS
        if entry.kept(name) is not None and entry.changes.keys() & {"held_on", name}
    ]


def _save_campaign(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    row = {
        name: value
        for name, value in entry.changes.items()
        if not name.startswith(("title_", "summary_"))
    }
    if "organisation" in row:
        row["organisation_id"], *row["organisations"] = row.pop("organisation")
    row |= save_languages(db, "campaigns", "titles", entry, "title")
    row |= save_languages(db, "campaigns", "summaries", entry, "summary")
    if entry.is_new:
        # an operator's act, audited as such: nobody is asked a second time
        row["state"] = "published"
    save_campaign(db, by, at, entry.id, row)


def _save_activity(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    stored = {"campaign": "campaign_id", "place": "place_id", "organisation": "organisation_id"}
    row = {stored.get(name, name): value for name, value in entry.changes.items()}
    save_activity(db, by, at, entry.id, row)


CAMPAIGNS = Kind(
    "campaigns",
    CAMPAIGN_COLUMNS,
    _CAMPAIGNS,
    _save_campaign,
    check=_check_campaign,
    withheld=_UNPUBLISHED,
)

ACTIVITIES = Kind(
    "activities",
    ACTIVITY_COLUMNS,
    _ACTIVITIES,
    _save_activity,
    check=_check_activity,
    withheld=_OF_UNPUBLISHED,
)
