"""The table of a quarter, for a file to take away."""

from collections.abc import Callable, Iterator, Sequence

from portal.dashboard.queries import IndicatorTile, QuarterlyReport
from portal.i18n.language import Language
from portal.sheets import Value


def table_of(
    found: QuarterlyReport, language: Language, unit_of: Callable[[str], str]
) -> Iterator[Sequence[Value]]:
    """The names of the columns, and a row for each indicator."""
    _ = language.gettext
    header = [
        _("Code"),
        _("Indicator"),
        _("Unit"),
        _("Period"),
        _("Figure"),
        _("The period before"),
    ]
    header += [_("A year before"), _("Target"), _("Way to the target, percent")]
    header += [_("Reports it rests on"), _("Reports expected")]
    yield header
    yield from (_row(each, unit_of) for each in found.results)


def _row(each: IndicatorTile, unit_of: Callable[[str], str]) -> Sequence[Value]:
    way = None if each.progress is None else round(each.progress * 100)
    return [
        each.code,
        each.title,
        unit_of(each.unit),
        each.period,
        each.value,
        each.before,
        each.year_before,
        each.target,
        way,
        each.reported,
        each.expected,
    ]
