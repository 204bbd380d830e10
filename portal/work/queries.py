"""What waits for a person, asked of every room; one that fails leaves the others standing."""

import logging
from collections.abc import Callable
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.registry import find_waiting as approvals
from portal.cards.queries import find_waiting as cards
from portal.changes.queries import find_waiting as changes
from portal.closing.registry import find_waiting as closing
from portal.confirmations.queries import find_waiting as confirmations
from portal.contacts.queries import find_waiting as contacts
from portal.contributing.registry import find_waiting as contributing
from portal.deciding.registry import find_waiting as deciding
from portal.desk.queries import find_waiting as desk
from portal.drafts.queries import find_waiting as drafts
from portal.handovers.queries import find_waiting as handovers
from portal.people.queries import find_waiting as people
from portal.proposals.queries import find_waiting as proposals
from portal.releasing.queries import find_waiting as releasing
from portal.renewals.registry import find_waiting as renewals
from portal.reporting.registry import find_waiting as reporting
from portal.requests.answers import find_waiting as requests
from portal.reviews.registry import find_waiting as reviews
from portal.tickets.queries import find_waiting as tickets
from portal.visits.queries import find_waiting as visits
from portal.waiting import Waiting

log = logging.getLogger("portal")

Source = Callable[[Database, Actor, datetime, date], list[Waiting]]

# a room more is an import and a name here
SOURCES: tuple[Source, ...] = (
    requests,
    visits,
    changes,
    proposals,
    handovers,
    confirmations,
    approvals,
    people,
    tickets,
    contacts,
    cards,
    desk,
    contributing,
    renewals,
    reporting,
    closing,
    drafts,
    reviews,
    deciding,
    releasing,
)


class Waits(msgspec.Struct, frozen=True):
    """All that waits for a person, and how many rooms could not be asked."""

    found: list[Waiting]
    missing: int


def find_waiting(
    db: Database,
    actor: Actor,
    at: datetime,
    today: date,
    sources: tuple[Source, ...] = SOURCES,
) -> Waits:
    """What every room says; a room that cannot be asked is logged, never a blank page."""
    found: list[Waiting] = []
    missing = 0
    for source in sources:
        try:
            found += source(db, actor, at, today)
        except Exception:
            # whatever it is: the other rooms' work must not wait for its mending
            log.exception("a part of what waits is missing: %s", source.__module__)
            missing += 1
    return Waits(found, missing)
