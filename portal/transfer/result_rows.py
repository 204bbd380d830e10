"""Rows of results beside what the portal knows of their indicators, periods and projects."""

from datetime import date

from sqlite_utils import Database

from portal.i18n.language import Message
from portal.indicators.checks import NO_DENOMINATOR
from portal.indicators.locks import LOCKED, is_locked
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition, find_definition
from portal.indicators.results import Kept
from portal.indicators.rules import Rules
from portal.requests.rules import personal_in
from portal.transfer.columns import Entry
from portal.transfer.report import CellError

PARTS = ("sex", "age_group", "form")

COUNTED = Message("The portal counts this itself, nobody reports it. Take the row out.")
WHOSE = Message("Write whose result this is.")
OF_NOBODY = Message("What is quoted is no organisation's result: leave this empty.")
NO_SOURCE = Message("Write where this was published.")
NOT_QUOTED = Message("This indicator is reported, not quoted: leave this empty.")
NOT_BEGUN = Message("This period has not begun. Look at it again.")
NOT_DEFINED = Message("This indicator is not defined for this period. Choose a later one.")
NO_SUCH_PART = Message("This indicator has no parts of this kind: leave this empty.")
IN_TWO = Message(
    "This has two numbers: write them as numerator and denominator; 62 percent are 62 of 100."
)
IN_ONE = Message("This is one number: write it in the column “value”, and leave this empty.")
OF_OTHERS = Message("This project belongs to another organisation.")
PERSONAL = Message("Write nothing here that tells of one person: no number, no address.")
WRITTEN_AS = {
    "month": Message("This is reported monthly: write a month, for example 2026-01."),
    "quarter": Message("This is reported quarterly: write a quarter, for example 2026-Q1."),
    "year": Message("This is reported yearly: write a year, for example 2026."),
}


class Rows:
    """What rows need to know, asked once for each indicator, period and organisation."""

    def __init__(self, db: Database, today: date) -> None:
        self._db = db
        self._today = today
        self._definitions: dict[tuple[str, str], Definition | None] = {}
        self._locked: dict[tuple[str, str], bool] = {}
        rows = db.execute("SELECT code, id, organisation_id FROM projects").fetchall()
        self._projects = {code: project_id for code, project_id, _ in rows}
        self._owners = {code: owner for code, _, owner in rows}

    def definition(self, entry: Entry) -> Definition:
        """The definition under which a good row is reported."""
        found = self._find(entry)
        assert found is not None
        return found

    def line(self, entry: Entry) -> tuple[str | None, ...]:
        """Of which line a row is a cell; as `Kept.line`."""
        organisation = entry.text("organisation") or None
        project = self._projects.get(entry.text("project"), "")
        of = (entry.text("indicator"), entry.text("period"), organisation)
        return (*of, entry.text("region"), project)

    def kept(self, entry: Entry) -> Kept:
        """A good row as the result it is."""
        code, period, organisation, region, project = self.line(entry)
        value = number_in(entry, "value")
        return Kept(
            code=str(code),
            version=self.definition(entry).version,
            period=str(period),
            organisation_id=organisation,
            region=str(region),
            project_id=str(project),
            sex=entry.text("sex"),
            age_group=entry.text("age_group"),
            form=entry.text("form"),
            state=entry.kept("state") or "value",
            numerator=value if value is not None else number_in(entry, "numerator"),
            denominator=number_in(entry, "denominator"),
            note=entry.kept("note"),
            quoted_from=entry.kept("quoted_from"),
        )

    def errors(self, entry: Entry) -> list[CellError]:
        """What is wrong with a row by itself."""
        definition = self._find(entry)
        if definition is None:
            return [entry.error("period", NOT_DEFINED)]
        if wrong := self._period(entry, definition):
            return [entry.error("period", wrong)]
        errors = _source(entry, definition)
        errors += [
            entry.error(name, NO_SUCH_PART)
            for name in PARTS
            if entry.text(name) and name not in definition.dimensions
        ]
        if self._is_of_others(entry):
            errors.append(entry.error("project", OF_OTHERS))
        if personal_in(entry.kept("note") or ""):
            errors.append(entry.error("note", PERSONAL))
        return errors + _numbers(entry, definition.rules)

    def _find(self, entry: Entry) -> Definition | None:
        key = (entry.text("indicator"), entry.text("period"))
        if key not in self._definitions:
            self._definitions[key] = find_definition(self._db, key[0], read_period(key[1]))
        return self._definitions[key]

    def _is_of_others(self, entry: Entry) -> bool:
        owner = self._owners.get(entry.text("project"))
        return owner is not None and owner != entry.text("organisation")

    def _period(self, entry: Entry, definition: Definition) -> Message | None:
        period = read_period(entry.text("period"))
        if period.frequency != definition.frequency:
            return WRITTEN_AS[definition.frequency]
        if period.first > self._today:
            return NOT_BEGUN
        # what others published says nothing of what was handed in, whenever it comes
        if definition.source != "quoted" and self._is_locked(entry):
            return LOCKED
        return None

    def _is_locked(self, entry: Entry) -> bool:
        code, organisation = entry.text("period"), entry.text("organisation")
        key = (code, organisation)
        if key not in self._locked:
            asked = (read_period(code), organisation or None, self._today)
            self._locked[key] = is_locked(self._db, *asked)
        return self._locked[key]


def column_of(rules: Rules, said: Message) -> str:
    """The column in which a problem of a cell is mended."""
    if said == NO_DENOMINATOR:
        return "denominator"
    return "numerator" if rules.has_denominator else "value"


def number_in(entry: Entry, name: str) -> float | None:
    """The number that a column will hold; None where it is empty."""
    kept = entry.changes[name] if name in entry.changes else entry.kept(name)
    return None if kept in (None, "") else float(kept)


def _source(entry: Entry, definition: Definition) -> list[CellError]:
    """Who says it: an organisation, a publication, or the portal when it closes a quarter."""
    organisation, quoted = entry.text("organisation"), entry.kept("quoted_from")
    if definition.source == "counted" and organisation:
        return [entry.error("indicator", COUNTED)]
    if definition.source == "quoted":
        if organisation:
            return [entry.error("organisation", OF_NOBODY)]
        return [] if quoted else [entry.error("quoted_from", NO_SOURCE)]
    # security: where something was published is public, and a report is not
    errors = [entry.error("quoted_from", NOT_QUOTED)] if quoted else []
    if definition.source == "reported" and not organisation:
        errors.append(entry.error("organisation", WHOSE))
    return errors


def _numbers(entry: Entry, rules: Rules) -> list[CellError]:
    """Numbers that stand in a column of another kind of indicator."""
    said, others = (
        (IN_TWO, ("value",)) if rules.has_denominator else (IN_ONE, ("numerator", "denominator"))
    )
    return [entry.error(name, said) for name in others if number_in(entry, name) is not None]
