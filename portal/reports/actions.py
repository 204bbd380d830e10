"""Write a report, hand it in, return it with notes, accept it, correct it.

What was handed in is never deleted: it stands in `results`, and a correction is a further row.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlite_utils import Database

from portal import audit
from portal.accounts.queries import find_coordinators, find_members_of
from portal.actor import Actor
from portal.clock import stamp
from portal.db import column
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.indicators.locks import is_locked, refuse_locked
from portal.indicators.periods import Period
from portal.indicators.results import keep_results
from portal.notices.actions import notify
from portal.reports.acts import as_kept, hand_over, take_over
from portal.reports.queries import (
    OWN_ROLES,
    Report,
    as_asked,
    find_asked,
    find_expected,
    find_report,
    find_reports,
    find_written,
    get_report_for,
    is_expected,
    may_carry,
)
from portal.reports.registry import may_decide
from portal.reports.rules import (
    STEPS,
    Key,
    Written,
    fields_of,
    may_become,
    read_field,
    step_of,
    wrong_cells,
    wrong_report,
)
from portal.requests.rules import personal_in

CHANGED = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")
NOT_ENDED = Message("This period has not ended yet: hand the report in after its last day.")
PERSONAL = Message("Write nothing here that tells of one person: no number, no address.")
NO_NOTE = Message("Write at one number at least what is to be corrected.")
NOT_ASKED = Message("The report does not ask for this.")

MOST_NOTE = 500


def open_report(
    db: Database, by: Actor, at: datetime, today: date, quarter: Period, timezone: str
) -> str:
    """The id of one's own report of a quarter, begun when there is none yet."""
    if by.role not in OWN_ROLES or by.organisation_id is None or quarter.first > today:
        raise NotFound
    if found := find_report(db, by.organisation_id, quarter.code):
        return found.id
    if not is_expected(db, by.organisation_id, quarter, timezone):
        raise NotFound
    refuse_locked(db, quarter, by.organisation_id, today)
    report_id = secrets.token_hex(8)
    row = {"id": report_id, "organisation_id": by.organisation_id, "period": quarter.code}
    db.table("reports").insert(row)
    _become(db, by, at, report_id, "draft")
    return report_id


def save_cells(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    report_id: str,
    revision: int,
    written: Sequence[Written],
    *,
    codes: Sequence[str] | None = None,
) -> int:
    """Keep the working copy as it is written now; the number of the save.

    All cells are replaced, or those of some indicators alone. `Invalid` by the fields of cells that
    cannot be true, and when somebody else has saved since the page was opened.
    """
    report = _own(db, by, report_id, today)
    definitions = find_asked(db, report.quarter)
    if report.revision != revision:
        raise Invalid({"all": [CHANGED]})
    known = {each.code for each in definitions}
    wrong = {
        each.key.field: NOT_ASKED
        for each in written
        if each.key.code not in known or (codes is not None and each.key.code not in codes)
    }
    projects = may_carry(db, report)
    wrong |= {each.key.field: NOT_ASKED for each in written if each.key.project_id not in projects}
    wrong |= {each.key.field: PERSONAL for each in written if each.note and personal_in(each.note)}
    wrong = wrong or wrong_cells(as_asked(definitions), written)
    _refuse(wrong)
    chosen = known if codes is None else set(codes)
    for code in sorted(chosen):
        db.table("report_cells").delete_where("report_id = ? AND code = ?", [report_id, code])
    db.table("report_cells").insert_all(_row(report_id, each) for each in written)
    saved = {"revision": revision + 1, "saved_at": stamp(at), "saved_by": by.account_id}
    db.table("reports").update(report_id, saved)
    audit.record(db, by, at, "save", "reports", report_id, revision=revision + 1)
    return revision + 1


def hand_in(
    db: Database, by: Actor, at: datetime, today: date, report_id: str, revision: int
) -> None:
    """Hand a report in; `Invalid` by the fields of all that is missing or does not fit together."""
    report = get_report_for(db, by, report_id)
    if report.state == "submitted" and report.revision == revision:
        return
    report = _own(db, by, report_id, today)
    if report.revision != revision:
        raise Invalid({"all": [CHANGED]})
    if today <= report.quarter.last:
        raise Invalid({"all": [NOT_ENDED]})
    asked = as_asked(find_asked(db, report.quarter))
    _refuse(wrong_report(asked, report.quarter, find_written(db, report_id)))
    _become(db, by, at, report_id, "submitted")
    settled = "UPDATE report_notes SET settled_at = ? WHERE report_id = ? AND settled_at IS NULL"
    db.execute(settled, [stamp(at), report_id])
    hand_over(db, by, at, report)
    own = set(find_members_of(db, report.organisation_id))
    for account_id in find_coordinators(db, today):
        if account_id not in own:
            notify(db, at, "report_waits", report_id, account_id=account_id)


def return_report(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    report_id: str,
    notes: Mapping[str, str],
    note: str | None = None,
) -> None:
    """Send a report back with a note at each cell that is to be corrected."""
    report = _to_decide(db, by, report_id, today, "returned")
    if not notes and not note:
        raise Invalid({"all": [NO_NOTE]})
    _refuse({f: PERSONAL for f, said in {**notes, "note": note or ""}.items() if personal_in(said)})
    fields = fields_of(find_written(db, report_id))
    for field, said in notes.items():
        if field not in fields:
            raise Invalid({field: [NOT_ASKED]})
        key = read_field(field)
        row = {"report_id": report_id, "note": said, "at": stamp(at), "by": by.account_id}
        code, period, region, project = key.line
        row |= {"code": code, "period": period, "region": region, "project_id": project}
        db.table("report_notes").insert({**row, "part": "|".join(key.part)})
    _become(db, by, at, report_id, "returned", note)
    _tell_own(db, at, report, "report_returned")


def accept_report(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    report_id: str,
    revision: int | None = None,
) -> None:
    """Accept what was handed in: from now on its cells are counted, in place of earlier ones.

    `revision` is that of the numbers somebody looked at: others are not accepted unseen.
    """
    report = refuse_changed(db, by, report_id, revision)
    if report.state == "accepted":
        return
    report = _to_decide(db, by, report_id, today, "accepted")
    _become(db, by, at, report_id, "accepted")
    cells = [as_kept(db, report, each) for each in find_written(db, report_id)]
    take_over(db, at, report_id)
    keep_results(db, by, at, cells, whole=True)
    _tell_own(db, at, report, "report_accepted")


def correct_report(db: Database, by: Actor, at: datetime, today: date, report_id: str) -> None:
    """Begin a draft over an accepted report; what was accepted counts until the next is."""
    report = get_report_for(db, by, report_id)
    _refuse_strangers(by, report)
    refuse_locked(db, report.quarter, report.organisation_id, today)
    if not may_become(report.state, "draft"):
        raise Invalid({"all": [CHANGED]})
    _become(db, by, at, report_id, "draft")


def refuse_changed(db: Database, by: Actor, report_id: str, revision: int | None) -> Report:
    """The report, or `Invalid` when it was written in since somebody looked at it."""
    report = get_report_for(db, by, report_id)
    if revision is not None and report.revision != revision:
        raise Invalid({"all": [CHANGED]})
    return report


def remind_of_reports(
    db: Database, at: datetime, today: date, quarter: Period, timezone: str
) -> int:
    """Tell each organisation that has not handed in its report, once a step; how many were told."""
    step = step_of(quarter, today)
    if step is None:
        return 0
    handed_in = {
        each.organisation_id for each in find_reports(db, period=quarter.code) if each.handed_in_at
    }
    told = 0
    for each in find_expected(db, quarter, timezone):
        locked = is_locked(db, quarter, each.id, today)
        if each.id in handed_in or locked or _was_told(db, each.id, quarter, step):
            continue
        row = {"organisation_id": each.id, "period": quarter.code, "step": step, "at": stamp(at)}
        db.table("report_reminders").insert(row)
        for account_id in find_members_of(db, each.id):
            notify(db, at, "report_due", quarter.code, account_id=account_id)
        told += 1
    return told


def _was_told(db: Database, organisation_id: str, quarter: Period, step: str) -> bool:
    sql = "SELECT step FROM report_reminders WHERE organisation_id = :id AND period = :period"
    told = column(db, sql, id=organisation_id, period=quarter.code)
    return any(STEPS.index(each) >= STEPS.index(step) for each in told)


def _own(db: Database, by: Actor, report_id: str, today: date) -> Report:
    """A report that somebody may write in now."""
    report = get_report_for(db, by, report_id)
    _refuse_strangers(by, report)
    if not report.is_editable:
        raise Invalid({"all": [CHANGED]})
    refuse_locked(db, report.quarter, report.organisation_id, today)
    return report


def _refuse_strangers(by: Actor, report: Report) -> None:
    # security: a coordinator reads the reports of others and never writes in them
    if by.role not in OWN_ROLES or by.organisation_id != report.organisation_id:
        raise NotFound


def _to_decide(db: Database, by: Actor, report_id: str, today: date, wanted: str) -> Report:
    report = get_report_for(db, by, report_id)
    if not by.is_coordinator:
        raise NotFound
    if not may_decide(db, by, report, today):
        raise NotAllowed
    if not may_become(report.state, wanted):
        raise Invalid({"all": [CHANGED]})
    refuse_locked(db, report.quarter, report.organisation_id, today)
    return report


def _become(
    db: Database, by: Actor, at: datetime, report_id: str, state: str, note: str | None = None
) -> None:
    row = {"report_id": report_id, "state": state, "at": stamp(at), "note": note}
    db.table("report_states").insert({**row, "by": by.account_id or by.role})
    audit.record(db, by, at, state, "reports", report_id)


def _row(report_id: str, written: Written) -> dict[str, object]:
    key = {name: getattr(written.key, name) for name in Key.__struct_fields__}
    numbers = {
        name: None if number is None else number + 0.0  # a plain zero of a negative one
        for name, number in (("numerator", written.numerator), ("denominator", written.denominator))
    }
    return {
        "report_id": report_id,
        **key,
        **numbers,
        "state": written.state,
        "note": written.note,
    }


def _refuse(wrong: Mapping[str, Message]) -> None:
    if wrong:
        raise Invalid({field: [said] for field, said in wrong.items()})


def _tell_own(db: Database, at: datetime, report: Report, kind: str) -> None:
    for account_id in find_members_of(db, report.organisation_id):
        notify(db, at, kind, report.id, account_id=account_id)
