"""The forms of an event with what stands in them: what is stored, or what was just sent."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlite_utils import Database

from portal.errors import NotFound
from portal.events.queries import Kept
from portal.organising.queries import Named
from portal.places.queries import get_place, label


class Sheet(msgspec.Struct, frozen=True):
    """The texts of a form by field."""

    texts: dict[str, str] = {}


def filled(db: Database, event: Kept) -> Sheet:
    """The form of an event as it is stored."""
    texts = {
        "title": event.title,
        "kind": event.kind,
        "first_day": event.starts_on,
        "last_day": event.ends_on or "",
        "place": _place(db, event.place_id),
        "summary": event.summary or "",
    }
    for name, words in (("title", event.titles), ("summary", event.summaries)):
        texts |= {f"{name}_{code}": text for code, text in words.items()}
    return Sheet(texts)


def counted(event: Kept) -> Sheet:
    """The form of how many came."""
    counts = {
        "women": event.women,
        "men": event.men,
        "girls": event.girls,
        "boys": event.boys,
    }
    return Sheet({name: "" if n is None else str(n) for name, n in counts.items()})


def sent_again(sent: Mapping[str, str]) -> Sheet:
    """A form as it was sent."""
    return Sheet(dict(sent))


def named(found: Iterable[Named], code: str) -> list[tuple[str, str]]:
    """Something to choose from, in the reader's language."""
    return [(each.id, each.names.get(code) or each.name) for each in found]


def _place(db: Database, place_id: str | None) -> str:
    if place_id is None:
        return ""
    try:
        return label(db, get_place(db, place_id, local=True), local=True)
    except NotFound:
        return ""
