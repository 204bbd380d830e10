"""Give a material, work on it, send it for a second look, take it back, hide it at once."""

from datetime import date, datetime
from pathlib import Path

from sqlite_utils import Database

from portal.accounts.queries import find_members_of
from portal.actor import Actor
from portal.approvals.actions import ask, withdraw_approval
from portal.approvals.queries import find_open
from portal.clock import stamp
from portal.contributing.acts import (
    copy_standing,
    end_consent,
    follows,
    note_consent,
    put_in,
    refuse_campaign,
    take_out,
    throw_away,
)
from portal.contributing.forms import Consent, Given, Renewed, Reworded, Written, plain_words
from portal.contributing.queries import (
    find_consents,
    find_contents,
    find_newest,
    find_states,
    find_texts_of,
    get_kept_for,
    words_of,
)
from portal.contributing.registry import Ending, find_ending
from portal.contributing.rules import (
    RELEASED,
    id_of_form,
    may_edit,
    may_reword,
    stamp_of,
)
from portal.db import column
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.materials.actions import (
    add_text,
    add_version,
    save_work,
    set_version_state,
    withdraw_work,
)
from portal.materials.queries import get_work
from portal.materials.rules import may_carry, may_contribute, why_not_adapt
from portal.notices.actions import notify
from portal.papers.rules import steps_due
from portal.uploads.intake import Inspected


class Moved(Invalid):
    """Somebody else changed the same meanwhile; the fields that differ, with what stands there."""

    def __init__(self, theirs: dict[str, object]) -> None:
        said = Message(
            "Somebody else changed this meanwhile. Save again to put yours in its place."
        )
        super().__init__({name: [said] for name in theirs})
        self.theirs = theirs


def give(
    db: Database,
    by: Actor,
    at: datetime,
    given: Given,
    *,
    folder: Path,
    found: Inspected | None = None,
    adapted_from: str | None = None,
) -> str:
    """A new work of the actor's own organisation, with its first version; its id.

    The same form sent twice is one work. `adapted_from` is a work whose licence allows it.
    """
    if not may_contribute(by):
        raise NotAllowed
    material_id = id_of_form(by.account_id, given.key)
    if db.table("materials").count_where("id = ?", [material_id]):
        return material_id
    refuse_campaign(db, by.organisation_id, given.campaign_id)
    row = {**given.row(), "organisation_id": by.organisation_id}
    if adapted_from is not None:
        refuse_licence(db, adapted_from, given.licence)
        row |= {"adapted_from": adapted_from, "adapted_how": given.adapted_how}
    save_work(db, by, at, material_id, row)
    version_id = add_version(db, by, at, material_id)
    work = get_work(db, material_id)
    if found is not None or given.link is not None:
        put_in(db, by, at, work, given.language, folder=folder, found=found, link=given.link)
    if given.body is not None:
        add_text(db, by, at, version_id, given.language, given.body, of_version=1)
    if given.consent is not None:
        note_consent(db, by, at, material_id, given.consent)
    if given.send == "ask":
        send(db, by, at, at.date(), material_id, pictures=given.consent is not None)
    return material_id


def refuse_licence(db: Database, original: str, licence: str) -> None:
    """`Invalid` where the licence of the original forbids this adaptation."""
    theirs = get_work(db, original).licence
    if why := why_not_adapt(theirs):
        raise Invalid({"all": [why]})
    if not may_carry(theirs, licence):
        said = Message("The licence of the original does not allow this one.")
        raise Invalid({"licence": [said]})


def reword(db: Database, by: Actor, at: datetime, material_id: str, words: Reworded) -> None:
    """Change the words of a work; `Moved` when somebody else did since they were read.

    What is released by two people stands still while a version waits or is published, and a work
    for members is opened to everybody only before.
    """
    work = get_kept_for(db, by, material_id)
    now, wanted = words_of(work), plain_words(words)
    differing = {name: now[name] for name in now if now[name] != wanted[name]}
    if not differing:
        return
    if words.seen != stamp_of(now):
        raise Moved(differing)
    if not may_reword(find_states(db, material_id)):
        widened = {"visibility"} if wanted["visibility"] == "public" else set()
        if wrong := sorted((RELEASED | widened) & set(differing)):
            said = Message("Withdraw the material first: two people release this anew.")
            raise Invalid({name: [said] for name in wrong})
    if work.adapted_from is not None and "licence" in differing:
        refuse_licence(db, work.adapted_from, words.licence)
    if "campaign_id" in differing:
        refuse_campaign(db, work.organisation_id, words.campaign_id)
    # a campaign that is hidden from this person stays
    hidden = {"campaign_id"} - set(differing)
    row = {name: value for name, value in words.row().items() if name not in hidden}
    save_work(db, by, at, material_id, row)


def add_content(
    db: Database,
    by: Actor,
    at: datetime,
    material_id: str,
    language: str,
    *,
    folder: Path,
    found: Inspected | None = None,
    link: str | None = None,
) -> None:
    """Put a file or a link into the draft of a work."""
    work = get_kept_for(db, by, material_id)
    _refuse_settled(db, material_id)
    put_in(db, by, at, work, language, folder=folder, found=found, link=link)


def remove_content(
    db: Database, by: Actor, at: datetime, material_id: str, content_id: str, folder: Path
) -> None:
    """Take a file or a link out of the draft of a work; nothing when it is gone already."""
    get_kept_for(db, by, material_id)
    version_id = _refuse_settled(db, material_id)
    for each in find_contents(db, version_id):
        if each.id == content_id:
            take_out(db, by, at, version_id, each, folder)


def write(db: Database, by: Actor, at: datetime, material_id: str, written: Written) -> None:
    """Write the text of a draft in a language; `Moved` when somebody else did meanwhile."""
    work = get_kept_for(db, by, material_id)
    version_id = _refuse_settled(db, material_id)
    bodies = {each.language: each.body for each in find_texts_of(db, version_id)}
    now = bodies.get(written.language)
    if now == written.body:
        return
    if now is not None and written.seen != stamp_of({"body": now}):
        raise Moved({"body": now})
    of_version = follows(db, work, written.language, find_newest(db, material_id).number)
    language, body = written.language, written.body
    add_text(db, by, at, version_id, language, body, of_version=of_version)


def renew(db: Database, by: Actor, at: datetime, material_id: str, renewed: Renewed) -> None:
    """A newer version of a work, a draft; nothing while there is one that is not out yet.

    What was withdrawn stands in it again, to be changed.
    """
    work = get_kept_for(db, by, material_id)
    newest = find_newest(db, material_id)
    if newest.state == "published":
        add_version(db, by, at, material_id, renewed.note)
    elif newest.state == "withdrawn":
        copy_standing(db, by, at, work, newest.number, renewed.note)


def send(
    db: Database, by: Actor, at: datetime, today: date, material_id: str, *, pictures: bool
) -> None:
    """Send the draft of a work to a second person; sent twice it waits once.

    `pictures` says that people can be recognised: then somebody has to have agreed.
    """
    get_kept_for(db, by, material_id)
    newest = find_newest(db, material_id)
    if newest.state == "waiting":
        return
    _refuse_settled(db, material_id)
    if not find_contents(db, newest.version_id) and not find_texts_of(db, newest.version_id):
        raise Invalid({"file": [Message("Choose a file, give a link or write a text first.")]})
    consents = find_consents(db, material_id, today)
    if pictures and not any(each.state != "ended" for each in consents):
        said = Message("Note first that the people in the pictures agree.")
        raise Invalid({"pictures": [said]})
    set_version_state(db, by, at, newest.version_id, "waiting")
    look = f"materials/{material_id}/versions/{newest.number}"
    ask(db, by, at, "publish_material", newest.version_id, look=look)


def take_back(db: Database, by: Actor, at: datetime, material_id: str) -> None:
    """Take back what one sent for a second look oneself; nothing when it does not wait."""
    get_kept_for(db, by, material_id)
    waiting = find_open(db, at, "publish_material", find_newest(db, material_id).version_id)
    if waiting is not None:
        withdraw_approval(db, by, at, waiting)


def withdraw(db: Database, by: Actor, at: datetime, material_id: str) -> None:
    """Hide a work from everybody at once, alone."""
    get_kept_for(db, by, material_id)
    withdraw_work(db, by, at, material_id)


def discard(db: Database, by: Actor, at: datetime, material_id: str, folder: Path) -> None:
    """Throw the draft of a work away with its files; with the only version all of the work."""
    work = get_kept_for(db, by, material_id)
    _refuse_settled(db, material_id)
    throw_away(db, by, at, work, folder)


def put_back(db: Database, by: Actor, at: datetime, today: date, material_id: str) -> None:
    """Ask that what was withdrawn be shown again: as a new version, by two people."""
    work = get_kept_for(db, by, material_id)
    newest = find_newest(db, material_id)
    if newest.state != "withdrawn":
        return
    copy_standing(db, by, at, work, newest.number)
    has_consents = bool(find_consents(db, material_id, today))
    send(db, by, at, today, material_id, pictures=has_consents)


def add_consent(db: Database, by: Actor, at: datetime, material_id: str, consent: Consent) -> None:
    """Note that the people in a picture agree."""
    get_kept_for(db, by, material_id)
    note_consent(db, by, at, material_id, consent)


def stop_consent(db: Database, by: Actor, at: datetime, material_id: str, consent_id: int) -> None:
    """Note that they agree no longer: from now on nobody outside gets the files."""
    get_kept_for(db, by, material_id)
    known = column(db, "SELECT id FROM image_consents WHERE material_id = :id", id=material_id)
    if consent_id not in known:
        raise NotFound
    end_consent(db, by, at, material_id, consent_id)


def remind_of_consents(db: Database, _by: Actor, at: datetime, today: date) -> int:
    """Tell an organisation that a consent in its pictures ends, 30, 14 and 3 days before.

    Each step is told once; steps that were missed are told as one.
    """
    return sum(_remind(db, at, today, ending) for ending in find_ending(db, today))


def _remind(db: Database, at: datetime, today: date, ending: Ending) -> int:
    told = db.table("image_consent_reminders")
    untold = [
        {"consent_id": ending.id, "days_before": days}
        for days in steps_due(ending.until, today)
        if not told.count_where("consent_id = ? AND days_before = ?", [ending.id, days])
    ]
    if not untold or ending.organisation_id is None:
        return 0
    told.insert_all({**row, "at": stamp(at)} for row in untold)
    for account_id in find_members_of(db, ending.organisation_id):
        notify(db, at, "image_consent_ends", ending.material_id, account_id=account_id)
    return 1


def _refuse_settled(db: Database, material_id: str) -> str:
    """The version that may be edited; `Invalid` when the newest one waits or is out."""
    newest = find_newest(db, material_id)
    if not may_edit(newest.state):
        said = Message("This version cannot be changed now. Take it back, or begin a newer one.")
        raise Invalid({"all": [said]})
    return newest.version_id
