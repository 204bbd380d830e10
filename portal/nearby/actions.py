"""Write the flat listing of a practitioner anew from its sources."""

import msgspec
from sqlite_utils import Database

from portal.db import column, fetch_one
from portal.geo import chord_squared, reach_box, unit_vector
from portal.outbox import announce
from portal.practitioners.queries import find_standing
from portal.practitioners.rules import lapsed


class Source(msgspec.Struct, frozen=True):
    """What a listing is made from."""

    latitude: float
    longitude: float
    travel_km: float | None
    row: dict[str, str | int | float | None]
    languages: list[str]
    specialisations: list[str]
    age_groups: list[str]
    modes: list[str]
    availability: list[str]


def refresh_listing(db: Database, practitioner_id: str) -> None:
    """List a practitioner as she now is, or unlist her when anything she needs has lapsed."""
    _forget(db, practitioner_id)
    standing = find_standing(db, practitioner_id)
    source = fetch_one(db, Source, _SOURCE, id=practitioner_id)
    if standing is not None and source is not None and not lapsed(standing):
        _write(db, source)
    announce(db, "practitioners", practitioner_id)


def refresh_listings_of(db: Database, organisation_id: str) -> None:
    """List anew, or unlist, everybody of an organisation: its membership has changed."""
    sql = "SELECT id FROM practitioners WHERE organisation_id = :id"
    for practitioner_id in column(db, sql, id=organisation_id):
        refresh_listing(db, practitioner_id)


def count_requests(db: Database, practitioner_id: str) -> None:
    """Count anew what a practitioner holds and has made; after every change of an offer to her."""
    sql = "UPDATE listings SET (held, taken) = (" + _TAKEN + ") WHERE practitioner_id = :id"
    db.execute(sql, {"id": practitioner_id})


def _forget(db: Database, practitioner_id: str) -> None:
    for number in column(
        db, "SELECT id FROM listings WHERE practitioner_id = :id", id=practitioner_id
    ):
        db.execute("DELETE FROM listing_reach WHERE id = ?", [number])
        db.execute("DELETE FROM listing_places WHERE listing_id = ?", [number])
        db.execute("DELETE FROM listings WHERE id = ?", [number])


def _write(db: Database, source: Source) -> None:
    x, y, z = unit_vector(source.latitude, source.longitude)
    reach = None if source.travel_km is None else chord_squared(source.travel_km)
    lists = {
        name: as_list(getattr(source, name))
        for name in ("languages", "specialisations", "age_groups", "modes", "availability")
    }
    listing = {**source.row, **lists, "x": x, "y": y, "z": z, "reach": reach}
    number = db.table("listings").insert(listing).last_pk
    if source.travel_km is not None:
        box = reach_box(source.latitude, source.longitude, source.travel_km)
        db.execute("INSERT INTO listing_reach VALUES (?, ?, ?, ?, ?)", [number, *box])
    count_requests(db, str(source.row["practitioner_id"]))
    db.execute(_NAMED_PLACES, {"number": number, "id": source.row["practitioner_id"]})


def as_list(codes: list[str]) -> str:
    """Codes as a text that instr() can search: `;ru;tk;`."""
    return f";{';'.join(codes)};" if codes else ""


# a week is written by its Monday; of the past only the last weeks matter, and none is asked for
_TAKEN = """
    SELECT coalesce(sum(over_at IS NULL), 0), coalesce(group_concat(spans, ''), '') FROM (
        SELECT over_at, date(visit_on, 'weekday 0', '-6 days') || ';'
            || substr(visit_on, 1, 7) || ';' AS spans
        FROM request_offers WHERE practitioner_id = :id AND offered_at IS NOT NULL
        AND (over_at IS NULL OR visited = 1) ORDER BY visit_on DESC LIMIT 100)
"""

_SOURCE = """
    SELECT places.latitude, places.longitude, p.travel_km,
        p.languages, p.specialisations, p.age_groups, p.modes, p.availability,
        json_object(
            'practitioner_id', p.id, 'profession', p.profession, 'gender', p.gender,
            'organisation_id', p.organisation_id, 'place_id', p.place_id,
            'closed_from', p.closed_from, 'closed_to', p.closed_to, 'visits_with', p.visits_with,
            'weekly_visits', p.weekly_visits, 'monthly_cap', p.monthly_cap,
            'safeguarding_on', p.safeguarding_on,
            'licence_expires_on', licence.expires_on, 'confirmed_on', confirmed.confirmed_on
        ) AS "row"
    FROM practitioners AS p
    JOIN places ON places.id = p.place_id
    LEFT JOIN practitioner_licences AS licence ON licence.practitioner_id = p.id
    LEFT JOIN confirmations AS confirmed ON confirmed.id =
        (SELECT max(id) FROM confirmations WHERE practitioner_id = p.id)
    WHERE p.id = :id
"""

_NAMED_PLACES = """
    INSERT OR IGNORE INTO listing_places (place_id, listing_id)
    SELECT places.id, :number FROM service_areas AS a JOIN places ON
        (a.kind = 'place' AND places.id = a.code)
        OR (a.kind = 'region' AND places.region = a.code)
        OR (a.kind = 'district' AND places.id IN
            (SELECT place_id FROM place_districts WHERE district = a.code))
    WHERE a.practitioner_id = :id
"""
