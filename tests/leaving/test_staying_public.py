"""When an organisation is out its card is gone everywhere; what it gave stays, with its name."""

import sqlite3
import time
from contextlib import suppress

from portal.db import Store
from portal.errors import Unavailable
from portal.indexes.actions import drain
from portal.publication.generations import current_number, file_of
from portal.releasing.actions import release_and_publish
from portal.settings import Settings
from search.embedded import EmbeddedEngine
from tests.conftest import JSON, MOMENT, OPERATOR, TODAY
from tests.leaving.conftest import Leavers

WORK = """
    SELECT id FROM materials WHERE organisation_id = :o AND visibility = 'public'
        AND published_version IS NOT NULL ORDER BY id
"""


def published(settings: Settings, sql: str) -> list[str]:
    number = current_number(settings.generations)
    db = sqlite3.connect(file_of(settings.generations, number or 0))
    found = [row[0] for row in db.execute(sql)]
    db.close()
    return found


def publish_now(store: Store, settings: Settings) -> None:
    """Publish, beside a site that may be at it by itself."""
    for _ in range(300):
        with suppress(Unavailable):
            return release_and_publish(store, settings, OPERATOR, MOMENT)
        time.sleep(0.1)
    raise AssertionError("the site never stopped publishing")


def test_the_card_is_gone_and_the_works_stay(
    network: Leavers, settings: Settings, store: Store
) -> None:
    work = network.ask(WORK, o=network.home)[0]
    name = network.row("organisations", network.home)["name"]
    card, page = f"/en/organisations/{network.home}", f"/en/materials/{work}"
    with store.transaction() as db:
        campaign = db.execute("SELECT id FROM campaigns WHERE state = 'published'").fetchone()[0]
        db.table("campaigns").update(campaign, {"organisation_id": network.home})
        event = db.execute("SELECT id FROM events WHERE starts_on < '2026-11' LIMIT 1").fetchone()
        row = {"organisation_id": network.home, "organiser": None, "closed": 0}
        # a text that names it does not keep the register from being published
        row["summary"] = f"Prepared together with {name}."
        db.table("events").update(event[0], row)
    places = (page, f"/en/campaigns/{campaign}", f"/en/events/{event[0]}")
    assert network.as_(None).get(card).status_code == 200
    assert f'href="{card}"' in network.as_(None).get(page).text

    network.leave()
    with store.transaction() as db:
        db.execute("DELETE FROM links")
    engine = EmbeddedEngine(settings.search_folder)
    drain(store, engine, TODAY, patience=20.0)
    engine.close()
    publish_now(store, settings)
    for who in (None, "bahar"):
        assert network.as_(who).get(card).status_code == 404
        for place in places:
            shown = network.as_(who).get(place)
            assert shown.status_code == 200, place
            assert name.replace("'", "&#39;") in shown.text or name in shown.text, place
            assert card not in shown.text, place
        found = network.as_(who).get("/en/search", params={"q": name}, headers=JSON).json()
        assert network.home not in {each["id"] for each in found["results"]}
    assert network.home not in published(settings, "SELECT id FROM organisations")
    assert work in published(settings, "SELECT id FROM materials")
    assert network.home not in published(
        settings, "SELECT organisation FROM materials WHERE organisation IS NOT NULL"
    )


def test_a_shelter_and_who_was_never_shown_stay_unnamed(network: Leavers) -> None:
    work = network.ask(WORK, o=network.home)[0]
    name = network.row("organisations", network.home)["name"]
    with network.store.transaction() as db:
        row = {"organisation_id": network.home, "service": "shelter"}
        db.table("organisation_services").upsert(row, pk=("organisation_id", "service"))
    network.suspend()
    page = f"/en/materials/{work}"
    assert name not in network.as_(None).get(page).text
    with network.store.transaction() as db:
        db.execute("DELETE FROM organisation_services WHERE service = 'shelter'")
        db.table("organisations").update(network.home, {"visibility": "members"})
    assert name not in network.as_(None).get(page).text
    with network.store.transaction() as db:
        db.table("organisations").update(network.home, {"visibility": "public"})
    assert name in network.as_(None).get(page).text
