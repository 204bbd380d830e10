"""An invitation to an address is mailed too, in neutral words, by day."""

import logging
from datetime import timedelta

import msgspec
import pytest

from portal.clock import now
from portal.i18n.language import load_language
from portal.invitations.letters import invitation, mail_invitation
from portal.settings import Settings
from tests.conftest import LANGUAGES, MOMENT
from tests.postbox import opened_postbox
from tests.test_cli import run_here

CODE = "abcd-efgh-jkmn-pqrs-tvwx-yz01-2345"


def by(settings: Settings, url: str) -> Settings:
    return msgspec.structs.replace(settings, smtp_url=url)


def test_the_link_goes_to_the_address(settings: Settings) -> None:
    with opened_postbox() as box:
        english = load_language("en")
        to = "guest@ngo.example"
        assert mail_invitation(by(settings, box.url()), english, to, CODE, MOMENT) is True
    (letter,) = box.letters
    assert letter["To"] == to
    assert f"http://localhost:8000/join/{CODE}" in letter.get_content()


def test_without_address_or_server_or_at_night_nothing_is_tried(settings: Settings) -> None:
    english = load_language("en")
    with opened_postbox() as box:
        mailing = by(settings, box.url())
        assert mail_invitation(mailing, english, None, CODE, MOMENT) is None
        assert mail_invitation(mailing, english, "Aylar", CODE, MOMENT) is None
        assert mail_invitation(settings, english, "guest@ngo.example", CODE, MOMENT) is None
        night = MOMENT + timedelta(hours=10)
        assert mail_invitation(mailing, english, "guest@ngo.example", CODE, night) is None
    assert box.said == []
    assert not settings.outbox.exists()


def test_a_server_that_fails_is_told_of_without_address_or_code(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with opened_postbox() as box:
        box.refuses["RCPT"] = "550 guest@ngo.example"
        to = "guest@ngo.example"
        english = load_language("en")
        assert mail_invitation(by(settings, box.url()), english, to, CODE, MOMENT) is False
    assert "not mailed" in caplog.text
    assert "guest" not in caplog.text
    assert CODE not in caplog.text


@pytest.mark.parametrize("code", LANGUAGES)
def test_44_the_mail_names_neither_network_nor_role(settings: Settings, code: str) -> None:
    letter = invitation(settings, load_language(code), "a@ngo.example", CODE, MOMENT)
    text = f"{letter.subject} {letter.text}".casefold()
    for word in (settings.network_name, "network", "member", "coordinator", "traffick", "сет"):
        assert word.casefold() not in text


def where_it_is(hour: int) -> str:
    """A time zone in which it is that hour now."""
    ahead = (hour - now().hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"  # their signs are the other way round


@pytest.mark.parametrize(
    ("hour", "refused", "says", "letters"),
    [
        (12, {}, "also sent", 1),
        (12, {"RCPT": "550 no"}, "could not be sent", 0),
        (22, {}, "between 20:00 and 08:00", 0),
    ],
)
def test_the_command_says_how_it_went(
    settings: Settings, hour: int, refused: dict[str, str], says: str, letters: int
) -> None:
    invite = ("user", "invite", "guest@ngo.example", "--role", "observer")
    with opened_postbox() as box:
        box.refuses.update(refused)
        environ = {"PORTAL_SMTP_URL": box.url(), "PORTAL_TIMEZONE": where_it_is(hour)}
        answer = run_here(settings.data_dir, *invite, **environ)
    assert answer.returncode == 0, answer.stderr
    assert "/join/" in answer.stdout
    assert says in answer.stdout + answer.stderr
    assert len(box.letters) == letters
