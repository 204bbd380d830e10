"""A letter is handed over whole or not at all, by day, and nothing of it reaches a log."""

import ssl
import stat
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from portal import mail
from portal.errors import Misconfigured
from portal.mail import Letter, Unsent, is_night, send, server_of
from portal.settings import Settings, read_settings
from tests.conftest import MOMENT, settings_for
from tests.postbox import Postbox, opened_postbox

LETTER = Letter("aylar@ngo.example", "Siziň üçin", "Salam, Ҷаҳон!\nhttp://localhost/tk\n")


def by(postbox: Postbox, folder: Path, **more: str) -> Settings:
    return msgspec.structs.replace(settings_for(folder), smtp_url=postbox.url(**more))


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "outbox").iterdir()) if (folder / "outbox").exists() else []


def test_without_a_server_a_letter_is_kept_for_this_account_alone(tmp_path: Path) -> None:
    send(settings_for(tmp_path), LETTER, MOMENT)
    send(settings_for(tmp_path), LETTER, MOMENT)
    first, second = kept(tmp_path)
    assert first.suffix == second.suffix == ".eml"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    message = message_from_bytes(first.read_bytes(), policy=default)
    assert message["To"] == LETTER.to
    assert message["Subject"] == LETTER.subject
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


def test_r3_a_full_disk_leaves_no_half_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.mail.os.fsync", full)
    with pytest.raises(Unsent, match="outbox"):
        send(settings_for(tmp_path), LETTER, MOMENT)
    assert kept(tmp_path) == []


def test_a_server_gets_the_letter_and_no_name_of_this_machine(
    tmp_path: Path, postbox: Postbox
) -> None:
    send(by(postbox, tmp_path, user="post%40portal.example:p%3Aw@"), LETTER, MOMENT)
    (message,) = postbox.letters
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert message["From"] == "post@portal.example"
    assert message["Message-ID"].endswith("@portal.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert postbox.said[0] == "ehlo portal.example"
    assert kept(tmp_path) == []


@pytest.mark.parametrize("hour", [0, 7, 20, 23])
def test_nothing_is_sent_at_night(tmp_path: Path, hour: int) -> None:
    at = MOMENT.replace(hour=0) + timedelta(hours=hour - 5)  # Ashgabat is five hours ahead
    assert is_night(at, "Asia/Ashgabat")
    with pytest.raises(Unsent, match="night"):
        send(settings_for(tmp_path), LETTER, at)
    assert kept(tmp_path) == []


@pytest.mark.parametrize("hour", [8, 12, 19])
def test_the_day_is_that_of_the_network(hour: int) -> None:
    assert not is_night(MOMENT.replace(hour=hour - 5), "Asia/Ashgabat")


@pytest.mark.parametrize(
    ("verb", "answer", "for_all"),
    [
        ("EHLO", "554 no", True),
        ("MAIL", "451 later", True),
        ("RCPT", "550 unknown", False),
        ("DATA", "554 spam", False),
        ("AUTH", "535 wrong", True),
    ],
)
def test_a_refusal_says_neither_address_nor_the_servers_words(
    tmp_path: Path, postbox: Postbox, verb: str, answer: str, for_all: bool
) -> None:
    postbox.refuses[verb] = f"{answer} {LETTER.to}"
    if verb == "EHLO":
        postbox.refuses["HELO"] = answer
    with pytest.raises(Unsent) as problem:
        send(by(postbox, tmp_path, user="u:p@"), LETTER, MOMENT)
    assert problem.value.for_all is for_all
    assert "aylar" not in str(problem.value)
    assert answer not in str(problem.value)
    assert problem.value.__cause__ is None
    assert not postbox.letters


def test_a_server_that_hangs_is_not_waited_for(
    tmp_path: Path, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 0.2)
    postbox.hangs_at = "DATA"
    with pytest.raises(Unsent) as problem:
        send(by(postbox, tmp_path), LETTER, MOMENT)
    assert problem.value.for_all


def test_a_letter_that_was_taken_is_sent_whatever_follows(
    tmp_path: Path, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 0.2)
    postbox.hangs_at = "QUIT"
    send(by(postbox, tmp_path), LETTER, MOMENT)
    assert len(postbox.letters) == 1


def test_nobody_listens(tmp_path: Path, postbox: Postbox) -> None:
    settings = by(postbox, tmp_path)
    postbox.close()
    with pytest.raises(Unsent, match="ConnectionRefusedError"):
        send(settings, LETTER, MOMENT)


def test_without_encryption_neither_password_nor_letter_leaves_the_machine(tmp_path: Path) -> None:
    # 127.0.0.2 is this machine too, and not one of the names by which the portal knows it
    with opened_postbox("127.0.0.2") as box:
        with pytest.raises(Unsent, match="SMTPNotSupportedError"):
            send(by(box, tmp_path, host="127.0.0.2", user="u:p@"), LETTER, MOMENT)
        assert [line.split()[0] for line in box.said] == ["ehlo"]


def test_a_certificate_that_is_not_trusted_stops_all_letters(
    tmp_path: Path, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def distrust(*_arguments: object, **_more: object) -> None:
        raise ssl.SSLCertVerificationError("self-signed certificate")

    monkeypatch.setattr("portal.mail.smtplib.SMTP.starttls", distrust)
    with opened_postbox("127.0.0.2") as box, pytest.raises(Unsent) as problem:
        send(by(box, tmp_path, host="127.0.0.2"), LETTER, MOMENT)
    assert problem.value.for_all


@pytest.mark.parametrize("to", ["", "a\nBcc: b@ngo.example", "айлар@ngo.example", "nobody"])
def test_what_is_no_address_holds_up_nobody(tmp_path: Path, postbox: Postbox, to: str) -> None:
    postbox.refuses["RCPT"] = "501 no address"
    with pytest.raises(Unsent) as problem:
        send(by(postbox, tmp_path), msgspec.structs.replace(LETTER, to=to), MOMENT)
    assert not problem.value.for_all


def test_the_setting_in_its_forms(tmp_path: Path) -> None:
    def server(url: str) -> mail.Server:
        return server_of(msgspec.structs.replace(settings_for(tmp_path), smtp_url=url))

    assert (server("smtp://h").port, server("smtps://h").port) == (587, 465)
    assert server("smtps://h").wrapped
    assert server("smtp://key:p@h:25?from=post@portal.example").sender == "post@portal.example"
    assert server("smtp://key:p@h:25").sender == "portal@localhost"


@pytest.mark.parametrize(
    "url", ["http://h", "smtp://", "smtp://h:port", "mail.example", "smtp://h:0", "smtp://h:99999"]
)
def test_a_wrong_setting_is_named_and_not_shown(url: str) -> None:
    with pytest.raises(Misconfigured, match="PORTAL_SMTP_URL") as problem:
        read_settings({"PORTAL_SMTP_URL": url})
    assert url == "smtp://" or url not in str(problem.value)
