"""Write and send the two mails a day."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal import audit, mail
from portal.actor import Actor
from portal.clock import stamp
from portal.db import Store
from portal.digests.letters import SUBJECT, Line, digest
from portal.digests.queries import (
    Recipient,
    Told,
    find_addresses,
    find_last,
    find_next_recipient,
    find_told,
    find_without_address,
    has_letters,
)
from portal.digests.rules import AT_ONCE, is_due, slot_of
from portal.i18n.language import Language, load_language
from portal.links.actions import make_link
from portal.mail import Letter, Unsent, is_night
from portal.notices.rules import GOOD_FOR, SAYS, purpose_of
from portal.settings import Settings

log = logging.getLogger("portal")


class Sent(msgspec.Struct, frozen=True):
    """What a round has done."""

    begun: bool = False
    sent: int = 0
    failed: int = 0


class Written(msgspec.Struct, frozen=True):
    """A letter that is about to be sent, and the notices it tells."""

    letter: Letter
    notices: list[int]


def send_due(store: Store, settings: Settings, by: Actor, at: datetime) -> Sent:
    """Begin the digest whose hour has come, and send the letters that wait; never at night.

    Each letter is taken in one transaction, sent outside of any, and marked in another. A crash
    between the last two sends it once more; none is lost.
    """
    if is_night(at, settings.timezone):
        return Sent()
    begun = begin(store, settings, by, at)
    sent = failed = 0
    for _ in range(AT_ONCE):
        written = _take_next(store, settings, at)
        if written is None:
            break
        if problem := _failure(settings, written.letter, at):
            failed += 1
            _put_off(store, written, problem)
            if problem.for_all:
                break
        else:
            sent += 1
            _mark_sent(store, written, at)
    return Sent(begun, sent, failed)


def forget_unknown(store: Store, settings: Settings) -> int:
    """Take letters out of the outbox whose address was erased, as with a withdrawn consent."""
    if not settings.outbox.is_dir():
        return 0
    with store.read() as db:
        known = find_addresses(db)
    return mail.forget_kept(settings.outbox, known)


def begin(store: Store, settings: Settings, by: Actor, at: datetime) -> bool:
    """Put all that waits into the digest whose hour has come; False when it was begun already."""
    with store.read() as db:
        if not _is_due(db, settings, at):
            return False
    with store.transaction() as db:
        # somebody else may have been faster
        if not _is_due(db, settings, at):
            return False
        row = {"slot": slot_of(at, settings.timezone), "begun_at": stamp(at)}
        digest_id = db.table("digests").insert(row).last_pk
        for notice_id in find_without_address(db):
            db.table("notices").update(notice_id, {"sent_at": stamp(at), "way": "work"})
        waiting = "UPDATE notices SET digest_id = ?, claimed_at = NULL WHERE sent_at IS NULL"
        told = db.execute(waiting, [digest_id]).rowcount
        audit.record(db, by, at, "begin", "digests", str(digest_id), notices=told)
    return True


def _is_due(db: Database, settings: Settings, at: datetime) -> bool:
    last = find_last(db)
    slot, begun_at = (last.slot, last.begun_at) if last else (None, None)
    return is_due(slot, begun_at, at, settings.timezone)


def _take_next(store: Store, settings: Settings, at: datetime) -> Written | None:
    with store.read() as db:
        if not has_letters(db, at):
            return None
    with store.transaction() as db:
        recipient = find_next_recipient(db, at)
        return write(db, settings, at, recipient) if recipient else None


def write(db: Database, settings: Settings, at: datetime, recipient: Recipient) -> Written:
    """Take a person's letter: nobody else is at it from here on; its links are made."""
    told = find_told(db, recipient, at)
    for each in told:
        db.table("notices").update(each.id, {"claimed_at": stamp(at)})
    known = recipient.language in settings.languages
    language = load_language(str(recipient.language) if known else settings.languages[0])
    lines = list(_lines(db, settings, language, at, told))
    signs_in = recipient.has_account
    letter = digest(settings, language, recipient.email, lines, signs_in=signs_in)
    return Written(letter, [each.id for each in told])


def _lines(
    db: Database, settings: Settings, language: Language, at: datetime, told: list[Told]
) -> Iterable[Line]:
    """Each sentence once, with its number; each link is made once, a second would end the first."""
    times = Counter((each.kind, each.purpose) for each in told)
    subject = next((each.subject for each in told if each.subject), None)
    links: dict[str, str] = {}
    for (kind, asked_for), number in times.items():
        purpose = purpose_of(kind, asked_for)
        if purpose and subject and purpose not in links:
            code = make_link(db, at, purpose, subject, GOOD_FOR[purpose])
            links[purpose] = f"{settings.base_url}/{language.code}/{purpose}/{code}"
        yield Line(SAYS.get(kind, SUBJECT), number, links.get(purpose or ""))


def _failure(settings: Settings, letter: Letter, at: datetime) -> Unsent | None:
    try:
        mail.send(settings, letter, at)
    except Unsent as problem:
        return problem
    except Exception as unforeseen:
        # one letter that cannot be written must not hold up those behind it
        return Unsent(f"unforeseen {type(unforeseen).__name__}")
    return None


def _mark_sent(store: Store, written: Written, at: datetime) -> None:
    with store.transaction() as db:
        for notice_id in written.notices:
            db.table("notices").update(notice_id, {"sent_at": stamp(at), "way": "mail"})
        db.execute(_COUNT_SENT)


def _put_off(store: Store, written: Written, problem: Unsent) -> None:
    # security: the kind of failure alone; neither whose letter nor what it said
    log.warning("a letter was not sent: %s", problem)
    with store.transaction() as db:
        if not problem.for_all:
            # this one is for the next digest; those of others go on
            for notice_id in written.notices:
                db.table("notices").update(notice_id, {"digest_id": None})
        db.execute(_COUNT_FAILED)


_COUNT_SENT = "UPDATE digests SET sent = sent + 1 WHERE id = (SELECT max(id) FROM digests)"
_COUNT_FAILED = "UPDATE digests SET failed = failed + 1 WHERE id = (SELECT max(id) FROM digests)"
