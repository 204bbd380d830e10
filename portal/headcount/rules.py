"""What every count of people shares on its way into a release; and practitioners, counted on a day.

Labels come from the configured lists, never from what was counted: a label that appears would tell
that there is somebody.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from portal.disclosure.report import Release
from portal.disclosure.rules import WITHHELD, Cell, percentage
from portal.disclosure.tables import ALL, Cube, Dimension, Key, Table
from portal.publication.ledger import ReleasedFigure, ReleasedLevel, SaidCell

YES, NO = "yes", "no"

# why nothing of an indicator is released, or its ladder stops: codes of the list `level_reasons`
TOO_FEW, COARSER = "too_few", "coarser"
ORGANISATIONS, PEOPLE, PLACES, OVERLAP = "organisations", "people", "places", "overlap"


# a median is said as a band only: wide enough that one person's days do not move it, and with the
# ends that people plan by: at once, within the week, a working week or two, a month, later
BANDS = ((2, "0-2"), (5, "3-5"), (10, "6-10"), (20, "11-20"))
LAST_BAND = "21+"


class Lists(msgspec.Struct, frozen=True):
    """The configured lists: regions with their countries, and the codes that tell people apart."""

    regions: dict[str, str]
    form: tuple[str, ...]
    age_group: tuple[str, ...]
    sex: tuple[str, ...]
    professions: tuple[str, ...]
    genders: tuple[str, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of the regions, in their order."""
        return tuple(dict.fromkeys(self.regions.values()))


class Rung(msgspec.Struct, frozen=True):
    """A level of an indicator: its figures where it is published, and how many there are of it."""

    name: str
    figures: Sequence[ReleasedFigure] | None
    cells: int


def levels_of(code: str, rungs: Sequence[Rung], why: str) -> list[ReleasedLevel]:
    """A row for each level; the first that is not published names why, the others are finer."""
    rows = []
    for position, rung in enumerate(rungs):
        is_published = rung.figures is not None
        withheld = sum(each.flag is not None for each in rung.figures or ())
        rows.append(
            ReleasedLevel(
                code,
                position,
                rung.name,
                is_published,
                rung.cells,
                withheld if is_published else rung.cells,
                None if is_published else why,
            )
        )
        why = why if is_published else COARSER
    return rows


def said_of(cube: str, made: Release) -> list[SaidCell]:
    """The rows of the ledger: every cell as it is said."""
    return [SaidCell(cube, cell.key, cell.value) for cell in made.cells().values()]


def report_of(made: Release, seconds: float) -> dict[str, object]:
    """What the audit says, and how long it took."""
    return {**msgspec.to_builtins(made.report), "seconds": round(seconds, 2)}


def band_of(days: float) -> str:
    """The band of days in which a median lies; halves belong to the band above."""
    return next((name for most, name in BANDS if days <= most), LAST_BAND)


def count_of(row: ReleasedFigure, cell: Cell) -> ReleasedFigure:
    """A count as the engine said it; kept as a float, as it is read back, for its fingerprint."""
    value = None if cell.value is None else float(cell.value)
    return msgspec.structs.replace(row, value=value, flag=cell.flag)


def share_of(row: ReleasedFigure, part: int | None, whole: int | None) -> ReleasedFigure:
    """A percent of two rounded counts, with both; withheld where either is (D6)."""
    said = percentage(part, whole)
    percent = None if said is None else float(said)
    flag = WITHHELD if percent is None else None
    return msgspec.structs.replace(row, value=percent, numerator=part, denominator=whole, flag=flag)


def made_cube(
    axes: Sequence[str],
    counts: Mapping[Key, int],
    listed: Mapping[str, Sequence[str]],
    groups: Mapping[str, dict[str, tuple[str, ...]]],
    said: Iterable[Key],
) -> Cube:
    """A cube of the configured labels and whatever else was counted or said before.

    A label that was said before and is in no list any more is a category with nobody: nothing that
    was said is forgotten, and nothing false is taken for true, for no count that was said is 0.
    """
    seen = [dict.fromkeys(labels) for labels in zip(*counts, strict=True)] or [{}] * len(axes)
    before = [dict.fromkeys(labels) for labels in zip(*said, strict=True)] or [{}] * len(axes)
    dimensions = []
    for name, now, earlier in zip(axes, seen, before, strict=True):
        known = {ALL, *groups.get(name, {})}
        lost = [label for label in earlier if label not in known]
        categories = tuple(dict.fromkeys((*listed.get(name, ()), *now, *lost)))
        dimensions.append(Dimension(name, categories or ("",), dict(groups.get(name, {}))))
    return Cube(tuple(dimensions), dict(counts))


def countries_of(lists: Lists, counted: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The regions of each country, those of no list by the letters they begin with."""
    regions = dict.fromkeys((*lists.regions, *counted))
    return {
        country: tuple(each for each in regions if lists.regions.get(each, each[:2]) == country)
        for country in lists.countries
    }


# Practitioners: one cube of who is listed and agreed to be counted, on the day of the release

PRACTITIONERS = "practitioners"
AXES = ("profession", "confirmed", "sex", "region", "organisation")
# a name that is published elsewhere: reports are searched for private words
CONFIRMED = "confirmed_90_days"

# the counters that it answers: of which profession, and whether as a share
DAILY = {
    "practitioners_listed": ALL,
    "psychologists_listed": "psychologist",
    "lawyers_listed": "lawyer",
    CONFIRMED: ALL,
}


class Listed(msgspec.Struct, frozen=True):
    """So many practitioners of one organisation whom nothing parts further."""

    profession: str
    confirmed: str
    sex: str
    region: str
    organisation: str
    people: int


def cube_of_practitioners(listed: Sequence[Listed], lists: Lists, said: Iterable[Key]) -> Cube:
    """The exact counts of practitioners."""
    counts: Counter[Key] = Counter()
    for each in listed:
        key = (each.profession, each.confirmed, each.sex, each.region, each.organisation)
        counts[key] += each.people
    names = {
        "profession": lists.professions,
        "confirmed": (YES, NO),
        "sex": lists.genders,
        "region": ("", *lists.regions),
    }
    countries = countries_of(lists, (each.region for each in listed))
    return made_cube(AXES, counts, names, {"region": countries}, said)


def ladder_of_practitioners(lists: Lists) -> list[Table]:
    """From the network to the regions, sex last; whether confirmed is a level beside the others."""
    one, all_regions = (ALL,), tuple(lists.regions)
    named = (ALL, *(each for each in ("psychologist", "lawyer") if each in lists.professions))
    return [
        Table("network_day", (one, one, one, one, one)),
        Table(CONFIRMED, (one, (YES, NO), one, one, one)),
        Table("by_profession", (lists.professions, one, one, one, one)),
        Table("country_day", (named, one, one, lists.countries, one)),
        Table("region_day", (lists.professions, one, one, all_regions, one)),
        Table("by_sex", (named, one, lists.genders, one, one)),
    ]


def figures_of_day(
    counter: str, code: str, version: int, day: str, cells: Mapping[Key, Cell], keys: Iterable[Key]
) -> Iterator[ReleasedFigure]:
    """The rows of an indicator that counts practitioners, of the keys of one level."""
    for key in keys:
        profession, confirmed, sex, region, _ = key
        row = ReleasedFigure(code, day, region, sex, ALL, ALL, version)
        if counter == CONFIRMED:
            if confirmed == YES:
                whole = cells[(profession, ALL, *key[2:])]
                yield share_of(row, cells[key].value, whole.value)
        elif confirmed == ALL and profession == DAILY[counter]:
            yield count_of(row, cells[key])
