"""What an organisation takes with it: its own, and nothing that belongs to its practitioners."""

import csv
import io
import json
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlite_utils import Database

from portal.db import Store
from portal.farewells.rules import file_name, told_apart
from portal.settings import Settings
from portal.transfer.actions import import_file
from portal.vocabularies.terms import load_terms
from tests.conftest import LANGUAGES, MOMENT, OPERATOR, TODAY
from tests.leaving.conftest import EVIDENCE, PHONE, Leavers

KINDS = ("organisations", "materials", "campaigns", "activities", "events", "practitioners")


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def link_in(page: str) -> str:
    """The path of the farewell link that a page shows, in English."""
    return "/en/farewell/" + page.split('class="key">')[1].split("<")[0].rsplit("/")[-1]


def write_marks(network: Leavers, her: str) -> None:
    """Give the organisation an event, a draft, a renewal; a practitioner everything private."""
    with network.store.transaction() as db:
        title = "=HYPERLINK(1)"
        db.execute(
            "UPDATE materials SET title = ? WHERE organisation_id = ?", [title, network.home]
        )
        event = db.execute("SELECT id FROM events LIMIT 1").fetchone()[0]
        db.execute("UPDATE events SET organisation_id = ? WHERE id = ?", [network.home, event])
        asked = {"id": "q-mark", "event_id": event, "position": 1, "kind": "rating"}
        words = {"words": "+useful?", "others": "{}", "options": "[]", "other_options": "{}"}
        db.table("evaluation_questions").insert({**asked, **words})
        counted = {"question_id": "q-mark", "moment": "after", "option": 5, "people": 7}
        db.table("evaluation_counts").insert(counted)
        licence = {"practitioner_id": her, "number": "MARK-LICENCE-1", "issuer": "MARK-ISSUER"}
        db.table("practitioner_licences").upsert({**licence, "expires_on": "2030-01-01"})
        db.execute(
            "UPDATE practitioner_contacts SET email = 'mark@example.org', say_when_calling ="
            " 'MARK-SAY' WHERE practitioner_id = ?",
            [her],
        )
        excluded = {"practitioner_id": her, "kind": "organisation", "value": network.third}
        db.table("consent_exclusions").upsert(excluded)
        db.execute("UPDATE consents SET reference = 'MARK-PAPER' WHERE practitioner_id = ?", [her])
        due = {"id": "rn-1", "organisation_id": network.home, "due_on": "2026-10-01"}
        version = db.execute("SELECT max(version) FROM charter_versions").fetchone()[0]
        sent = {"version": version, "sent_at": "2026-09-01T00:00:00Z", "sent_by": "a-ogul"}
        db.table("renewals").insert({**due, **sent})


def test_the_archive_holds_what_is_the_organisations_own(network: Leavers, her: str) -> None:
    network.evidence()
    write_marks(network, her)
    answer = network.post("ogul", "/en/membership/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert "no-store" in answer.headers["cache-control"]
    assert "organisation.zip" in answer.headers["content-disposition"]
    files = network.files_of(answer)
    assert network.ask("SELECT entity_id FROM audit WHERE verb = 'export' ORDER BY id DESC") == [
        network.home
    ]
    (card,) = rows(files["organisations.csv"])
    assert card["id"] == network.home
    people = rows(files["practitioners.csv"])
    assert set(people[0]) == {"id", "name", "profession", "organisation", "status"}
    assert her in {each["id"] for each in people}
    private = ("77123", "MARK-", "mark@example.org", "members\n", network.third)
    told = {name: text for name, text in files.items() if name == "practitioners.csv"}
    assert not [mark for mark in private for text in told.values() if mark.encode() in text]
    everything = b"".join(files.values())
    for mark in ("MARK-", "mark@example.org", network.third):
        assert mark.encode() not in everything
    # no other organisation's people, works or files
    mine = set(network.ask("SELECT id FROM materials WHERE organisation_id = :o", o=network.home))
    assert {each["id"] for each in rows(files["materials.csv"])} <= mine
    assert {each["name"] for each in rows(files["accounts.csv"])} >= {"Ogul Ogulow", "Sona Sonaowa"}
    assert b"a-ogul" not in files["accounts.csv"]
    # what it sent to the network, and counts
    assert rows(files["applications.csv"])[0]["contact_name"] == "Marker Contact"
    assert files["evidence/statutes.pdf"] == EVIDENCE
    assert rows(files["evaluation_counts.csv"])[0]["people"] == "7"
    assert rows(files["renewals.csv"])[0]["due_on"] == "2026-10-01"
    # no cell is calculated
    assert b"'=HYPERLINK(1)" in files["materials.csv"]
    assert rows(files["application_answers.csv"])[0]["answer"] == "'=marker answer 77123"
    assert rows(files["evaluation_counts.csv"])[0]["question"] == "'+useful?"
    # every file and text that its works have now lies where their rows say
    for work in rows(files["materials.csv"]):
        for path in filter(None, work["files"].split(";")):
            assert files[path]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_readme_is_there_in_the_readers_language(network: Leavers, code: str) -> None:
    files = network.files_of(network.post("sona", f"/{code}/membership/export"))
    assert len(files["readme.txt"].decode("utf-8-sig").split("\r\n\r\n")) == 5


def test_the_tables_are_read_again_by_an_import(
    network: Leavers, her: str, store: Store, settings: Settings, tmp_path: Path
) -> None:
    files = network.files_of(network.post("ogul", "/en/membership/export"))
    for name, content in files.items():
        target = tmp_path / "unpacked" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def state(db: Database) -> str:
        kept = ("organisations", "materials", "material_versions", "campaigns", "practitioners")
        return json.dumps([list(db.table(name).rows) for name in kept])

    with store.read() as db:
        terms, before = load_terms(db), state(db)
    read = 0
    for kind in KINDS:
        path = tmp_path / "unpacked" / f"{kind}.csv"
        if not path.exists():
            continue
        report = import_file(store, terms, kind, path, OPERATOR, MOMENT, TODAY, settings=settings)
        assert report.errors == [], (kind, report.errors)
        read += 1
    assert read >= 3
    with store.read() as db:
        assert state(db) == before


def test_who_is_not_of_the_organisation_takes_nothing(network: Leavers, her: str) -> None:
    network.join("operator", None, "admin")
    network.join("donor", None, "observer")
    for name in (her, "operator", "donor"):
        assert network.post(name, "/en/membership/export").status_code == 403
    answer = network.as_(None).post("/en/membership/export", follow_redirects=False)
    assert answer.status_code == 303
    # what writes a line is asked for by a page of ours
    audited = network.ask("SELECT count(*) FROM audit WHERE verb = 'export'")
    assert network.as_("ogul").get("/en/membership/export").status_code == 405
    assert network.as_("ogul").post("/en/membership/export").status_code == 403
    assert network.ask("SELECT count(*) FROM audit WHERE verb = 'export'") == audited
    files = network.files_of(network.post("bahar", "/en/membership/export"))
    assert rows(files["organisations.csv"])[0]["id"] == network.away


def test_the_farewell_link_opens_for_thirty_days_and_a_new_one_ends_it(
    network: Leavers, her: str
) -> None:
    # without an address it is handed over
    with network.store.transaction() as db:
        db.table("organisations").update(network.home, {"email": None})
    wrote = "<i>they moved</i> & wrote"
    first = link_in(network.leave(note=wrote).text)
    page = network.as_(None).get(first)
    assert page.status_code == 200
    assert "has left the network" in page.text
    assert "The organisation has closed" in page.text
    assert "&lt;i&gt;they moved&lt;/i&gt; &amp; wrote" in page.text
    assert "no-store" in page.headers["cache-control"]
    assert f"{first}/export" in page.text
    before = network.ask("SELECT count(*) FROM audit WHERE verb = 'export'")[0]
    for _ in range(2):
        files = network.files_of(network.as_(None).post(f"{first}/export"))
        assert rows(files["organisations.csv"])[0]["id"] == network.home
        assert PHONE.encode() not in b"".join(files.values())
    told = "SELECT \"by\" FROM audit WHERE verb = 'export' ORDER BY id DESC"
    assert network.ask(told)[:2] == ["farewell", "farewell"]
    assert network.ask("SELECT count(*) FROM audit WHERE verb = 'export'") == [before + 2]

    path = f"/en/memberships/{network.home}/farewell"
    assert network.post("bahar", path).status_code == 403
    second = link_in(network.post("nurana", path).text)
    for gone in (first, "/en/farewell/nothing"):
        over = network.as_(None).get(gone)
        assert over.status_code == 404
        assert "the answer is sent" not in over.text
        assert "a newer one has taken its place" in over.text
        assert network.as_(None).post(f"{gone}/export").status_code == 404
    assert network.as_(None).get(second).status_code == 200
    # whoever recorded that it left finds the way back to it
    kept = network.as_("nurana").get(f"/en/memberships/{network.home}").text
    for way in (path, f"/en/proposals/open?organisation={network.home}"):
        assert f'"{way}"' in kept
    network.clock.moment += timedelta(days=29, hours=23)
    assert network.as_(None).post(f"{second}/export").status_code == 200
    network.clock.moment += timedelta(hours=2)
    assert network.as_(None).post(f"{second}/export").status_code == 404
    # of a member nobody makes one
    other = f"/en/memberships/{network.third}/farewell"
    assert network.post("nurana", other).status_code == 422


def test_the_link_is_mailed_by_day_to_the_addresses_on_record(network: Leavers) -> None:
    network.evidence()
    with network.store.transaction() as db:
        db.execute("UPDATE organisations SET email = 'office@example.org' WHERE id = ?",
                   [network.home])  # fmt: skip
    assert network.settings is not None
    network.clock.moment = MOMENT + timedelta(hours=5)
    answer = network.suspend()
    assert "by e-mail" in answer.text
    letters = [
        message_from_bytes(each.read_bytes(), policy=default)
        for each in network.settings.outbox.iterdir()
        if each.is_file()
    ]
    to = ("marker.leaving@", "office@example")
    mailed = [each.get_content() for each in letters if str(each["To"]).startswith(to)]
    assert len(mailed) == 2
    name = network.row("organisations", network.home)["name"]
    assert not any(name in each for each in mailed)
    code = mailed[0].split("/farewell/")[1].split()[0]
    page = network.as_(None).get(f"/en/farewell/{code}").text
    for words in (
        "is suspended",
        "23 November 2026",
        "until we have talked",
        "coordinator who told",
    ):
        assert words in page
    assert "tel:" not in page.split("<main")[1].split("</main")[0]


def test_names_of_files_lead_nowhere() -> None:
    assert file_name("../../etc/passwd.pdf", "pdf") == "passwd.pdf"
    assert file_name("..\\..\\run.pdf", "pdf") == "run.pdf"
    assert file_name("..", "pdf") == "file.pdf"
    assert file_name("", "pdf") == "file.pdf"
    assert file_name("Устав ҳуқуқ.pdf", "pdf") == "Устав ҳуқуқ.pdf"
    taken: set[str] = set()
    assert [told_apart("a.pdf", taken) for _ in range(3)] == ["a.pdf", "a-2.pdf", "a-3.pdf"]
