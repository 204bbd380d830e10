"""Questions about what is wanted: read by members, written by organisations."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import moment_of, stamp
from portal.db import column, count, fetch, fetch_one
from portal.desk.forms import Filters
from portal.desk.rules import LOOKED_BACK, OPEN_FOR, days_to_answer, reads_desk, writes_at_desk
from portal.errors import NotAllowed, NotFound
from portal.i18n.language import Coded, Message
from portal.materials.queries import SEEN
from portal.materials.queries import asker as reader
from portal.waiting import Waiting


class Wish(msgspec.Struct, frozen=True):
    """One wish, by which organisation, and how many have answered."""

    id: str
    kind: str
    topic: str | None
    audience: str | None
    language: str
    words: str | None
    wanted_by: str | None
    organisation_id: str
    organisation: str
    made_at: str
    state: str
    answered_at: str | None
    answers: int
    is_mine: bool

    @property
    def made(self) -> datetime:
        """When it was made."""
        return moment_of(self.made_at)


class Reply(msgspec.Struct, frozen=True):
    """One answer; the material only while the reader may see it."""

    organisation: str
    words: str | None
    material_id: str | None
    title: str | None
    titles: dict[str, str] | None
    at: str

    @property
    def moment(self) -> datetime:
        """When it came."""
        return moment_of(self.at)


class Details(msgspec.Struct, frozen=True):
    """A wish with its answers, the first one first."""

    wish: Wish
    answers: list[Reply]


class Found(msgspec.Struct, frozen=True):
    """One page of wishes; half of those answered had an answer within `days_to_answer`."""

    total: int
    page: int
    per_page: int
    results: list[Wish]
    days_to_answer: int | None


class Offered(msgspec.Struct, frozen=True):
    """A material that may be the answer."""

    id: str
    title: str
    titles: dict[str, str]


_WISH = """
    SELECT w.id, w.kind, w.topic, w.audience, w.language, w.words, w.wanted_by,
        w.organisation_id, o.name AS organisation, w.made_at, w.state, w.answered_at,
        (SELECT count(*) FROM wish_answers WHERE wish_id = w.id) AS answers,
        w.account_id IS :me AS is_mine
    FROM wishes_now AS w JOIN organisations AS o ON o.id = w.organisation_id
"""

_WANTED = """
    WHERE (:all OR w.state = 'open') AND (:kind IS NULL OR w.kind = :kind)
    AND (:language IS NULL OR w.language = :language)
"""


def find_wishes(db: Database, actor: Actor, at: datetime, wanted: Filters) -> Found:
    """One page of wishes: those without an answer first, then by the day they are wanted."""
    if not reads_desk(actor):
        raise NotAllowed
    asked = {"all": wanted.state == "all", "kind": wanted.kind, "language": wanted.language}
    total = count(db, "SELECT count(*) FROM wishes_now AS w " + _WANTED, **asked)
    sql = (
        _WISH
        + _WANTED
        + """ORDER BY w.state <> 'open', w.answered_at IS NOT NULL,
        coalesce(w.wanted_by, '9999'), w.made_at DESC, w.id LIMIT :limit OFFSET :offset"""
    )
    paged = {"limit": wanted.per_page, "offset": wanted.offset}
    results = fetch(db, Wish, sql, me=actor.account_id, **asked, **paged)
    return Found(total, wanted.page, wanted.per_page, results, _days_to_answer(db, at))


def get_wish_for(db: Database, actor: Actor, wish_id: str) -> Details:
    """One wish and its answers; strangers get `NotFound`."""
    if not reads_desk(actor):
        raise NotFound
    wish = fetch_one(db, Wish, _WISH + "WHERE w.id = :id", id=wish_id, me=actor.account_id)
    if wish is None:
        raise NotFound
    sql = (
        """
        SELECT o.name AS organisation, a.words, w.id AS material_id, w.title, w.titles, a.at
        FROM wish_answers AS a JOIN organisations AS o ON o.id = a.organisation_id
        LEFT JOIN materials AS w ON w.id = a.material_id AND """
        + SEEN
        + " WHERE a.wish_id = :id ORDER BY a.id"
    )
    return Details(wish, fetch(db, Reply, sql, id=wish_id, **reader(actor)))


def find_offered(db: Database, actor: Actor, wish: Wish) -> list[Offered]:
    """Materials this person may see that could fit: of the kind or the topic, newest first."""
    sql = (
        """
        SELECT w.id, w.title, w.titles FROM materials AS w
        WHERE w.published_version IS NOT NULL
        AND (w.kind = :kind OR EXISTS (SELECT 1 FROM material_topics AS t
             WHERE t.material_id = w.id AND t.topic = :topic)) AND """
        + SEEN
        + """ ORDER BY EXISTS (SELECT 1 FROM material_topics AS t
                 WHERE t.material_id = w.id AND t.topic = :topic) DESC,
            w.year DESC, w.title LIMIT 50"""
    )
    return fetch(db, Offered, sql, kind=wish.kind, topic=wish.topic, **reader(actor))


def find_expired(db: Database, at: datetime) -> list[str]:
    """Wishes that have waited too long."""
    sql = "SELECT id FROM wishes_now WHERE state = 'open' AND made_at < :oldest"
    rows = db.execute(sql, {"oldest": stamp(at - OPEN_FOR)}).fetchall()
    return [str(wish_id) for (wish_id,) in rows]


def find_waiting(db: Database, actor: Actor, _at: datetime, _today: date) -> list[Waiting]:
    """One's own wishes that have an answer, and in one line what others want from anybody."""
    if not reads_desk(actor):
        return []
    answered = (
        _WISH
        + """
        WHERE w.state = 'open' AND w.account_id IS :me AND w.answered_at IS NOT NULL
        ORDER BY w.answered_at
    """
    )
    says = Message("There is an answer to what you wanted. Did it help?")
    own = [
        Waiting(
            "answer",
            says,
            ("desk", each.id),
            str(each.answered_at),
            about=(Coded("material_kinds", each.kind),),
        )
        for each in fetch(db, Wish, answered, me=actor.account_id)
    ]
    return own + _wanted_by_others(db, actor)


def _wanted_by_others(db: Database, actor: Actor) -> list[Waiting]:
    if not writes_at_desk(actor):
        return []
    sql = """
        SELECT made_at FROM wishes_now WHERE state = 'open' AND answered_at IS NULL
        AND organisation_id <> :own ORDER BY made_at
    """
    since = column(db, sql, own=actor.organisation_id)
    if not since:
        return []
    says = Message(
        "%(n)s material is wanted by others",
        {"n": len(since)},
        many="%(n)s materials are wanted by others",
    )
    return [Waiting("check", says, ("desk",), since=since[0])]


class Pair(msgspec.Struct, frozen=True):
    """When a wish was made and first answered."""

    made_at: str
    answered_at: str


def _days_to_answer(db: Database, at: datetime) -> int | None:
    sql = """
        SELECT made_at, answered_at FROM wishes_now
        WHERE answered_at IS NOT NULL AND made_at >= :since
    """
    pairs = fetch(db, Pair, sql, since=stamp(at - LOOKED_BACK))
    return days_to_answer([(moment_of(p.made_at), moment_of(p.answered_at)) for p in pairs])
