"""The release ledger: every figure that was ever published, as it was published."""

from sqlite_utils import Database, Migrations

migrations = Migrations("publication")

TIERS = {
    "releases": {
        "id": "coordinators",
        "number": "public",
        "released_on": "public",
        "by": "coordinators",
        "prepared_at": "coordinators",
        "policy": "coordinators",
        "digest": "coordinators",
        "report": "coordinators",
        "counted": "coordinators",
        "made_of": "coordinators",
    },
    "release_states": {
        "id": "coordinators",
        "release_id": "coordinators",
        "state": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
        "reason": "coordinators",
    },
    "released_figures": {
        "release_id": "coordinators",
        "indicator": "public",
        "period": "public",
        "area": "public",
        "sex": "public",
        "age_group": "public",
        "form": "public",
        "version": "public",
        "value": "public",
        "numerator": "public",
        "denominator": "public",
        "band": "public",
        "flag": "public",
        "source": "public",
    },
    "released_levels": {
        "release_id": "coordinators",
        "indicator": "public",
        "position": "public",
        "level": "public",
        "is_published": "public",
        "cells": "public",
        "withheld": "public",
        "why": "public",
    },
    "released_cells": {
        "release_id": "coordinators",
        "cube": "coordinators",
        "key": "coordinators",
        "value": "coordinators",
    },
    "released_counts": {
        "release_id": "public",
        "region": "public",
        "profession": "public",
        "practitioners": "public",
        "flag": "public",
        "home_visits": "public",
    },
}


@migrations()
def create_releases(db: Database) -> None:
    """A count is rounded, or NULL with the flag `c` where it is withheld."""
    db.table("releases").create(
        {"id": int, "released_on": str, "by": str}, pk="id", not_null={"released_on", "by"}
    )
    db.table("released_counts").create(
        {
            "release_id": int,
            "region": str,
            "profession": str,
            "practitioners": int,
            "flag": str,
            "home_visits": str,
        },
        pk=("release_id", "region", "profession"),
        not_null={"home_visits"},
        foreign_keys=[("release_id", "releases", "id")],
    )


@migrations()
def release_figures_by_two_people(db: Database) -> None:
    """What a release says is prepared, looked at by somebody else, published, and rolled back.

    `policy` holds the thresholds of that day and `digest` what was agreed to; `report` is what the
    audit says, as JSON. `released_cells` is the ledger for the audits to come: each cell of an
    audited cube as it was said, NULL where it was withheld. `number` counts what was published.
    """
    releases = db.table("releases")
    releases.add_column("number", int)
    for name in ("prepared_at", "policy", "digest", "report"):
        releases.add_column(name, str)
    states: dict[str, type] = dict.fromkeys(TIERS["release_states"], str)
    db.table("release_states").create(
        {**states, "id": int, "release_id": int},
        pk="id",
        not_null={"release_id", "state", "at", "by"},
        foreign_keys=[("release_id", "releases", "id")],
    ).create_index(["release_id", "id"])
    db.execute("UPDATE releases SET number = id")
    db.execute(
        "INSERT INTO release_states (release_id, state, at, by)"
        " SELECT id, 'published', released_on || 'T00:00:00Z', \"by\" FROM releases ORDER BY id"
    )


@migrations()
def keep_the_figures_of_a_release(db: Database) -> None:
    """`all` stands for the whole of an area, a sex, an age group, a form of exploitation."""
    cells = ("release_id", "indicator", "period", "area", "sex", "age_group", "form")
    figures: dict[str, type] = dict.fromkeys(TIERS["released_figures"], str)
    numbers = {"release_id": int, "version": int, "value": float, "numerator": int}
    belongs = [("release_id", "releases", "id")]
    db.table("released_figures").create(
        {**figures, **numbers, "denominator": int},
        pk=cells,
        not_null={*cells, "version"},
        foreign_keys=belongs,
    )
    levels: dict[str, type] = dict.fromkeys(TIERS["released_levels"], int)
    db.table("released_levels").create(
        {**levels, "indicator": str, "level": str, "why": str},
        pk=("release_id", "indicator", "position"),
        not_null={"level", "is_published", "cells", "withheld"},
        foreign_keys=belongs,
    )
    db.table("released_cells").create(
        {"release_id": int, "cube": str, "key": str, "value": int},
        pk=("release_id", "cube", "key"),
        foreign_keys=belongs,
    )


@migrations()
def remember_of_whom_a_release_is_made(db: Database) -> None:
    """Ids of practitioners as JSON, from its preparation until it is published or given up."""
    db.table("releases").add_column("counted", str)


@migrations()
def remember_of_what_a_release_is_made(db: Database) -> None:
    """A fingerprint of results and definitions, as they were when it was prepared."""
    db.table("releases").add_column("made_of", str)
