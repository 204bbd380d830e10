"""Which addresses of the data site exist and what may be asked of them; all else is refused.

Datasette by itself runs anybody's SQL, hands out the file and lists paths of the server. Nothing
reaches it that is not named here.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote, urlencode

import msgspec

MOUNT = "/data"
DATABASE = "network"
LARGEST_PAGE = 1000

SHAPES = ("arrays", "objects", "array", "object", "arrayfirst")
COMPARISONS = (
    *("exact", "not", "contains", "notcontains", "startswith", "endswith", "gt", "gte", "lt"),
    *("lte", "in", "notin", "isnull", "notnull", "isblank", "notblank", "date"),
)

# Tilde-encoded keys, with commas between the parts of a compound one.
_KEY = re.compile(r"[A-Za-z0-9_~,+-]{1,300}")
# What is withheld is no order: no place in a list, no group, says more than its flag.
WITHHELD = {
    "figures": ("value", "numerator", "denominator", "band"),
    "practitioner_counts": ("practitioners",),
}
LONGEST_QUERY = 2000

_SWITCH = re.compile(r"on|off|0|1")
_NEXT = re.compile(r"[A-Za-z0-9_~$,.+-]{1,600}")


class Shape(msgspec.Struct, frozen=True):
    """What one public database offers: tables with their columns, queries with parameters."""

    tables: dict[str, list[str]]
    queries: dict[str, list[str]]
    charts: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


class Route(msgspec.Struct, frozen=True):
    """One address that exists."""

    kind: str
    path: str
    name: str = ""
    form: str = ""


class Refused(Exception):
    """The request goes no further; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def inner_path(scope: Mapping[str, object]) -> str:
    """The path below `/data`, without its slash at the end; `Refused` for what no link of ours has.

    Litestar leaves the mount's prefix in `raw_path` and adds a slash to `path`.
    """
    raw = scope.get("raw_path")
    text = raw.decode("latin-1") if isinstance(raw, bytes) else str(scope.get("path", ""))
    text = unquote(text.partition("?")[0])
    # security: Datasette redirects `/\host/` to another site
    if "\\" in text or "//" in text or not text.isascii():
        raise Refused(404)
    inside = text.removeprefix(MOUNT) if f"{text}/".startswith(f"{MOUNT}/") else text
    return inside.rstrip("/")


def find_route(path: str, shape: Shape) -> Route:
    """The page an inner path stands for; `Refused` when there is none."""
    bare, form = _split_form(path)
    parts = bare.split("/")[1:]
    if not parts:
        return Route("index", "/")
    if parts[0] in ("files", "charts") and len(parts) == 2:
        # the ending of a file is part of its name
        return _find_beside(path, parts[0], path.rpartition("/")[2], shape)
    if parts[0] != DATABASE or len(parts) > 3:
        raise Refused(404)
    if len(parts) == 1:
        return _without_csv(Route("database", path, form=form))
    name = parts[1]
    if len(parts) == 3:
        if name not in shape.tables or not _KEY.fullmatch(parts[2]):
            raise Refused(404)
        return _without_csv(Route("row", path, name, form))
    if name in shape.queries:
        return Route("query", path, name, form)
    if name in shape.tables:
        return Route("table", path, name, form)
    raise Refused(404)


def _find_beside(path: str, folder: str, name: str, shape: Shape) -> Route:
    """A file of the edition, or the chart of a question."""
    if folder == "files" and name in shape.files:
        return Route("file", path, name)
    if folder == "charts" and name.endswith(".svg") and name[:-4] in shape.charts:
        return Route("chart", path, name[:-4], "svg")
    raise Refused(404)


def read_query(raw: bytes, route: Route, shape: Shape) -> list[tuple[str, str]]:
    """The parameters, all of them known; `Refused` for SQL and for anything else."""
    if len(raw) > LONGEST_QUERY:
        raise Refused(400)
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, max_num_fields=40, errors="strict"
        )
    except ValueError:
        raise Refused(400) from None
    for name, value in pairs:
        if not _is_allowed(name, value, route, shape):
            raise Refused(400)
    if route.kind != "table":
        return pairs
    # a form sends what nobody chose as well
    chosen = [(name, value) for name, value in pairs if value]
    return _as_one_stream(chosen) if ("_stream", "on") in chosen else chosen


def _as_one_stream(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A whole table in as few questions as can be: a page of one row would be asked row by row."""
    if any(name == "_facet" for name, _ in pairs):
        raise Refused(400)
    return [*(pair for pair in pairs if pair[0] != "_size"), ("_size", "max")]


def with_language(pairs: Iterable[tuple[str, str]], route: Route, language: str) -> bytes:
    """The query string for Datasette: reviewed queries answer in the reader's language."""
    kept = list(pairs)
    if route.kind == "query" and not any(name == "language" for name, _ in kept):
        kept.append(("language", language))
    return urlencode(kept).encode("ascii")


def _split_form(path: str) -> tuple[str, str]:
    for form in ("json", "csv"):
        if path.endswith(f".{form}"):
            return path.removesuffix(f".{form}"), form
    return path, ""


def _without_csv(route: Route) -> Route:
    if route.form == "csv":
        raise Refused(404)
    return route


def _is_allowed(name: str, value: str, route: Route, shape: Shape) -> bool:
    if name == "_lang":
        return re.fullmatch(r"[a-z]{2,3}", value) is not None
    if "\x00" in value or len(value) > 500:
        return False
    if name == "_shape":
        return value in SHAPES
    if route.kind == "chart":
        return name in shape.queries[route.name]
    if route.kind == "query":
        return name in shape.queries[route.name] or _is_download(name, value)
    if route.kind == "table":
        columns = shape.tables[route.name]
        if name in ("_sort", "_sort_desc", "_facet") and value in WITHHELD.get(route.name, ()):
            return False
        return _is_of_table(name, value, columns) or _is_download(name, value)
    return False


def _is_of_table(name: str, value: str, columns: list[str]) -> bool:
    if name in ("_sort", "_sort_desc", "_facet"):
        return value in columns
    if name == "_next":
        return _NEXT.fullmatch(value) is not None
    if name == "_search":
        return True
    column, _, comparison = name.partition("__")
    return column in columns and comparison in ("", *COMPARISONS)


def _is_download(name: str, value: str) -> bool:
    if name == "_size":
        small = value.isdecimal() and len(value) < 5 and 0 < int(value) <= LARGEST_PAGE
        return value == "max" or small
    return name in ("_labels", "_stream", "_dl", "_nl", "_header") and bool(
        _SWITCH.fullmatch(value)
    )
