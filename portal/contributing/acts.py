"""What is put into a version and taken out of it again, and what is noted of the people in it."""

from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.contributing.forms import Consent
from portal.contributing.queries import (
    Content,
    find_campaigns,
    find_contents,
    find_newest,
    find_standing,
)
from portal.db import count
from portal.errors import Invalid
from portal.files import Shelf
from portal.i18n.language import Message
from portal.materials.actions import add_file, add_text, add_version, remove_version
from portal.materials.queries import Work, find_original_version
from portal.outbox import announce
from portal.uploads.actions import forget_file, keep_file
from portal.uploads.intake import Inspected


def put_in(
    db: Database,
    by: Actor,
    at: datetime,
    work: Work,
    language: str,
    *,
    folder: Path,
    found: Inspected | None = None,
    link: str | None = None,
) -> None:
    """Add a file that was looked at, or a link, to the newest version of a work.

    Of a file of the same language and kind the new one takes the place.
    """
    newest = find_newest(db, work.id)
    before = find_contents(db, newest.version_id)
    file_id = None
    if found is not None:
        for each in before:
            if each.language == language and each.ending == found.checked.kind.ending:
                take_out(db, by, at, newest.version_id, each, folder)
        file_id = keep_file(db, Shelf(folder), by, at, found.checked, scan=found.scan)
    elif link in {each.link for each in before if each.language == language}:
        return
    add_file(
        db,
        by,
        at,
        newest.version_id,
        language,
        of_version=follows(db, work, language, newest.number),
        file_id=file_id,
        link=link,
    )


def take_out(
    db: Database, by: Actor, at: datetime, version_id: str, content: Content, folder: Path
) -> None:
    """Take a file or link out of a version; the file is forgotten where nothing else has it."""
    db.execute("DELETE FROM material_files WHERE id = ?", [content.id])
    audit.record(db, by, at, "take_file", "material_versions", version_id)
    sql = "SELECT count(*) FROM material_files WHERE file_id = :id"
    if content.file_id is not None and not count(db, sql, id=content.file_id):
        forget_file(db, Shelf(folder), by, at, content.file_id)


def refuse_campaign(db: Database, organisation_id: str | None, campaign_id: str | None) -> None:
    """`Invalid` for a campaign of which the organisation is no part."""
    mine = {each.id for each in find_campaigns(db, organisation_id)}
    if campaign_id is not None and campaign_id not in mine:
        raise Invalid({"campaign_id": [Message("This value cannot be used.")]})


USED = """
    SELECT (SELECT count(*) FROM activity_materials WHERE material_id = :id)
        + (SELECT count(*) FROM event_materials WHERE material_id = :id)
        + (SELECT count(*) FROM wish_answers WHERE material_id = :id)
        + (SELECT count(*) FROM materials WHERE adapted_from = :id)
"""


def throw_away(db: Database, by: Actor, at: datetime, work: Work, folder: Path) -> None:
    """Delete the newest version, a draft, with its files; with the only one all of the work."""
    newest = find_newest(db, work.id)
    for each in find_contents(db, newest.version_id):
        db.table("download_counts").delete_where("material_file_id = ?", [each.id])
        take_out(db, by, at, newest.version_id, each, folder)
    if newest.number == 1:
        if count(db, USED, id=work.id):
            said = Message("This material is used elsewhere: take it out there first.")
            raise Invalid({"all": [said]})
        mine = "SELECT id FROM image_consents WHERE material_id = ?"
        sql = f"consent_id IN ({mine})"
        db.table("image_consent_reminders").delete_where(sql, [work.id])
        db.table("image_consents").delete_where("material_id = ?", [work.id])
    remove_version(db, by, at, newest.version_id)


def follows(db: Database, work: Work, language: str, number: int) -> int:
    """Which version of the original a file of a language follows."""
    if language == work.language:
        return number
    return find_original_version(db, work.id, number)


def note_consent(db: Database, by: Actor, at: datetime, material_id: str, consent: Consent) -> None:
    """Note that the people in a picture agreed; the same said twice is noted once."""
    row = {
        "material_id": material_id,
        "given_on": consent.given_on.isoformat(),
        "until": consent.until.isoformat(),
        "whose": consent.whose,
        "reference": consent.reference,
    }
    same = (
        "material_id = :material_id AND given_on = :given_on AND until = :until"
        " AND whose = :whose AND reference IS :reference AND ended_at IS NULL"
    )
    if db.table("image_consents").count_where(same, row):
        return
    db.table("image_consents").insert({**row, "by": by.account_id or by.role})
    audit.record(db, by, at, "note_consent", "materials", material_id)
    announce(db, "materials", material_id)


def end_consent(db: Database, by: Actor, at: datetime, material_id: str, consent_id: int) -> None:
    """Note that the people in a picture agree no longer; nothing when it was ended before."""
    ended = db.execute(
        "UPDATE image_consents SET ended_at = :now"
        " WHERE id = :id AND material_id = :material AND ended_at IS NULL",
        {"now": stamp(at), "id": consent_id, "material": material_id},
    )
    if ended.rowcount:
        audit.record(db, by, at, "end_consent", "materials", material_id)
        announce(db, "materials", material_id)


def copy_standing(
    db: Database, by: Actor, at: datetime, work: Work, before: int, note: str | None = None
) -> None:
    """A further version with the files and texts that stood before it was withdrawn."""
    files, texts = find_standing(db, work.id)
    version_id = add_version(db, by, at, work.id, note)
    originals = [each.of_version for each in files if each.language == work.language]
    originals += [each.of_version for each in texts if each.language == work.language]
    newest = max(originals, default=1)

    def renumbered(of_version: int) -> int:
        return before + 1 if of_version >= newest else of_version

    for each in files:
        put = {"file_id": each.file_id, "link": each.link}
        of_version = renumbered(each.of_version)
        add_file(db, by, at, version_id, each.language, of_version=of_version, **put)
    for text in texts:
        of_version = renumbered(text.of_version)
        add_text(db, by, at, version_id, text.language, text.body, of_version=of_version)
