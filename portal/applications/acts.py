"""What an applicant writes and shows, step by step, while an application may be changed."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.applications.queries import (
    Application,
    Evidence,
    count_bytes_unsent,
    find_charter_of,
    find_evidence,
    find_questions,
    get_application,
)
from portal.applications.rules import (
    APPEAL,
    APPLICANT,
    CONTACT_MUST,
    FEW_BYTES,
    FEW_FILES,
    MOST_BYTES_OF_ALL,
    MOST_BYTES_UNSENT,
    MOST_FILES,
    ORGANISATION_MUST,
    SENT,
)
from portal.charter.queries import find_version
from portal.clock import stamp
from portal.db import as_json
from portal.errors import Invalid, NotFound
from portal.files import Shelf, hash_of
from portal.i18n.language import Message
from portal.uploads.actions import forget_file, keep_file
from portal.uploads.intake import Inspected

MB = 1024 * 1024


def save_organisation_of(
    db: Database, at: datetime, application_id: str, changes: Mapping[str, Any]
) -> None:
    """Say who applies: the named columns."""
    _get_unsent(db, application_id)
    kept = {k: as_json(v) if k in ("names", "services") else v for k, v in changes.items()}
    _touch(db, at, application_id, "save_organisation", **kept)


def answer_criterion(
    db: Database, at: datetime, application_id: str, code: str, answer: str, version: int | None
) -> None:
    """Answer one criterion as it stood in the version that was read; an empty answer is none."""
    _open_criterion(db, application_id, code)
    mine = "application_id = ? AND code = ?"
    db.table("application_answers").delete_where(mine, [application_id, code])
    if answer:
        read = _version_read(db, application_id, version)
        row = {"application_id": application_id, "code": code, "version": read}
        db.table("application_answers").insert({**row, "answer": answer, "at": stamp(at)})
    _touch(db, at, application_id, "answer_criterion", code=code)


def draft_appeal(db: Database, at: datetime, application_id: str, words: str) -> None:
    """Keep what is said against a decision until it is sent."""
    open_appeal(db, at, application_id)
    mine = "application_id = ? AND code = ?"
    db.table("application_answers").delete_where(mine, [application_id, APPEAL])
    if words:
        row = {"application_id": application_id, "code": APPEAL, "answer": words, "at": stamp(at)}
        version = get_application(db, application_id).version
        db.table("application_answers").insert({**row, "version": version})
    _touch(db, at, application_id, "draft_appeal")


def open_appeal(db: Database, at: datetime, application_id: str) -> Application:
    """An application whose decision may be appealed against now; else `Invalid`."""
    found = get_application(db, application_id)
    if not found.may_appeal(at):
        raise Invalid({"all": [Message("An appeal is possible once, within 30 days.")]})
    return found


def attach(
    db: Database,
    shelf: Shelf,
    at: datetime,
    application_id: str,
    code: str,
    name: str,
    found: Inspected,
) -> None:
    """Keep a file that shows that a criterion is met, or goes with an appeal (`APPEAL`).

    It stays in quarantine for ever. The same file sent twice is kept once.
    """
    _open(db, at, application_id, code)
    digest, size = hash_of(found.checked.path), found.checked.path.stat().st_size
    there = find_evidence(db, application_id)
    if any(each.code == code and each.hash == digest for each in there):
        return
    _refuse_too_much(db, get_application(db, application_id), there, size)
    file_id = keep_file(db, shelf, APPLICANT, at, found.checked, scan=found.scan)
    row = {"id": f"ev-{secrets.token_hex(8)}", "application_id": application_id, "code": code}
    row |= {"file_id": file_id, "name": name, "at": stamp(at)}
    db.table("application_evidence").insert(row)
    _touch(db, at, application_id, "attach", code=code)


def _refuse_too_much(
    db: Database, application: Application, there: Sequence[Evidence], size: int
) -> None:
    """`Invalid` when there is no room for a file of so many bytes."""
    files, most = len(there) + 1, sum(each.size for each in there) + size
    values = {"files": MOST_FILES, "most": MOST_BYTES_OF_ALL // MB}
    told = Message(
        "At most %(files)s files of %(most)s MB together. Remove one that says less.", values
    )
    if files > MOST_FILES or most > MOST_BYTES_OF_ALL:
        raise Invalid({"file": [told]})
    if application.is_sent:
        return
    values = {"files": FEW_FILES, "most": FEW_BYTES // MB}
    told = Message(
        "At most %(files)s files of %(most)s MB together until the steps “Organisation” and"
        " “Contact” are filled in. Do these first.",
        values,
    )
    is_known = all(getattr(application, name) for name in (*ORGANISATION_MUST, *CONTACT_MUST))
    if not is_known and (files > FEW_FILES or most > FEW_BYTES):
        raise Invalid({"file": [told]})
    if count_bytes_unsent(db) + size > MOST_BYTES_UNSENT:
        told = Message(
            "Many are applying now, and there is no room for more files. What you wrote can be"
            " saved without the file; send it in a few days."
        )
        raise Invalid({"file": [told]})


def detach(
    db: Database, shelf: Shelf, at: datetime, application_id: str, code: str, evidence_id: str
) -> None:
    """Take a file of one's own away again; nothing when it is gone already."""
    _open(db, at, application_id, code)
    # security: only among one's own; the id of somebody else's file is as good as none
    for each in find_evidence(db, application_id):
        if each.id == evidence_id and each.code == code:
            forget_evidence(db, shelf, APPLICANT, at, each)
            _touch(db, at, application_id, "detach", code=code)


def forget_evidence(
    db: Database, shelf: Shelf, by: Actor, at: datetime, evidence: Evidence
) -> None:
    """Take one file away, down to the shelf."""
    db.table("application_evidence").delete(evidence.id)
    forget_file(db, shelf, by, at, evidence.file_id)


def accept_principles(db: Database, at: datetime, application_id: str, version: int) -> None:
    """Accept all principles of the version that was read, and the terms of leaving."""
    charter = find_charter_of(db, _get_unsent(db, application_id))
    if charter is None or charter.version != version:
        told = Message("The charter was changed meanwhile. Read the principles once more.")
        raise Invalid({"principles": [told]})
    day = at.date().isoformat()
    row = {"principles_on": day, "terms_on": day, "principles_version": version}
    _touch(db, at, application_id, "accept_principles", **row)


def name_contact(
    db: Database, at: datetime, application_id: str, changes: Mapping[str, str | None]
) -> None:
    """Say who answers questions about the application."""
    _get_unsent(db, application_id)
    _touch(db, at, application_id, "name_contact", **changes)


def _get_unsent(db: Database, application_id: str) -> Application:
    found = get_application(db, application_id)
    if found.is_sent or not found.may_be_changed:
        raise Invalid({"all": [SENT]})
    return found


def _open(db: Database, at: datetime, application_id: str, code: str) -> None:
    """What files may be shown for now: a criterion, or an appeal that is being written."""
    if code == APPEAL:
        open_appeal(db, at, application_id)
    else:
        _open_criterion(db, application_id, code)


def _open_criterion(db: Database, application_id: str, code: str) -> None:
    """A criterion of this application that may be answered now: all, later those asked about."""
    found = get_application(db, application_id)
    charter = find_charter_of(db, found)
    if charter is None or code not in [each.code for each in charter.criteria]:
        raise NotFound
    is_asked = not found.is_sent or code in find_questions(db, application_id)
    if not (found.may_be_changed and is_asked):
        raise Invalid({"all": [SENT]})


def _version_read(db: Database, application_id: str, version: int | None) -> int:
    """The version of the charter that somebody answers: the one they were shown."""
    charter = find_charter_of(db, get_application(db, application_id))
    now = charter.version if charter else 0
    read = find_version(db, version) if version is not None and version < now else None
    return read.version if read and read.adopted_on else now


def _touch(db: Database, at: datetime, application_id: str, verb: str, **changes: Any) -> None:
    """Write down a change; the first one also shows that the address reads its letters."""
    found = get_application(db, application_id)
    charter = find_charter_of(db, found)
    row = {name: value for name, value in changes.items() if name != "code"}
    row |= {"confirmed_at": found.confirmed_at or stamp(at), "changed_at": stamp(at)}
    row |= {"version": charter.version if charter else None}
    db.table("applications").update(application_id, row)
    # security: what was changed, by its code alone
    detail = {"code": changes["code"]} if "code" in changes else {}
    audit.record(db, APPLICANT, at, verb, "applications", application_id, **detail)
