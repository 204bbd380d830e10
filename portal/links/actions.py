"""Make a link, use it up, end it; ask for another one."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from portal import audit
from portal.actor import PUBLIC
from portal.clock import stamp
from portal.credentials.actions import count_try
from portal.credentials.rules import code_hash, random_code
from portal.errors import NotFound
from portal.links.queries import Link, find_askers, find_link
from portal.notices.actions import notify

# 7 groups of four characters: 140 bits, and short enough to be typed from paper
GROUPS = 7
KEPT_FOR = timedelta(days=30)


def make_link(
    db: Database,
    at: datetime,
    purpose: str,
    subject_id: str,
    good_for: timedelta,
    *,
    beside: bool = False,
) -> str:
    """A new code, told this once; open links of the same purpose and subject end.

    `beside` lets them be, until it is sure that the new one has arrived (`end_links`, `but`).
    """
    if not beside:
        end_links(db, at, purpose, subject_id)
    db.execute("DELETE FROM links WHERE until < ?", [stamp(at - KEPT_FOR)])
    code = random_code(GROUPS)
    db.table("links").insert(
        {
            "hash": code_hash(code),
            "purpose": purpose,
            "subject_id": subject_id,
            "made_at": stamp(at),
            "until": stamp(at + good_for),
        }
    )
    return code


def use_link(db: Database, at: datetime, purpose: str, code: str) -> Link:
    """Use a link up, in the transaction of what it was made for; `NotFound` when it is not good."""
    found = find_link(db, purpose, code, at)
    if found is None:
        raise NotFound
    db.table("links").update(found.id, {"used_at": stamp(at)})
    return found


def end_links(
    db: Database, at: datetime, purpose: str, subject_id: str, *, but: str | None = None
) -> None:
    """Let no open link of this purpose and subject open anything any more, but that of a code."""
    db.execute(
        "UPDATE links SET used_at = ? WHERE purpose = ? AND subject_id = ? AND used_at IS NULL"
        " AND hash IS NOT ?",
        [stamp(at), purpose, subject_id, code_hash(but) if but else None],
    )


def ask_again(db: Database, at: datetime, keys: tuple[str, str], to: str, purpose: str) -> None:
    """Queue a new link for whoever this name or address is known of, and may have one.

    `TooOften` says how long to wait. The try is counted, and the database written, for an unknown
    name as for a known one.
    """
    count_try(db, keys, at)
    for practitioner_id in find_askers(db, to, purpose):
        # security: the link goes to the address on record, whatever was typed
        entity = {"practitioner_id": practitioner_id, "purpose": purpose}
        notify(db, at, "link_again", practitioner_id, **entity)
        audit.record(db, PUBLIC, at, "ask_link", "practitioners", practitioner_id, purpose=purpose)
