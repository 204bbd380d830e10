"""What a release of today would say: released counts, open figures, and figures of people."""

from collections.abc import Callable
from datetime import date

from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.db import column, fetch
from portal.indicators.queries import Counted, find_versions
from portal.indicators.rules import value_of
from portal.indicators.sight import only_seen
from portal.publication.ledger import ALL, Candidate, ReleasedFigure
from portal.publication.queries import count_held
from portal.publication.rules import policy_on, released_cells

Clock = Callable[[], float]


def compile_release(
    db: Database,
    today: date,
    clock: Clock,  # noqa: ARG001  the audits that follow are timed by it
) -> Candidate:
    """All that a release of today says, after disclosure control; `clock` gives seconds."""
    return Candidate(
        counts=released_cells(count_held(db, today), policy_on(today)),
        figures=find_open_figures(db),
    )


def find_open_figures(db: Database) -> list[ReleasedFigure]:
    """The exact figures that everybody may read: what counts nobody, and what is quoted (D0)."""
    kept = fetch(db, Counted, "SELECT * FROM figures WHERE organisation_id = '' ORDER BY code")
    sources = _sources(db)
    kinds = {
        (each.code, each.version): each.kind
        for code in column(db, "SELECT code FROM indicators")
        for each in find_versions(db, code)
    }
    seen = only_seen(db, PUBLIC, kept)
    return [
        _open_figure(each, value, sources.get((each.code, each.period)))
        for each in seen
        if (value := value_of(kinds[each.code, each.version], each.figure)) is not None
    ]


def _open_figure(figure: Counted, value: float, source: str | None) -> ReleasedFigure:
    return ReleasedFigure(
        indicator=figure.code,
        period=figure.period,
        area=figure.region or ALL,
        sex=figure.sex or ALL,
        age_group=figure.age_group or ALL,
        form=figure.form or ALL,
        version=figure.version,
        value=value,
        source=source,
    )


def _sources(db: Database) -> dict[tuple[str, str], str]:
    sql = """
        SELECT code, period, min(quoted_from) FROM results
        WHERE quoted_from IS NOT NULL AND replaced_at IS NULL GROUP BY code, period
    """
    return {(code, period): said for code, period, said in db.execute(sql).fetchall()}
