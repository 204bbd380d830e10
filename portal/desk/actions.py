"""Say what is wanted, answer it, close it."""

import secrets
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import column, count
from portal.desk.forms import Answer, Wish
from portal.desk.queries import find_expired, get_wish_for
from portal.desk.rules import MOST_OPEN, may_become, writes_at_desk
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.materials.queries import get_work_for
from portal.notices.actions import notify


def wish(db: Database, by: Actor, at: datetime, wanted: Wish) -> str:
    """Put a wish on the desk; its id. The same form sent twice is one wish."""
    if not writes_at_desk(by):
        raise NotAllowed
    sql = "SELECT id FROM wishes WHERE account_id = :me AND form_key = :key"
    if same := column(db, sql, me=by.account_id, key=wanted.key):
        return str(same[0])
    sql = "SELECT count(*) FROM wishes_now WHERE state = 'open' AND organisation_id = :own"
    if count(db, sql, own=by.organisation_id) >= MOST_OPEN:
        told = Message("Your organisation has many open wishes. Close some of them first.")
        raise Invalid({"all": [told]})
    wish_id = f"d-{secrets.token_hex(6)}"
    db.table("wishes").insert(
        {
            "id": wish_id,
            "form_key": wanted.key,
            "kind": wanted.kind,
            "topic": wanted.topic,
            "audience": wanted.audience,
            "language": wanted.language,
            "words": wanted.words,
            "wanted_by": wanted.wanted_by and wanted.wanted_by.isoformat(),
            "account_id": by.account_id,
            "organisation_id": by.organisation_id,
            "made_at": stamp(at),
        }
    )
    _enter(db, by, at, wish_id, "open")
    return wish_id


def answer_wish(db: Database, by: Actor, at: datetime, wish_id: str, said: Answer) -> None:
    """Offer a material one may see, or words; whoever wished is told. Said twice it stands once."""
    if not writes_at_desk(by):
        raise NotAllowed
    found = get_wish_for(db, by, wish_id).wish
    if found.state != "open":
        raise Invalid({"all": [Message("This wish is closed already.")]})
    row = {
        "wish_id": wish_id,
        "material_id": said.material and _seen(db, by, said.material),
        "words": said.words,
        "organisation_id": by.organisation_id,
    }
    same = "wish_id = :wish_id AND material_id IS :material_id AND words IS :words"
    same += " AND organisation_id = :organisation_id"
    if db.table("wish_answers").count_where(same, row):
        return
    db.table("wish_answers").insert({**row, "account_id": by.account_id, "at": stamp(at)})
    audit.record(db, by, at, "answer", "wishes", wish_id, material=row["material_id"])
    sql = "SELECT account_id FROM wishes WHERE id = :id"
    for account_id in column(db, sql, id=wish_id):
        if account_id != by.account_id:
            notify(db, at, "wish_answered", wish_id, account_id=account_id)


def close_wish(db: Database, by: Actor, at: datetime, wish_id: str, state: str) -> None:
    """Whoever made a wish, a colleague, or a coordinator closes it; twice is once."""
    found = get_wish_for(db, by, wish_id).wish
    if not (by.is_coordinator or found.organisation_id == by.organisation_id):
        raise NotAllowed
    if found.state == state:
        return
    if not may_become(found.state, state):
        raise Invalid({"all": [Message("This wish is closed already.")]})
    _enter(db, by, at, wish_id, state)


def expire_wishes(db: Database, by: Actor, at: datetime, _today: date) -> int:
    """Close what was open for 90 days."""
    expired = find_expired(db, at)
    for wish_id in expired:
        _enter(db, by, at, wish_id, "expired")
    return len(expired)


def _seen(db: Database, by: Actor, material_id: str) -> str:
    try:
        work = get_work_for(db, by, material_id)
    except NotFound:
        work = None
    if work is None or work.version is None:
        raise Invalid({"material": [Message("Choose a material from the list.")]})
    return work.id


def _enter(db: Database, by: Actor, at: datetime, wish_id: str, state: str) -> None:
    row = {"wish_id": wish_id, "state": state, "at": stamp(at)}
    db.table("wish_states").insert({**row, "by": by.account_id or by.role})
    audit.record(db, by, at, "record", "wishes", wish_id, state=state)
