"""A practitioner's details as the fields of a form: texts, and lists of ticked boxes."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.changes.queries import Editable
from portal.changes.rules import EDITABLE, FORM_NAMES, LISTS, readable
from portal.places.queries import find_districts, get_place, label

TICKED = (*LISTS, "regions", "districts", "drop", "take")


class Sheet(msgspec.Struct, frozen=True):
    """What stands in the form; `version` and `seen` are what its writer has before their eyes."""

    version: int
    seen: int
    texts: dict[str, str]
    ticked: dict[str, list[str]]
    districts: list[str]


def fill(
    db: Database,
    editable: Editable,
    values: Mapping[str, Any],
    seen: int,
    typed: frozenset[str] = frozenset(),
) -> Sheet:
    """The form over these values.

    What is not shown to its writer stays empty, but for what they typed themselves.
    """
    shown = readable(editable.side) | typed
    areas = values["areas"]
    texts = {
        FORM_NAMES.get(field, field): _text(values[field])
        for field in EDITABLE
        if field in shown and field not in (*LISTS, "areas", "season")
    }
    texts["place"] = _place(db, values["place_id"])
    texts["places"] = "\n".join(_place(db, code) for kind, code in areas if kind == "place")
    if values["phone_shared"] is not None:
        texts["phone_shared"] = "yes" if values["phone_shared"] else "no"
    if values["season"]:
        texts["closed_from"], texts["closed_to"] = (str(month) for month in values["season"])
    ticked = {name: list(values[name]) for name in LISTS}
    for name, kind in (("regions", "region"), ("districts", "district")):
        ticked[name] = [code for each, code in areas if each == kind]
    districts = _districts(db, editable, ticked["districts"])
    return Sheet(editable.version, seen, texts, ticked, districts)


def refill(
    db: Database,
    editable: Editable,
    sent: Mapping[str, list[str]],
    version: int | None,
    seen: int | None,
) -> Sheet:
    """The form as it was sent, over what its writer sees now."""
    texts = {name: values[-1] for name, values in sent.items() if name not in TICKED}
    ticked = {name: list(sent.get(name, [])) for name in TICKED}
    made_from = texts.get("version", ""), texts.get("seen", "")
    before = [int(each) if each.isdecimal() else 0 for each in made_from]
    return Sheet(
        version=before[0] if version is None else version,
        seen=before[1] if seen is None else seen,
        texts=texts,
        ticked=ticked,
        districts=_districts(db, editable, []),
    )


def _districts(db: Database, editable: Editable, named: list[str]) -> list[str]:
    return list(dict.fromkeys([*find_districts(db, editable.country), *named]))


def _place(db: Database, place_id: str) -> str:
    return label(db, get_place(db, place_id, local=True), local=True)


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
