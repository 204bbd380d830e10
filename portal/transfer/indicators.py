"""Indicators as rows of a file: the newest version of each definition, and its standing aim.

What an indicator means cannot change under results that were reported: a later `starts` beside the
change begins a further version. Its texts and its aim may be mended at any time.

To open figures takes two coordinators in the site, so a file opens none, and changes no open one.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.defining.actions import call_off_openings
from portal.defining.rules import widens
from portal.i18n.language import Message
from portal.indicators.actions import define, end_indicator, reword, set_target
from portal.indicators.queries import Aim, Definition, Source, find_versions, is_reported
from portal.transfer import cells
from portal.transfer.columns import (
    LANGUAGES,
    Column,
    Entry,
    Kind,
    in_languages,
    select_languages,
)
from portal.transfer.finding import Finder
from portal.transfer.report import CellError, WrongCell

# words that stand in addresses where a code would stand
RESERVED = ("new", "quarter", "compare")

# what is reported before anybody thought of a first day is told of as well
FROM_THE_BEGINNING = date(2000, 1, 1)

DIMENSIONS = ("sex", "age_group", "form", "region")

# by column the field of a definition that says what is counted, and how
MEANING = {
    "unit": "unit",
    "direction": "direction",
    "counts_people": "counts_people",
    "total_rule": "total_rule",
    "place_rule": "place_rule",
    "period_rule": "period_rule",
    "kind": "kind",
    "period": "frequency",
    "disaggregations": "dimensions",
}
TEXTS = {"title": "titles", "description": "descriptions", "source": "verification"}
# all but the standing aim and the end
DEFINES = frozenset(
    {"starts", *MEANING, *(f"{n}{of}" for n in TEXTS for of in ("", *(f"_{x}" for x in LANGUAGES)))}
)

REPORTED = Message(
    "Results were reported under this definition. Leave it, or write a later first day in “starts”:"
    " then a further version begins there."
)
KEEPS_SOURCE = Message("An indicator keeps where its figures come from. Define another one.")
ONE_SOURCE = Message("What is quoted is not counted: leave one of the two empty.")
OPENS = Message(
    "Two coordinators decide in the site that everybody reads exact figures: leave “yes” in"
    " “counts_people” and open it there. What is open already is changed there too."
)
NO_TITLE = Message("Write what the indicator is called.")
STAYS_ENDED = Message("An indicator that has ended is not begun again. Define another one.")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_COUNTER = re.compile(r"[a-z][a-z0-9_]{0,59}")


def indicator_code() -> cells.Cell:
    """The code of an indicator, which stands in addresses."""

    def read(text: str, _finder: Finder) -> str:
        if not _CODE.fullmatch(text) or text in RESERVED:
            raise WrongCell(
                Message("A code is made of Latin letters, digits, “-”, “_” and “.”, at most 60.")
            )
        return text

    return cells.Cell(read)


def dimensions() -> cells.Cell:
    """By what an indicator is told apart, always in the same order."""
    read_codes = cells.codes("dimensions").read

    def read(text: str, finder: Finder) -> list[str]:
        return _sorted(read_codes(text, finder))

    return cells.Cell(read, lambda found: ";".join(_sorted(found)), empty=[], is_json=True)


COLUMNS = (
    Column("code", indicator_code(), required=True),
    Column("title", cells.line()),
    *in_languages("title", cells.line()),
    Column("description", cells.paragraphs()),
    *in_languages("description", cells.paragraphs()),
    Column("unit", cells.line(60)),
    Column("direction", cells.code("directions")),
    Column("counts_people", cells.yes_no()),
    Column("total_rule", cells.code("total_rules")),
    Column("period", cells.code("frequencies")),
    Column("baseline", cells.number(-999_999_999, 999_999_999)),
    Column("target", cells.number(-999_999_999, 999_999_999)),
    Column("disaggregations", dimensions()),
    Column("source", cells.paragraphs()),
    *in_languages("source", cells.paragraphs()),
    Column("kind", cells.code("indicator_kinds")),
    Column("place_rule", cells.code("place_rules")),
    Column("period_rule", cells.code("period_rules")),
    Column("quoted", cells.yes_no(empty=0)),
    Column(
        "counter",
        cells.like(_COUNTER, Message("Write the name of one of the portal's own queries.")),
    ),
    Column("starts", cells.day()),
    Column("ended_on", cells.day()),
)

_SQL = (
    """
    SELECT i.code, json_extract(v.titles, '$.en') AS title,
        json_extract(v.descriptions, '$.en') AS description,
        json_extract(v.verification, '$.en') AS source,
        v.unit, v.direction, v.counts_people, v.total_rule, v.place_rule, v.period_rule, v.kind,
        v.frequency AS period, v.dimensions AS disaggregations, t.baseline, t.target,
        i.source = 'quoted' AS quoted, i.counter, v.starts, i.ended_on
    """
    + select_languages("title", "v.titles")
    + select_languages("description", "v.descriptions")
    + select_languages("source", "v.verification")
    + """
    FROM indicators AS i JOIN indicator_versions AS v ON v.code = i.code
        AND v.version = (SELECT max(version) FROM indicator_versions WHERE code = i.code)
    LEFT JOIN indicator_targets AS t ON t.code = i.code AND t.region = '' AND t.period = ''
    ORDER BY i.position, i.code
    """
)


def _sorted(found: list[str]) -> list[str]:
    return sorted(found, key=lambda each: (*DIMENSIONS, each).index(each))


def _meant(texts: dict[str, str], _stored: Mapping[str, str], _finder: Finder) -> dict[str, str]:
    """Every definition has these: an empty cell leaves them as they are, or as they usually are."""
    always = {*MEANING, "starts"} - {"disaggregations"}
    return {name: text for name, text in texts.items() if text or name not in always}


def _check(db: Database, entry: Entry, _finder: Finder) -> list[CellError]:
    errors = []
    if not any(entry.text(name) for name in _columns_of("title")):
        errors.append(entry.error("title", NO_TITLE))
    if entry.kept("counter") and entry.text("quoted") == "yes":
        errors.append(entry.error("counter", ONE_SOURCE))
    if entry.is_new:
        # security: an operator alone opens nothing; a seed may, of a network that is not there yet
        is_open = _changed(_usual(entry), entry).is_open
        return errors + [entry.error("counts_people", OPENS)] * is_open
    errors += [entry.error(n, KEEPS_SOURCE) for n in ("quoted", "counter") if n in entry.changes]
    if "ended_on" in entry.changes and not entry.changes["ended_on"]:
        errors.append(entry.error("ended_on", STAYS_ENDED))
    stands = find_versions(db, entry.id)[0]
    if "starts" not in entry.changes and is_reported(db, stands):
        errors += [entry.error(name, REPORTED) for name in MEANING if name in entry.changes]
    if not errors and widens(stands, _changed(stands, entry)):
        errors += [entry.error(name, OPENS) for name in entry.changes if name in DEFINES]
    return errors


def _save(db: Database, by: Actor, at: datetime, entry: Entry, _finder: Finder) -> None:
    changed = entry.changes.keys()
    stands = next(iter(find_versions(db, entry.id)), None)
    wanted = _changed(stands or _usual(entry), entry)
    if changed & DEFINES:
        call_off_openings(db, by, at, entry.id)
    if stands is None or changed & {*MEANING, "starts"}:
        if stands is not None and is_reported(db, stands):
            wanted = msgspec.structs.replace(wanted, version=stands.version + 1)
        define(db, by, at, wanted)
    elif any(changed & set(_columns_of(name)) for name in TEXTS):
        reword(db, by, at, wanted)
    if changed & {"baseline", "target"}:
        aim = Aim(entry.id, baseline=_number(entry, "baseline"), target=_number(entry, "target"))
        set_target(db, by, at, aim)
    if entry.changes.get("ended_on"):
        end_indicator(db, by, at, entry.id, date.fromisoformat(entry.changes["ended_on"]))


def _usual(entry: Entry) -> Definition:
    """A new indicator whose file says nothing but its code: reported, a count of people.

    Until somebody says that it counts no people its figures are shown to coordinators alone.
    """
    counts_people = bool(entry.changes.get("counts_people", True))
    kind: Any = entry.changes.get("kind") or "count"
    unit = "percent" if kind == "percent" else "people" if counts_people else "number"
    rule: Any = "none" if kind == "median" else "sum"
    source: Source = "counted" if entry.changes.get("counter") else "reported"
    return Definition(
        code=entry.id,
        version=1,
        source="quoted" if entry.changes.get("quoted") else source,
        counter=entry.changes.get("counter"),
        starts=FROM_THE_BEGINNING,
        kind=kind,
        unit=unit,
        direction="up",
        counts_people=counts_people,
        total_rule="sum",
        place_rule=rule,
        period_rule=rule,
        frequency="quarter",
        dimensions=[],
        titles={},
        descriptions={},
        verification={},
        reporters="organisations",
    )


def _changed(definition: Definition, entry: Entry) -> Definition:
    """The definition with what a row changes of it."""
    new: dict[str, Any] = {
        field: entry.changes[name] for name, field in MEANING.items() if name in entry.changes
    }
    if "counts_people" in new:
        new["counts_people"] = bool(new["counts_people"])
    if "starts" in entry.changes:
        new["starts"] = date.fromisoformat(entry.changes["starts"])
    for name, field in TEXTS.items():
        texts = dict(getattr(definition, field))
        for column, language in _columns_of(name).items():
            if column in entry.changes:
                texts[language] = entry.changes[column]
        new[field] = {code: text for code, text in texts.items() if text}
    return msgspec.structs.replace(definition, **new)


def _columns_of(name: str) -> dict[str, str]:
    """The columns of a text with their languages."""
    return {name: "en", **{f"{name}_{language}": language for language in LANGUAGES}}


def _number(entry: Entry, name: str) -> float | None:
    kept = entry.changes[name] if name in entry.changes else entry.kept(name)
    return None if kept is None else float(kept)


INDICATORS = Kind("indicators", COLUMNS, _SQL, _save, key=("code",), meant=_meant, check=_check)
