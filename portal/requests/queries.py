"""Questions about requests, each answered as far as the asker has come: step by step.

One text says who sees what, and a column that somebody may not see is not selected for them.
"""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json, column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.nearby.rules import WEEKDAYS, Wish
from portal.requests.forms import Filters
from portal.requests.rules import ENDS, Kept, seen_since
from portal.requests.schema import ERASED


class Line(msgspec.Struct, frozen=True):
    """A request as it stands in the list; what is null is not for this person, or not known.

    `side` is asker, offered, accepted or coordinator; `mine` is what the asker is to it as the
    practitioner: offered or accepted.
    """

    id: str
    side: str
    mine: str | None
    state: str
    region: str
    created_at: str | None
    asked: int | None
    organisation: str | None
    profession: str | None
    mode: str | None
    wished_on: date | None
    part: str | None
    distance_band: str | None
    answer_by: datetime | None
    place: str | None


class Details(Line, frozen=True):
    """One request."""

    language: str | None
    gender: str | None
    age_group: str | None
    specialisation: str | None
    accompaniment: str | None
    travel_cost: str | None
    note: str | None
    duty_phone: str | None
    return_by: str | None
    returned_at: str | None
    ended_at: str | None
    outcome: str | None
    no_visit_reason: str | None
    days_waited: int | None


class Found(msgspec.Struct, frozen=True):
    """One page of the register."""

    total: int
    page: int
    per_page: int
    results: list[Line]


_STATE = (
    "(SELECT state FROM request_states WHERE request_id = r.id ORDER BY id DESC LIMIT 1) AS state"
)

# hidden at once when its time is over, even where the job that overwrites it is late
_KEPT = ", ".join(
    "CASE WHEN r.ended_at IS NULL OR r.ended_at > :seen_since THEN r." + name + " END AS " + name
    for name in ERASED
)

_REQUEST = (
    "SELECT r.id, r.account_id, r.organisation_id, r.region, r.created_at, r.asked,"
    " r.profession, r.mode, r.wished_on, r.return_by, r.returned_at, r.ended_at, r.outcome,"
    " r.no_visit_reason, r.days_waited, o.name AS organisation, o.duty_phone, "
    + _STATE
    + ", "
    + _KEPT
    + " FROM requests AS r LEFT JOIN organisations AS o ON o.id = r.organisation_id"
)

_ALWAYS = {"side", "mine", "id", "state", "region"}
_COORDINATORS = _ALWAYS | {"created_at", "asked"}
_BEFORE = _ALWAYS | {"organisation", "profession", "mode", "wished_on", "part"}
_BEFORE |= {"distance_band", "answer_by"}
_ALL = set(Details.__struct_fields__)
_AFTER = _ALL - {"created_at", "asked", "answer_by"}


def _columns(shown: set[str], **instead: str) -> str:
    """The columns of a branch: those that are shown, by their names, and nothing for the rest."""
    return ", ".join(
        (instead.get(name, "k." + name) if name in shown else "NULL") + " AS " + name
        for name in Details.__struct_fields__
    )


_PLACE = "(SELECT name FROM places WHERE id = k.place_id)"
_MINE = """
    (SELECT coalesce(answer, 'offered') FROM request_offers AS m
     WHERE m.request_id = k.id AND m.practitioner_id = :self AND m.offered_at IS NOT NULL
     AND (m.answer = 'accepted' OR (m.answer IS NULL AND m.over_at IS NULL)))
"""
_IS_ASKER = ":member AND (k.account_id IS :account OR k.organisation_id IS :own)"
_NOTHING = "NULL"

_SEEN = (
    "WITH kept AS ("
    + _REQUEST
    + "), seen AS (SELECT "
    + _columns(
        _ALL,
        side="'asker'",
        mine=_MINE,
        place=_PLACE,
        distance_band=_NOTHING,
        answer_by=_NOTHING,
        duty_phone=_NOTHING,
    )
    + " FROM kept AS k WHERE "
    + _IS_ASKER
    + " UNION ALL SELECT "
    + _columns(
        _BEFORE,
        side="'offered'",
        mine="'offered'",
        distance_band="f.distance_band",
        answer_by="f.answer_by",
    )
    + """
    FROM request_offers AS f JOIN kept AS k ON k.id = f.request_id
    WHERE f.practitioner_id = :self AND f.offered_at IS NOT NULL AND f.over_at IS NULL
    AND f.answer IS NULL AND NOT coalesce("""
    + _IS_ASKER
    + ", 0) UNION ALL SELECT "
    + _columns(
        _AFTER,
        side="'accepted'",
        mine="'accepted'",
        place=_PLACE,
        distance_band="f.distance_band",
    )
    + """
    FROM request_offers AS f JOIN kept AS k ON k.id = f.request_id
    WHERE f.practitioner_id = :self AND f.answer = 'accepted' AND NOT coalesce("""
    + _IS_ASKER
    + ", 0) UNION ALL SELECT "
    + _columns(_COORDINATORS, side="'coordinator'", mine=_NOTHING)
    + " FROM kept AS k WHERE :coordinator AND NOT coalesce("
    + _IS_ASKER
    + """, 0) AND NOT EXISTS (SELECT 1 FROM request_offers AS f WHERE f.request_id = k.id
    AND f.practitioner_id = :self AND (f.answer = 'accepted'
        OR (f.answer IS NULL AND f.offered_at IS NOT NULL AND f.over_at IS NULL))))
    """
)


def find_requests(db: Database, actor: Actor, at: datetime, wanted: Filters) -> Found:
    """One page of the requests somebody has to do with: the next first, what is over last."""
    asked = {**asking(actor, at), "state": wanted.state, "ends": as_json(sorted(ENDS))}
    where = " FROM seen WHERE (:state IS NULL OR state = :state)"
    total = count(db, _SEEN + "SELECT count(*)" + where, **asked)
    sql = _SEEN + "SELECT " + ", ".join(Line.__struct_fields__) + where
    sql += " ORDER BY state IN (SELECT value FROM json_each(:ends)), wished_on, created_at DESC, id"
    sql += " LIMIT :limit OFFSET :offset"
    results = fetch(db, Line, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    return Found(total, wanted.page, wanted.per_page, results)


def get_request_for(db: Database, actor: Actor, at: datetime, request_id: str) -> Details:
    """One request as far as this person may see it; `NotFound` for strangers."""
    sql = _SEEN + "SELECT * FROM seen WHERE id = :id"
    found = fetch_one(db, Details, sql, **asking(actor, at), id=request_id)
    if found is None:
        raise NotFound
    return found


def asking(actor: Actor, at: datetime) -> dict[str, object]:
    return {
        "member": actor.may_use_directory,
        "account": actor.account_id or "",
        "own": actor.organisation_id or "",
        "self": actor.practitioner_id,
        "coordinator": actor.is_coordinator,
        "seen_since": stamp(seen_since(at)),
    }


def get_kept(db: Database, request_id: str) -> Kept:
    """A request for the actions, whoever asks: they have fetched it before."""
    sql = (
        "SELECT r.id, r.account_id, coalesce(a.name, '') AS name, r.organisation_id,"
        " o.kind AS organisation_kind, r.timezone,"
        " r.created_at, r.mode, r.wished_on, r.answered_in_48h, r.returned_at, "
        + _STATE
        + " FROM requests AS r LEFT JOIN organisations AS o ON o.id = r.organisation_id"
        " LEFT JOIN accounts AS a ON a.id = r.account_id WHERE r.id = :id"
    )
    found = fetch_one(db, Kept, sql, id=request_id)
    if found is None:
        raise NotFound
    return found


def get_wish(db: Database, request_id: str) -> Wish:
    """What a request asks of the nearby question; without a settlement, from the asker's own."""
    sql = """
        SELECT p.id AS place_id, p.country, p.latitude, p.longitude,
            json_array(r.wished_on) AS days, r.profession, r.language, r.gender, r.age_group,
            r.mode, r.part, r.specialisation
        FROM requests AS r LEFT JOIN organisations AS o ON o.id = r.organisation_id
        JOIN places AS p ON p.id = coalesce(r.place_id, o.place_id) WHERE r.id = :id
    """
    wish = fetch_one(db, Wish, sql, id=request_id)
    if wish is None:
        raise NotFound
    return msgspec.structs.replace(wish, weekday=WEEKDAYS[wish.days[0].weekday()])


def find_place_of(db: Database, organisation_id: str | None) -> str | None:
    """The settlement an organisation has its office in."""
    sql = "SELECT place_id FROM organisations WHERE id = :id"
    return next(iter(column(db, sql, id=organisation_id)), None)


def count_taken(db: Database, practitioner_id: str, first: date, last: date) -> int:
    """How many visits a practitioner has taken on, or made, from one day to another."""
    sql = """
        SELECT count(*) FROM request_offers WHERE practitioner_id = :id
        AND visit_on BETWEEN :first AND :last
        AND (visited = 1 OR (answer = 'accepted' AND over_at IS NULL))
    """
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return count(db, sql, id=practitioner_id, **days)


def has_accepted(db: Database, actor: Actor, practitioner_id: str) -> bool:
    """Whether she has taken on a request of the asker's organisation that is not over."""
    sql = """
        SELECT count(*) FROM request_offers AS f JOIN requests AS r ON r.id = f.request_id
        WHERE f.practitioner_id = :id AND f.answer = 'accepted' AND f.over_at IS NULL
        AND r.organisation_id = :own AND r.ended_at IS NULL
    """
    return count(db, sql, id=practitioner_id, own=actor.organisation_id) > 0
