"""What was private is forgotten within 30 days after leaving, to the bytes; a return stops it."""

from datetime import timedelta

from portal.db import Store
from portal.files import Shelf
from portal.jobs.registry import JOBS
from portal.leaving.actions import erase_departed
from portal.membership.actions import set_state
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR
from tests.leaving.conftest import MAIL, PHONE, Leavers

MARKS = (PHONE, MAIL, "Marker Contact", "marker answer 77123", "Ogul Ogulow", "ogul@example.org")


def prepare(network: Leavers) -> str:
    digest = network.evidence()
    with network.store.transaction() as db:
        row = {"phone": PHONE, "email": MAIL, "duty_phone": PHONE, "website": "https://x.example"}
        db.table("organisations").update(network.home, row)
        db.table("accounts").update("a-ogul", {"email": "ogul@example.org", "language": "tg"})
        db.table("passwords").insert({"account_id": "a-ogul", "hash": "h", "set_at": "2026"})
        phone = {"account_id": "a-ogul", "salt": "s", "last_step": 0, "set_at": "2026"}
        db.table("authenticators").insert(phone)
        code = {"account_id": "a-ogul", "hash": "r", "made_at": "2026"}
        db.table("recovery_codes").insert(code)
    return digest


def erase(network: Leavers, settings: Settings, days: float) -> int:
    at = MOMENT + timedelta(days=days)
    return erase_departed(network.store, settings, OPERATOR, at)


def bytes_of(settings: Settings, store: Store) -> bytes:
    wal = settings.database.with_name(settings.database.name + "-wal")
    shelf = [each.read_bytes() for each in settings.files.rglob("*") if each.is_file()]
    return b"".join([settings.database.read_bytes(), wal.read_bytes(), *shelf])


def test_everything_private_goes_and_the_rest_stays(
    network: Leavers, her: str, settings: Settings, store: Store
) -> None:
    digest = prepare(network)
    works = "SELECT count(*) FROM materials WHERE organisation_id = :o"
    before = network.ask(works, o=network.home)
    listed = network.listed()
    yes, silent = listed[1], listed[2]
    network.own_account(yes)
    network.leave()
    network.say(yes, "yes")
    network.say(her, "no")
    assert erase(network, settings, 29) == 0
    assert network.row("organisations", network.home)["phone"] == PHONE
    assert PHONE.encode() in bytes_of(settings, store)

    assert erase(network, settings, 30) == 1
    assert erase(network, settings, 31) == 0
    organisation = network.row("organisations", network.home)
    assert {organisation[name] for name in ("phone", "email", "duty_phone", "website")} == {None}
    assert network.row("departures", network.home)["erased_at"] is not None
    account = network.row("accounts", "a-ogul")
    told = (account["name"], account["email"], account["sign_in_name"], account["language"])
    assert told == ("", None, "a-ogul", None)
    assert account["locked_at"] is not None
    for table in ("passwords", "authenticators", "recovery_codes"):
        assert network.ask("SELECT 1 FROM " + table + " WHERE account_id = 'a-ogul'") == []
    application = network.row("applications", "ap-marker")
    assert (application["email"], application["contact_phone"]) == ("", None)
    assert application["erased_at"] is not None
    assert network.ask("SELECT 1 FROM application_answers") == []
    assert network.ask("SELECT 1 FROM files WHERE id = 'f-statutes'") == []
    assert not Shelf(settings.files).path(digest).exists()
    assert network.ask("SELECT 1 FROM links WHERE purpose = 'farewell' AND used_at IS NULL") == []
    # who wants no other organisation, or did not say, is let go; who said yes still waits
    for each, state in ((her, "ended"), (silent, "ended"), (yes, "suspended")):
        assert network.agreement(each) == state
        kept = "SELECT count(*) FROM practitioner_contacts WHERE practitioner_id = :p"
        assert network.ask(kept, p=each) == [int(each == yes)]
    assert network.as_(her).get(f"/en/practitioners/{her}").status_code == 200
    assert network.ask(works, o=network.home) == before
    network.client.cookies.clear()
    written = bytes_of(settings, store)
    assert [mark for mark in MARKS if mark.encode() in written] == []


def test_coming_back_stops_it(network: Leavers, her: str, settings: Settings) -> None:
    prepare(network)
    network.leave()
    with network.store.transaction() as db:
        set_state(db, OPERATOR, MOMENT + timedelta(days=3), network.home, "admitted")
    assert erase(network, settings, 40) == 0
    assert network.row("organisations", network.home)["phone"] == PHONE
    # and leaving once more begins it anew
    network.clock.moment = MOMENT + timedelta(days=41)
    network.leave()
    assert erase(network, settings, 60) == 0
    assert erase(network, settings, 71) == 1


def test_a_suspension_erases_nothing(network: Leavers, her: str, settings: Settings) -> None:
    prepare(network)
    network.suspend()
    assert erase(network, settings, 400) == 0
    assert network.row("organisations", network.home)["phone"] == PHONE


def test_the_job_runs_by_the_clock() -> None:
    assert "departed" in {job.name for job in JOBS}
