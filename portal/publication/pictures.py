"""Charts of the data site: figures of one indicator over time, and questions with one number.

They are drawn from the same public database as the table beside them; what is withheld is a gap.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from time import monotonic
from typing import Any

from portal.charts import Bar, Group, bar_chart, draw_chart, titled
from portal.i18n.language import Language
from portal.lines import Named, Point, line_chart
from portal.publication.notes import Notes
from portal.publication.served import Served

OVER_TIME = "indicator_over_time"
MOST_BARS, MOST_POINTS = 20, 60
MOST_SECONDS = 1.0

Rows = list[dict[str, Any]]


def draw(
    served: Served, notes: Notes, language: Language, query: str, asked: dict[str, str]
) -> str:
    """The picture of a reviewed question's answer as SVG; what is not shown is a gap in it."""
    column = notes.chart(query)
    rows = _answer(served, notes, language, query, asked)
    described = notes.query(query, language.code)
    if query == OVER_TIME and rows:
        spec = _over_time(language, rows)
        title = str(rows[0]["indicator"])
    else:
        spec, title = _bars(language, rows[:MOST_BARS], column, described.title), described.title
    return titled(draw_chart(spec), title, described.description)


def _answer(
    served: Served, notes: Notes, language: Language, query: str, asked: dict[str, str]
) -> Rows:
    said = {name: asked.get(name, "") for name in notes.queries[query]}
    until = monotonic() + MOST_SECONDS
    with closing(sqlite3.connect(f"file:{served.path}?immutable=1", uri=True)) as db:
        db.row_factory = sqlite3.Row
        db.set_progress_handler(lambda: int(monotonic() > until), 1000)
        sql = notes.sql(query)
        found = db.execute(sql, {**said, "language": language.code}).fetchmany(1000)
    return [dict(row) for row in found]


def _over_time(language: Language, rows: Rows) -> dict[str, Any]:
    """Oldest first; where the definition changed, its new version begins."""
    points = []
    # years would tower over their own quarters
    kinds = Counter(_kind_of(str(row["period"])) for row in rows)
    alike = [row for row in rows if _kind_of(str(row["period"])) == kinds.most_common(1)[0][0]]
    oldest_first = alike[:MOST_POINTS][::-1]
    version = oldest_first[0]["version"]
    for row in oldest_first:
        begins = str(row["version"]) if row["version"] != version else ""
        version = row["version"]
        value = row["value"]
        number = "" if value is None else language.number(value)
        points.append(Point(str(row["period"])[:4], value, number, begins=begins))
    _ = language.gettext
    named = Named(
        value=f"{rows[0]['indicator']}: {rows[0]['area']}",
        partial=_("Not all have reported"),
        target=_("Target"),
        baseline=_("Baseline"),
        version=_("The definition changed"),
    )
    return line_chart(points, named, str(rows[0]["indicator"]), language.number)


def _kind_of(period: str) -> str:
    """Years, quarters, months or days: by how they are written."""
    return "quarter" if "-Q" in period else str(len(period))


def _bars(language: Language, rows: Rows, column: str, about: str) -> dict[str, Any]:
    longest = max((row[column] for row in rows if row[column] is not None), default=1) or 1
    groups: list[Group] = []
    for row in rows:
        value = row[column]
        share = 0.0 if value is None else 100 * value / longest
        number = language.gettext("not shown") if value is None else language.number(value)
        groups.append(Group(_label(row, column), [Bar(share, number)]))
    return bar_chart(groups, about)


def _label(row: dict[str, Any], column: str) -> str:
    """What a bar is about: the first two texts of its row."""
    texts: Sequence[str] = [
        str(value)
        for name, value in row.items()
        if name not in (column, "home_visits", "source", "starts_on") and isinstance(value, str)
    ]
    return ", ".join(texts[:2])
