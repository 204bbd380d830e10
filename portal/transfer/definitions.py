"""The indicators that a network needs from day one, out of the seed data."""

from collections.abc import Collection
from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.indicators.actions import define, set_target
from portal.indicators.queries import Aim, Definition
from portal.indicators.results import Kept, keep_results
from portal.transfer.columns import LANGUAGES
from seed_data.tables import read_rows


def load_indicators(db: Database, by: Actor, at: datetime) -> None:
    """Define each indicator that is not defined yet; what a network has changed stays as it is."""
    known = {row["code"] for row in db.table("indicators").rows}
    for row in read_rows("indicators.csv"):
        if row["code"] in known:
            continue
        define(db, by, at, _definition(row))
        aim = Aim(row["code"], baseline=_number(row["baseline"]), target=_number(row["target"]))
        if aim.baseline is not None or aim.target is not None:
            set_target(db, by, at, aim)


def load_published(db: Database, by: Actor, at: datetime, countries: Collection[str]) -> None:
    """Figures that others have published, quoted with their source; accepted as they stand."""
    cells = [
        Kept(
            row["code"],
            1,
            row["period"],
            region=row["region"],
            sex=row["sex"],
            numerator=float(row["value"]),
            note=row["note"],
            quoted_from=row["source"],
        )
        for row in read_rows("published_results.csv")
        if row["region"] in countries
    ]
    keep_results(db, by, at, cells)


def _definition(row: dict[str, str]) -> Definition:
    source = "quoted" if row["quoted"] == "yes" else "counted" if row["counter"] else "reported"
    return Definition(
        code=row["code"],
        version=1,
        source=source,  # type: ignore[arg-type]
        counter=row["counter"] or None,
        starts=date.fromisoformat(row["starts"]),
        kind=row["kind"],  # type: ignore[arg-type]
        unit=row["unit"],
        direction=row["direction"],  # type: ignore[arg-type]
        counts_people=row["counts_people"] == "yes",
        total_rule=row["total_rule"],  # type: ignore[arg-type]
        place_rule=row["place_rule"],  # type: ignore[arg-type]
        period_rule=row["period_rule"],  # type: ignore[arg-type]
        frequency=row["period"],  # type: ignore[arg-type]
        dimensions=[each for each in row["disaggregations"].split(";") if each],
        titles=_texts(row, "title"),
        descriptions=_texts(row, "description"),
        verification=_texts(row, "source"),
        reporters="organisations",
    )


def _texts(row: dict[str, str], name: str) -> dict[str, str]:
    others = {language: row.get(f"{name}_{language}", "") for language in LANGUAGES}
    return {code: text for code, text in {**others, "en": row[name]}.items() if text}


def _number(text: str) -> float | None:
    return float(text) if text else None
