"""New rows that may be about somebody, or some organisation, of the register or of the same file.

They are pointed out and never merged: who keeps the file knows whether it is one or two.
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlite_utils import Database

from portal.actor import Actor
from portal.i18n.language import Message
from portal.organisations.queries import find_names
from portal.organisations.rules import is_namesake
from portal.practitioners.registry import Registered, find_registered
from portal.practitioners.rules import seems_same_name
from portal.transfer.columns import LANGUAGES, Entry
from portal.transfer.finding import Finder
from portal.transfer.report import CellError

MOST_NAMED = 5


def doubt_practitioners(
    db: Database, by: Actor, entries: Sequence[Entry], finder: Finder
) -> list[CellError]:
    """Names that seem the same, in any alphabet, with one organisation or settlement."""
    named = [entry for entry in entries if entry.is_new or "name" in entry.changes]
    if not named:
        return []
    known = {each.id: each for each in find_registered(db, by, finder.today)}
    known |= {entry.id: _as_registered(entry, known.get(entry.id)) for entry in entries}
    neighbours = defaultdict[tuple[str, str], list[Registered]](list)
    for each in known.values():
        neighbours["organisation", each.organisation_id].append(each)
        neighbours["place", each.place_id].append(each)
    doubts = []
    for entry in named:
        own = known[entry.id]
        near = neighbours["organisation", own.organisation_id] + neighbours["place", own.place_id]
        ids = {
            each.id for each in near if each.id != own.id and seems_same_name(each.name, own.name)
        }
        doubts += _doubt(entry, ids)
    return doubts


def doubt_organisations(
    db: Database, _by: Actor, entries: Sequence[Entry], _finder: Finder
) -> list[CellError]:
    """Organisations with one name in any language, alphabet and order of its words."""
    named = [entry for entry in entries if any(each.startswith("name") for each in entry.changes)]
    if not named:
        return []
    known = dict(find_names(db)) | {entry.id: _called(entry) for entry in entries}
    doubts = []
    for entry in named:
        own = known[entry.id]
        ids = {id for id, names in known.items() if id != entry.id and is_namesake(own, names)}
        doubts += _doubt(entry, ids)
    return doubts


def _as_registered(entry: Entry, stored: Registered | None) -> Registered:
    organisation, place = entry.changes.get("organisation"), entry.changes.get("place")
    return Registered(
        entry.id,
        entry.text("name"),
        str(organisation or (stored.organisation_id if stored else "")),
        str(place or (stored.place_id if stored else "")),
    )


def _called(entry: Entry) -> list[str]:
    names = ("name", *(f"name_{language}" for language in LANGUAGES))
    return [text for text in map(entry.text, names) if text]


def _doubt(entry: Entry, ids: set[str]) -> list[CellError]:
    if not ids:
        return []
    said = Message(
        "This may be the same as %(ids)s. If it is, write that id here and remove the other.",
        {"ids": ", ".join(sorted(ids)[:MOST_NAMED])},
    )
    return [entry.error("name", said)]
