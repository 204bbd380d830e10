"""The words of `datasette-metadata.yml`: titles, notes and reviewed queries, in four languages.

English stands where Datasette expects it; `title_ru`, `columns_tg` and so on beside it are ours.
"""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from datasette.utils import parse_metadata  # type: ignore[import-untyped]

import portal

METADATA = Path(portal.__file__).parent.parent / "datasette-metadata.yml"

LANGUAGES = ("en", "ru", "tk", "tg")

DATABASE = "network"


class Described(msgspec.Struct, frozen=True):
    """A table or a query in one language; `columns` are notes, `labels` the form's words."""

    name: str
    title: str
    description: str
    columns: dict[str, str]
    labels: dict[str, str]


class Group(msgspec.Struct, frozen=True):
    """Tables that belong together; without a title they are code lists."""

    title: str
    tables: list[Described]


class Notes:
    """What one metadata file says."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        self.metadata = metadata
        self._network = metadata["databases"][DATABASE]

    @property
    def tables(self) -> list[str]:
        """The tables with a note, in the order of the file."""
        return list(self._network["tables"])

    @property
    def queries(self) -> dict[str, list[str]]:
        """The reviewed queries and their parameters."""
        return {
            name: list(query.get("params", ())) for name, query in self._network["queries"].items()
        }

    def choices(self, query: str) -> dict[str, str]:
        """For parameters chosen from a list: the table whose rows are the choices."""
        found: dict[str, str] = self._network["queries"][query].get("choices", {})
        return found

    def sql(self, query: str) -> str:
        """What a reviewed query asks."""
        return str(self._network["queries"][query]["sql"])

    def chart(self, query: str) -> str:
        """The one column of numbers of a query that is drawn; empty where there is none."""
        return str(self._network["queries"][query].get("chart", ""))

    def label(self, column: str, language: str) -> str:
        """What a column is called; one like `summary_tg` as `summary`."""
        base, _, end = column.rpartition("_")
        labels = self.query(next(iter(self.queries)), language).labels
        return labels.get(column) or (labels.get(base, "") if end in LANGUAGES else "") or column

    def groups(self, language: str) -> list[Group]:
        """The tables in groups, as a reader looks for them; the last one holds the code lists."""
        found = [
            Group(_in(each, "title", language), [self.table(t, language) for t in each["tables"]])
            for each in self._network.get("groups", ())
        ]
        grouped = {table.name for group in found for table in group.tables}
        rest = [self.table(name, language) for name in self.tables if name not in grouped]
        return [*found, Group("", rest)]

    def title(self, language: str) -> str:
        """The title of the whole."""
        return _in(self.metadata, "title", language)

    def description(self, language: str) -> str:
        """What the whole is."""
        return _in(self.metadata, "description", language)

    def table(self, name: str, language: str) -> Described:
        """A table's title and notes; its bare name where the file says nothing."""
        return _described(name, self._network["tables"].get(name, {}), language)

    def query(self, name: str, language: str) -> Described:
        """A reviewed query's title and notes."""
        return _described(name, self._network["queries"][name], language)

    def codebook(self) -> list[tuple[str, ...]]:
        """Table, column and its note in each language, for every column with a note."""
        return [
            (table, column, *(self.table(table, code).columns[column] for code in LANGUAGES))
            for table in self.tables
            for column in self.table(table, "en").columns
        ]


@cache
def read_notes(path: Path = METADATA) -> Notes:
    """The notes of a file; it may be YAML or JSON. They change with a restart."""
    return Notes(parse_metadata(path.read_text(encoding="utf-8")))


def _described(name: str, said: dict[str, Any], language: str) -> Described:
    return Described(
        name=name,
        title=_in(said, "title", language) or name,
        description=_in(said, "description", language),
        columns={**said.get("columns", {}), **said.get(f"columns_{language}", {})},
        labels={**said.get("labels", {}), **said.get(f"labels_{language}", {})},
    )


def _in(said: dict[str, Any], name: str, language: str) -> str:
    return str(said.get(f"{name}_{language}") or said.get(name) or "")
