"""Questions about organisations: the public cards, and what members see of the rest."""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.organisations.forms import Wanted
from portal.organisations.rules import is_alike


class Card(msgspec.Struct, frozen=True):
    """An organisation as it stands in the list."""

    id: str
    name: str
    names: dict[str, str]
    kind: str
    summary: str | None
    summaries: dict[str, str]
    services: list[str]
    place: str | None
    region: str | None
    state: str | None = None


class Details(Card, frozen=True):
    """One organisation's page; the duty phone is for members."""

    phone: str | None = None
    email: str | None = None
    website: str | None = None
    joined_on: str | None = None
    founded_on: str | None = None
    duty_phone: str | None = None
    visibility: str = "members"


class Found(msgspec.Struct, frozen=True):
    """One page of the list."""

    total: int
    page: int
    per_page: int
    results: list[Card]


# security: a shelter has no public card whatever its row says, nor has who is not (or no longer) in
SHOWN = """
    FROM organisations AS o
    LEFT JOIN membership_now AS m ON m.organisation_id = o.id
    LEFT JOIN places AS p ON p.id = o.place_id
    WHERE (:members OR (
        o.visibility = 'public' AND coalesce(m.state, 'admitted') = 'admitted'
        AND NOT EXISTS (SELECT 1 FROM organisation_services AS s
                        WHERE s.organisation_id = o.id AND s.service = 'shelter')))
    AND (:coordinator OR o.id IS :own
         OR coalesce(m.state, 'admitted') IN ('admitted', 'suspended'))
"""

# security: what an organisation gave keeps its credit, as text, where its card was public until its
# membership ended, also while it applies anew; a shelter, and who never had a public card, is named
# to nobody by this either
NAMED = """
    FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
    WHERE o.visibility = 'public' AND m.state <> 'admitted'
    AND NOT EXISTS (SELECT 1 FROM organisation_services AS s
                    WHERE s.organisation_id = o.id AND s.service = 'shelter')
"""

_FILTERS = """
    AND (:region IS NULL OR p.region = :region)
    AND (:kind IS NULL OR o.kind = :kind)
    AND (:service IS NULL OR EXISTS (SELECT 1 FROM organisation_services AS s
         WHERE s.organisation_id = o.id AND s.service = :service))
"""

_CARD = """
    SELECT o.id, o.name, o.names, o.kind, o.summary, o.summaries, p.region,
        CASE WHEN p.origin = 'geonames' OR :members THEN p.name END AS place,
        CASE WHEN :members THEN m.state END AS state,
        (SELECT json_group_array(service) FROM organisation_services AS s
         WHERE s.organisation_id = o.id) AS services
"""


def find_organisations(db: Database, actor: Actor, wanted: Wanted) -> Found:
    """One page of the organisations this person may see, in the order of the alphabet."""
    asked = {**tier(actor), "region": wanted.region, "kind": wanted.kind}
    asked["service"] = wanted.service
    total = count(db, "SELECT count(*) " + SHOWN + _FILTERS, **asked)
    sql = _CARD + SHOWN + _FILTERS + "ORDER BY o.sort_name, o.id LIMIT :limit OFFSET :offset"
    results = fetch(db, Card, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_organisation_for(db: Database, actor: Actor, organisation_id: str) -> Details:
    """One organisation, if this person may see it; strangers get `NotFound`.

    Its own people see their card as other members do, also before the directory is open to them.
    """
    sql = (
        _CARD + ", o.phone, o.email, o.website, o.joined_on, o.visibility,"
        " (SELECT founded_on FROM founders WHERE organisation_id = o.id) AS founded_on,"
        " CASE WHEN :members THEN o.duty_phone END AS duty_phone " + SHOWN + "AND o.id = :id"
    )
    # security: of their own organisation alone, and not for its practitioners
    is_own = actor.role == "member" and actor.organisation_id == organisation_id
    asked = {**tier(actor), "members": actor.may_use_directory or is_own}
    found = fetch_one(db, Details, sql, **asked, id=organisation_id)
    if found is None:
        raise NotFound
    return found


def find_duty_phone(db: Database, organisation_id: str) -> str | None:
    """The number that is always answered; whoever asks knows that this person may see it."""
    sql = "SELECT duty_phone FROM organisations WHERE id = :id"
    return next(iter(column(db, sql, id=organisation_id)), None)


class _Called(msgspec.Struct, frozen=True):
    """Every name of an organisation."""

    id: str
    name: str
    names: dict[str, str]

    @property
    def called(self) -> list[str]:
        """The name as it was written, and those in other languages."""
        return [self.name, *self.names.values()]


def find_names(db: Database) -> list[tuple[str, list[str]]]:
    """All organisations with everything they are called; to compare with, never to show."""
    found = fetch(db, _Called, "SELECT id, name, names FROM organisations ORDER BY sort_name, id")
    return [(each.id, each.called) for each in found]


class Alike(_Called, frozen=True):
    """An organisation of the register that is called like one that applies."""

    state: str | None
    kind: str
    place: str | None
    region: str | None
    joined_on: date | None
    is_applying: bool


def find_alike(db: Database, organisation_id: str, names: Sequence[str]) -> list[Alike]:
    """All others that are called like this one in any language; for coordinators."""
    sql = """
        SELECT o.id, o.name, o.names, m.state, o.kind, p.name AS place, p.region, o.joined_on,
            EXISTS (SELECT 1 FROM applications AS a WHERE a.organisation_id = o.id
                    AND a.submitted_at IS NOT NULL AND a.closed_at IS NULL) AS is_applying
        FROM organisations AS o
        LEFT JOIN membership_now AS m ON m.organisation_id = o.id
        LEFT JOIN places AS p ON p.id = o.place_id
        WHERE o.id <> :id ORDER BY o.sort_name, o.id
    """
    found = fetch(db, Alike, sql, id=organisation_id)
    return [each for each in found if is_alike(each.called, names)]


def tier(actor: Actor) -> dict[str, object]:
    """The parameters of `SHOWN` for a person."""
    return {
        "members": actor.may_use_directory,
        "coordinator": actor.is_coordinator,
        "own": actor.organisation_id,
    }
