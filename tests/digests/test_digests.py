"""Each person gets one neutral mail for all that waits, once, and nothing is lost on the way."""

import logging
import re
import threading
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import msgspec
import pytest

from portal import mail
from portal.accounts.actions import lock
from portal.agreements.actions import withdraw_consent
from portal.clock import stamp
from portal.db import Store, column
from portal.digests import actions
from portal.digests.actions import Sent, send_due
from portal.digests.letters import Line, digest
from portal.i18n.language import load_language
from portal.links.queries import find_link
from portal.notices.rules import SAYS
from portal.settings import Settings
from tests.conftest import LANGUAGES, OPERATOR, TODAY
from tests.digests.conftest import Tell, at, waiting
from tests.people import Person, make_person
from tests.postbox import Postbox

Send = Callable[[datetime], Sent]
Letters = Callable[[], list[EmailMessage]]

# of what a passer-by must not read, in any of the languages
FORBIDDEN = {
    "en": (
        "network", "traffic", "psycholog", "lawyer", "legal", "victim", "survivor", "practitioner",
        "shelter", "home visit", "hotline",
    ),
    "ru": (
        "сет[ьи]", "торговл", "психолог", "юрист", "адвокат", "жертв", "пострадав", "эксплуат",
        "приют", "специалист", "горяч",
    ),
    "tk": (
        "tor[uyda]", "söwda", "psiholog", "hukuk", "ýuris", "aklawç", "pida", "ejir", "gaçybatalga",
        "hünärmen",
    ),
    "tg": (
        "шабака", "савдо", "равоншинос", "психолог", "ҳуқуқшинос", "адвокат", "қурбон", "ҷабрдида",
        "паноҳгоҳ", "мутахассис",
    ),
}  # fmt: skip


def test_a_person_gets_one_mail_for_all_that_waits(
    aylar: Person, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    tell(entity="x-1")
    tell(entity="x-2")
    tell("link_again")
    assert send(at(8, 30)) == Sent(True, 1, 0)
    (letter,) = letters()
    assert letter["To"] == "aylar@ngo.example"
    text = letter.get_content()
    assert "You are asked for your consent. (2)" in text
    assert text.count("http") == 1
    assert "http://localhost:8000/en/sign-in" in text
    assert waiting(store) == 0


def test_two_digests_a_day_and_nothing_between_or_at_night(
    aylar: Person, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    assert send(at(8, 30)).begun
    tell()
    assert send(at(8, 31)) == send(at(12)) == send(at(16, 29)) == Sent()
    assert send(at(16, 30)) == Sent(True, 1, 0)
    tell()
    for hour, minute in ((16, 31), (19, 59), (20, 0), (23, 0), (32 - 1, 59)):
        assert send(at(hour, minute)) == Sent()
    assert len(letters()) == 1
    assert waiting(store) == 1
    assert send(at(8, 30, day=1)) == Sent(True, 1, 0)


def test_a_digest_missed_while_the_portal_was_down_is_sent_at_the_next_start(
    aylar: Person, tell: Tell, send: Send, letters: Letters
) -> None:
    send(at(8, 30))
    tell()
    assert send(at(21)) == Sent()
    assert send(at(8, 0, day=3)) == Sent(True, 1, 0)
    assert send(at(8, 30, day=3)) == Sent(True, 0, 0)
    assert len(letters()) == 1


def test_r11_a_clock_set_back_a_day_neither_blocks_nor_doubles(
    aylar: Person, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    tell(entity="x-1")
    send(at(8, 30, day=1))
    tell(entity="x-2")
    assert send(at(9, 0, day=0)) == Sent(True, 1, 0)
    assert send(at(9, 1, day=0)) == Sent()
    tell(entity="x-3")
    assert send(at(16, 30, day=0)) == Sent(True, 1, 0)
    assert send(at(8, 30, day=1)) == Sent(True, 0, 0)
    assert len(letters()) == 3
    assert waiting(store) == 0


def test_r11_a_claim_from_the_future_holds_nothing_up(
    aylar: Person, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    send(at(8, 0))
    tell()
    with store.transaction() as db:
        db.execute("UPDATE notices SET digest_id = 1, claimed_at = ?", [stamp(at(9, day=1))])
    assert send(at(9)).sent == 1


def test_two_workers_send_each_letter_once(
    aylar: Person, tell: Tell, settings: Settings, store: Store, letters: Letters
) -> None:
    for number in range(12):
        make_person(store, settings, f"person-{number}", email=f"p{number}@ngo.example")
        tell(account_id=f"a-person-{number}")
    begun = []

    def work() -> None:
        mine = Store(settings.database)
        begun.append(send_due(mine, settings, OPERATOR, at(8, 30)))
        mine.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(each.begun for each in begun) == 1
    assert sum(each.sent for each in begun) == 12
    assert len({letter["To"] for letter in letters()}) == len(letters()) == 12


def test_a_crash_between_sending_and_marking_sends_again_and_loses_nothing(
    aylar: Person,
    tell: Tell,
    send: Send,
    letters: Letters,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    tell()
    with monkeypatch.context() as dying:
        dying.setattr(actions, "_mark_sent", crash)
        with pytest.raises(KeyboardInterrupt):
            send(at(8, 30))
    assert send(at(8, 31)) == Sent()
    assert send(at(8, 41)) == Sent(False, 1, 0)
    assert len(letters()) == 2
    assert waiting(store) == 0


def test_no_lock_is_held_while_the_server_is_spoken_to(
    aylar: Person, tell: Tell, send: Send, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_meanwhile(*_arguments: object) -> None:
        other = Store(store.path)
        with other.transaction() as db:
            db.execute("UPDATE accounts SET name = name")
        other.close()

    monkeypatch.setattr(mail, "send", write_meanwhile)
    tell()
    assert send(at(8, 30)).sent == 1


@pytest.mark.parametrize("trouble", ["refuses", "hangs"])
def test_a_failing_server_keeps_the_notice_and_no_address_is_logged(
    aylar: Person,
    tell: Tell,
    settings: Settings,
    store: Store,
    postbox: Postbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 0.2)
    caplog.set_level(logging.DEBUG)
    postbox.hangs_at = "RCPT" if trouble == "hangs" else ""
    if trouble == "refuses":
        postbox.refuses["RCPT"] = "550 aylar@ngo.example is unknown"
    tell()
    by_mail = msgspec.structs.replace(settings, smtp_url=postbox.url())
    assert send_due(store, by_mail, OPERATOR, at(8, 30)) == Sent(True, 0, 1)
    assert waiting(store) == 1
    assert "was not sent" in caplog.text
    assert "aylar" not in caplog.text
    assert "@" not in caplog.text
    postbox.refuses.clear()
    postbox.hangs_at = ""
    assert send_due(store, by_mail, OPERATOR, at(16, 30)) == Sent(True, 1, 0)
    assert len(postbox.letters) == 1


def test_one_bad_address_does_not_hold_up_the_others(
    aylar: Person, tell: Tell, settings: Settings, store: Store, send: Send, letters: Letters
) -> None:
    make_person(store, settings, "bad", email="айлар@почта")
    tell(account_id="a-bad")
    tell()
    assert send(at(8, 30)) == Sent(True, 1, 1)
    assert [letter["To"] for letter in letters()] == ["aylar@ngo.example"]
    assert send(at(9)) == Sent()
    assert waiting(store) == 1


def test_somebody_without_an_address_sees_it_when_signed_in(
    aylar: Person, tell: Tell, settings: Settings, store: Store, send: Send, letters: Letters
) -> None:
    make_person(store, settings, "merdan")
    tell(account_id="a-merdan")
    assert send(at(8, 30)) == Sent(True, 0, 0)
    assert letters() == []
    with store.read() as db:
        assert column(db, "SELECT way FROM notices") == ["work"]
    assert waiting(store) == 0


def test_a_locked_account_is_written_no_letter(
    aylar: Person, tell: Tell, store: Store, send: Send, letters: Letters
) -> None:
    tell()
    with store.transaction() as db:
        lock(db, OPERATOR, at(8), "aylar")
    send(at(8, 30))
    assert letters() == []


def test_a_practitioner_without_an_account_is_reached_by_her_contact_until_she_withdraws(
    somebody: str, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    tell("confirm", somebody, practitioner_id=somebody)
    send(at(8, 30))
    assert [letter["To"] for letter in letters()] == ["maral@clinic.example"]
    assert "sign-in" not in letters()[0].get_content()
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, at(9), somebody, TODAY.isoformat())
        row = {"practitioner_id": somebody, "email": "maral@clinic.example"}
        db.table("practitioner_contacts").upsert(row, pk="practitioner_id")
    tell("confirm", somebody, practitioner_id=somebody)
    send(at(16, 30))
    assert len(letters()) == 1


def test_her_account_comes_before_her_contact(
    somebody: str, tell: Tell, settings: Settings, store: Store, send: Send, letters: Letters
) -> None:
    account = {"practitioner_id": somebody, "email": "maral@ngo.example"}
    make_person(store, settings, "maral", "practitioner", **account)
    tell("confirm", somebody, practitioner_id=somebody)
    tell("consent_asked", "x-1", account_id="a-maral")
    assert send(at(8, 30)) == Sent(True, 1, 0)
    (letter,) = letters()
    assert letter["To"] == "maral@ngo.example"


@pytest.mark.parametrize(
    ("kind", "asked_for", "purpose"),
    [
        ("consent_asked", None, "consent"),
        ("confirm", None, "confirm"),
        ("link_again", "consent", "consent"),
        ("link_again", "confirm", "confirm"),
    ],
)
def test_the_mail_carries_a_new_link_that_opens_once(
    somebody: str,
    tell: Tell,
    send: Send,
    letters: Letters,
    store: Store,
    kind: str,
    asked_for: str | None,
    purpose: str,
) -> None:
    tell(kind, somebody, practitioner_id=somebody, purpose=asked_for)
    send(at(8, 30))
    code = code_in(letters()[0], purpose)
    with store.read() as db:
        found = find_link(db, purpose, code, at(8, 30, day=13))
        assert found is not None
        assert found.subject_id == somebody
        assert find_link(db, purpose, code, at(8, 30, day=14)) is None


def test_two_notices_of_one_link_share_it(
    somebody: str, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    tell("confirm", somebody, practitioner_id=somebody)
    tell("link_again", somebody, practitioner_id=somebody, purpose="confirm")
    send(at(8, 30))
    with store.read() as db:
        assert find_link(db, "confirm", code_in(letters()[0], "confirm"), at(9)) is not None


def test_a_link_that_acts_for_somebody_is_written_to_nobody_else(
    aylar: Person, somebody: str, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    tell("confirm", somebody, account_id="a-aylar")
    send(at(8, 30))
    assert "/confirm/" not in letters()[0].get_content()
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM links") == [0]


def test_a_mail_is_in_the_language_of_the_last_sign_in(
    aylar: Person, tell: Tell, send: Send, letters: Letters, store: Store
) -> None:
    with store.transaction() as db:
        db.table("accounts").update(aylar.id, {"language": "tg"})
    tell()
    send(at(8, 30))
    assert "/tg/sign-in" in letters()[0].get_content()


@pytest.mark.parametrize("code", LANGUAGES)
def test_44_a_mail_names_neither_network_nor_profession_nor_purpose(
    settings: Settings, code: str
) -> None:
    lines = [Line(says, 2) for says in SAYS.values()]
    language, to = load_language(code), "a@ngo.example"
    letters = [digest(settings, language, to, lines, signs_in=each) for each in (True, False)]
    text = (
        " ".join(f"{each.subject} {each.text}" for each in letters)
        .casefold()
        .replace(settings.base_url, "")
    )
    assert settings.network_name.casefold() not in text
    words = {*FORBIDDEN["en"], *FORBIDDEN[code]}
    assert [word for word in words if re.search(rf"\b{word}", text)] == []


def test_r8_with_her_address_go_the_letters_that_were_kept(
    somebody: str,
    aylar: Person,
    tell: Tell,
    send: Send,
    letters: Letters,
    settings: Settings,
    store: Store,
) -> None:
    assert actions.forget_unknown(store, settings) == 0
    tell("confirm", somebody, practitioner_id=somebody)
    tell()
    send(at(8, 30))
    assert actions.forget_unknown(store, settings) == 0
    with store.transaction() as db:
        withdraw_consent(db, OPERATOR, at(9), somebody, TODAY.isoformat())
    (settings.outbox / ".half").write_text("To: maral@clinic.example")
    assert actions.forget_unknown(store, settings) == 2
    assert [letter["To"] for letter in letters()] == ["aylar@ngo.example"]


def code_in(letter: EmailMessage, purpose: str) -> str:
    (found,) = set(re.findall(rf"/en/{purpose}/([0-9a-z-]+)", letter.get_content()))
    return str(found)
