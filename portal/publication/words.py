"""What the templates of the data site say beside the rows, in the reader's language."""

import gettext
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils import tilde_encode  # type: ignore[import-untyped]

from portal.i18n.language import Language, load_language
from portal.publication.gate import DATABASE, MOUNT, Route
from portal.publication.notes import LANGUAGES, Notes
from portal.publication.served import Served
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
}

# What `kind` is a code of, where it is not a kind of event.
KINDS_OF_TABLE = {
    "organisations": "organisation_kinds",
    "activities": "activity_kinds",
    "charter_points": "charter_kinds",
}

# Columns whose values are keys of another table.
TABLE_OF_COLUMN = {
    "settlement": "settlements",
    "organisation": "organisations",
    "event": "events",
    "campaign": "campaigns",
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
        listed = LIST_OF_COLUMN.get(column, "")
        if column == "kind":
            listed = KINDS_OF_TABLE.get(table, listed)
        return _name(served.names.get(listed, {}).get(str(code), {}), language)

    return named


def _choices(route: Route, served: Served, notes: Notes, language: Language) -> Any:
    """For each parameter chosen from a list: codes with their names."""
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
