"""What stands in the fields of a form: what was typed, or else what is kept."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.indicators.queries import Aim, Definition, find_targets

# a new indicator counts people until somebody says that it does not
BEGINNING = {
    "kind": "count",
    "unit": "people",
    "direction": "up",
    "total_rule": "sum",
    "place_rule": "sum",
    "period_rule": "sum",
    "frequency": "quarter",
    "counts_people": "1",
    "dimensions": [],
}
RULES = ("kind", "unit", "direction", "total_rule", "place_rule", "period_rule", "frequency")


def typed_of(
    sent: Mapping[str, list[str]] | None, definition: Definition | None, starts: str
) -> dict[str, Any]:
    """The fields of the form of a definition."""
    if sent is not None:
        lasts: dict[str, Any] = {name: values[-1] for name, values in sent.items() if values}
        return {**lasts, "dimensions": sent.get("dimensions", [])}
    if definition is None:
        return {**BEGINNING, "starts": starts}
    kept: dict[str, Any] = {name: getattr(definition, name) for name in RULES}
    texts = {
        "title": definition.titles,
        "description": definition.descriptions,
        "verification": definition.verification,
    }
    for name, words in texts.items():
        kept |= {f"{name}_{code}": text for code, text in words.items()}
    counts = "1" if definition.counts_people else ""
    more = {"starts": starts, "dimensions": definition.dimensions, "counts_people": counts}
    return {**kept, **more}


def shown_aims(
    db: Database, code: str, typed: Mapping[str, str]
) -> tuple[list[Aim], dict[str, str]]:
    """What is set, and the fields: of the aim that is to be changed, where nothing was typed."""
    aims = find_targets(db, code)
    chosen = (typed.get("region", ""), typed.get("period", ""))
    found = next((each for each in aims if (each.region, each.period) == chosen), None)
    kept = msgspec.structs.asdict(found) if found else {}
    numbers = {name: kept[name] for name in ("baseline", "target") if kept.get(name) is not None}
    return aims, {**{name: _plain(number) for name, number in numbers.items()}, **typed}


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
