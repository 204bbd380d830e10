"""Define indicators, set what they should reach, and end them."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json, column, count
from portal.errors import Invalid, NotFound
from portal.i18n.language import InPeriod, Message
from portal.indicators.periods import Frequency, period_of, read_period
from portal.indicators.queries import Aim, Definition, find_versions, is_reported

TEXTS = ("titles", "descriptions", "verification")
JSON_FIELDS = ("dimensions", *TEXTS)

REPORTED = Message("Results were reported under this version. Begin a further one instead.")
TOO_EARLY = Message(
    "Results of %(period)s were already reported: let the new version begin after that."
)
FIRST_DAYS = Message(
    "Let it begin with a quarter, on its first day; what is reported yearly with a year."
)
CLOSED = Message("%(period)s is closed: let the new version begin after that.")
ONLY_TEXTS = Message("Only the texts of a version may be mended. Begin a further one instead.")


def define(db: Database, by: Actor, at: datetime, definition: Definition) -> None:
    """Add a version of a definition, or change one under which nothing was reported yet.

    `Invalid` when something was, or when a further version would begin before the end of what was
    already reported or closed: accepted results keep the version they were reported under.
    """
    if definition.starts != _first_day(definition):
        raise Invalid({"starts": [FIRST_DAYS]})
    _refuse_under_results(db, definition)
    indicators = db.table("indicators")
    if not indicators.count_where("code = ?", [definition.code]):
        position = count(db, "SELECT coalesce(max(position), 0) + 1 FROM indicators")
        row = {"code": definition.code, "source": definition.source, "position": position}
        indicators.insert({**row, "counter": definition.counter})
    row = msgspec.to_builtins(definition)
    for name in ("source", "counter"):
        del row[name]
    row |= {name: as_json(row[name]) for name in JSON_FIELDS}
    row |= {"at": stamp(at), "by": _name(by)}
    db.table("indicator_versions").upsert(row)
    audit.record(db, by, at, "define", "indicators", definition.code, version=definition.version)


def reword(db: Database, by: Actor, at: datetime, definition: Definition) -> None:
    """Mend the texts of a version, whatever was reported under it.

    `NotFound` when there is no such version, `Invalid` when anything but texts is another.
    """
    kept = _get_version(db, definition.code, definition.version)
    texts = {name: getattr(definition, name) for name in TEXTS}
    if msgspec.structs.replace(kept, **texts) != definition:
        raise Invalid({"all": [ONLY_TEXTS]})
    row = {name: as_json(text) for name, text in texts.items()}
    key = (definition.code, definition.version)
    db.table("indicator_versions").update(key, row)
    audit.record(db, by, at, "reword", "indicators", definition.code, version=definition.version)


def set_openness(
    db: Database, by: Actor, at: datetime, code: str, version: int, *, counts_people: bool
) -> None:
    """Whether the exact figures of a version are for coordinators alone.

    To keep them is for one person, to open them for two: whoever calls has to know the second.
    """
    _get_version(db, code, version)
    db.table("indicator_versions").update((code, version), {"counts_people": int(counts_people)})
    verb = "keep" if counts_people else "open"
    audit.record(db, by, at, verb, "indicators", code, version=version)


def set_target(db: Database, by: Actor, at: datetime, target: Aim) -> None:
    """Set a baseline and a target, or take them away when both are unknown."""
    _get_code(db, target.code)
    table, key = db.table("indicator_targets"), (target.code, target.region, target.period)
    if target.baseline is None and target.target is None:
        table.delete_where("code = ? AND region = ? AND period = ?", list(key))
    else:
        row = {**msgspec.structs.asdict(target), "at": stamp(at)}
        table.upsert({**row, "by": _name(by)})
    detail = {"region": target.region, "period": target.period}
    audit.record(db, by, at, "target", "indicators", target.code, **detail)


def end_indicator(db: Database, by: Actor, at: datetime, code: str, on: date) -> None:
    """Nobody is asked for it any more from a day on; what was reported stays."""
    _get_code(db, code)
    db.table("indicators").update(code, {"ended_on": on.isoformat()})
    audit.record(db, by, at, "end", "indicators", code, on=on.isoformat())


def _name(by: Actor) -> str:
    return by.account_id or by.role


def _first_day(definition: Definition) -> date:
    """The first day of the quarter, of the year when it is reported yearly, that it begins in."""
    whole: Frequency = "year" if definition.frequency == "year" else "quarter"
    return period_of(definition.starts, whole).first


def _get_code(db: Database, code: str) -> None:
    if not db.table("indicators").count_where("code = ?", [code]):
        raise NotFound


def _get_version(db: Database, code: str, version: int) -> Definition:
    found = next((each for each in find_versions(db, code) if each.version == version), None)
    if found is None:
        raise NotFound
    return found


def _refuse_under_results(db: Database, definition: Definition) -> None:
    if is_reported(db, definition):
        raise Invalid({"all": [REPORTED]})
    if definition.version == 1:
        return
    sql = "SELECT DISTINCT period FROM results WHERE code = :code"
    late = [read_period(each) for each in column(db, sql, code=definition.code)]
    for period in sorted(late, key=lambda each: each.last, reverse=True):
        if period.last >= definition.starts:
            said = Message(TOO_EARLY.text, {"period": InPeriod(period.code)})
            raise Invalid({"starts": [said]})
    for each in column(db, "SELECT period FROM closed_periods ORDER BY period DESC"):
        if read_period(each).last >= definition.starts:
            raise Invalid({"starts": [Message(CLOSED.text, {"period": InPeriod(each)})]})
