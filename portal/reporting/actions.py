"""Keep what was typed of a quarter; by the clock, remind of the one that is due."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import day_of
from portal.db import Store
from portal.errors import Invalid
from portal.reporting.forms import Typed
from portal.reports.actions import remind_of_reports, save_cells
from portal.reports.queries import quarter_due
from portal.settings import Settings


def remind(store: Store, settings: Settings, _by: Actor, at: datetime) -> int:
    """Remind whoever has not handed in the quarter that is due; how many organisations were."""
    today = day_of(at, settings.timezone)
    with store.transaction() as db:
        return remind_of_reports(db, at, today, quarter_due(today), settings.timezone)


def save_typed(
    db: Database, by: Actor, at: datetime, today: date, report_id: str, typed: Typed
) -> None:
    """Keep a form as it was typed; `Invalid` by the fields that cannot be read, or as it is."""
    if typed.read.wrong:
        raise Invalid({field: [said] for field, said in typed.read.wrong.items()})
    revision, written = typed.act.revision, typed.read.written
    save_cells(db, by, at, today, report_id, revision, written, codes=typed.codes)
