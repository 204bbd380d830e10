"""What is mailed to an applicant, when, and what becomes of an application that is over."""

import re

import pytest

from portal.applications.actions import queue_letter, start
from portal.applications.rules import LETTERS
from portal.applying.letters import SAYS
from portal.applying.rules import AT_ONCE
from portal.digests.actions import forget_unknown
from portal.settings import Settings, read_settings
from tests.applying.conftest import ADDRESS, Applicant
from tests.postbox import Postbox, opened_postbox
from tests.settling import settle
from tests.uploads.making import png


def link_in(text: str, door: str = "apply") -> str:
    return re.findall(rf"/{door}/([0-9a-z-]+)", text)[-1]


def real(applicant: Applicant, box: Postbox) -> Settings:
    """A network's own settings: letters go to a server, and a new link ends the old."""
    environ = {
        "PORTAL_DATA_DIR": str(applicant.settings.data_dir),
        "PORTAL_SECRET": "s" * 40,
        "PORTAL_BASE_URL": "https://portal.example",
        "PORTAL_SMTP_URL": box.url(),
    }
    return read_settings(environ)


def test_a_letter_carries_a_fresh_link_and_says_nothing_else(applicant: Applicant) -> None:
    applicant.client.post("/ru/apply", data={"applicant": "Tulip of Mary", "email": ADDRESS})
    (letter,) = applicant.letters()
    text = letter.get_content()
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "Ваша ссылка")
    assert "/ru/apply/" in text
    for word in ("Tulip", "network", applicant.settings.network_name, "член"):
        assert word not in text + letter["Subject"]
    applicant.code = link_in(text)
    assert applicant.get().status_code == 200
    assert len(applicant.letters()) == 1
    # and it is not taken for one to somebody who is forgotten
    assert forget_unknown(applicant.store, applicant.settings) == 0


@pytest.mark.parametrize(("hours", "sent"), [(11, 0), (20, 0), (22, 1), (9, 1)])
def test_nothing_is_sent_at_night(applicant: Applicant, hours: int, sent: int) -> None:
    applicant.ask()
    applicant.later(hours=hours)  # the test begins at ten in the morning
    assert len(applicant.letters()) == sent


def test_many_links_that_were_asked_for_hold_no_decision_up(sent: Applicant) -> None:
    mine = sent.id
    sent.letters()
    for number in range(AT_ONCE):
        with sent.store.transaction() as db:
            start(db, sent.clock.moment, f"n{number}@x.example", "Other", "en")
    with sent.store.transaction() as db:
        queue_letter(db, sent.clock.moment, mine, "more_information")
    sent.letters()
    waiting = "SELECT kind FROM application_letters WHERE sent_at IS NULL"
    assert sent.ask_db(waiting) == ["start"]


def test_a_letter_that_failed_goes_later_and_the_old_link_stays(applicant: Applicant) -> None:
    applicant.ask()
    with opened_postbox() as box:
        applicant.settings = real(applicant, box)
        box.refuses["DATA"] = "554 no"
        applicant.letters()
        applicant.letters()
        assert applicant.get().status_code == 200
        box.refuses.clear()
        applicant.later(minutes=11)
        applicant.letters()
        applicant.letters()
        (letter,) = box.letters
        assert applicant.get().status_code == 404  # a newer one has taken its place
        applicant.code = link_in(letter.get_content())
        assert applicant.get().status_code == 200
        assert applicant.ask_db("SELECT count(sent_at) FROM application_letters") == [1]


def test_admitted_ones_are_invited_once(sent: Applicant) -> None:
    sent.step("under_review")
    sent.decide("admitted", registered="All is there.")
    letter = sent.letters()[-1]
    code = link_in(letter.get_content(), "join")
    found = sent.client.get(f"/en/join/{code}")
    assert found.status_code == 200
    assert "Tulip of Mary" in found.text
    with sent.store.read() as db:
        (row,) = db.table("invitations").rows_where("ended_at IS NULL AND email = ?", [ADDRESS])
    assert (row["role"], row["directory"]) == ("member", 0)
    # the account will be called by the name of the contact, not by the address
    assert [row["called"]] == sent.ask_db("SELECT contact_name FROM applications")
    assert row["called"] not in (None, ADDRESS)
    assert sent.ask_db("SELECT by FROM audit WHERE verb = 'invite'")[-1:] == ["a-judge"]
    page = sent.get().text
    assert (
        page.index("on its way")
        < page.index("Nothing came?")
        < page.index("new invitation</button")
    )
    assert "All is there." in sent.get("letter").text
    assert "appeal" not in sent.get("letter").text.split("<main")[1].split("</main")[0].lower()
    tries = [sent.post("invitation").status_code for _ in range(6)]
    assert tries == [303] * 5 + [429]
    again = link_in(sent.letters()[-1].get_content(), "join")
    assert sent.client.get(f"/en/join/{code}").status_code == 404
    assert sent.client.get(f"/en/join/{again}").status_code == 200
    with sent.store.transaction() as db:
        db.execute(
            "UPDATE invitations SET account_id = 'a-judge', ended_at = made_at WHERE email = ?",
            [ADDRESS],
        )
    assert sent.post("invitation").status_code == 422
    assert "Nothing came?" not in sent.get().text
    assert "You have an account" in sent.get().text
    assert sent.get("appeal").status_code == 422
    assert sent.post("withdraw").status_code == 422


def test_a_declined_one_reads_why_and_appeals_once(sent: Applicant) -> None:
    assert sent.get("letter").status_code == 404
    assert sent.post("appeal", data={"appeal": "Too early"}).status_code == 422
    sent.step("under_review")
    sent.decide("declined", registered="Too young yet.")
    letter = sent.letters()[-1].get_content()
    assert "/apply/" in letter
    assert "/join/" not in letter
    page = sent.get("letter").text
    for said in ("Too young yet.", "Not met", "Thank you.", "23 December 2026"):
        assert said in page
    assert sent.post("appeal", data={"act": "send"}).status_code == 422
    files = {"file": ("page-2.png", png(), "image/png")}
    kept = sent.post("appeal", data={"appeal": "Look at", "act": "save"}, files=files)
    assert kept.headers["location"].endswith("/appeal?saved=1")
    assert sent.state["state"] == "declined"
    draft = sent.get("appeal").text
    assert "Look at</textarea>" in draft
    assert draft.index("page-2.png") < draft.index('id="file"')
    whole = {"appeal": "Look at page 2.", "act": "send"}
    assert sent.post("appeal", data=whole).status_code == 303
    assert sent.state["state"] == "under_review"
    assert "Others look at it anew" in sent.get().text
    assert sent.ask_db("SELECT words FROM appeals") == ["Look at page 2."]
    assert sent.ask_db("SELECT name FROM application_evidence WHERE code = 'appeal'")
    assert not sent.ask_db("SELECT code FROM application_answers WHERE code = 'appeal'")
    page = sent.get().text
    for said in ("Look at page 2.", "page-2.png", "Read the earlier decision"):
        assert said in page
    assert "Too young yet." in sent.get("letter").text
    told = "SELECT count(*) FROM notices WHERE kind = 'application_appealed'"
    assert sent.ask_db(told)[0] > 0
    assert sent.post("appeal", data={"appeal": "Again", "act": "send"}).status_code == 422
    sent.later(days=10)
    sent.decide("declined", registered="Still.")
    assert "Still." in sent.get("letter").text
    assert sent.post("appeal", data={"appeal": "Again", "act": "send"}).status_code == 422


def test_an_appeal_comes_too_late_after_thirty_days(sent: Applicant) -> None:
    sent.step("under_review")
    sent.decide("declined", registered="Too young yet.")
    sent.later(days=29)
    sent.ask()
    assert sent.get("appeal").status_code == 200
    sent.later(days=1)
    assert sent.get("appeal").status_code == 422
    assert sent.post("appeal", data={"appeal": "Late"}).status_code == 422


def shelved(applicant: Applicant) -> set[str]:
    return {path.name for path in applicant.settings.files.glob("??/*")}


def test_what_was_not_sent_is_erased_at_once_when_taken_back(applicant: Applicant) -> None:
    before = shelved(applicant)
    applicant.ask()
    applicant.write()
    assert shelved(applicant) > before
    answer = applicant.post("withdraw")
    assert answer.headers["location"] == "/en/apply?erased=1"
    assert "was erased" in applicant.client.get("/en/apply?erased=1").text
    assert applicant.post("withdraw").status_code == 404
    assert shelved(applicant) == before
    nothing_is_left(applicant)
    assert applicant.ask().status_code == 303


def nothing_is_left(applicant: Applicant) -> None:
    for table in ("applications", "application_answers", "application_evidence"):
        assert applicant.ask_db(f"SELECT count(*) FROM {table}") == [0]


def test_a_sent_one_that_was_taken_back_is_erased_after_thirty_days(applicant: Applicant) -> None:
    before = shelved(applicant)
    applicant.ask()
    applicant.write()
    applicant.send()
    applicant.step("under_review")
    with applicant.store.transaction() as db:
        row = {"id": "r-1", "application_id": applicant.id, "round": 1, "is_appeal": 0}
        row |= {"account_id": "a-judge", "taken_at": "2026-11-23T05:00:00Z"}
        db.table("reviews").insert(row)
    assert applicant.post("withdraw").status_code == 303
    told = "SELECT account_id FROM notices WHERE kind = 'application_withdrawn'"
    assert applicant.ask_db(told) == ["a-judge"]
    assert applicant.get("criteria", "registered").status_code == 422
    assert "Taken back" in applicant.get().text
    assert applicant.ask_db("SELECT reason FROM membership_states ORDER BY id DESC LIMIT 1") == [
        "withdrew"
    ]
    assert applicant.answer("registered", "Late").status_code == 422
    assert applicant.send().status_code == 303
    assert applicant.ask_db("SELECT closed_at IS NULL FROM applications") == [0]
    applicant.later(days=29)
    assert applicant.erase() == 0
    applicant.later(days=1)
    assert applicant.erase() == 1
    assert applicant.erase() == 0
    assert shelved(applicant) == before
    assert applicant.ask_db("SELECT count(*) FROM application_answers") == [0]
    settle(applicant.store)
    raw = applicant.settings.database.read_bytes()
    for private in (ADDRESS, "777888", "555666", "Jeren Planted", "number 1234567"):
        assert private.encode() not in raw, private


def test_a_declined_one_is_erased_once_nobody_can_appeal_any_more(sent: Applicant) -> None:
    sent.step("under_review")
    sent.decide("declined", registered="No.")
    sent.later(days=59)
    assert sent.erase() == 0
    sent.later(days=1)
    assert sent.erase() == 1
    assert sent.ask_db("SELECT email, erased_at IS NULL FROM applications") == [""]
    assert sent.ask_db("SELECT name FROM organisations WHERE name LIKE 'Tulip%'") == [
        "Tulip of Mary"
    ]


def test_what_nobody_confirmed_is_gone_after_three_days(applicant: Applicant) -> None:
    applicant.ask()
    assert len(applicant.letters()) == 1
    applicant.later(hours=71)
    assert applicant.erase() == 0
    applicant.later(hours=1)
    assert applicant.erase() == 1
    nothing_is_left(applicant)
    assert forget_unknown(applicant.store, applicant.settings) == 1


def test_who_never_came_back_is_told_that_all_was_erased(applicant: Applicant) -> None:
    applicant.ask()
    applicant.answer("registered", file=png())
    applicant.letters()
    applicant.later(days=90)
    assert applicant.erase() == 1
    assert applicant.ask_db("SELECT count(*) FROM application_answers") == [0]
    last = applicant.letters()[-1]
    assert "was erased" in last.get_content()
    assert "/apply/" not in last.get_content()
    applicant.later(days=2)
    assert applicant.erase() == 0
    applicant.later(days=1)
    assert applicant.erase() == 1
    nothing_is_left(applicant)


def test_every_letter_has_its_words() -> None:
    assert set(SAYS) == set(LETTERS)
