"""What was private is forgotten within 30 days after leaving, to the bytes; a return stops it."""

from datetime import timedelta

from sqlite_utils import Database

from portal.db import Store
from portal.files import Shelf
from portal.jobs.registry import JOBS
from portal.leaving.actions import erase_departed
from portal.membership.actions import move, set_state
from portal.organisations.actions import save_organisation
from portal.settings import Settings
from tests.conftest import MOMENT, OPERATOR
from tests.leaving.conftest import MAIL, PHONE, Leavers
from tests.settling import settle

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
    settle(store)
    written = bytes_of(settings, store)
    assert [mark for mark in MARKS if mark.encode() in written] == []


def mark(db: Database, table: str, where: str, but: tuple[str, ...] = ()) -> list[str]:
    """A marker of its own in every text column of these rows but these; the markers."""
    columns = [each.name for each in db.table(table).columns if each.type.upper() == "TEXT"]
    marks = {name: f"mark-{table}-{name}" for name in columns if name not in but}
    named = ", ".join(f'"{name}" = ?' for name in marks)
    db.execute(f"UPDATE {table} SET {named} WHERE {where}", list(marks.values()))
    assert db.table(table).count_where(where), table
    return list(marks.values())


def plant(network: Leavers) -> list[str]:
    """Markers wherever the organisation that goes, or one of its people, wrote something."""
    network.evidence()
    home = network.home
    at = ("made_at", "changed_at", "submitted_at", "at", "confirmed_at", "closed_at", "erased_at",
          "bound_at")  # fmt: skip
    of_application = ("id", "organisation_id", "language", "place_id", "kind", "name", "names",
                      "services", "principles_on", "terms_on", *at)  # fmt: skip
    other = {"id": "ap-other", "language": "ru", "email": "x@example.org", "name": "Other"}
    other |= {"names": "{}", "services": "[]", "made_at": "2026-11-01", "changed_at": "2026-11-01"}
    other |= {"organisation_id": "o-other", "submitted_at": "2026-11-01T05:00:00Z"}
    review = {"application_id": "ap-other", "round": 1, "is_appeal": 0, "taken_at": "2026-11-02"}
    review |= {"id": "r-1", "account_id": "a-ogul", "organisation_id": home}
    note = {"review_id": "r-1", "code": "registered", "verdict": "more", "note": ""}
    invited = {"id": "i-1", "hash": "h", "kind": "return", "name": "", "role": "member"}
    invited |= {"account_id": "a-ogul", "made_at": "2026-11-01"}
    with network.store.transaction() as db:
        db.table("appeals").insert({"application_id": "ap-marker", "words": "", "at": "2026-11-01"})
        save_organisation(db, OPERATOR, MOMENT, "o-other", {"name": "Other", "kind": "ngo"})
        for table, row in (("applications", other), ("reviews", review), ("review_answers", note)):
            db.table(table).insert(row)
        move(db, OPERATOR, MOMENT, "o-other", "applicant", application_id="ap-other")
        db.table("invitations").insert(invited)
        ours = "application_id = 'ap-marker'"
        return [
            *mark(db, "applications", "id = 'ap-marker'", of_application),
            *mark(db, "application_answers", ours, ("application_id", "code", "at")),
            *mark(db, "application_evidence", ours,
                  ("id", "application_id", "code", "file_id", "at")),
            *mark(db, "appeals", ours, ("application_id", "at")),
            *mark(db, "review_answers", "review_id = 'r-1'", ("review_id", "code", "verdict")),
            *mark(db, "accounts", "id = 'a-ogul'", ("id", "role", "organisation_id", "language",
                  "practitioner_id", "directory_until", "locked_at", "seen_on", "acting_until")),
            *mark(db, "invitations", "id = 'i-1'", ("id", "hash", "kind", "role", "made_at",
                  "organisation_id", "practitioner_id", "account_id", "ended_at")),
            *mark(db, "organisations", f"id = '{home}'", ("id", "name", "names", "sort_name",
                  "kind", "visibility", "directory_until", "place_id", "summaries", "joined_on")),
        ]  # fmt: skip


def test_no_column_keeps_what_was_private(
    network: Leavers, settings: Settings, store: Store
) -> None:
    marks = plant(network)
    assert len(marks) > 20
    written = bytes_of(settings, store)
    assert [each for each in marks if each.encode() not in written] == []
    network.client.cookies.clear()
    network.leave()
    assert erase(network, settings, 31) == 1
    settle(store)
    written = bytes_of(settings, store)
    assert [each for each in marks if each.encode() in written] == []
    assert network.row("organisations", network.home)["name"].encode() in written


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
