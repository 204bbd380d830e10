"""Keep accepted results. A correction is a further row: what stood before is marked, not lost."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp
from portal.db import fetch
from portal.indicators.figures import count_anew
from portal.indicators.rules import State


class Kept(msgspec.Struct, frozen=True):
    """One cell that was accepted. Empty texts mean the whole, everywhere, no project.

    Without an organisation it was counted for the network, or quoted from a publication.
    """

    code: str
    version: int
    period: str
    organisation_id: str | None = None
    region: str = ""
    project_id: str = ""
    sex: str = ""
    age_group: str = ""
    form: str = ""
    state: State = "value"
    numerator: float | None = None
    denominator: float | None = None
    note: str | None = None
    quoted_from: str | None = None
    report_id: str | None = None

    @property
    def key(self) -> tuple[str | None, ...]:
        """What it is the value of."""
        of = (self.code, self.period, self.organisation_id, self.region, self.project_id)
        return (*of, self.sex, self.age_group, self.form)

    @property
    def line(self) -> tuple[str | None, ...]:
        """Of which line of an organisation it is a cell: with all its parts."""
        return self.key[:5]


_STANDING = """
    SELECT id, code, version, period, organisation_id, region,
        coalesce(project_id, '') AS project_id, sex, age_group, form, state, numerator,
        denominator, note, quoted_from, report_id
    FROM results WHERE code = :code AND period = :period AND accepted_at IS NOT NULL
        AND replaced_at IS NULL
"""


class Standing(Kept, frozen=True, kw_only=True):
    """An accepted cell as it stands, with the number of its row."""

    id: int


def find_standing(db: Database, code: str, period: str) -> list[Standing]:
    """The accepted cells that nothing has replaced, of an indicator in a period."""
    sql = _STANDING + " ORDER BY organisation_id, region, project_id, sex, age_group, form, id"
    return fetch(db, Standing, sql, code=code, period=period)


def keep_results(
    db: Database, by: Actor, at: datetime, cells: Sequence[Kept], *, whole: bool = False
) -> int:
    """Accept cells, each in place of the one that stood for the same; how many are new or changed.

    With `whole` they are all that an organisation says of these indicators and periods: whatever
    else it had said of them is replaced. What the portal wrote itself for want of a report always
    is. The caller checks them first.
    """
    changed: set[tuple[str, str]] = set()
    written = 0
    groups: dict[tuple[str, str], list[Kept]] = {}
    for each in cells:
        groups.setdefault((each.code, each.period), []).append(each)
    for (code, period), now in sorted(groups.items()):
        if done := _keep(db, by, at, now, find_standing(db, code, period), whole=whole):
            changed.add((code, period))
            written += done
    for code, period in sorted(changed):
        count_anew(db, code, period)
    return written


def _keep(
    db: Database,
    by: Actor,
    at: datetime,
    cells: Sequence[Kept],
    standing: Sequence[Standing],
    *,
    whole: bool,
) -> int:
    owners = {each.organisation_id for each in cells}
    stood = {each.key: each for each in standing}
    new = [each for each in cells if not _is_same(each, stood.get(each.key))]
    keys = {each.key for each in cells}
    gone = {stood[each.key].id for each in new if each.key in stood}
    for each in standing:
        replaced = whole or (each.state == "not_reported" and each.report_id is None)
        if replaced and each.organisation_id in owners and each.key not in keys:
            gone.add(each.id)
    for number in sorted(gone):
        db.execute("UPDATE results SET replaced_at = ? WHERE id = ?", [stamp(at), number])
    told = {"at": stamp(at), "by": by.account_id or by.role, "accepted_at": stamp(at)}
    db.table("results").insert_all({**_row(each), **told} for each in new)
    return len(new) + len(gone)


def _row(cell: Kept) -> dict[str, object]:
    row = msgspec.structs.asdict(cell)
    return {**row, "project_id": row["project_id"] or None}


def _is_same(cell: Kept, stood: Standing | None) -> bool:
    if stood is None:
        return False
    fields = [name for name in Kept.__struct_fields__ if name != "report_id"]
    return all(getattr(cell, name) == getattr(stood, name) for name in fields)
