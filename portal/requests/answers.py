"""One request as its page shows it, and the lists that lead to one or away from one."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.db import column, fetch
from portal.i18n.language import Coded, Message
from portal.nearby.answers import Result, Voice, answer
from portal.nearby.queries import find_nearby
from portal.nearby.rules import Wish
from portal.places.queries import get_place
from portal.practitioners.queries import LISTED, asker, not_excluded_by
from portal.requests.queries import Details, asking, get_wish
from portal.requests.rules import seen_since
from portal.waiting import About, Waiting

REFERRED_AT_MOST = 10
SHORTLIST = 12


class Asked(msgspec.Struct, frozen=True):
    """Somebody on the asker's list. All who did not come said the same: not this time."""

    practitioner_id: str | None
    name: str | None
    organisation: str | None
    duty_phone: str | None
    fate: str
    answer_by: datetime | None


class Shown(Details, frozen=True):
    """A request with whom the asker chose, whom she may choose, and after a visit where to talk."""

    chosen: list[Asked] = msgspec.field(default_factory=list)
    candidates: list[Result] = msgspec.field(default_factory=list)
    supervision_phone: str | None = None


class Referred(msgspec.Struct, frozen=True):
    """One line of the sheet for the person helped: no name, only where to call."""

    profession: str
    organisation: str
    languages: list[str]
    duty_phone: str | None


def show(
    db: Database, actor: Actor, at: datetime, today: date, found: Details, voice: Voice
) -> Shown:
    """What one page says; lists of names are for the asker's side only."""
    told = msgspec.structs.asdict(found)
    if found.mine == "accepted" and found.state == "completed":
        told["supervision_phone"] = _duty_phone(db, actor.practitioner_id)
    if found.side != "asker":
        return Shown(**told)
    chosen = find_asked(db, actor, at, today, found.id)
    candidates = _candidates(db, actor, today, found, voice) if found.state == "open" else []
    return Shown(**told, chosen=chosen, candidates=candidates)


def find_asked(
    db: Database, actor: Actor, at: datetime, today: date, request_id: str
) -> list[Asked]:
    """Whom the asker chose, in order; a name only while that practitioner may be shown."""
    sql = (
        """
        SELECT l.practitioner_id, p.name, o.name AS organisation, o.duty_phone,
            CASE WHEN f.answer = 'accepted' THEN 'accepted'
                 WHEN f.over_at IS NOT NULL THEN 'not_this_time'
                 WHEN f.offered_at IS NOT NULL THEN 'asked' ELSE 'next' END AS fate,
            CASE WHEN f.over_at IS NULL AND f.answer IS NULL THEN f.answer_by END AS answer_by
        FROM request_offers AS f JOIN requests AS r ON r.id = f.request_id
        LEFT JOIN listings AS l ON l.practitioner_id = f.practitioner_id
            AND ((f.answer IS 'accepted' AND (r.account_id IS :account OR """
        + not_excluded_by("l.practitioner_id")
        + """)) OR ("""
        + LISTED
        + """))
        LEFT JOIN practitioners AS p ON p.id = l.practitioner_id
        LEFT JOIN organisations AS o ON o.id = p.organisation_id
        WHERE f.request_id = :id AND (r.ended_at IS NULL OR r.ended_at > :seen_since)
        ORDER BY f.position
    """
    )
    asked = {**asker(actor, today), "seen_since": stamp(seen_since(at))}
    return fetch(db, Asked, sql, **asked, id=request_id)


def find_referred(db: Database, actor: Actor, wish: Wish, today: date) -> list[Referred]:
    """The shortlist without names: who speaks what, a line an organisation. Nothing is stored."""
    spoken: dict[tuple[str, str, str | None], dict[str, None]] = {}
    for each in find_nearby(db, actor, wish, today).matches:
        line = (each.profession, each.organisation, each.duty_phone)
        spoken.setdefault(line, {}).update(dict.fromkeys(each.languages))
    return [
        Referred(profession, organisation, list(languages), phone)
        for (profession, organisation, phone), languages in spoken.items()
    ][:REFERRED_AT_MOST]


def _candidates(
    db: Database, actor: Actor, today: date, found: Details, voice: Voice
) -> list[Result]:
    wish = msgspec.structs.replace(get_wish(db, found.id), limit=SHORTLIST)
    place = get_place(db, wish.place_id, local=True)
    sql = "SELECT practitioner_id FROM request_offers WHERE request_id = :id"
    before = set(column(db, sql, id=found.id))
    results = answer(db, actor, wish, today, place, voice).results
    return [each for each in results if each.id not in before]


def _duty_phone(db: Database, practitioner_id: str | None) -> str | None:
    """Where a practitioner finds somebody to talk to: her own organisation's duty telephone."""
    sql = """
        SELECT o.duty_phone FROM practitioners AS p
        JOIN organisations AS o ON o.id = p.organisation_id WHERE p.id = :id
    """
    return next(iter(column(db, sql, id=practitioner_id)), None)


class Waits(msgspec.Struct, frozen=True):
    """A request that waits for somebody."""

    kind: str
    id: str
    since: str
    due: str | None
    mode: str
    region: str
    wished_on: date


def about_visit(mode: str, region: str, day: date) -> tuple[About, ...]:
    """What may be said of a request to whoever has not accepted it: no settlement."""
    return Coded("modes", mode), Coded("regions", region), day


SAYS = {
    "answer": Message("A request waits for your answer."),
    "open": Message("A request of yours waits until you choose whom to ask."),
}


def find_waiting(db: Database, actor: Actor, at: datetime, _today: date) -> list[Waiting]:
    """Offers that wait for this practitioner's answer; own requests for which nobody is asked."""
    sql = """
        SELECT 'answer' AS kind, r.id, f.offered_at AS since, f.answer_by AS due,
            r.mode, r.region, r.wished_on
        FROM request_offers AS f JOIN requests AS r ON r.id = f.request_id
        WHERE f.practitioner_id = :self AND f.offered_at IS NOT NULL
            AND f.over_at IS NULL AND f.answer IS NULL
        UNION ALL
        SELECT 'open', r.id, s.at, r.wished_on, r.mode, r.region, r.wished_on FROM requests AS r
        JOIN request_states AS s ON s.id =
            (SELECT max(id) FROM request_states WHERE request_id = r.id)
        WHERE r.account_id = :account AND r.ended_at IS NULL AND s.state = 'open'
        ORDER BY since
    """
    found = fetch(db, Waits, sql, **asking(actor, at))
    return [
        Waiting(
            "requests",
            SAYS[each.kind],
            ("requests", each.id),
            each.since,
            each.due,
            about_visit(each.mode, each.region, each.wished_on),
        )
        for each in found
    ]
