"""Translate the charter, and check what somebody else has translated.

A translation changes nothing that was decided, so those of adopted versions are mended too; the
original never is.
"""

from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.charter.forms import Overtaken
from portal.charter.queries import Charter
from portal.charter.rules import mark_of
from portal.clock import stamp
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.outbox import announce
from portal.translating.forms import Translated
from portal.translating.queries import get_translated_for, get_translations, is_still
from portal.translating.rules import to_check, words_of

FORM_NAMES = {"title": "title", "text": "body", "evidence": "evidence"}


def translate(
    db: Database,
    by: Actor,
    at: datetime,
    version: int,
    language: str,
    code: str,
    wanted: Translated,
) -> None:
    """Save the words of a point in a language: unchecked, until another coordinator looks.

    `Overtaken` when somebody else changed them since they were read.
    """
    charter = get_translated_for(db, by, version)
    now = words_of(get_translations(db, charter, language, code).fields)
    if is_still(db, at, charter):
        said = Message("A second coordinator is asked about this draft. Take it back first.")
        raise Invalid({"all": [said]})
    differing = {field: text for field, text in wanted.texts.items() if now.get(field, "") != text}
    differing = {field: text for field, text in differing.items() if field in now}
    if not differing:
        return
    if wanted.seen != mark_of(now):
        raise Overtaken({FORM_NAMES[field]: now[field] for field in differing})
    for field, text in differing.items():
        _save(db, by, at, (version, code, field, language), text)
    _record(db, by, at, "translate", charter, code, language)


def check(
    db: Database, by: Actor, at: datetime, version: int, language: str, code: str, seen: str
) -> None:
    """Say that a translation is right: of what somebody else wrote, as it stands just now."""
    charter = get_translated_for(db, by, version)
    fields = get_translations(db, charter, language, code).fields
    if not any(each.state == "unchecked" for each in fields):
        return
    if seen != mark_of(words_of(fields)):
        said = Message("Somebody changed this meanwhile: read it once more.")
        raise Invalid({"all": [said]})
    # security: two accounts do not make two people
    right = to_check(fields, by)
    if not right:
        said = Message("You wrote this translation: another coordinator has to check it.")
        raise Invalid({"all": [said]})
    row = {"state": "checked", "checked_by": by.account_id, "checked_at": stamp(at)}
    for each in right:
        db.table("charter_texts").update((version, code, each.field, language), row)
    _record(db, by, at, "check", charter, code, language)


def _save(db: Database, by: Actor, at: datetime, key: tuple[int, str, str, str], text: str) -> None:
    names = ("version", "code", "field", "language")
    if not text:
        where = " AND ".join(f"{name} = ?" for name in names)
        db.table("charter_texts").delete_where(where, list(key))
        return
    row = {"text": text, "state": "unchecked", "by": by.account_id, "at": stamp(at)}
    unchecked = {"checked_by": None, "checked_at": None}
    whole = {**dict(zip(names, key, strict=True)), **row, **unchecked}
    db.table("charter_texts").upsert(whole, pk=names)


def _record(
    db: Database, by: Actor, at: datetime, verb: str, charter: Charter, code: str, language: str
) -> None:
    subject = f"{charter.version}:{code}"
    audit.record(db, by, at, verb, "charter_texts", subject, language=language)
    if charter.adopted_on is not None:
        announce(db, "criteria", code)
