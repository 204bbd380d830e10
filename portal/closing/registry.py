"""What waits for coordinators: a quarter that can be closed."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.closing.queries import find_standings
from portal.closing.rules import is_due
from portal.counting.actions import next_to_close
from portal.i18n.language import InPeriod, Message
from portal.waiting import Waiting

# who was a member at the end of a quarter is asked by the board; a few hours do not matter here
ANYWHERE = "UTC"


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Lines of `/work`: the next quarter, once all have reported or long enough was waited."""
    if not actor.is_coordinator:
        return []
    quarter = next_to_close(db, today)
    states = [each.state for each in find_standings(db, today, ANYWHERE, quarter)]
    if not is_due(quarter, today, states):
        return []
    says = Message("%(period)s can be closed.", {"period": InPeriod(quarter.code)})
    since = quarter.next.first.isoformat()
    return [Waiting("check", says, ("completeness", quarter.code, "close"), since)]
