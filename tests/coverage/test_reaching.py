"""Who is reached: the one SQL text against a plain reading of the registers, place by place."""

import json
from collections import defaultdict
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from portal.coverage.queries import find_bands, find_reach, find_settlements
from portal.coverage.rules import Wanted
from portal.db import Store
from portal.geo import band, distance_km
from tests.conftest import TODAY, settings_for

# seasons close roads; on later days confirmations have aged and licences ended
DAYS = (TODAY, date(2026, 12, 31), date(2027, 2, 1), date(2027, 4, 15))

Row = dict[str, Any]


@pytest.fixture(scope="module")
def kept(lived: Path) -> Store:
    """The registers of the demo after people have been at work."""
    return Store(settings_for(lived).database)


@pytest.fixture(scope="module")
def registers(kept: Store) -> dict[str, list[Row]]:
    """The sources as they are kept, never the flat listings that the portal asks."""
    names = ("practitioners", "places", "place_districts", "service_areas", "consents")
    states = ("practitioner_licences", "agreement_states", "confirmations", "membership_states")
    with kept.read() as db:
        return {name: list(db.query("SELECT * FROM " + name)) for name in (*names, *states)}


def newest(rows: list[Row], key: str, value: str) -> Row:
    return max((row for row in rows if row[key] == value), key=lambda r: r["id"], default={})


def is_listed(r: dict[str, list[Row]], p: Row, day: date) -> bool:
    consent = newest(r["consents"], "practitioner_id", p["id"])
    confirmed = newest(r["confirmations"], "practitioner_id", p["id"]).get("confirmed_on")
    member = newest(r["membership_states"], "organisation_id", p["organisation_id"])
    licences = [x for x in r["practitioner_licences"] if x["practitioner_id"] == p["id"]]
    if newest(r["agreement_states"], "practitioner_id", p["id"]).get("state") != "agreed":
        return False
    if not consent or consent["withdrawn_on"] or not p["ethics_signed_on"] or not confirmed:
        return False
    if (day - date.fromisoformat(confirmed)).days > 180:
        return False
    if any(x["expires_on"] and x["expires_on"] < day.isoformat() for x in licences):
        return False
    return not member or member["state"] == "admitted"


def is_open(p: Row, month: int) -> bool:
    closed, m = set(), p["closed_from"]
    while m and month not in closed:
        closed.add(m)
        if m == p["closed_to"]:
            break
        m = m % 12 + 1
    return month not in closed


def covered(r: dict[str, list[Row]]) -> dict[str, set[str]]:
    """By settlement, all who would travel there, whoever they are."""
    point = {each["id"]: (each["latitude"], each["longitude"]) for each in r["places"]}
    reached: dict[str, set[str]] = defaultdict(set)
    areas: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for area in r["service_areas"]:
        areas[area["practitioner_id"]].append((area["kind"], area["code"]))
    districts = {(each["district"], each["place_id"]) for each in r["place_districts"]}
    for p, place in product(r["practitioners"], r["places"]):
        here = place["id"]
        named = any(
            (kind == "place" and code == here)
            or (kind == "region" and code == place["region"])
            or (kind == "district" and (code, here) in districts)
            for kind, code in areas[p["id"]]
        )
        km = p["travel_km"]
        if named or (km is not None and distance_km(point[p["place_id"]], point[here]) <= km):
            reached[here].add(p["id"])
    return reached


def test_every_settlement_is_counted_as_a_plain_reading_counts_it(
    kept: Store, registers: dict[str, list[Row]]
) -> None:
    reached, people = covered(registers), registers["practitioners"]
    professions = sorted({p["profession"] for p in people})
    languages = sorted({tag for p in people for tag in json.loads(p["languages"])})
    seen = set()
    for day in DAYS:
        there = [p for p in people if is_listed(registers, p, day) and is_open(p, day.month)]
        home = [p for p in there if "home" in json.loads(p["modes"])]
        for profession, language, gender in product(
            professions, [None, *languages], [None, "female", "male"]
        ):
            wanted = {
                p["id"]
                for p in home
                if p["profession"] == profession
                and language in (None, *json.loads(p["languages"]))
                and gender in (None, p["gender"])
            }
            with kept.read() as db:
                found = find_settlements(db, day, Wanted(profession, language, gender))
            counted = {each.id: each.practitioners for each in found}
            assert counted == {
                place["id"]: len(wanted & reached[place["id"]]) for place in registers["places"]
            }
            seen.add(sum(map(bool, counted.values())))
    # seasons, languages and genders do make a difference
    assert len(seen) > 20


def test_people_are_summed_by_region_and_bands_alone_tell_how_far(
    kept: Store, registers: dict[str, list[Row]]
) -> None:
    population = {each["id"]: each["population"] or 0 for each in registers["places"]}
    with kept.read() as db:
        found = find_settlements(db, TODAY, Wanted("lawyer"))
        reach = find_reach(db, TODAY, "lawyer")
        bands = find_bands(db, TODAY, Wanted("lawyer"), found)
        nobody = find_bands(db, TODAY, Wanted("astronaut"), found)
    assert sum(each.population for each in reach) == sum(population.values())
    assert {each.region for each in reach} == {each["region"] for each in registers["places"]}
    for region in reach:
        mine = [each for each in found if each.region == region.region]
        assert region.reached == sum(each.population for each in mine if each.practitioners)
    assert 0 < sum(each.reached for each in reach) < sum(population.values())
    point = {each.id: each.point for each in found}
    lawyers = [
        p
        for p in registers["practitioners"]
        if p["profession"] == "lawyer"
        and is_listed(registers, p, TODAY)
        and is_open(p, TODAY.month)
        and "home" in json.loads(p["modes"])
    ]
    for each in found:
        nearest = min(distance_km(each.point, point[p["place_id"]]) for p in lawyers)
        assert bands[each.id] == band(nearest)
    assert nobody == {}
    assert [each.population for each in found] == sorted(population.values(), reverse=True)
