"""Two hundred random searches, answered by SQL and by a slow reading of the domain's own words."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.geo import band, distance_km
from portal.nearby.actions import count_requests
from tests.conftest import JSON, TODAY, browsing, settings_for
from tests.worlds import copy_world

SEARCHES = 200
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PERSIAN = {"tg", "prs", "fa"}


@pytest.fixture(scope="module")
def busy(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world in which every other practitioner holds requests, or made visits lately."""
    folder = tmp_path_factory.mktemp("busy") / "data"
    copy_world(lived, folder)
    settings = settings_for(folder)
    store, chance = Store(settings.database), random.Random(7)
    with store.transaction() as db:
        request = next(db.query("SELECT id FROM requests LIMIT 1"))["id"]
        people = [row["id"] for row in db.query("SELECT id FROM practitioners ORDER BY id")]
        for number in range(2 * len(people)):
            day = (TODAY + timedelta(days=chance.randrange(-7, 45))).isoformat()
            row = {"request_id": request, "practitioner_id": chance.choice(people[::2])}
            row |= {"position": 100 + number, "visit_on": day}
            row |= chance.choice(
                (
                    {},
                    {"offered_at": "x"},
                    {"offered_at": "x", "answer": "accepted"},
                    {"offered_at": "x", "answer": "accepted", "over_at": "x", "visited": 1},
                    {"offered_at": "x", "answer": "declined", "over_at": "x"},
                )
            )
            db.table("request_offers").insert(row)
        for practitioner_id in people:
            count_requests(db, practitioner_id)
    store.close()
    return folder


@pytest.fixture(scope="module")
def asking(busy: Path) -> Iterator[TestClient]:
    """A member on that site."""
    with browsing(settings_for(busy)) as opened:
        opened.post("/demo/sign-in", data={"role": "member"})
        yield opened


@pytest.fixture(scope="module")
def registers(busy: Path) -> dict[str, Any]:
    """The sources as they are kept, never the flat listings that the site asks."""
    store = Store(settings_for(busy).database)
    with store.read() as db:
        read = {
            name: [dict(row) for row in db.query("SELECT * FROM " + name)]
            for name in (
                "practitioners",
                "places",
                "place_districts",
                "service_areas",
                "practitioner_absences",
                "practitioner_licences",
                "agreement_states",
                "consents",
                "consent_exclusions",
                "confirmations",
                "membership_states",
                "organisations",
                "request_offers",
            )
        }
        account = next(db.query("SELECT * FROM accounts WHERE id = 'demo-member'"), None)
    store.close()
    read["account"] = account
    return read


def newest(rows: list[dict], key: str, value: str) -> dict | None:
    return max((row for row in rows if row[key] == value), key=lambda r: r["id"], default=None)


def is_listed(r: dict, p: dict, own: str, own_kind: str) -> bool:
    agreed = newest(r["agreement_states"], "practitioner_id", p["id"])
    consent = newest(r["consents"], "practitioner_id", p["id"])
    confirmed = newest(r["confirmations"], "practitioner_id", p["id"])
    member = newest(r["membership_states"], "organisation_id", p["organisation_id"])
    licence = next((x for x in r["practitioner_licences"] if x["practitioner_id"] == p["id"]), None)
    if not agreed or agreed["state"] != "agreed" or not consent or consent["withdrawn_on"]:
        return False
    if not confirmed or not confirmed["confirmed_on"] or not p["ethics_signed_on"]:
        return False
    if (TODAY - date.fromisoformat(confirmed["confirmed_on"])).days > 180:
        return False
    if licence and licence["expires_on"] and licence["expires_on"] < TODAY.isoformat():
        return False
    if member and member["state"] != "admitted":
        return False
    return not any(
        (x["kind"], x["value"]) in (("organisation", own), ("organisation_kind", own_kind))
        for x in r["consent_exclusions"]
        if x["practitioner_id"] == p["id"]
    )


def covers(r: dict, p: dict, place: dict, places: dict) -> bool:
    for area in (a for a in r["service_areas"] if a["practitioner_id"] == p["id"]):
        if area["kind"] == "place" and area["code"] == place["id"]:
            return True
        if area["kind"] == "region" and area["code"] == place["region"]:
            return True
        named = {"place_id": place["id"], "district": area["code"]}
        if area["kind"] == "district" and named in r["place_districts"]:
            return True
    return p["travel_km"] is not None and km(p, place, places) <= p["travel_km"]


def km(p: dict, place: dict, places: dict) -> float:
    home = places[p["place_id"]]
    return distance_km(
        (home["latitude"], home["longitude"]), (place["latitude"], place["longitude"])
    )


def is_open(p: dict, month: int) -> bool:
    if not p["closed_from"]:
        return True
    closed, m = set(), p["closed_from"]
    while True:
        closed.add(m)
        if m == p["closed_to"]:
            return month not in closed
        m = m % 12 + 1


def is_there(r: dict, p: dict, day: date) -> bool:
    away = any(
        a["starts_on"] <= day.isoformat() <= a["ends_on"]
        for a in r["practitioner_absences"]
        if a["practitioner_id"] == p["id"]
    )
    return is_open(p, day.month) and not away


def days(ask: dict) -> list[date]:
    if "date" in ask:
        return [date.fromisoformat(ask["date"])]
    week = [TODAY + timedelta(days=n) for n in range(7)]
    return [d for d in week if WEEKDAYS[d.weekday()] == ask.get("day", WEEKDAYS[d.weekday()])]


def holds(r: dict, p: dict, ask: dict, place: dict, places: dict) -> bool:
    asked_days = days(ask)
    if "profession" in ask and p["profession"] != ask["profession"]:
        return False
    if ask["mode"] not in p["modes"].strip('[]"').replace('"', "").split(","):
        return False
    if not any(is_there(r, p, day) for day in asked_days):
        return False
    if "age_group" in ask and f'"{ask["age_group"]}"' not in p["age_groups"]:
        return False
    if ask.get("age_group") == "child":
        first = asked_days[0]
        since = first.replace(year=first.year - 2).isoformat()
        if (p["safeguarding_on"] or "") < since or p["visits_with"] not in ("colleague", "asker"):
            return False
    if "gender_must" in ask and "gender" in ask and p["gender"] != ask["gender"]:
        return False
    if "language_must" in ask and "language" in ask:
        close = PERSIAN if ask["language"] in PERSIAN else {ask["language"]}
        if not any(f'"{tag}"' in p["languages"] for tag in close):
            return False
    return ask["mode"] != "home" or covers(r, p, place, places)


def holds_now(r: dict, p: dict) -> list[dict]:
    return [
        o
        for o in r["request_offers"]
        if o["practitioner_id"] == p["id"] and o["offered_at"] and not o["over_at"]
    ]


def visits_left(r: dict, p: dict, ask: dict) -> int | None:
    """What is left of the week and of the month, without what is offered, accepted or made."""
    first = days(ask)[0]
    week = [(first - timedelta(days=first.weekday() - n)).isoformat() for n in range(7)]
    made = [o for o in r["request_offers"] if o["practitioner_id"] == p["id"] and o["visited"] == 1]
    taken = holds_now(r, p) + made
    left = []
    if p["weekly_visits"] is not None:
        left.append(p["weekly_visits"] - sum(o["visit_on"] in week for o in taken))
    if p["monthly_cap"] is not None:
        month = first.isoformat()[:7]
        left.append(p["monthly_cap"] - sum(o["visit_on"][:7] == month for o in taken))
    return max(min(left), 0) if left else None


def rank(r: dict, p: dict, ask: dict, place: dict, places: dict) -> tuple:
    """The order of domain.md: slot, visits left, confirmation, distance, wishes, then fairness."""
    weekday = (
        WEEKDAYS[date.fromisoformat(ask["date"]).weekday()] if "date" in ask else ask.get("day")
    )
    slots = [slot.split(":") for slot in json.loads(p["availability"])]
    fits = any(weekday in (None, day) and ask.get("part") in (None, part) for day, part in slots)
    confirmed = newest(r["confirmations"], "practitioner_id", p["id"])["confirmed_on"]
    bands = ["<5", "5-10", "10-20", "20-40", "40-80", ">80"]
    near = bands.index(band(km(p, place, places))) if ask["mode"] in ("home", "office") else 0
    abroad = places[p["place_id"]]["country"] != place["country"]
    return (
        ask["mode"] != "home" and abroad,
        bool(weekday or ask.get("part")) and not fits,
        visits_left(r, p, ask) == 0,
        (TODAY - date.fromisoformat(confirmed)).days > 90,
        near,
        ("language" in ask and ask["language"] not in json.loads(p["languages"]))
        + ("gender" in ask and ask["gender"] != p["gender"]),
        len(holds_now(r, p)),
        p["id"],
    )


def random_ask(chance: random.Random, places: dict) -> dict[str, str]:
    ask = {"place": chance.choice(sorted(places)), "limit": "100"}
    ask["mode"] = chance.choice(["home"] * 6 + ["office", "phone", "online"])
    options = {
        "profession": ["psychologist", "lawyer", "doctor", "social_worker"],
        "language": ["ru", "tk", "tg", "uz", "prs"],
        "language_must": ["1"],
        "gender": ["female", "male"],
        "gender_must": ["1"],
        "age_group": ["child", "adult"],
        "day": list(WEEKDAYS),
        "part": ["morning", "afternoon", "evening"],
        "date": [(TODAY + timedelta(days=n)).isoformat() for n in (0, 3, 10, 40, 150)],
    }
    for name, values in options.items():
        if chance.random() < 0.4:
            ask[name] = chance.choice(values)
    if "date" in ask:
        ask.pop("day", None)
    return ask


def test_two_hundred_random_searches_equal_brute_force(
    asking: TestClient, registers: dict[str, Any]
) -> None:
    places = {place["id"]: place for place in registers["places"]}
    own = next(o for o in registers["organisations"] if o["id"] == _own_organisation(registers))
    listed = [
        p for p in registers["practitioners"] if is_listed(registers, p, own["id"], own["kind"])
    ]
    assert len(listed) > 200
    chance, found_some = random.Random(20261123), 0
    for _ in range(SEARCHES):
        ask = random_ask(chance, places)
        place = places[ask["place"]]
        expected = {p["id"]: p for p in listed if holds(registers, p, ask, place, places)}
        answer = asking.get("/en/nearby", params=ask, headers=JSON)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        shown = {each["id"] for each in body["results"]}
        assert shown <= set(expected), ask
        assert len(shown) == len(body["results"]) == min(len(expected), 100), ask
        assert body["total"] == len(expected)
        found_some += bool(expected)
        keys = [rank(registers, expected[e["id"]], ask, place, places) for e in body["results"]]
        assert keys == sorted(keys), ask
        for each in body["results"]:
            assert each["visits_left"] == visits_left(registers, expected[each["id"]], ask)
            if ask["mode"] in ("home", "office"):
                away = km(expected[each["id"]], place, places)
                assert each["distance_band"] == band(away)
            else:
                assert each["distance_band"] is None
    assert found_some > SEARCHES / 4


def _own_organisation(registers: dict[str, Any]) -> str:
    admitted = sorted(
        o["id"]
        for o in registers["organisations"]
        if o["directory_until"]
        and (newest(registers["membership_states"], "organisation_id", o["id"]) or {}).get("state")
        == "admitted"
    )
    return admitted[0]
