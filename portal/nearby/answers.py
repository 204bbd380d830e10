"""The nearby answer as scripts read it, and as the page shows it: the same Structs."""

from collections import Counter
from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.geo import BANDS
from portal.i18n.language import Language, Message
from portal.nearby import rules
from portal.nearby.queries import Found, find_nearby, find_not_covering
from portal.nearby.rules import Match, Wish
from portal.places.queries import Place
from portal.vocabularies.terms import Terms

ELSEWHERE_LIMIT = 5
SHOWN_AT_MOST = 100


class PlaceShown(msgspec.Struct, frozen=True):
    """The place asked about."""

    id: str
    name: str
    region: str


class Result(msgspec.Struct, frozen=True):
    """One practitioner: who, why, and what to mind. Never a contact, never a distance in km."""

    id: str
    name: str
    profession: str
    organisation: str
    place: str
    languages: list[str]
    distance_band: str | None
    covers: bool | None
    slots: list[str]
    visits_left: int | None
    confirmed_days_ago: int
    reasons: list[str]
    warnings: list[str]


class Relaxation(msgspec.Struct, frozen=True):
    """A filter whose removal would bring this many."""

    filter: str
    adds: int


class Answer(msgspec.Struct, frozen=True):
    """What a member gets."""

    place: PlaceShown
    total: int
    more: bool
    results: list[Result]
    relax: list[Relaxation]
    elsewhere: list[Result]
    # the map names settlements and numbers; no filter stands in its address
    map: str


class PublicAnswer(msgspec.Struct, frozen=True):
    """What the public gets: a word for each profession in its region, and the hotline."""

    place: PlaceShown | None
    region: str
    home_visits: dict[str, str]
    hotline: str | None


class Voice(msgspec.Struct, frozen=True):
    """The reader's language and the network's code lists."""

    language: Language
    terms: Terms

    def said(self, messages: Any) -> list[str]:
        """Messages in the reader's words."""
        return [self.terms.say(self.language, message) for message in messages]


def answer(
    db: Database, actor: Actor, wish: Wish, today: date, place: Place, voice: Voice
) -> Answer:
    """Who will travel to me; when nobody, what would help and who is elsewhere."""
    found = find_nearby(db, actor, wish, today)
    return Answer(
        place=PlaceShown(place.id, place.name, place.region),
        total=found.total,
        more=found.more,
        results=_results(found, wish, today, voice),
        relax=[] if found.total else _relax(db, actor, wish, today),
        elsewhere=[] if found.total else _elsewhere(db, actor, wish, today, voice),
        map=_map_address(voice.language.code, place, found),
    )


def _map_address(language: str, place: Place, found: Found) -> str:
    living = Counter(match.place_id for match in found.matches)
    at = ";".join(f"{place_id}:{number}" for place_id, number in sorted(living.items()))
    return f"/{language}/nearby/map.svg?place={place.id}&at={at}"


def _relax(db: Database, actor: Actor, wish: Wish, today: date) -> list[Relaxation]:
    brings = [
        Relaxation(name, find_nearby(db, actor, relaxed, today).total)
        for name, relaxed in rules.relaxations(wish, today)
    ]
    return sorted((each for each in brings if each.adds), key=lambda each: -each.adds)


def _elsewhere(db: Database, actor: Actor, wish: Wish, today: date, voice: Voice) -> list[Result]:
    """The next nearest who do not come, then those who help by phone, then online.

    Who does not come but helps by phone or online stands once, with that said.
    """
    few = msgspec.structs.replace(wish, limit=ELSEWHERE_LIMIT)
    found: dict[str, Result] = {}
    if wish.mode == "home":
        near = _results(find_not_covering(db, actor, few, today), few, today, voice)
        found = {each.id: each for each in near}
    for mode in _BY:
        if mode != wish.mode:
            remote = msgspec.structs.replace(few, mode=mode, limit=SHOWN_AT_MOST)
            answers = _results(find_nearby(db, actor, remote, today), remote, today, voice)
            _add(found, answers, voice.said([_BY[mode]]))
    return list(found.values())


def _add(found: dict[str, Result], answers: list[Result], by: list[str]) -> None:
    """Add the first few of them, and to those who stand there already how else they help."""
    added = 0
    for each in answers:
        if each.id in found:
            known = found[each.id]
            found[each.id] = msgspec.structs.replace(known, reasons=known.reasons + by)
        elif added < ELSEWHERE_LIMIT:
            found[each.id] = each
            added += 1


def _results(found: Found, wish: Wish, today: date, voice: Voice) -> list[Result]:
    return [_result(match, wish, today, voice) for match in found.matches]


def _result(match: Match, wish: Wish, today: date, voice: Voice) -> Result:
    to_a_place = wish.mode in ("home", "office")
    mode = [] if to_a_place else voice.said([_BY[wish.mode]])
    return Result(
        id=match.id,
        name=match.name,
        profession=match.profession,
        organisation=match.organisation,
        place=match.place,
        languages=match.languages,
        distance_band=BANDS[match.band][0] if to_a_place else None,
        covers=match.covers if wish.mode == "home" else None,
        slots=rules.slots_wished(match.availability, wish),
        visits_left=match.visits_left,
        confirmed_days_ago=(today - match.confirmed_on).days,
        reasons=mode + voice.said(rules.reasons(match, wish, today)),
        warnings=voice.said(rules.warnings(match, wish, today)),
    )


_BY = {
    "phone": Message("helps by phone"),
    "online": Message("helps online"),
}
