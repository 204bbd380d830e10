"""A release from the wish to the public page and back: two people forward, one back."""

from datetime import timedelta

import pytest
from litestar.testing import TestClient

from portal.db import Store
from portal.publication import actions as publishing
from portal.publication.queries import find_drafts, find_released_counts
from portal.publication.reading import find_edition_in_service
from portal.settings import Settings
from tests.conftest import JSON, LANGUAGES, OPERATOR, PARTIAL
from tests.network import Network
from tests.releasing.conftest import Work

WHERE = "/en/releases"
PREPARE = {"act": "prepare"}


def state(stage: Network) -> str:
    with stage.store.read() as db:
        return find_drafts(db)[0].state


def prepared(stage: Network, work: Work) -> str:
    """The address of a release that Ana asked for and the clock prepared."""
    address = str(stage.post("ana", WHERE, PREPARE).headers["location"])
    assert work() == 1
    return address


def sent(stage: Network, work: Work) -> tuple[str, str]:
    """The same after Ana sent it for approval, with the address of the item that waits."""
    address = prepared(stage, work)
    assert stage.post("ana", f"{address}/approval").status_code == 303
    (item,) = stage.ask("SELECT id FROM approvals WHERE kind = 'publish_release'")
    return address, f"/en/approvals/{item}"


def approved(stage: Network, work: Work) -> str:
    address, item = sent(stage, work)
    assert stage.post("beg", item, {"verdict": "approved"}).status_code == 303
    assert state(stage) == "approved"
    return address


def withdraw_all(stage: Network) -> None:
    with stage.store.transaction() as db:
        db.execute("UPDATE consents SET withdrawn_on = '2026-11-23'")


def test_the_whole_way_there_and_back(stage: Network, work: Work, settings: Settings) -> None:
    public = stage.as_(None)
    before = public.get("/en").text
    assert "Published data, version 1.1 of 23 November 2026" in before
    with stage.store.read() as db:
        was = find_released_counts(db)
    withdraw_all(stage)
    stage.clock.moment += timedelta(days=1)
    address = str(stage.post("ana", WHERE, PREPARE).headers["location"])
    page = stage.as_("ana").get(address).text
    assert "being prepared" in page
    assert 'data-hx-trigger="every 10s"' in page
    assert stage.post("beg", WHERE, PREPARE).headers["location"] == address, "one at a time"
    assert work() == 1
    shown = stage.as_("ana").get(address, headers=JSON).json()
    assert (shown["state"], shown["number"], shown["approval"]) == ("prepared", None, None)
    changed = {each["indicator"]: each for each in shown["changes"]}["practitioner_counts"]
    assert changed["changed"] + changed["withheld"] > 0
    changes = stage.client.get(f"{address}/changes?indicator=practitioner_counts", headers=JSON)
    assert changes.json()["total"] == changed["changed"] + changed["withheld"] + changed["gone"]
    assert stage.post("beg", f"{address}/approval").status_code == 422, "Ana asked for it"
    assert stage.post("ana", f"{address}/approval").status_code == 303
    (item,) = stage.ask("SELECT id FROM approvals WHERE kind = 'publish_release'")
    assert address.removeprefix("/en/") in stage.as_("beg").get(f"/en/approvals/{item}").text
    for name in ("ana", "asa"):
        refused = stage.post(name, f"/en/approvals/{item}", {"verdict": "approved"})
        assert refused.status_code == 422, name
    assert state(stage) == "prepared"
    assert stage.post("mira", f"/en/approvals/{item}", {"verdict": "approved"}).status_code == 404
    assert stage.post("beg", f"/en/approvals/{item}", {"verdict": "approved"}).status_code == 303
    assert "version 1.1" in stage.as_(None).get("/en").text, "not before the clock comes"
    assert work() == 1
    assert work() == 0
    assert "version 2.2 of 24 November 2026" in stage.as_(None).get("/en").text
    with stage.store.read() as db:
        assert find_released_counts(db) != was
        assert stage.ask("SELECT counted FROM releases WHERE id = 2") == [None]
    assert stage.post("beg", f"{address}/rollback").status_code == 422, "it takes a reason"
    wrong = {"rolled_why": "The counts of Mary are wrong"}
    assert stage.post("beg", f"{address}/rollback", wrong).status_code == 303
    assert work() == 1
    assert work() == 0
    edition = find_edition_in_service(settings.generations)
    assert edition is not None
    assert edition.version == "1.3"
    with stage.store.read() as db:
        now = find_released_counts(db)
    assert {each.home_visits for each in now} == {"ask_hotline"}, "nothing withdrawn is back"
    told = stage.as_("ana").get(address).text
    assert wrong["rolled_why"] in told
    assert "rolled back" in told


def test_who_withdraws_stops_a_release_that_waits(stage: Network, work: Work) -> None:
    address, item = sent(stage, work)
    withdraw_all(stage)
    answer = stage.post("beg", item, {"verdict": "approved"})
    assert answer.status_code == 422
    assert "Meanwhile somebody withdrew" in answer.text
    assert state(stage) == "prepared"
    assert "Meanwhile somebody withdrew" in stage.as_("ana").get(address).text
    assert stage.post("beg", f"{address}/drop").status_code == 303
    assert state(stage) == "dropped"
    assert stage.ask("SELECT verdict FROM approvals WHERE kind = 'publish_release'") == [
        "withdrawn"
    ]


def test_who_withdraws_stops_a_release_that_is_approved(
    stage: Network, work: Work, settings: Settings
) -> None:
    address = approved(stage, work)
    withdraw_all(stage)
    assert work() == 1
    assert state(stage) == "failed"
    assert "Meanwhile somebody withdrew" in stage.as_("beg").get(address).text
    edition = find_edition_in_service(settings.generations)
    assert edition is not None
    assert edition.version == "1.1"
    with pytest.raises(Exception, match="all"), stage.store.transaction() as db:
        publishing.move_release(db, OPERATOR, stage.clock.moment, 2, "approved")


def test_nobody_approves_what_is_two_weeks_old(stage: Network, work: Work) -> None:
    _, item = sent(stage, work)
    stage.clock.moment += timedelta(days=15)
    answer = stage.post("beg", item, {"verdict": "approved"})
    assert answer.status_code == 422
    assert "more than 14 days ago" in answer.text


def test_what_is_agreed_to_is_what_was_shown(stage: Network, work: Work) -> None:
    _, item = sent(stage, work)
    with stage.store.transaction() as db:
        db.execute("UPDATE released_counts SET home_visits = 'yes' WHERE release_id = 2")
    assert stage.post("beg", item, {"verdict": "approved"}).status_code == 422
    assert state(stage) == "prepared"


def test_a_refusal_says_why_to_who_asked(stage: Network, work: Work) -> None:
    address, item = sent(stage, work)
    form = {"verdict": "refused", "reason": "not_needed", "note": "Look at Lebap again."}
    assert stage.post("beg", item, form).status_code == 303
    assert state(stage) == "refused"
    assert "Look at Lebap again." in stage.as_("ana").get(address).text
    assert stage.post("ana", WHERE, PREPARE).headers["location"] != address


def test_a_full_disk_leaves_it_approved_and_tried_again(
    stage: Network, work: Work, settings: Settings
) -> None:
    approved(stage, work)
    # the folder to build in cannot be made while a file of its name is in the way
    blocked = settings.generations / ".draft"
    blocked.write_text("")
    with pytest.raises(OSError, match="draft"):
        work()
    assert state(stage) == "approved"
    blocked.unlink()
    assert work() == 1
    assert state(stage) == "published"


def test_it_waits_on_the_work_page_of_coordinators(stage: Network, work: Work) -> None:
    says = lambda name: stage.as_(name).get("/en/work").text  # noqa: E731
    assert "A release" not in says("ana")
    address = prepared(stage, work)
    assert "look at what it changes" in says("ana")
    assert address in says("ana")
    assert address not in says("mira")
    stage.post("ana", f"{address}/approval")
    assert "look at what it changes" not in says("ana")
    assert "A release of the figures waits for a second coordinator." in says("beg")
    stage.post("ana", f"{address}/drop")
    stage.clock.moment += timedelta(days=75)
    assert "A release of the figures is due" in says("beg")


def test_in_every_language_as_page_and_block(coordinator: TestClient) -> None:
    for code in LANGUAGES:
        for path in ("releases", "releases/1", "releases/1/changes"):
            assert coordinator.get(f"/{code}/{path}").status_code == 200
            block = coordinator.get(f"/{code}/{path}", headers=PARTIAL)
            assert "<html" not in block.text
    assert coordinator.get("/en/releases/99").status_code == 404
    assert coordinator.get("/en/releases?page=0").status_code == 422


def test_no_version_before_the_first_publication(settings: Settings, stage: Network) -> None:
    (settings.generations / "current").unlink()
    assert "Published data, version" not in stage.as_(None).get("/en").text


def test_two_workers_do_it_once(stage: Network, work: Work, store: Store) -> None:
    stage.post("ana", WHERE, PREPARE)
    assert [work(), work()] == [1, 0]
    assert stage.ask("SELECT count(*) FROM released_counts WHERE release_id = 2")[0] > 0
