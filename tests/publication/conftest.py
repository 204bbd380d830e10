"""A small invented world: enough practitioners in one region to be shown, few elsewhere."""

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from sqlite_utils import Database

import seed_data
from portal.actor import Actor
from portal.clock import stamp
from portal.db import Store
from portal.indicators.actions import define
from portal.indicators.results import Kept, keep_results
from portal.nearby.actions import refresh_listing
from portal.publication.datasite import DataSite
from portal.releasing.actions import release_and_publish
from portal.schemas import MIGRATIONS
from portal.settings import Settings, read_settings
from portal.vocabularies.actions import load_vocabularies
from tests.defined import defined_as

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")
STYLESHEET = "/static/site.abc.css"


def settings_of(folder: Path) -> Settings:
    return read_settings({"PORTAL_DATA_DIR": str(folder), "PORTAL_ENV": "demo"})


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world, made once: thirty psychologists of three organisations in Mary, five lawyers."""
    settings = settings_of(tmp_path_factory.mktemp("world") / "var")
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    with store.transaction() as db:
        load_vocabularies(db, Path(seed_data.__file__).parent / "vocabularies")
        add_places(db)
        add_organisations(db)
        add_events(db)
        add_campaigns(db)
        add_materials(db)
        add_charter(db)
        add_indicators(db)
        for number in range(30):
            organisation = ("o-open", "o-two", "o-three")[number % 3]
            add_practitioner(db, f"p-m{number}", organisation, "100", "psychologist")
        for number in range(5):
            add_practitioner(db, f"p-l{number}", "o-open", "200", "lawyer")
        add_account(db)
    store.close()
    return settings.data_dir


@pytest.fixture(scope="session")
def made_public(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after its first publication."""
    folder = tmp_path_factory.mktemp("published") / "var"
    shutil.copytree(made, folder)
    store = Store(settings_of(folder).database)
    release_and_publish(store, settings_of(folder), OPERATOR, AT)
    store.close()
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "var")


@pytest.fixture
def store(made: Path, settings: Settings) -> Store:
    shutil.copytree(made, settings.data_dir)
    return Store(settings.database)


@pytest.fixture
def published(made_public: Path, settings: Settings) -> Store:
    shutil.copytree(made_public, settings.data_dir)
    return Store(settings.database)


@pytest.fixture
def data_site(settings: Settings) -> DataSite:
    return DataSite(settings, stylesheet=STYLESHEET)


@pytest.fixture
def ask(data_site: DataSite) -> Callable[..., httpx.Response]:
    return asker(data_site)


def asker(app: Any) -> Callable[..., httpx.Response]:
    """One request to an ASGI application."""

    def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://portal") as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers=named)

        return asyncio.run(once())

    return ask


def add_places(db: Database) -> None:
    for position, (code, name) in enumerate([("TM-M", "Mary"), ("TM-L", "Lebap")]):
        names = dict.fromkeys(("en", "ru", "tk", "tg"), name)
        db.table("regions").insert(
            {"code": code, "country": "TM", "position": position, "names": json.dumps(names)}
        )
    for number, name, region, origin in [
        ("100", "Mary", "TM-M", "geonames"),
        ("200", "Türkmenabat", "TM-L", "geonames"),
        ("L1", "Gizlin oba", "TM-M", "network"),
    ]:
        place = {"id": number, "name": name, "region": region, "country": "TM", "origin": origin}
        db.table("places").insert(
            {**place, "latitude": 37.6, "longitude": 61.8, "population": 5, "sort_name": number}
        )
        db.table("place_names").insert({"place_id": number, "name": name, "folded": name.lower()})
    db.table("place_districts").insert({"place_id": "L1", "district": "Gizlin etraby"})


def add_organisations(db: Database) -> None:
    for number, name, visibility, services in [
        ("o-open", "Ak säher", "public", ["legal", "psychological"]),
        ("o-two", "Mähriban", "public", ["legal"]),
        ("o-three", "Ynam", "public", ["medical"]),
        ("o-home", "Parahat öý", "public", ["shelter"]),
        ("o-shy", "Ýapyk tor", "members", ["legal"]),
    ]:
        db.table("organisations").insert(
            {
                "id": number,
                "name": name,
                "names": json.dumps({"ru": f"{name} (ru)"}),
                "sort_name": name,
                "kind": "ngo",
                "visibility": visibility,
                "duty_phone": "+993 12 000001",
                "place_id": "100",
                "summary": "Helps people in far villages.",
                "summaries": json.dumps({"ru": "Помогает людям."}),
                "phone": f"+993 12 11{len(name):04d}",
                "email": f"{number}@example.invalid",
                "website": None,
                "joined_on": "2012-05-01",
            }
        )
        db.table("membership_states").insert(
            {"organisation_id": number, "state": "admitted", "at": stamp(AT), "by": "operator"}
        )
        db.table("organisation_services").insert_all(
            {"organisation_id": number, "service": service} for service in services
        )


def add_campaigns(db: Database) -> None:
    for number, state in (("c-run", "published"), ("c-draft", "draft")):
        row = {"id": number, "title": f"Campaign {number[2:]}", "titles": "{}", "state": state}
        row |= {"organisation_id": "o-open", "starts_on": "2026-01-30", "summaries": "{}"}
        db.table("campaigns").insert({**row, "summary": "Seminars in colleges."})
        held = {"id": f"ca-{number}", "campaign_id": number, "held_on": "2026-02-01"}
        whole = {**held, "kind": "seminar", "place_id": "100", "women": 25, "result": "A plan"}
        db.table("activities").insert(whole)
        for table, word, code in (
            ("campaign_regions", "region", "TM-M"),
            ("campaign_audiences", "audience", "youth"),
        ):
            db.table(table).insert({"campaign_id": number, word: code})


def add_charter(db: Database) -> None:
    """A version that stands, and a draft of which nobody hears."""
    for version, adopted_on, words in ((1, "2019-09-14", "Do no harm"), (2, None, "Not yet")):
        row = {"version": version, "adopted_on": adopted_on, "made_at": "2019-09-01"}
        db.table("charter_versions").insert({**row, "made_by": "operator", "notes": "{}"})
        point = {"version": version, "code": f"point{version}"}
        row = {"kind": "principle", "position": 1, "asks_file": 0}
        db.table("charter_points").insert({**point, **row})
        row = {"field": "title", "language": "en", "text": words, "state": "original"}
        row |= {"by": "operator", "at": "2019-09-01"}
        db.table("charter_texts").insert({**point, **row})


def add_events(db: Database) -> None:
    for number, starts_on, source, is_open in [
        ("e-past", "2014-01-30", "Published report", 0),
        ("e-ours", "2025-01-30", None, 0),
        ("e-open", "2027-01-30", None, 1),
        ("e-coming", "2027-02-28", None, 0),
    ]:
        db.table("events").insert(
            {
                "id": number,
                "title": f"Training {number[2:]}",
                "titles": "{}",
                "kind": "training",
                "starts_on": starts_on,
                "ends_on": starts_on,
                "place_id": "L1" if number == "e-ours" else "100",
                "organiser": "Working group",
                "participants": 25,
                "summary": "Identification of people at risk.",
                "summaries": "{}",
                "source": source,
                "already_published": bool(source),
                "evaluation": json.dumps({"useful": 44}),
                "open": is_open,
            }
        )
        session = {"event_id": number, "day": 1, "title": f"Opening {number[2:]}", "titles": "{}"}
        db.table("event_sessions").insert({"id": f"s-{number[2:]}", **session})


def add_materials(db: Database) -> None:
    """One material that is out, with a file, a topic and an audience."""
    at = stamp(AT)
    work = {
        "id": "m-open",
        "title": "Ask before you go",
        "titles": "{}",
        "kind": "poster",
        "language": "en",
        "organisation_id": "o-open",
        "licence": "cc_by",
        "visibility": "public",
        "summaries": "{}",
        "published_version": 1,
        "published_at": at,
    }
    version = {"id": "mv-1", "material_id": "m-open", "number": 1, "at": at, "by": "operator"}
    state = {"version_id": "mv-1", "state": "published", "at": at, "by": "operator"}
    link = {"id": "x-1", "version_id": "mv-1", "of_version": 1, "language": "en"}
    db.table("materials").insert(work)
    db.table("material_versions").insert(version)
    db.table("material_states").insert(state)
    db.table("material_files").insert({**link, "link": "https://video.example/1"})
    db.table("material_topics").insert({"material_id": "m-open", "topic": "safe_migration"})
    db.table("material_audiences").insert({"material_id": "m-open", "audience": "youth"})


def add_practitioner(
    db: Database,
    number: str,
    organisation: str,
    place: str,
    profession: str,
    scope: str = "public",
    modes: tuple[str, ...] = ("home", "office"),
) -> None:
    """Somebody who is listed today and whose consent has this scope."""
    row = dict.fromkeys(("languages", "specialisations", "age_groups", "availability"), "[]")
    db.table("practitioners").insert(
        {
            **row,
            "id": number,
            "name": f"Ogulnabat Täzeýewa {number[2:]}",
            "sort_name": f"ogulnabat {number[2:]}",
            "profession": profession,
            "organisation_id": organisation,
            "place_id": place,
            "modes": json.dumps(modes),
            "contact_hours": "weekdays before noon",
            "ethics_signed_on": "2026-01-01",
        }
    )
    belongs = {"practitioner_id": number}
    db.table("practitioner_contacts").insert(
        {**belongs, "phone": f"+993 65 {number[2:]}", "email": f"{number[2:]}@private.invalid"}
        | {"say_when_calling": "say it is the library"}
    )
    db.table("practitioner_licences").insert(
        {**belongs, "number": f"LIC-{number[2:]}", "issuer": "Board", "expires_on": "2027-12-31"}
    )
    said = {**belongs, "by": "operator"}
    db.table("agreement_states").insert({**said, "state": "agreed", "at": stamp(AT)})
    db.table("consents").insert({**said, "scope": scope, "given_on": "2026-02-02"})
    db.table("confirmations").insert({**said, "confirmed_on": "2026-11-01"})
    db.table("consent_exclusions").insert({**belongs, "kind": "account", "value": f"x-{number}"})
    db.table("service_areas").insert({**belongs, "kind": "district", "code": "Gizlin etraby"})
    db.table("practitioner_absences").insert(
        {**belongs, "starts_on": "2026-12-01", "ends_on": "2026-12-14"}
    )
    refresh_listing(db, number)


def add_account(db: Database) -> None:
    db.table("accounts").insert(
        {"id": "a-1", "sign_in_name": "gulnabat.k", "name": "Gülnabat Kakaýewa", "role": "member"}
    )
    db.table("sessions").insert(
        {"hash": "0f" * 32, "account_id": "a-1", "started_at": stamp(AT), "seen_at": stamp(AT)}
    )


def add_indicators(db: Database) -> None:
    """One that was quoted, with its target, and one that the portal counts."""
    names = {"en": "Assisted", "ru": "Помощь", "tk": "Kömek", "tg": "Кӯмак"}
    definition = defined_as(
        code="assisted_published",
        source="quoted",
        starts=date(2010, 1, 1),
        frequency="year",
        dimensions=[],
        titles=names,
        descriptions=names,
        verification=names,
    )
    define(db, OPERATOR, AT, definition)
    listed = {"code": "practitioners_listed", "source": "counted", "period_rule": "last"}
    listed |= {"counter": "practitioners_listed", "frequency": "quarter"}
    define(db, OPERATOR, AT, msgspec.structs.replace(definition, **listed))
    db.table("indicator_targets").insert(
        {
            "code": "assisted_published",
            "region": "",
            "period": "2018",
            "target": 30,
            "at": stamp(AT),
            "by": "operator",
        }
    )
    quoted = Kept(
        "assisted_published", 1, "2018", numerator=20, quoted_from="Published report of 2018"
    )
    keep_results(db, OPERATOR, AT, [quoted])
