"""What the files of an edition are called, and how a table is described to other programs.

The tags are those of the Humanitarian Exchange Language 1.1, the types those of Table Schema;
regions carry their codes of ISO 3166-2.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

LANGUAGES = ("en", "ru", "tk", "tg")

FOLDER = "files"
LIST = "files.json"
SUMS = "SHA256SUMS"
DATABASE = "network.db"
WORKBOOK = "network.xlsx"
PACKAGE = "datapackage.json"
ARCHIVE = "network-datapackage.zip"
PROJECTS = "projects-iati.xml"

MEDIA_TYPES = {
    ".db": "application/vnd.sqlite3",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".zip": "application/zip",
    ".xml": "application/xml",
    "": "text/plain; charset=utf-8",
}

LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 International"}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Value = str | int | float | None
Row = Sequence[Value]


class ExportedFile(msgspec.Struct, frozen=True):
    """A file of an edition, as `files.json` lists it; `title` is by language."""

    name: str
    title: dict[str, str]
    bytes: int
    sha256: str
    media_type: str
    language: str | None = None


class Column(msgspec.Struct, frozen=True):
    """A column of a published table, with what it means in each language."""

    name: str
    kind: str
    meaning: dict[str, str]


class Link(msgspec.Struct, frozen=True):
    """A column whose values are those of a column of another published table."""

    column: str
    table: str
    other: str


class PublishedTable(msgspec.Struct, frozen=True):
    """A published table, whole: how it was made, what it says of itself, and its rows."""

    name: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    columns: list[Column]
    key: list[str]
    links: list[Link]
    rows: list[Row]
    made_by: list[str]


class Tagged(msgspec.Struct, frozen=True):
    """A table of tagged columns: each with its heading, its tag, and where it is read from."""

    name: str
    select: str
    tags: dict[str, str]

    @property
    def file(self) -> str:
        """How its file is called."""
        return f"hxl-{self.name}.csv"


_PLACE = {
    "country": "#country+code+v_iso2",
    "region": "#adm1+code+v_iso3166_2",
    "region_name": "#adm1+name+i_en",
}

TAGGED = (
    Tagged(
        "who-what-where",
        """
        SELECT o.id AS organisation, o.name, o.kind, s.code AS service, s.name_en AS service_name,
            r.country, o.region, r.name_en AS region_name, t.id AS settlement,
            t.name AS settlement_name, t.latitude, t.longitude, o.phone, o.website
        FROM organisations AS o
        LEFT JOIN organisation_services AS d ON d.organisation = o.id
        LEFT JOIN services AS s ON s.code = d.service
        LEFT JOIN regions AS r ON r.code = o.region
        LEFT JOIN settlements AS t ON t.id = o.settlement
        ORDER BY o.rowid, s.rowid
        """,
        {
            "organisation": "#org+id",
            "name": "#org+name",
            "kind": "#org+type+code",
            "service": "#service+code",
            "service_name": "#service+name+i_en",
            **_PLACE,
            "settlement": "#loc+code",
            "settlement_name": "#loc+name",
            "latitude": "#geo+lat",
            "longitude": "#geo+lon",
            "phone": "#contact+phone",
            "website": "#contact+url",
        },
    ),
    Tagged(
        "practitioner-counts",
        """
        SELECT r.country, c.region, r.name_en AS region_name, c.profession,
            p.name_en AS profession_name, c.practitioners, c.flag, c.home_visits
        FROM practitioner_counts AS c JOIN regions AS r ON r.code = c.region
        JOIN professions AS p ON p.code = c.profession ORDER BY r.rowid, p.rowid
        """,
        {
            **_PLACE,
            "profession": "#capacity+profession+code",
            "profession_name": "#capacity+profession+name+i_en",
            "practitioners": "#capacity+practitioners+num",
            "flag": "#meta+flag",
            "home_visits": "#service+home_visits",
        },
    ),
    Tagged(
        "figures",
        """
        SELECT f.indicator, i.title_en AS title, i.unit, f.period, f.area,
            iif(a.kind = 'network', NULL, substr(f.area, 1, 2)) AS country,
            iif(a.kind = 'region', f.area, NULL) AS region,
            iif(a.kind = 'region', a.name_en, NULL) AS region_name,
            f.sex, f.age_group, f.form, f.value, f.numerator, f.denominator, f.band, f.flag,
            f.version, f.source
        FROM figures AS f JOIN indicators AS i ON i.code = f.indicator
        JOIN areas AS a ON a.code = f.area ORDER BY f.rowid
        """,
        {
            "indicator": "#indicator+code",
            "title": "#indicator+name+i_en",
            "unit": "#indicator+unit",
            "period": "#date+period",
            "area": "#region+code",
            **_PLACE,
            "sex": "#group+sex+code",
            "age_group": "#group+age+code",
            "form": "#group+form+code",
            "value": "#indicator+value+num",
            "numerator": "#indicator+numerator+num",
            "denominator": "#indicator+denominator+num",
            "band": "#indicator+band",
            "flag": "#meta+flag",
            "version": "#meta+version",
            "source": "#meta+source",
        },
    ),
    Tagged(
        "regions",
        """
        SELECT country, code AS region, name_en AS region_name, name_ru, name_tk, name_tg
        FROM regions ORDER BY rowid
        """,
        {
            **_PLACE,
            "name_ru": "#adm1+name+i_ru",
            "name_tk": "#adm1+name+i_tk",
            "name_tg": "#adm1+name+i_tg",
        },
    ),
    Tagged(
        "settlements",
        """
        SELECT r.country, s.region, r.name_en AS region_name, s.id AS settlement, s.name,
            s.latitude, s.longitude, s.population
        FROM settlements AS s LEFT JOIN regions AS r ON r.code = s.region ORDER BY s.rowid
        """,
        {
            **_PLACE,
            "settlement": "#loc+code",
            "name": "#loc+name",
            "latitude": "#geo+lat",
            "longitude": "#geo+lon",
            "population": "#population",
        },
    ),
)


def media_type_of(name: str) -> str:
    """The media type of a file, by the ending of its name."""
    return MEDIA_TYPES["." + name.rpartition(".")[2] if "." in name else ""]


def field_of(table: PublishedTable, position: int) -> dict[str, Any]:
    """A column as Table Schema describes it; its meaning in English and, beside it, the others."""
    column = table.columns[position]
    field: dict[str, Any] = {"name": column.name, "type": _type_of(table, position)}
    if column.meaning:
        field["description"] = column.meaning["en"]
        field |= {f"description_{code}": column.meaning[code] for code in LANGUAGES[1:]}
    constraints: dict[str, Any] = {}
    if column.name in table.key:
        constraints["required"] = True
        if len(table.key) == 1:
            constraints["unique"] = True
    if column.name == "home_visits":
        constraints["enum"] = ["yes", "ask_hotline"]
    return {**field, "constraints": constraints} if constraints else field


def schema_of(table: PublishedTable) -> dict[str, Any]:
    """A table as Table Schema describes it, with its links to others."""
    schema: dict[str, Any] = {
        "fields": [field_of(table, position) for position in range(len(table.columns))],
        "missingValues": [""],
        "primaryKey": table.key,
    }
    if table.links:
        schema["foreignKeys"] = [
            {
                "fields": [each.column],
                "reference": {"resource": each.table, "fields": [each.other]},
            }
            for each in table.links
        ]
    return schema


def _type_of(table: PublishedTable, position: int) -> str:
    column = table.columns[position]
    if column.kind != "TEXT":
        return {"INTEGER": "integer", "REAL": "number", "FLOAT": "number"}[column.kind]
    if not column.name.endswith("_on"):
        return "string"
    # a day may lack its year: then the column is one of texts
    days = [row[position] for row in table.rows if row[position] is not None]
    return "date" if days and all(_DAY.fullmatch(str(each)) for each in days) else "string"
