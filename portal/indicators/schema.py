"""Indicators, their definitions in versions, targets, results as they were reported, and figures.

A result keeps the version of the definition that it was reported under. What was handed in once is
never deleted and never counted anew: a correction is a further row, and the older one is marked.
`figures` is made of results, for speed, and can be made again at any time.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("indicators")

TIERS = {
    "indicators": {
        "code": "public",
        "source": "public",
        "counter": "public",
        "position": "public",
        "ended_on": "public",
    },
    "indicator_versions": {
        "code": "public",
        "version": "public",
        "starts": "public",
        "kind": "public",
        "unit": "public",
        "direction": "public",
        "counts_people": "public",
        "total_rule": "public",
        "place_rule": "public",
        "period_rule": "public",
        "frequency": "public",
        "dimensions": "public",
        "titles": "public",
        "descriptions": "public",
        "verification": "public",
        "reporters": "public",
        "at": "coordinators",
        "by": "coordinators",
    },
    "indicator_targets": {
        "code": "public",
        "region": "public",
        "period": "public",
        "baseline": "members",
        "target": "public",
        "at": "coordinators",
        "by": "coordinators",
    },
    "indicator_changes": {
        "id": "coordinators",
        "code": "public",
        "version": "public",
        "what": "coordinators",
        "was": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
    },
    "reports": {
        "id": "coordinators",
        "organisation_id": "coordinators",
        "period": "coordinators",
        "revision": "coordinators",
        "saved_at": "coordinators",
        "saved_by": "coordinators",
    },
    "report_cells": {
        "report_id": "coordinators",
        "code": "coordinators",
        "period": "coordinators",
        "region": "coordinators",
        "project_id": "coordinators",
        "sex": "coordinators",
        "age_group": "coordinators",
        "form": "coordinators",
        "state": "coordinators",
        "numerator": "coordinators",
        "denominator": "coordinators",
        "note": "coordinators",
    },
    "report_reminders": {
        "organisation_id": "coordinators",
        "period": "coordinators",
        "step": "coordinators",
        "at": "coordinators",
    },
    "report_states": {
        "id": "coordinators",
        "report_id": "coordinators",
        "state": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
        "note": "coordinators",
    },
    "report_notes": {
        "id": "coordinators",
        "report_id": "coordinators",
        "code": "coordinators",
        "region": "coordinators",
        "part": "coordinators",
        "note": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
        "settled_at": "coordinators",
        "period": "coordinators",
        "project_id": "coordinators",
    },
    "results": {
        "id": "coordinators",
        "code": "coordinators",
        "version": "coordinators",
        "report_id": "coordinators",
        "organisation_id": "coordinators",
        "project_id": "coordinators",
        "region": "coordinators",
        "period": "coordinators",
        "sex": "coordinators",
        "age_group": "coordinators",
        "form": "coordinators",
        "state": "coordinators",
        "numerator": "coordinators",
        "denominator": "coordinators",
        "note": "coordinators",
        "quoted_from": "public",
        "accepted_at": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
        "replaced_at": "coordinators",
    },
    "figures": {
        "code": "coordinators",
        "version": "coordinators",
        "period": "coordinators",
        "organisation_id": "coordinators",
        "region": "coordinators",
        "sex": "coordinators",
        "age_group": "coordinators",
        "form": "coordinators",
        "numerator": "coordinators",
        "denominator": "coordinators",
        "reported": "coordinators",
        "expected": "coordinators",
    },
    "closed_periods": {"period": "members", "at": "coordinators", "by": "coordinators"},
    "reopened_periods": {
        "id": "coordinators",
        "period": "coordinators",
        "organisation_id": "coordinators",
        "reason": "coordinators",
        "until": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
    },
}

_BELONGS = ("code", "indicators", "code")

_NOTES = ("id", "report_id", "code", "region", "part", "note", "at", "by", "settled_at")


@migrations()
def create_definitions(db: Database) -> None:
    """`source` is reported, counted (by the query `counter`) or quoted; texts are JSON by language.

    A version holds from the period that begins on `starts` on, until the next one.
    """
    db.table("indicators").create(
        {"code": str, "source": str, "counter": str, "position": int, "ended_on": str},
        pk="code",
        not_null={"source", "position"},
    )
    texts = {**dict.fromkeys(TIERS["indicator_versions"], str)}
    db.table("indicator_versions").create(
        {**texts, "version": int, "counts_people": int},
        pk=("code", "version"),
        not_null=set(texts) - {"verification"},
        foreign_keys=[_BELONGS],
    )
    db.table("indicator_targets").create(
        {
            "code": str,
            "region": str,
            "period": str,
            "baseline": float,
            "target": float,
            "at": str,
            "by": str,
        },
        pk=("code", "region", "period"),
        not_null={"at", "by"},
        foreign_keys=[_BELONGS],
    )


@migrations()
def create_reports(db: Database) -> None:
    """A report is what one organisation says of one period, with its states and what was noted."""
    of_organisation = ("organisation_id", "organisations", "id")
    db.table("reports").create(
        {"id": str, "organisation_id": str, "period": str},
        pk="id",
        not_null={"organisation_id", "period"},
        foreign_keys=[of_organisation],
    )
    db.table("reports").create_index(["organisation_id", "period"], unique=True)
    of_report = ("report_id", "reports", "id")
    db.table("report_states").create(
        {"id": int, "report_id": str, "state": str, "at": str, "by": str, "note": str},
        pk="id",
        not_null={"report_id", "state", "at", "by"},
        foreign_keys=[of_report],
    )
    db.table("report_states").create_index(["report_id", "id"])
    db.table("report_notes").create(
        {**dict.fromkeys(_NOTES, str), "id": int},
        pk="id",
        not_null={"report_id", "code", "region", "part", "note", "at", "by"},
        foreign_keys=[of_report],
    )
    db.table("report_notes").create_index(["report_id"])


@migrations()
def create_figures(db: Database) -> None:
    """An empty sex, age group and form mean the whole; an empty region all of the country.

    Without a report a result was imported, or counted by the portal when the period was closed.
    """
    of_organisation = ("organisation_id", "organisations", "id")
    columns: dict[str, type] = dict.fromkeys(TIERS["results"], str)
    db.table("results").create(
        {**columns, "id": int, "version": int, "numerator": float, "denominator": float},
        pk="id",
        not_null={"code", "version", "region", "period", "sex", "age_group", "form", "state", "at"},
        foreign_keys=[_BELONGS, ("report_id", "reports", "id"), of_organisation],
    )
    db.table("results").create_index(["code", "period", "organisation_id"])
    db.table("results").create_index(["report_id"])
    cells = ("code", "period", "organisation_id", "region", "sex", "age_group", "form")
    texts: dict[str, type] = dict.fromkeys(cells, str)
    numbers = {"version": int, "numerator": float, "denominator": float}
    db.table("figures").create(
        {**texts, **numbers, "reported": int, "expected": int},
        pk=cells,
        not_null={"version", "reported", "expected"},
    )
    db.table("closed_periods").create(
        {"period": str, "at": str, "by": str}, pk="period", not_null={"at", "by"}
    )
    db.table("reopened_periods").create(
        {**dict.fromkeys(TIERS["reopened_periods"], str), "id": int},
        pk="id",
        not_null={"period", "organisation_id", "reason", "until", "at", "by"},
        foreign_keys=[of_organisation],
    )


@migrations()
def keep_what_is_not_handed_in_yet(db: Database) -> None:
    """`report_cells` is the working copy of a report, changed at will until it is handed in.

    `revision` grows with every save, so that of two people who edit the second is told.
    """
    db.table("reports").add_column("revision", int, not_null_default=0)
    db.table("reports").add_column("saved_at", str)
    db.table("reports").add_column("saved_by", str)
    key = ("report_id", "code", "period", "region", "project_id", "sex", "age_group", "form")
    columns: dict[str, type] = dict.fromkeys(TIERS["report_cells"], str)
    db.table("report_cells").create(
        {**columns, "numerator": float, "denominator": float},
        pk=key,
        not_null={*key, "state"},
        foreign_keys=[("report_id", "reports", "id"), _BELONGS],
    )
    db.table("report_notes").add_column("period", str, not_null_default="")
    db.table("report_notes").add_column("project_id", str, not_null_default="")
    db.table("report_reminders").create(
        {"organisation_id": str, "period": str, "step": str, "at": str},
        pk=("organisation_id", "period", "step"),
        not_null={"at"},
        foreign_keys=[("organisation_id", "organisations", "id")],
    )


@migrations()
def find_wholes_fast(db: Database) -> None:
    """A dashboard reads the wholes of many indicators and periods, and nothing of their parts."""
    db.execute(
        "CREATE INDEX figures_whole ON figures (period, code) WHERE organisation_id = ''"
        " AND region = '' AND sex = '' AND age_group = '' AND form = ''"
    )


@migrations()
def keep_what_was_written_before(db: Database) -> None:
    """`what` is texts, definition or aim; `was` is what stood before, as JSON, empty when new."""
    columns: dict[str, type] = dict.fromkeys(TIERS["indicator_changes"], str)
    db.table("indicator_changes").create(
        {**columns, "id": int, "version": int}, pk="id", foreign_keys=[_BELONGS]
    ).create_index(["code", "id"])
