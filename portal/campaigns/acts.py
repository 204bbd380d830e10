"""How a campaign moves on: the one way its state changes after it was begun."""

from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.campaigns.queries import get_state
from portal.campaigns.rules import may_become
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.outbox import announce


def move_campaign(db: Database, by: Actor, at: datetime, campaign_id: str, state: str) -> None:
    """Move a campaign on; `Invalid` for a move that is not allowed, nothing when it is there."""
    present = get_state(db, campaign_id)
    if present == state:
        return
    if not may_become(present, state):
        raise Invalid({"all": [Message("This has been decided meanwhile. Load the page again.")]})
    db.table("campaigns").update(campaign_id, {"state": state})
    audit.record(db, by, at, "set_state", "campaigns", campaign_id, state=state)
    announce(db, "campaigns", campaign_id)
