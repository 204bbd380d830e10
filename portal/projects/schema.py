"""Projects, their logframes, and what was done with their money.

No figure is kept here: what was reached is counted of accepted results whenever somebody looks.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("projects")

TIERS = {
    "projects": {
        "id": "members",
        "code": "members",
        "title": "members",
        "titles": "members",
        "description": "members",
        "descriptions": "members",
        "donor": "members",
        "donor_ref": "members",
        "donor_type": "members",
        "starts_on": "members",
        "ends_on": "members",
        # donors ask that it be shown on what they pay for
        "credit": "public",
        "organisation_id": "members",
        "countries": "members",
        "regions": "members",
        "reporter_ref": "members",
        "reporter_type": "members",
        "sector": "members",
        "flow_type": "members",
        "finance_type": "members",
        "aid_type": "members",
        "budget": "members",
        "currency": "members",
        "cancelled_on": "members",
        "changed_at": "members",
        "changed_by": "coordinators",
    },
    "project_outcomes": {
        "id": "members",
        "project_id": "members",
        "level": "members",
        "title": "members",
        "titles": "members",
        "position": "members",
    },
    "project_lines": {
        "id": "members",
        "outcome_id": "members",
        "project_id": "members",
        "code": "members",
        "baseline": "members",
        "baseline_year": "members",
        "target": "members",
        "due_on": "members",
        "counts": "members",
        "position": "members",
    },
    "project_links": {
        "project_id": "members",
        "kind": "members",
        "record_id": "members",
        "at": "members",
        "by": "coordinators",
    },
    "project_publishing": {
        "id": "members",
        "project_id": "members",
        "organisation_id": "members",
        "wanted": "members",
        "at": "members",
        "by": "coordinators",
    },
}

_WHOLE_NUMBERS = ("budget",)

_BELONGS = ("project_id", "projects", "id")


@migrations()
def create_projects(db: Database) -> None:
    """What a donor is told, with the codes of the IATI standard; titles are JSON by language.

    `countries` and `regions` are JSON lists of codes. `budget` is in whole units of `currency`. A
    project without an organisation was imported: coordinators keep it.
    """
    columns: dict[str, type] = dict.fromkeys(TIERS["projects"], str)
    db.table("projects").create(
        {**columns, **dict.fromkeys(_WHOLE_NUMBERS, int)},
        pk="id",
        not_null={"code", "title", "titles", "descriptions", "countries", "regions"},
        defaults={"titles": "{}", "descriptions": "{}", "countries": "[]", "regions": "[]"},
        foreign_keys=[("organisation_id", "organisations", "id")],
    )
    db.table("projects").create_index(["code"], unique=True)


@migrations()
def create_logframes(db: Database) -> None:
    """A line counts the results that carry the project, or all of its organisation's."""
    db.table("project_outcomes").create(
        {**dict.fromkeys(TIERS["project_outcomes"], str), "position": int},
        pk="id",
        not_null={"project_id", "level", "title", "titles", "position"},
        foreign_keys=[_BELONGS],
    )
    numbers = {"baseline": float, "baseline_year": int, "target": float, "position": int}
    db.table("project_lines").create(
        {**dict.fromkeys(TIERS["project_lines"], str), **numbers},
        pk="id",
        not_null={"outcome_id", "project_id", "code", "counts", "position"},
        foreign_keys=[
            _BELONGS,
            ("outcome_id", "project_outcomes", "id"),
            ("code", "indicators", "code"),
        ],
    )


@migrations()
def create_links(db: Database) -> None:
    """An event, an activity, a campaign or a material that the project pays for."""
    db.table("project_links").create(
        dict.fromkeys(TIERS["project_links"], str),
        pk=("project_id", "kind", "record_id"),
        not_null={"at", "by"},
        foreign_keys=[_BELONGS],
    )
    db.table("project_links").create_index(["kind", "record_id"])


@migrations()
def find_results_of_projects_fast(db: Database) -> None:
    """Most results carry no project; the few that do are found without reading the others."""
    db.execute(
        "CREATE INDEX results_of_projects ON results (project_id) WHERE project_id IS NOT NULL"
    )


@migrations()
def create_publishing(db: Database) -> None:
    """Whether an organisation wants its project among the published ones: the newest row counts."""
    db.table("project_publishing").create(
        {**dict.fromkeys(TIERS["project_publishing"], str), "id": int, "wanted": int},
        pk="id",
        not_null={"project_id", "organisation_id", "wanted", "at", "by"},
        foreign_keys=[_BELONGS, ("organisation_id", "organisations", "id")],
    )
    db.table("project_publishing").create_index(["project_id"])
