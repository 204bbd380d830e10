"""What others said of an application: the decision, with a reason for each criterion."""

import msgspec
from sqlite_utils import Database


class Decision(msgspec.Struct, frozen=True):
    """What was decided of an application: for each criterion whether it is met, and why."""

    verdict: str
    note: str | None
    at: str
    is_appeal: bool
    by: str
    points: dict[str, tuple[bool, str]] = {}


def find_decision(db: Database, application_id: str) -> Decision | None:
    """The newest decision with the reason for each criterion; None while there is none."""
    sql = """
        SELECT id, verdict, note, at, is_appeal, "by" FROM decisions
        WHERE application_id = :id ORDER BY at DESC, rowid DESC LIMIT 1
    """
    found = db.execute(sql, {"id": application_id}).fetchone()
    if found is None:
        return None
    decision_id, verdict, note, at, is_appeal, by = found
    points = "SELECT code, met, coalesce(reason, '') FROM decision_points WHERE decision_id = ?"
    reasons = {code: (bool(met), why) for code, met, why in db.execute(points, [decision_id])}
    return Decision(verdict, note, at, bool(is_appeal), by, reasons)
