"""What of an engine's answer may be shown now: an index lags by seconds, the database does not."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Protocol

from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigns.documents import find_remaining as of_campaigns
from portal.charter.documents import find_remaining as of_criteria
from portal.events.documents import find_remaining as of_events
from portal.materials.documents import find_remaining as of_materials
from portal.organisations.documents import find_remaining as of_organisations
from portal.places.documents import find_remaining as of_places
from portal.practitioners.queries import find_shown


class FindRemaining(Protocol):
    """How a domain says which of its records a tier still finds."""

    def __call__(
        self, db: Database, today: date, ids: list[str], /, *, members: bool
    ) -> set[str]: ...


REMAINING: dict[str, FindRemaining] = {
    "organisations": of_organisations,
    "places": of_places,
    "events": of_events,
    "materials": of_materials,
    "campaigns": of_campaigns,
    "criteria": of_criteria,
}


def find_gone(db: Database, actor: Actor, today: date, ids: Iterable[str]) -> set[str]:
    """Those of these documents that this person must not be shown, or not any more."""
    asked: dict[str, list[str]] = defaultdict(list)
    for document in ids:
        kind, _, record = document.partition(":")
        asked[kind].append(record)
    return {
        f"{kind}:{record}"
        for kind, records in asked.items()
        for record in set(records) - _remaining(db, actor, today, kind, records)
    }


def _remaining(db: Database, actor: Actor, today: date, kind: str, ids: list[str]) -> set[str]:
    if kind == "practitioners":
        return find_shown(db, actor, today, ids)
    # security: what no domain answers for is not shown
    find_remaining = REMAINING.get(kind)
    members = actor.may_use_directory
    return find_remaining(db, today, ids, members=members) if find_remaining else set()
