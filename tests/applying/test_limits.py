"""How much strangers may ask for, write and keep here, and what is refused of it."""

import pytest

from portal.applications import acts
from portal.applications.rules import MOST_BEGUN_A_DAY, MOST_FILES, ask_keys, is_website
from portal.clock import stamp
from portal.uploads import rules
from tests.applying.conftest import ADDRESS, CONTACT, ORGANISATION, Applicant
from tests.uploads.making import png


def test_a_network_that_was_held_shut_opens_with_the_next_hour(applicant: Applicant) -> None:
    key = ask_keys(applicant.settings.secret, "testclient", ADDRESS, applicant.clock.moment)[1]
    with applicant.store.transaction() as db:
        row = {"key": key, "failures": 500, "failed_at": stamp(applicant.clock.moment)}
        db.table("attempts").insert(row)
    assert applicant.ask().status_code == 429
    applicant.later(hours=1)
    assert applicant.ask().status_code == 303


def test_so_many_are_begun_from_a_network_a_day_and_nobody_is_told_who_was(
    applicant: Applicant,
) -> None:
    for number in range(MOST_BEGUN_A_DAY):
        assert applicant.ask(f"n{number}@x.example").status_code == 303
    applicant.letters()
    mine = "SELECT kind FROM application_letters WHERE sent_at IS NULL"
    unknown, known = applicant.ask("other@x.example"), applicant.ask("n0@x.example")
    assert (unknown.status_code, unknown.headers["retry-after"]) == (429, "86400")
    assert (known.status_code, known.content) == (429, unknown.content)
    # who has begun already can come back
    assert applicant.ask_db(mine) == ["again"]
    assert applicant.ask_db("SELECT count(*) FROM applications") == [MOST_BEGUN_A_DAY]
    applicant.later(days=1)
    assert applicant.ask("other@x.example").status_code == 303


def test_few_files_are_kept_of_whoever_has_not_said_who_they_are(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.ask()
    codes = list(applicant.criteria)
    monkeypatch.setattr(acts, "FEW_FILES", 1)
    assert applicant.answer(codes[0], file=png()).status_code == 303
    answer = applicant.answer(codes[1], "Kept", png())
    assert answer.status_code == 422
    assert "until the steps" in answer.text
    assert applicant.ask_db("SELECT count(*) FROM files WHERE added_by = 'applicant'") == [1]
    applicant.post("organisation", data=ORGANISATION)
    assert applicant.answer(codes[1], "Kept", png()).status_code == 422
    applicant.post("contact", data=CONTACT)
    assert applicant.answer(codes[1], "Kept", png()).status_code == 303


def test_all_who_write_share_one_room_and_the_disk_stays_free(
    written: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.ask("other@x.example", "Another one")
    monkeypatch.setattr(acts, "MOST_BYTES_UNSENT", 100)
    answer = written.answer("registered", "Kept", png())
    assert answer.status_code == 422
    assert "Many are applying now" in answer.text
    monkeypatch.undo()
    monkeypatch.setattr(rules, "LEAST_FREE_BYTES", 2**60)
    answer = written.answer("registered", "Kept", png())
    assert answer.status_code == 422
    assert "no room for files at the moment" in answer.text
    own = "SELECT count(*) FROM application_evidence WHERE application_id = :id"
    assert written.ask_db(own, id=written.id) == [0]
    monkeypatch.undo()
    assert written.answer("registered", "Kept", png()).status_code == 303


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://tulip.example", True),
        ("tulip.example/a?b=c#d", True),
        ("https://лола.example:8443/x", True),
        ("https://localhost", False),
        ("https://tulip.example/a b", False),
        ('https://tulip.example/"onclick=', False),
        ("https://tulip.example/'", False),
        ("https://tulip.example/\n", False),
        ("https://tulip.example/\x01", False),
        ("https://tulip.example/\u2028", False),
        ("https://name:word@tulip.example", False),
        ("javascript:alert(1)", False),
        ("https://", False),
    ],
)
def test_a_website_is_an_address_and_nothing_else(text: str, is_one: bool) -> None:
    assert is_website(text) is is_one


def test_no_website_is_kept_that_is_none(applicant: Applicant) -> None:
    applicant.ask()
    for text in ('https://a.example/" onclick="x', "https://nowhere"):
        answer = applicant.post("organisation", data={**ORGANISATION, "website": text})
        assert answer.status_code == 422
        assert "no address of a website" in answer.text
    assert applicant.ask_db("SELECT website FROM applications") == [None]


def test_there_is_room_for_so_many_files(applicant: Applicant) -> None:
    applicant.ask()
    applicant.post("organisation", data=ORGANISATION)
    applicant.post("contact", data=CONTACT)
    applicant.answer("registered", file=png())
    with applicant.store.transaction() as db:
        (row,) = db.table("application_evidence").rows
        db.table("application_evidence").insert_all(
            {**row, "id": f"ev-{n}", "code": "experience"} for n in range(MOST_FILES - 1)
        )
    answer = applicant.answer("confidential", "Kept", png())
    assert answer.status_code == 422
    assert "At most 30 files" in answer.text
    assert "Kept" in answer.text
    assert applicant.ask_db("SELECT count(*) FROM files WHERE added_by = 'applicant'") == [1]
