"""Events as rows of a file."""

from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json
from portal.events.actions import save_event
from portal.i18n.language import Message
from portal.transfer import cells
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

COLUMNS = (
    id_column(),
    Column("title", cells.line(300), required=True),
    *in_languages("title", cells.line(300)),
    Column("kind", cells.code("event_kinds"), required=True),
    Column("starts_on", cells.day(yearly=True), required=True),
    Column("ends_on", cells.day(yearly=True)),
    Column("place", cells.place()),
    Column("organiser", cells.line()),
    Column("participants", cells.number(0, 1_000_000, whole=True)),
    Column("summary", cells.paragraphs()),
    *in_languages("summary", cells.paragraphs()),
    Column("source", cells.line(500)),
    Column("evaluation", cells.percents()),
    Column("open", cells.yes_no(empty=0)),
    Column("already_published", cells.yes_no(empty=0)),
)

_SQL = (
    """
    SELECT e.id, e.title, e.kind, e.starts_on, e.ends_on, e.place_id AS place, e.organiser,
        e.participants, e.summary, e.source, e.evaluation, e.open,
        e.already_published
    """
    + select_languages("title", "e.titles")
    + select_languages("summary", "e.summaries")
    + " FROM events AS e ORDER BY e.id"
)


def _check(_db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    starts, ends = entry.kept("starts_on"), entry.kept("ends_on")
    if not (starts and ends) or not entry.changes.keys() & {"starts_on", "ends_on"}:
        return []
    if starts.startswith("--") != ends.startswith("--"):
        said = Message("Write both starts_on and ends_on with the year, or both without.")
        return [entry.error("ends_on", said)]
    if ends < starts and not starts.startswith("--"):
        said = Message("This event ends before it begins. Look at both days.")
        return [entry.error("ends_on", said)]
    return []


def _save(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    row = {
        name: value
        for name, value in entry.changes.items()
        if not name.startswith(("title_", "summary_"))
    }
    if "place" in row:
        row["place_id"] = row.pop("place")
    if "evaluation" in row:
        row["evaluation"] = as_json(row["evaluation"])
    row |= save_languages(db, "events", "titles", entry, "title")
    row |= save_languages(db, "events", "summaries", entry, "summary")
    save_event(db, by, at, entry.id, row)


EVENTS = Kind("events", COLUMNS, _SQL, _save, check=_check)
