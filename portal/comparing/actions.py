"""Take out what single organisations reported."""

from datetime import datetime

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.errors import NotAllowed


def take_out(db: Database, by: Actor, at: datetime, code: str) -> None:
    """Write down that a coordinator takes the figures of every organisation along.

    One is enough: these are a coordinator's daily work and no register of people.
    """
    if not by.is_coordinator:
        raise NotAllowed
    audit.record(db, by, at, "export", "indicators", code, organisations="yes")
