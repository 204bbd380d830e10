"""What HSDS 3.0 demands of a record: by our own reading, and by the published schemas if present.

The schemas are not part of the repository. They are looked for in the folder that `HSDS_STANDARD`
names, and in a folder `shared/hsds` beside the repository or above.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

# kind of a record: what it must have, also where records are linked by their ids (tabular form)
REQUIRED = {
    "service": {"id", "name", "status", "organization_id"},
    "organization": {"id", "name", "description"},
    "service_at_location": {"id", "service_id", "location_id"},
    "location": {"id", "location_type"},
    "service_area": {"id", "service_id"},
    "phone": {"id", "number"},
    "attribute": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    "taxonomy": {"id", "name", "description"},
    "taxonomy_term": {"id", "name", "description"},
}
CHILDREN = {
    "organization": "organization",
    "service": "service",
    "services": "service",
    "service_at_locations": "service_at_location",
    "location": "location",
    "locations": "location",
    "service_areas": "service_area",
    "phones": "phone",
    "attributes": "attribute",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
}
ENUMS = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "extent_type": {"geojson", "topojson", "kml", "text"},
}
FORMATS = {
    "assured_date": re.compile(r"\d{4}-\d\d-\d\d"),
    "last_modified": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"),
    "website": re.compile(r"https?://[!-~]+"),
    "uri": re.compile(r"https?://[!-~]+"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "extent": re.compile(r"(TM|TJ)-[A-Z]{1,2}"),
}
# the standard's own examples have these two, its schemas of single tables do not
IN_EXAMPLES_ONLY = {"organization": {"services"}, "service_at_location": {"service"}}


def records(kind: str, record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A record and all that is nested in it, each with its kind."""
    yield kind, record
    for name, value in record.items():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                yield from records(CHILDREN[name], child)


def faults(kind: str, record: dict[str, Any]) -> list[str]:
    """What is wrong with a record, by our own reading of the standard."""
    found = []
    for part, each in records(kind, record):
        found += [f"{part} without {name}" for name in REQUIRED[part] - set(each)]
        for name, value in each.items():
            if value in (None, "", [], {}):
                found.append(f"{part}.{name} is empty")
            if (name == "id" or name.endswith("_id")) and str(UUID(value)) != value:
                found.append(f"{part}.{name} is no uuid")
            if name in ENUMS and value not in ENUMS[name]:
                found.append(f"{part}.{name} = {value}")
            if name in FORMATS and not FORMATS[name].fullmatch(value):
                found.append(f"{part}.{name} = {value}")
    return found


@cache
def folder() -> Path | None:
    """Where the published schemas are, if they are anywhere."""
    named = os.environ.get("HSDS_STANDARD")
    beside = [above / "shared" / "hsds" for above in Path(__file__).resolve().parents]
    places = [Path(named)] if named else beside
    return next((each for each in places if (each / "schema" / "service.json").is_file()), None)


def schema_faults(kind: str, record: dict[str, Any], *, strict: bool) -> list[str]:
    """What the published schema says against a record.

    Strictly, nothing may stand in it that no schema names, and what links tables must be there.
    """
    validator = _validator(kind, strict)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(record)]


@cache
def _validator(kind: str, strict: bool) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource

    where = folder()
    assert where is not None
    schemas = {path.name: json.loads(path.read_text()) for path in where.glob("schema/*.json")}
    schemas.pop("openapi.json")
    for name, schema in schemas.items():
        _prepare(name.removesuffix(".json"), schema, strict)
    resources = [(name, Resource.from_contents(each)) for name, each in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    checker = FormatChecker(("uuid", "date", "email"))
    schema = {"$ref": f"{kind}.json"}
    return Draft202012Validator(schema, registry=registry, format_checker=checker)


def _prepare(kind: str, schema: dict[str, Any], strict: bool) -> None:
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for name in IN_EXAMPLES_ONLY.get(kind, ()):
        child = {"$ref": f"{CHILDREN[name]}.json"}
        is_list = name.endswith("s")
        schema["properties"][name] = {"type": "array", "items": child} if is_list else child
    if strict:
        schema["additionalProperties"] = False
        linked = set(schema.get("tabular_required", ()))
        schema["required"] = sorted({*schema.get("required", ()), *linked})
