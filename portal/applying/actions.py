"""What the clock does for applicants: letters are sent, and what is over is erased."""

import logging
from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal import mail
from portal.actor import Actor
from portal.applications.actions import (
    empty_application,
    erase_application,
    queue_letter,
)
from portal.applications.registry import find_decision
from portal.applications.rules import LINK_GOOD_FOR, PURPOSE
from portal.applying.letters import begun, finished, invited
from portal.applying.queries import (
    Waiting,
    find_erasable,
    find_next_letter,
    find_unsent,
    has_joined,
)
from portal.applying.rules import AT_ONCE
from portal.clock import stamp
from portal.db import Store
from portal.files import Shelf
from portal.i18n.language import load_language
from portal.invitations.actions import Wanted, invite
from portal.invitations.queries import is_taken
from portal.links.actions import end_links, make_link
from portal.mail import Letter, Unsent, is_night
from portal.settings import Settings

log = logging.getLogger("portal")


class Written(msgspec.Struct, frozen=True):
    """A letter that is about to be sent, and the code of the link in it."""

    waiting: Waiting
    letter: Letter
    code: str | None


def send_letters(store: Store, settings: Settings, _by: Actor, at: datetime) -> int:
    """Send the letters that wait, each in its applicant's language; how many went. Never at night.

    Each is taken in one transaction, sent outside of any, and marked in another. A crash between
    the last two sends it once more; none is lost.
    """
    if is_night(at, settings.timezone):
        return 0
    sent = 0
    for _ in range(AT_ONCE):
        written = _take_next(store, settings, at)
        if written is None:
            break
        problem = _failure(settings, written.letter, at)
        if problem is None:
            _mark_sent(store, settings, written, at)
            sent += 1
            continue
        # security: the kind of failure alone; neither whose letter nor what it said
        log.warning("a letter was not sent: %s", problem)
        if problem.for_all:
            break
    return sent


def forget_applications(store: Store, settings: Settings, by: Actor, at: datetime) -> int:
    """Erase what nobody confirmed, came back to, or can appeal about any more; how many."""
    shelf = Shelf(settings.files)
    with store.read() as db:
        unsent, over = find_unsent(db, at), find_erasable(db, at)
    for application_id in unsent:
        with store.transaction() as db:
            if application_id in find_unsent(db, at):
                empty_application(db, shelf, by, at, application_id)
                end_links(db, at, PURPOSE, application_id)
                queue_letter(db, at, application_id, "erased")
    for application_id in over:
        with store.transaction() as db:
            if application_id in find_erasable(db, at):
                erase_application(db, shelf, by, at, application_id)
    return len(unsent) + len(over)


def _take_next(store: Store, settings: Settings, at: datetime) -> Written | None:
    with store.read() as db:
        if find_next_letter(db, at) is None:
            return None
    with store.transaction() as db:
        waiting = find_next_letter(db, at)
        return _write(db, settings, at, waiting) if waiting else None


def _write(db: Database, settings: Settings, at: datetime, waiting: Waiting) -> Written:
    """Take a letter: nobody else is at it from here on; its links are made."""
    db.table("application_letters").update(waiting.id, {"claimed_at": stamp(at)})
    known = waiting.language in settings.languages
    language = load_language(waiting.language if known else settings.languages[0])
    code = None
    if waiting.kind != "erased":
        # the link in the reader's hands ends when this one has gone out, not before
        about = (PURPOSE, waiting.application_id)
        code = make_link(db, at, *about, LINK_GOOD_FOR, beside=True)
    parts = begun(settings, language, waiting.kind, code)
    if waiting.kind == "admitted" and (invitation := _invite(db, at, waiting)):
        parts += invited(settings, language, invitation, at)
    return Written(waiting, finished(language, waiting.email, waiting.kind, parts), code)


def _invite(db: Database, at: datetime, waiting: Waiting) -> str | None:
    """The code of an invitation; None for whoever has an account, or once the member has left."""
    organisation_id, decision = waiting.organisation_id, find_decision(db, waiting.application_id)
    if organisation_id is None or decision is None or waiting.state != "admitted":
        return None
    if is_taken(db, waiting.email) or has_joined(db, organisation_id, waiting.email):
        return None
    by = Actor(role="coordinator", account_id=decision.by)
    # security: the directory is opened by two people, later; not by a letter
    wanted = Wanted(waiting.email, "member", organisation_id, directory=False)
    return invite(db, by, at, wanted, called=waiting.contact_name)


def _failure(settings: Settings, letter: Letter, at: datetime) -> Unsent | None:
    try:
        mail.send(settings, letter, at)
    except Unsent as problem:
        return problem
    except Exception as unforeseen:
        # one letter that cannot be written must not hold up those behind it
        return Unsent(f"unforeseen {type(unforeseen).__name__}")
    return None


def _mark_sent(store: Store, settings: Settings, written: Written, at: datetime) -> None:
    waiting = written.waiting
    with store.transaction() as db:
        db.table("application_letters").update(waiting.id, {"sent_at": stamp(at)})
        # in the demo the link that a page has shown stays good
        if written.code is not None and not settings.is_demo:
            end_links(db, at, PURPOSE, waiting.application_id, but=written.code)
