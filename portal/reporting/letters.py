"""How the cells of a report are called in the reader's language."""

from collections.abc import Mapping, Sequence

import msgspec

from portal.i18n.language import Language
from portal.indicators.periods import read_period
from portal.indicators.queries import Definition
from portal.indicators.rules import Figure, Rules, value_of
from portal.projects.queries import Project
from portal.reporting.queries import Opened
from portal.reporting.rules import VOCABULARIES, Line, whole_of
from portal.reports.rules import Written
from portal.vocabularies.terms import Terms


class Words(msgspec.Struct, frozen=True):
    """How the cells of a report are called in the reader's language."""

    language: Language
    terms: Terms
    definitions: Mapping[str, Definition]
    projects: Mapping[str, Project]

    def title(self, code: str) -> str:
        """An indicator's title."""
        found = self.definitions.get(code)
        return self.language.of(found.title, found.titles) if found else code

    def description(self, code: str) -> str:
        """What an indicator means."""
        found = self.definitions[code]
        return self.language.of(found.descriptions.get("en", ""), found.descriptions)

    def part(self, part: Sequence[str]) -> str:
        """Sex, age group and form of a part."""
        named = zip(VOCABULARIES.values(), part, strict=True)
        return self.language.list([self.term(each, code) for each, code in named if code])

    def line(self, line: Line) -> str:
        """Period, region and project of a line."""
        period = read_period(line[1])
        # the page is about one quarter: where a region tells lines apart it is not said again
        when = "" if line[2] and period.frequency == "quarter" else self.language.period(line[1])
        said = [when, self.term("regions", line[2]), self.project(line[3])]
        return self.language.list([each for each in said if each])

    def project(self, project_id: str) -> str:
        """The code and title of a project."""
        found = self.projects.get(project_id)
        return (
            f"{found.code} {self.language.of(found.title, found.titles)}" if found else project_id
        )

    def cell(self, field: str, row: int = 0) -> str:
        """The whole name of a cell; of a row, which has none, its number in its line."""
        parts = field.split("|")
        if len(parts) < 5 or parts[0] not in self.definitions:
            return ""
        line = (parts[0], parts[1], parts[2], parts[3])
        named = self.part(parts[4:7]) if len(parts) == 7 else ""
        numbered = self.language.gettext("row %(number)s", number=row) if row else ""
        said = (self.title(parts[0]), self.line(line), named or numbered)
        return self.language.list([each for each in said if each])

    def figure(self, rules: Rules, cells: Sequence[Written]) -> str:
        """The whole of a line: its number, its share with both numbers, or why there is none."""
        if len(cells) == 1 and cells[0].state not in ("value", "zero"):
            return self.said(cells[0])
        figure = whole_of(rules, [*cells])
        if figure.numerator is None:
            return "–"
        number = self.language.number(figure.numerator)
        share = value_of(rules.kind, figure)
        if not rules.has_denominator or share is None:
            return number
        return self._of(figure, f"{share:.0f} %" if rules.kind == "percent" else f"{share:.2f}")

    def said(self, cell: Written | None) -> str:
        """One cell as it is written: a number, both, or why there is none."""
        if cell is None:
            return "–"
        if cell.state == "zero":
            return "0"
        if cell.state != "value":
            return self.term("result_states", cell.state)
        if cell.denominator is None:
            return self.language.number(cell.numerator or 0)
        return self._of(Figure(cell.numerator, cell.denominator), "").removesuffix(" ()")

    def _of(self, figure: Figure, share: str) -> str:
        numbers = {
            "n": self.language.number(figure.numerator or 0),
            "all": self.language.number(figure.denominator or 0),
        }
        return self.language.gettext("%(n)s of %(all)s", **numbers) + f" ({share})"

    def term(self, vocabulary: str, code: str) -> str:
        """A code by its name; none by nothing."""
        return self.terms.name(vocabulary, code, self.language.code) if code else ""


def words_of(opened: Opened, language: Language, terms: Terms) -> Words:
    """How the cells of this report are called."""
    definitions = {each.code: each for each in opened.definitions}
    return Words(language, terms, definitions, {each.id: each for each in opened.own_projects})
