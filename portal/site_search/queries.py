"""Ask the engine what this person may find."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.practitioners.queries import find_not_shown
from portal.site_search.forms import Asked
from search.engine import Answer, Engine, Hit, Question


class Result(msgspec.Struct, frozen=True):
    """One thing that was found."""

    kind: str
    id: str
    title: str
    url: str
    snippet: str


class Found(msgspec.Struct, frozen=True):
    """What scripts read."""

    engine: str
    total: int
    results: list[Result]
    facets: dict[str, dict[str, int]]


def ask(
    db: Database, engine: Engine, actor: Actor, today: date, asked: Asked, language: str
) -> Answer:
    """The engine's answer from the index of this person's tier, without whom they may not find."""
    members = actor.may_use_directory
    without = find_not_shown(db, actor, today) if members else []
    question = Question(
        text=asked.q or "",
        kind=asked.kind,
        without=tuple(f"practitioners:{each}" for each in without),
        language=language,
        limit=asked.limit,
    )
    return engine.ask("members" if members else "public", question)


def found_of(engine: Engine, answer: Answer, language: str) -> Found:
    """An answer as scripts read it."""
    results = [_result(hit, language) for hit in answer.hits]
    return Found(engine.name, answer.total, results, answer.facets)


def by_kind(answer: Answer) -> dict[str, list[Hit]]:
    """The hits by kind, the kind of the best one first."""
    groups: dict[str, list[Hit]] = {}
    for hit in answer.hits:
        groups.setdefault(hit.kind, []).append(hit)
    return groups


def _result(hit: Hit, language: str) -> Result:
    number = hit.id.split(":", 1)[1]
    return Result(hit.kind, number, hit.title, f"/{language}{hit.url}", hit.snippet)
