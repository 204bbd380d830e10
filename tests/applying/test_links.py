"""The link is the key: nobody comes in by another, and nobody is told whose address is known."""

from datetime import timedelta

import pytest

from portal.db import Store
from portal.links.actions import make_link
from portal.releasing.actions import release_and_publish
from portal.web import receiving
from tests.applying.conftest import ADDRESS, CONTACT, ORGANISATION, Applicant
from tests.conftest import JSON, LANGUAGES, OPERATOR, PARTIAL
from tests.people import make_person
from tests.uploads.making import png

STEPS = ("organisation", "principles", "contact", "send", "withdraw", "appeal")


def test_15_known_and_unknown_are_answered_alike(applicant: Applicant) -> None:
    make_person(applicant.store, applicant.settings, "aylar", email="aylar@ngo.example")
    found = [applicant.ask(to) for to in (ADDRESS, ADDRESS, "other@x.example", "aylar@ngo.example")]
    assert {each.status_code for each in found} == {303}
    assert len({each.headers["location"].rpartition("link=")[0] for each in found}) == 1
    assert {each.content for each in found} == {found[0].content}
    kinds = "SELECT kind FROM application_letters ORDER BY id"
    assert applicant.ask_db(kinds) == ["start", "again", "start", "start"]
    assert applicant.ask_db("SELECT count(*) FROM applications") == [3]


def test_16_asking_too_often_has_to_wait_known_or_not(applicant: Applicant) -> None:
    assert [applicant.ask().status_code for _ in range(6)] == [303] * 5 + [429]
    assert applicant.ask("other@x.example").status_code == 303
    # and the letters of an address are few, from wherever they are asked for
    with applicant.store.transaction() as db:
        db.execute("DELETE FROM attempts")
        db.execute("UPDATE application_letters SET sent_at = made_at")
        own = db.execute("SELECT id FROM applications WHERE email = ?", [ADDRESS]).fetchone()[0]
        row = {"application_id": own, "kind": "again", "made_at": "2026-11-23T05:00:00Z"}
        db.table("application_letters").insert_all([{**row, "sent_at": row["made_at"]}] * 4)
    assert applicant.ask().status_code == 303
    unsent = "SELECT count(*) FROM application_letters WHERE sent_at IS NULL"
    assert applicant.ask_db(unsent) == [0]


def test_an_address_makes_the_page_show_no_other_link(applicant: Applicant) -> None:
    page = applicant.client.get("/en/apply?asked=1&link=//elsewhere.example").text
    assert "In the demo only" not in page
    assert 'elsewhere.example">' not in page.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("code", ["nothing", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa"])
def test_an_unknown_code_opens_nothing(applicant: Applicant, code: str) -> None:
    applicant.code = code
    for step in ((), *((each,) for each in STEPS), ("letter",), ("criteria", "registered")):
        answer = applicant.get(*step)
        assert answer.status_code == 404
        assert 'href="/en/apply"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
    for step in STEPS:
        assert applicant.post(step, data=ORGANISATION).status_code == 404
    assert applicant.ask_db("SELECT count(*) FROM audit WHERE by = 'applicant'") == [0]


def test_a_link_of_another_purpose_or_an_old_one_opens_nothing(applicant: Applicant) -> None:
    applicant.ask()
    good = applicant.code
    with applicant.store.transaction() as db:
        for purpose, days in (("consent", 3), ("apply", 0)):
            applicant.code = make_link(
                db, applicant.clock.moment, purpose, applicant.id, timedelta(days=days), beside=True
            )
            assert applicant.code
    assert applicant.get().status_code == 404
    applicant.code = good
    assert applicant.get().status_code == 200
    applicant.later(days=31)
    assert applicant.get().status_code == 404
    assert applicant.post("contact", data=CONTACT).status_code == 404


def test_of_a_body_nothing_is_read_for_a_bad_code(applicant: Applicant) -> None:
    pulled: list[int] = []

    def body():
        for number in range(4):
            pulled.append(number)
            yield b"x" * 1024

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = applicant.client.post(
        "/en/apply/nothing/criteria/registered", content=body(), headers=kind
    )
    assert answer.status_code == 404
    assert not list(applicant.settings.incoming.glob("*"))
    assert not receiving._sending


def test_03_nobody_reaches_what_another_applicant_shows(written: Applicant) -> None:
    mine = written.ask_db("SELECT id FROM application_evidence ORDER BY rowid LIMIT 1")[0]
    written.ask("other@x.example", "Another one")
    page = written.get("criteria", "registered").text
    assert "statute.png" not in page
    assert "1234567" not in page
    assert written.answer("registered", "Ours", remove=mine).status_code == 303
    found = "SELECT count(*) FROM application_evidence WHERE id = :id"
    assert written.ask_db(found, id=mine) == [1]
    # what is not in the form changes nothing
    smuggled = {**CONTACT, "state": "admitted", "organisation_id": "o-1"}
    assert written.post("contact", data=smuggled).status_code == 422


def test_29_a_page_of_somebody_else_cannot_write(applicant: Applicant) -> None:
    applicant.ask()
    strange = {"Origin": "https://elsewhere.example"}
    assert applicant.post("contact", data=CONTACT, headers=strange).status_code == 403
    assert applicant.ask(**strange).status_code == 403
    assert applicant.ask_db("SELECT contact_name FROM applications") == [None]


def test_a_file_may_be_removed_down_to_the_shelf(applicant: Applicant, store: Store) -> None:
    applicant.ask()
    applicant.answer("registered", file=png())
    (digest,) = applicant.ask_db(
        "SELECT f.hash FROM application_evidence AS e JOIN files AS f ON f.id = e.file_id"
    )
    shelved = applicant.settings.files / digest[:2] / digest
    assert shelved.is_file()
    (evidence,) = applicant.ask_db("SELECT id FROM application_evidence")
    answer = applicant.answer("registered", "Still there", remove=evidence)
    assert answer.headers["location"].endswith("/criteria/registered?saved=1")
    assert not shelved.exists()
    assert applicant.ask_db("SELECT count(*) FROM files WHERE added_by = 'applicant'") == [0]
    assert "Still there" in applicant.get("criteria", "registered").text


def test_a_version_that_there_cannot_be_is_refused(applicant: Applicant) -> None:
    applicant.ask()
    for version in ("9" * 20, "-" + "9" * 20):
        assert applicant.answer("registered", version=version).status_code == 422
        agreed = {"version": version, "principles": "yes", "terms": "yes"}
        assert applicant.post("principles", data=agreed).status_code == 422
    # one that there is none of is read as the one that stands
    assert applicant.answer("registered", version="-7").status_code == 303
    assert applicant.ask_db("SELECT version FROM application_answers") == [2]


def test_hostile_text_is_shown_as_text(applicant: Applicant) -> None:
    applicant.ask(name="<script>alert(1)</script>")
    assert "<script>alert" not in applicant.get().text
    files = {"file": ('"><img src=x onerror=alert(1)>.png', png(), "image/png")}
    sent = {"version": "2", "answer": "<b>bold</b>"}
    applicant.post("criteria", "registered", data=sent, files=files)
    page = applicant.get("criteria", "registered").text
    assert "<img src=x" not in page
    assert "<b>bold" not in page
    assert "data-hx-ignore" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_in_every_language_whole_and_in_part(applicant: Applicant, language: str) -> None:
    applicant.ask()
    for step in ("", "/organisation", "/criteria/registered", "/principles", "/contact"):
        here = f"/{language}/apply/{applicant.code}{step}"
        assert f'<html lang="{language}">' in applicant.client.get(here).text
        part = applicant.client.get(here, headers=PARTIAL)
        assert part.status_code == 200
        assert "<html" not in part.text
    assert applicant.client.put(f"/{language}/apply").status_code == 405
    assert applicant.get(**JSON).json()["state"] is None


def test_a_file_that_the_scanner_has_not_seen_counts_a_harmful_one_does_not(
    written: Applicant,
) -> None:
    with written.store.transaction() as db:
        db.execute("UPDATE files SET scan = 'pending' WHERE added_by = 'applicant'")
    assert written.state["may_be_sent"]
    with written.store.transaction() as db:
        db.execute("UPDATE files SET scan = 'infected' WHERE added_by = 'applicant'")
    assert not written.state["may_be_sent"]
    assert "found something harmful" in written.get("criteria", "registered").text


def test_07_no_stranger_stops_a_publication_by_what_they_type(written: Applicant) -> None:
    with written.store.read() as db:
        (title,) = db.execute("SELECT summary FROM events WHERE already_published").fetchone()
    word = max(title.split(), key=len).strip(".,")
    row = {**ORGANISATION, "applicant": word, "about": word}
    assert written.post("organisation", data=row).status_code == 303
    written.answer("experience", word)
    release_and_publish(written.store, written.settings, OPERATOR, written.clock.moment)
    assert written.send().status_code == 303
    release_and_publish(written.store, written.settings, OPERATOR, written.clock.moment)


def test_01_an_applicant_is_seen_by_no_member_and_not_by_the_public(sent: Applicant) -> None:
    (own,) = sent.ask_db("SELECT organisation_id FROM applications")
    assert sent.client.get(f"/en/organisations/{own}").status_code == 404
    sent.client.post("/demo/sign-in", data={"role": "member"})
    assert sent.client.get(f"/en/organisations/{own}").status_code == 404
    for path in ("/en/organisations?per_page=100", "/en/search?q=Tulip+of+Mary", "/en/people"):
        assert "advise women" not in sent.client.get(path).text
        assert "555666" not in sent.client.get(path).text
