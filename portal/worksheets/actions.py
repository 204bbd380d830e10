"""Save a sheet into the working copy of a report."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid
from portal.i18n.language import Message
from portal.reports.actions import save_cells
from portal.vocabularies.terms import Terms
from portal.worksheets.forms import Rows, read_sheet
from portal.worksheets.queries import get_own_worksheet
from portal.worksheets.rules import COLUMNS, compare, wrong_together

NOT_ANY_MORE = Message("This cannot be saved as it was shown. Choose the file once more.")


def save_sheet(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    report_id: str,
    revision: int,
    rows: Rows,
    terms: Terms,
) -> None:
    """Replace the cells of each indicator that the rows name; twice the same writes nothing.

    `Invalid` when somebody has saved since the rows were shown, or when they do not hold.
    """
    found = get_own_worksheet(db, by, today, report_id, terms)
    # security: the rows come from a page, and a page can be changed: all is looked at again
    read = read_sheet(COLUMNS, rows, found.asks, found.codes)
    changes = compare(found.written, read.cells, read.named)
    rules = {each.code: each.rules for each in found.asks}
    if read.problems or wrong_together(rules, read.cells, changes):
        raise Invalid({"workbook": [NOT_ANY_MORE]})
    if not changes:
        return
    cells = [written for _, written in read.cells.values()]
    save_cells(db, by, at, today, report_id, revision, cells, codes=read.named)
