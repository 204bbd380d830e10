"""Letters: handed to the configured mail server, or kept as files for whoever carries them on.

Nothing leaves between 20:00 and 08:00 on the network's own clock. What went wrong is told by its
kind alone: neither an address nor a server's own words reach a log.
"""

import contextlib
import os
import secrets
import smtplib
import ssl
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from portal.errors import PortalError
from portal.settings import LOOPBACK, Settings

MORNING, EVENING = 8, 20

# of each step of the conversation with the server; a letter takes about eight
PATIENCE_SECONDS = 15.0


class Letter(msgspec.Struct, frozen=True):
    """One letter to one person."""

    to: str
    subject: str
    text: str


class Unsent(PortalError):
    """A letter was not handed over; `for_all` says that no other one would be now."""

    def __init__(self, why: str, *, for_all: bool = False) -> None:
        super().__init__(why)
        self.for_all = for_all


class Server(msgspec.Struct, frozen=True):
    """The mail server of a `PORTAL_SMTP_URL`."""

    host: str
    port: int
    wrapped: bool
    user: str
    password: str
    sender: str


def is_night(at: datetime, timezone: str) -> bool:
    """20:00 to 08:00 where the network lives: nothing is sent."""
    return not MORNING <= at.astimezone(ZoneInfo(timezone)).hour < EVENING


def send(settings: Settings, letter: Letter, at: datetime) -> None:
    """Hand a letter over, or keep it; `Unsent` when neither could be done."""
    if is_night(at, settings.timezone):
        raise Unsent("it is night", for_all=True)
    if not settings.smtp_url:
        return _keep(settings.outbox, _message(letter, f"portal@{_host_of(settings)}", at))
    server = server_of(settings)
    return _hand_over(server, letter.to, _message(letter, server.sender, at))


def server_of(settings: Settings) -> Server:
    """The configured server; the sender is the user, unless `?from=` names another."""
    parts = urlsplit(settings.smtp_url)
    user, host = unquote(parts.username or ""), parts.hostname or ""
    known = user if "@" in user else f"portal@{_host_of(settings)}"
    wrapped = parts.scheme == "smtps"
    return Server(
        host=host,
        port=parts.port or (465 if wrapped else 587),
        wrapped=wrapped,
        user=user,
        password=unquote(parts.password or ""),
        sender=parse_qs(parts.query).get("from", [known])[0],
    )


def _host_of(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or "localhost"


def _message(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    try:
        letter.to.encode("ascii")  # others need a server that few have
        message["From"] = sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(at.astimezone(UTC))
        # security: not the name of this machine, which make_msgid takes by itself
        message["Message-ID"] = make_msgid(domain=domain)
        message["Auto-Submitted"] = "auto-generated"
    except (ValueError, IndexError):
        # security: the library's own words would quote the address
        raise Unsent("the address is none") from None
    message.set_content(letter.text, charset="utf-8")
    return message


def _hand_over(server: Server, to: str, message: EmailMessage) -> None:
    try:
        with _connected(server) as smtp:
            smtp.send_message(message, server.sender, [to])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
        raise Unsent("the server refuses this letter") from None
    except (
        OSError
    ) as error:  # what else smtplib and ssl raise; a bad certificate is a ValueError too
        raise Unsent(f"the mail server failed: {type(error).__name__}", for_all=True) from None
    except ValueError:
        raise Unsent("the address is none") from None


@contextlib.contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A conversation with the server; its goodbye is not waited for: the letter is gone by then."""
    smtp = _connect(server)
    try:
        if not server.wrapped and server.host not in LOOPBACK:
            # security: a server that offers no encryption gets neither a password nor a letter
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        with contextlib.suppress(OSError):
            smtp.quit()
    finally:
        smtp.close()


def _connect(server: Server) -> smtplib.SMTP:
    # security: the server is greeted with the sender's domain, not with the name of this machine
    domain = server.sender.rpartition("@")[2]
    if not server.wrapped:
        return smtplib.SMTP(server.host, server.port, domain, PATIENCE_SECONDS)
    return smtplib.SMTP_SSL(
        server.host,
        server.port,
        domain,
        timeout=PATIENCE_SECONDS,
        context=ssl.create_default_context(),
    )


def _keep(folder: Path, message: EmailMessage) -> None:
    """A file of a random name, in place whole or not at all, for this account of the machine."""
    name = secrets.token_hex(12)
    unfinished = folder / f".{name}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(unfinished, "xb", opener=_private) as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(folder / f"{name}.eml")
        _save_names(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise Unsent(f"the outbox failed: {type(error).__name__}", for_all=True) from None


def forget_kept(folder: Path, known: Container[str]) -> int:
    """Overwrite and take away kept letters to addresses that are not known any more."""
    forgotten = 0
    for path in [*folder.glob("*.eml"), *folder.glob(".*")]:
        with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
            to = BytesHeaderParser(policy=SMTP).parse(file)["To"]
            if str(to or "").casefold() in known:
                continue
            size = path.stat().st_size
            file.seek(0)
            file.write(bytes(size))
            file.flush()
            os.fsync(file.fileno())
            path.unlink()
            forgotten += 1
    return forgotten


def _save_names(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
