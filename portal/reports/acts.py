"""What a report leaves among the results, when it is handed in and when it is accepted."""

from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.errors import NotFound
from portal.indicators.queries import find_definition
from portal.indicators.results import Kept
from portal.reports.queries import Report, find_written
from portal.reports.rules import Written


def hand_over(db: Database, by: Actor, at: datetime, report: Report) -> None:
    """Write down what was handed in; an earlier hand-in that nobody accepted is replaced."""
    gone = """
        UPDATE results SET replaced_at = ?
        WHERE report_id = ? AND accepted_at IS NULL AND replaced_at IS NULL
    """
    db.execute(gone, [stamp(at), report.id])
    told = {"at": stamp(at), "by": by.account_id}
    db.table("results").insert_all(
        {**_result(as_kept(db, report, each)), **told} for each in find_written(db, report.id)
    )


def take_over(db: Database, at: datetime, report_id: str) -> None:
    """Make room for the same cells as accepted ones: what was handed in is marked, not lost."""
    sql = """
        UPDATE results SET replaced_at = ?
        WHERE report_id = ? AND accepted_at IS NULL AND replaced_at IS NULL
    """
    db.execute(sql, [stamp(at), report_id])


def as_kept(db: Database, report: Report, written: Written) -> Kept:
    key, quarter = written.key, report.quarter
    definition = find_definition(db, key.code, quarter)
    if definition is None:
        raise NotFound
    return Kept(
        code=key.code,
        version=definition.version,
        period=key.period,
        organisation_id=report.organisation_id,
        region=key.region,
        project_id=key.project_id,
        sex=key.sex,
        age_group=key.age_group,
        form=key.form,
        state=written.state,
        numerator=written.numerator,
        denominator=written.denominator,
        note=written.note,
        report_id=report.id,
    )


def _result(kept: Kept) -> dict[str, object]:
    row = {name: getattr(kept, name) for name in Kept.__struct_fields__}
    return {**row, "project_id": kept.project_id or None}
