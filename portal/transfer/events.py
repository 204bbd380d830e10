"""Events as rows of a file."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import as_json
from portal.events.actions import save_event
from portal.events.rules import COUNTED
from portal.i18n.language import Message
from portal.transfer import cells
from portal.transfer.columns import (
    LANGUAGES,
    Column,
    Entry,
    Kind,
    id_column,
    in_languages,
    save_languages,
    select_languages,
)
from portal.transfer.finding import Finder
from portal.transfer.report import CellError, WrongCell


def _read_words(text: str, _finder: Finder) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in cells.several(text):
        question, _equals, said = (piece.strip() for piece in part.rpartition("="))
        if not question or not said or question in found:
            raise WrongCell(Message("Write each as question=translation, every question once."))
        found[question] = said
    return found


def _write_words(said: Mapping[str, str]) -> str:
    return ";".join(f"{question}={text}" for question, text in said.items())


# the questions of an evaluation with their words in another language
WORDS = cells.Cell(_read_words, _write_words, empty={}, is_json=True)

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
    *in_languages("evaluation", WORDS),
    Column("organisation", cells.organisation()),
    Column("closed", cells.yes_no(empty=0)),
    *(Column(name, cells.number(0, 1_000_000, whole=True)) for name in COUNTED),
)


def _select_words() -> str:
    """For each language the questions that have words in it, with them."""
    return "".join(
        ", (SELECT json_group_object(w.key, json_extract(w.value, '$."
        + language
        + "')) FROM json_each(e.evaluation_words) AS w WHERE json_extract(w.value, '$."
        + language
        + "') IS NOT NULL) AS evaluation_"
        + language
        for language in LANGUAGES
    )


_SQL = (
    """
    SELECT e.id, e.title, e.kind, e.starts_on, e.ends_on, e.place_id AS place, e.organiser,
        e.participants, e.summary, e.source, e.evaluation, e.open,
        e.already_published, e.organisation_id AS organisation,
        e.closed, e.women, e.men, e.girls, e.boys
    """
    + _select_words()
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


def _save_words(db: Database, entry: Entry) -> dict[str, str]:
    """The words of the questions, those of the languages that a row names put in anew."""
    columns = {f"evaluation_{language}": language for language in LANGUAGES}
    changed = {columns[name]: said for name, said in entry.changes.items() if name in columns}
    if not changed:
        return {}
    rows = db.table("events").rows_where("id = ?", [entry.id], select="evaluation_words")
    kept: dict[str, dict[str, str]] = next(
        (msgspec.json.decode(row["evaluation_words"]) for row in rows), {}
    )
    for language, said in changed.items():
        for words in kept.values():
            words.pop(language, None)
        for question, text in said.items():
            kept.setdefault(question, {})[language] = text
    return {"evaluation_words": as_json({each: words for each, words in kept.items() if words})}


def _save(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    row = {
        name: value
        for name, value in entry.changes.items()
        if not name.startswith(("title_", "summary_", "evaluation_"))
    }
    if "place" in row:
        row["place_id"] = row.pop("place")
    if "organisation" in row:
        row["organisation_id"] = row.pop("organisation")
    if "evaluation" in row:
        row["evaluation"] = as_json(row["evaluation"])
    row |= _save_words(db, entry)
    row |= save_languages(db, "events", "titles", entry, "title")
    row |= save_languages(db, "events", "summaries", entry, "summary")
    save_event(db, by, at, entry.id, row)


EVENTS = Kind("events", COLUMNS, _SQL, _save, check=_check)
