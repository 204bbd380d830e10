"""What the filters promise is what they bring: each count against a recount one by one."""

from typing import Any

import pytest

from portal.actor import PUBLIC, Actor
from portal.db import Store
from portal.gallery.forms import Wanted
from portal.gallery.queries import Found, find_materials
from portal.materials.registry import find_givers
from tests.materials.many import add_many

FACETS = ("kind", "language", "audience", "topic", "region", "licence", "organisation")
FILTERS: list[dict[str, Any]] = [
    {},
    {"kind": "poster"},
    {"language": "ru", "topic": "referral"},
    {"audience": "youth", "licence": "cc_by", "kind": "leaflet"},
    {"region": "TJ-SU", "language": "tg", "audience": "teachers"},
]
ASKERS = [
    PUBLIC,
    Actor("practitioner", "a-1", practitioner_id="p-1"),
    Actor("coordinator", "a-2", organisation_id="o-1"),
]


def values_of(work: Any, facet: str) -> list[str]:
    held = {
        "language": work.languages,
        "audience": work.audiences,
        "topic": work.topics,
        "organisation": [work.organisation_id],
    }
    return held.get(facet, [getattr(work, facet, None)])


def everything(db: Any, actor: Actor) -> list[Any]:
    """Every work this person sees, page by page."""
    works: list[Any] = []
    page = 1
    while found := find_materials(db, actor, Wanted(per_page=100, page=page)).results:
        works += found
        page += 1
    return works


def recount(works: list[Any], filters: dict[str, Any], facet: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for work in works:
        others = {name: code for name, code in filters.items() if name != facet}
        if all(code in values_of(work, name) for name, code in others.items()):
            for code in values_of(work, facet):
                if code is not None:
                    counts[code] = counts.get(code, 0) + 1
    return counts


@pytest.mark.parametrize("actor", ASKERS, ids=lambda actor: actor.role)
def test_each_count_is_what_the_option_would_bring(store: Store, actor: Actor) -> None:
    with store.transaction() as db:
        add_many(db, 400)
    with store.read() as db:
        works = everything(db, actor)
        givers = {each.id for each in find_givers(db, actor)}
        assert len(works) > 300
        for filters in FILTERS:
            found = find_materials(db, actor, Wanted(**filters))
            assert found.total == total_of(works, filters)
            for facet in FACETS:
                assert found.facets[facet] == recount(works, filters, facet), (filters, facet)
            assert set(found.facets["organisation"]) <= givers


def total_of(works: list[Any], filters: dict[str, Any]) -> int:
    return sum(
        all(code in values_of(work, name) for name, code in filters.items()) for work in works
    )


def test_an_organisation_without_a_public_card_is_not_counted(store: Store) -> None:
    with store.transaction() as db:
        db.execute("UPDATE organisations SET visibility = 'members'")
        add_many(db, 50)
    with store.read() as db:
        found: Found = find_materials(db, PUBLIC, Wanted())
    assert found.total > 40
    assert found.facets["organisation"] == {}
    assert {each.organisation for each in found.results} == {None}
    assert {each.organisation_id for each in found.results} == {None}
