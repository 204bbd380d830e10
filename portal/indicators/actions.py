"""Define indicators, set what they should reach, and end them."""

from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.clock import stamp
from portal.db import as_json, column, count
from portal.errors import Invalid, NotFound
from portal.i18n.language import InPeriod, Message
from portal.indicators.periods import Frequency, period_of, read_period
from portal.indicators.queries import Aim, Definition, find_targets, find_version, is_reported

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
    kept = find_version(db, definition.code, definition.version)
    if kept is not None and kept != definition:
        _keep_before(
            db, by, at, kept.code, "definition", _what_differs(kept, definition), kept.version
        )
    db.table("indicator_versions").upsert(row)
    audit.record(db, by, at, "define", "indicators", definition.code, version=definition.version)


def reword(db: Database, by: Actor, at: datetime, definition: Definition) -> None:
    """Mend the texts of a version, whatever was reported under it; what they said before is kept.

    `NotFound` when there is no such version, `Invalid` when anything but texts is another.
    """
    kept = _get_version(db, definition.code, definition.version)
    texts = {name: getattr(definition, name) for name in TEXTS}
    if msgspec.structs.replace(kept, **texts) != definition:
        raise Invalid({"all": [ONLY_TEXTS]})
    row = {name: as_json(text) for name, text in texts.items()}
    key = (definition.code, definition.version)
    if kept != definition:
        _keep_before(db, by, at, kept.code, "texts", _what_differs(kept, definition), kept.version)
    db.table("indicator_versions").update(key, row)
    audit.record(db, by, at, "reword", "indicators", definition.code, version=definition.version)


def set_openness(
    db: Database, by: Actor, at: datetime, code: str, version: int, *, counts_people: bool
) -> None:
    """Whether the exact figures of a version are for coordinators alone.

    To keep them is for one person, to open them for two: whoever calls has to know the second.
    `Invalid` when they would be opened after something was reported.
    """
    kept = _get_version(db, code, version)
    if not counts_people:
        refuse_opening(db, kept)
    db.table("indicator_versions").update((code, version), {"counts_people": int(counts_people)})
    verb = "keep" if counts_people else "open"
    audit.record(db, by, at, verb, "indicators", code, version=version)


def refuse_opening(db: Database, definition: Definition) -> None:
    """`Invalid` for a kept version under which something was reported: begin a further one."""
    # security: people were counted under the promise that coordinators alone read exact figures
    if definition.counts_people and is_reported(db, definition):
        raise Invalid({"all": [REPORTED]})


def set_target(db: Database, by: Actor, at: datetime, target: Aim) -> None:
    """Set a baseline and a target, or take them away; what was set before is kept."""
    _get_code(db, target.code)
    stood = {(each.region, each.period): each for each in find_targets(db, target.code)}
    before = stood.get((target.region, target.period))
    if before not in (None, target):
        _keep_before(db, by, at, target.code, "aim", msgspec.to_builtins(before))
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
    found = find_version(db, code, version)
    if found is None:
        raise NotFound
    return found


def _what_differs(kept: Definition, now: Definition) -> dict[str, Any]:
    """What another definition writes over; of texts only the languages that it changes."""
    found: dict[str, Any] = {}
    for name in Definition.__struct_fields__:
        old, new = getattr(kept, name), getattr(now, name)
        if name in TEXTS:
            old = {
                each: old.get(each, "") for each in {**old, **new} if old.get(each) != new.get(each)
            }
            new = {}
        if old != new:
            found[name] = old
    return dict(msgspec.to_builtins(found))


def _keep_before(
    db: Database,
    by: Actor,
    at: datetime,
    code: str,
    what: str,
    was: dict[str, Any],
    version: int | None = None,
) -> None:
    row = {"code": code, "version": version, "what": what, "was": as_json(was)}
    db.table("indicator_changes").insert({**row, "at": stamp(at), "by": _name(by)})


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
