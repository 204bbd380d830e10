"""Move an organisation from one state of membership to the next."""

from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.nearby.actions import refresh_listings_of
from portal.outbox import announce


def set_state(db: Database, by: Actor, at: datetime, organisation_id: str, state: str) -> bool:
    """Record a state as an operator's act (an import); False when it is the present one already."""
    sql = "SELECT state FROM membership_now WHERE organisation_id = ?"
    now = db.execute(sql, [organisation_id]).fetchone()
    if now and now[0] == state:
        return False
    db.table("membership_states").insert(
        {
            "organisation_id": organisation_id,
            "state": state,
            "at": stamp(at),
            "by": by.account_id or by.role,
        }
    )
    audit.record(db, by, at, "set_state", "organisations", organisation_id, state=state)
    announce(db, "organisations", organisation_id)
    refresh_listings_of(db, organisation_id)
    return True
