"""What the templates of the data site say beside the rows, in the reader's language."""

import gettext
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_encode  # type: ignore[import-untyped]

from portal.i18n.language import Language, load_language
from portal.publication.contents import percent_withheld
from portal.publication.gate import DATABASE, MOUNT, WITHHELD, Route
from portal.publication.given import EditionFile
from portal.publication.notes import LANGUAGES, Notes
from portal.publication.pictures import OVER_TIME
from portal.publication.served import Served
from portal.publication.tidy import Tidy
from portal.settings import Settings

# Columns whose codes are named in a list, whatever table they stand in.
LIST_OF_COLUMN = {
    "region": "regions",
    "service": "services",
    "profession": "professions",
    "kind": "event_kinds",
    "event": "events",
    "campaign": "campaigns",
    "audience": "audiences",
    "field": "charter_fields",
    "state": "charter_text_states",
    "area": "areas",
    "sex": "sexes",
    "age_group": "age_groups",
    "form": "exploitation_forms",
    "indicator": "indicators",
    "level": "release_levels",
    "why": "level_reasons",
    "unit": "indicator_units",
    "direction": "indicator_directions",
    "frequency": "frequencies",
    "licence": "licences",
    "topic": "topics",
    "material": "materials",
    "organisation": "organisations",
}

# What `kind` is a code of, where it is not a kind of event.
KINDS_OF_TABLE = {
    "organisations": "organisation_kinds",
    "activities": "activity_kinds",
    "charter_points": "charter_kinds",
    "materials": "material_kinds",
    "indicators": "indicator_kinds",
    "areas": "",
}

# Columns that a form of a table offers choices for, when they have a list short enough.
MOST_CHOICES = 60

# Columns whose values are keys of another table.
TABLE_OF_COLUMN = {
    "settlement": "settlements",
    "organisation": "organisations",
    "event": "events",
    "campaign": "campaigns",
    "material": "materials",
    "indicator": "indicators",
}


def language_of(scope: Mapping[str, Any], languages: tuple[str, ...]) -> Language:
    """The language of `?_lang=`, else the one the browser asks for; there are no cookies here."""
    asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("_lang", "")
    if asked in languages:
        return _load(asked)
    accepted = next((v for k, v in scope.get("headers", []) if k == b"accept-language"), b"")
    wanted = [_weighed(part) for part in accepted.decode("latin-1")[:200].split(",")]
    for _weight, code in sorted(wanted, key=lambda pair: -pair[0]):
        if code in languages:
            return _load(code)
    return _load(languages[0])


def words_of_page(
    language: Language,
    settings: Settings,
    assets: Mapping[str, str],
    notes: Notes,
    query: list[tuple[str, str]],
) -> dict[str, Any]:
    """What every page needs, the error pages too."""
    chosen = dict(query).get("_lang") is not None
    return {
        "_": language.gettext,
        "ngettext": language.ngettext,
        "language": language,
        "languages": [_load(code) for code in settings.languages],
        "settings": settings,
        **assets,
        "notes": notes,
        "mount": MOUNT,
        "link": _links(language, chosen=chosen),
        "rows_where": _filtered(language, chosen=chosen),
    }


def words_of_data(
    language: Language,
    settings: Settings,
    served: Served,
    notes: Notes,
    route: Route,
    query: list[tuple[str, str]],
) -> dict[str, Any]:
    """What the pages over an open database need: notes, codes by name, links to the same page."""
    kept = [(name, value) for name, value in query if name != "_lang"]
    return {
        "route": route,
        "tables": [notes.table(name, language.code) for name in served.shape.tables],
        "queries": [notes.query(name, language.code) for name in served.shape.queries],
        "note": _note(route, notes, language),
        "row_counts": served.counts,
        "released_on": served.released_on,
        "named": _namer(served, language),
        "table_of": TABLE_OF_COLUMN,
        "written_in": written_in,
        "in_another_language": lambda column: written_in(column) not in ("", language.code),
        "has_other_languages": lambda columns: any(map(written_in, columns)),
        "choices": _choices(route, served, notes, language),
        "label": lambda column: notes.label(column, language.code),
        "tidy": Tidy(language),
        "withheld_columns": WITHHELD.get(route.name, ()),
        "edition": served.edition,
        "standing": served.standing,
        "percent_withheld": percent_withheld(served.standing, language),
        "groups": notes.groups(language.code),
        "files": _files_for(route, served),
        "file_address": lambda name: f"{MOUNT}/files/{name}",
        "chart": _chart_of(route, notes, query, language),
        "cite_as": _cited(served, notes, settings, language),
        "asked": dict(kept),
        "here": lambda code: _address(route.path, [*kept, ("_lang", code)]),
        "same": lambda **changed: _changed(route.path, query, changed),
        "as_form": lambda form: _as_form(route, query, form),
    }


def written_in(column: str) -> str:
    """The language of a column like `summary_tg`; empty for the others."""
    code = column.rpartition("_")[2]
    return code if code in LANGUAGES else ""


def _load(code: str) -> Language:
    try:
        return load_language(code)
    except KeyError:
        return Language(code, gettext.NullTranslations())


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().partition(";q=")
    try:
        return float(weight or 1), tag.split("-")[0].lower()
    except ValueError:
        return 0.0, ""


def _links(language: Language, *, chosen: bool) -> Any:
    def link(*parts: str) -> str:
        """An address of the data site that keeps a chosen language: a table, a query, a row."""
        path = "/" + "/".join((DATABASE, *map(tilde_encode, parts))) if parts else "/"
        return _address(path, [("_lang", language.code)] if chosen else [])

    return link


def _filtered(language: Language, *, chosen: bool) -> Any:
    def rows_where(table: str, column: str, value: object) -> str:
        """The rows of a table that have a value in a column."""
        query = [(column, str(value))] + ([("_lang", language.code)] if chosen else [])
        return _address(f"/{DATABASE}/{table}", query)

    return rows_where


def _note(route: Route, notes: Notes, language: Language) -> Any:
    if route.kind in ("table", "row"):
        return notes.table(route.name, language.code)
    return notes.query(route.name, language.code) if route.kind == "query" else None


def _namer(served: Served, language: Language) -> Any:
    def named(column: str, code: object, table: str = "") -> str:
        """How a code is called in the reader's language; empty where it is no code."""
        listed = _list_of(column, table)
        return _name(served.names.get(listed, {}).get(str(code), {}), language)

    return named


def _choices_of_table(route: Route, served: Served, language: Language) -> Any:
    """For each column of codes: those codes with their names."""
    found = {}
    for column in served.shape.tables[route.name]:
        listed = _list_of(column, route.name)
        codes = served.names.get(listed, {})
        if codes and len(codes) <= MOST_CHOICES:
            found[column] = [(code, _name(each, language) or code) for code, each in codes.items()]
        elif column == "period" and route.name == "figures":
            said = Tidy(language).period
            found[column] = [(period, said(period)) for period in served.periods]
    return found


def _list_of(column: str, table: str) -> str:
    """The table that names the codes of a column; empty where there is none."""
    if column == "kind":
        return KINDS_OF_TABLE.get(table, LIST_OF_COLUMN["kind"])
    if column == "source":
        return "indicator_sources" if table == "indicators" else ""
    return LIST_OF_COLUMN.get(column, "")


def _files_for(route: Route, served: Served) -> list[EditionFile]:
    """On the start page all files of the edition, on a table's page those of that table."""
    if route.kind in ("index", "database"):
        return list(served.files.values())
    own = (f"{route.name}.xlsx", f"{route.name}.csv")
    return [file for name, file in served.files.items() if name in own]


def _chart_of(route: Route, notes: Notes, query: list[tuple[str, str]], language: Language) -> str:
    """The address of the picture of what this page shows; empty where there is none."""
    asked = dict(query)
    name, chosen = route.name, [(k, v) for k, v in query if v and not k.startswith("_")]
    if route.kind == "table" and name == "figures" and asked.get("indicator"):
        name = OVER_TIME
        chosen = [(k, v) for k, v in chosen if k in ("indicator", "area")]
    elif route.kind != "query" or not notes.chart(name):
        return ""
    chosen = [(k, v) for k, v in chosen if k in notes.queries[name] and k != "language"]
    return _address(f"/charts/{name}.svg", [*chosen, ("_lang", language.code)])


def _cited(served: Served, notes: Notes, settings: Settings, language: Language) -> str:
    """How a reader names the data: who, what, which version, of which day."""
    day = served.edition.published_on
    parts = [settings.network_name, notes.title(language.code)]
    version = language.gettext("version %(version)s", version=served.edition.version)
    parts.append(version + (f", {language.date(day)}" if day else ""))
    return ". ".join([*parts, f"{settings.base_url}{MOUNT}/", "CC BY 4.0."])


def _choices(route: Route, served: Served, notes: Notes, language: Language) -> Any:
    """For each parameter chosen from a list: codes with their names."""
    if route.kind == "table":
        return _choices_of_table(route, served, language)
    if route.kind != "query":
        return {}
    return {
        parameter: [
            (code, _name(names, language) or code) for code, names in served.names[table].items()
        ]
        for parameter, table in notes.choices(route.name).items()
    }


def _name(names: Mapping[str, str], language: Language) -> str:
    return names.get(language.code) or names.get("") or names.get("en") or ""


def _changed(path: str, query: list[tuple[str, str]], changed: Mapping[str, str | None]) -> str:
    kept = [(name, value) for name, value in query if name not in changed]
    return _address(path, [*kept, *((k, v) for k, v in changed.items() if v is not None)])


def _as_form(route: Route, query: list[tuple[str, str]], form: str) -> str:
    """This page's rows as JSON, or all of them as CSV."""
    dropped = ("_next", "_facet", "_size")
    further = [("_stream", "on")] if form == "csv" and route.kind == "table" else []
    kept = [(name, value) for name, value in query if form == "json" or name not in dropped]
    return _address(f"{route.path}.{form}", [*kept, *further])


def _address(path: str, query: list[tuple[str, str]]) -> str:
    return f"{MOUNT}{path}" + (f"?{urlencode(query)}" if query else "")
