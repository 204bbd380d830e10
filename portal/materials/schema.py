"""Campaign materials: works with files in several languages, versions, lineage and licence.

A work has versions; each waits for a second person before anybody outside its organisation sees
it. A file belongs to the version it came with; a translation says which version of the original it
follows (`of_version`), so that one which the original has left behind is called out of date.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("materials")

_WORK = {
    "id": str,
    "title": str,
    "titles": str,
    "kind": str,
    "language": str,
    "region": str,
    "campaign_id": str,
    "organisation_id": str,
    "licence": str,
    "year": int,
    "visibility": str,
    "summary": str,
    "summaries": str,
    "adapted_from": str,
    "adapted_how": str,
    "added_at": str,
    "added_by": str,
}

TIERS = {
    "materials": {
        **dict.fromkeys(_WORK, "public"),
        "added_by": "coordinators",
        "added_at": "members",
        # public only where what they point to is
        "organisation_id": "members",
        "campaign_id": "members",
        "adapted_from": "members",
        "published_version": "public",
        "published_at": "public",
    },
    "material_languages": {"material_id": "public", "language": "public"},
    "material_audiences": {"material_id": "public", "audience": "public"},
    "material_topics": {"material_id": "public", "topic": "public"},
    "material_versions": {
        "id": "public",
        "material_id": "public",
        "number": "public",
        "note": "public",
        "at": "public",
        "by": "coordinators",
    },
    "material_states": {
        "id": "coordinators",
        "version_id": "coordinators",
        "state": "coordinators",
        "at": "coordinators",
        "by": "coordinators",
        "reason": "coordinators",
    },
    "material_files": {
        "id": "public",
        "version_id": "public",
        "of_version": "public",
        "language": "public",
        "file_id": "public",
        "link": "public",
    },
    "material_texts": {
        "version_id": "public",
        "of_version": "public",
        "language": "public",
        "body": "public",
    },
    "image_consents": {
        "id": "members",
        "material_id": "members",
        "given_on": "members",
        "until": "members",
        "whose": "members",
        "reference": "coordinators",
        "ended_at": "members",
        "by": "coordinators",
    },
    "download_counts": {
        "material_file_id": "public",
        "month": "members",
        "variant": "members",
        "number": "public",
    },
}


@migrations()
def create_materials(db: Database) -> None:
    """`language` is that of the original; `adapted_how` says what an adaptation changed."""
    db.table("materials").create(
        _WORK,
        pk="id",
        not_null={"title", "titles", "kind", "language", "licence", "visibility", "summaries"},
        foreign_keys=[
            ("organisation_id", "organisations", "id"),
            ("adapted_from", "materials", "id"),
        ],
    )
    db.table("materials").create_index(["kind"])
    db.table("materials").create_index(["campaign_id"])
    belongs = [("material_id", "materials", "id")]
    for table, word in (("material_audiences", "audience"), ("material_topics", "topic")):
        db.table(table).create(
            {"material_id": str, word: str}, pk=("material_id", word), foreign_keys=belongs
        )
        db.table(table).create_index([word, "material_id"])


@migrations()
def create_versions(db: Database) -> None:
    """Versions count from 1; state is the newest row of a version's history."""
    db.table("material_versions").create(
        {"id": str, "material_id": str, "number": int, "note": str, "at": str, "by": str},
        pk="id",
        not_null={"material_id", "number", "at", "by"},
        foreign_keys=[("material_id", "materials", "id")],
    )
    db.table("material_versions").create_index(["material_id", "number"], unique=True)
    db.table("material_states").create(
        {"id": int, "version_id": str, "state": str, "at": str, "by": str, "reason": str},
        pk="id",
        not_null={"version_id", "state", "at", "by"},
        foreign_keys=[("version_id", "material_versions", "id")],
    )
    db.table("material_states").create_index(["version_id", "id"])
    db.execute(
        "CREATE VIEW material_states_now AS SELECT s.version_id, s.state, s.at, s.reason"
        " FROM material_states AS s WHERE s.id ="
        " (SELECT max(n.id) FROM material_states AS n WHERE n.version_id = s.version_id)"
    )


@migrations()
def create_contents(db: Database) -> None:
    """A file or a link in one language; `of_version` is the version of the original it follows."""
    belongs = [("version_id", "material_versions", "id")]
    db.table("material_files").create(
        {
            "id": str,
            "version_id": str,
            "of_version": int,
            "language": str,
            "file_id": str,
            "link": str,
        },
        pk="id",
        not_null={"version_id", "of_version", "language"},
        foreign_keys=[*belongs, ("file_id", "files", "id")],
    )
    db.table("material_files").create_index(["version_id"])
    db.table("material_files").create_index(["file_id"])
    db.table("material_texts").create(
        {"version_id": str, "of_version": int, "language": str, "body": str},
        pk=("version_id", "language"),
        not_null={"of_version", "body"},
        foreign_keys=belongs,
    )


@migrations()
def create_image_consents(db: Database) -> None:
    """That people in a picture agreed: until when, and where the signed paper is; nobody's name.

    `whose` is adult or guardian (of a child).
    """
    db.table("image_consents").create(
        {
            "id": int,
            "material_id": str,
            "given_on": str,
            "until": str,
            "whose": str,
            "reference": str,
            "ended_at": str,
            "by": str,
        },
        pk="id",
        not_null={"material_id", "given_on", "until", "whose", "by"},
        foreign_keys=[("material_id", "materials", "id")],
    )


@migrations()
def create_download_counts(db: Database) -> None:
    """How often a file was given in a month, `whole` or `light`; nothing of who asked for it."""
    db.table("download_counts").create(
        {"material_file_id": str, "month": str, "variant": str, "number": int},
        pk=("material_file_id", "month", "variant"),
        not_null={"number"},
        foreign_keys=[("material_file_id", "material_files", "id")],
    )


@migrations()
def keep_what_is_published(db: Database) -> None:
    """What the newest published version is, since when, and the languages it is there in.

    The history of states says the same, but lists and counts over thousands of works would ask it
    once for every one. Actions write these with every move (`actions.note_published`).
    """
    db.table("materials").add_column("published_version", int)
    db.table("materials").add_column("published_at", str)
    db.table("materials").create_index(["published_at", "year", "id"])
    db.table("materials").create_index(["adapted_from"])
    db.table("material_languages").create(
        {"material_id": str, "language": str},
        pk=("material_id", "language"),
        foreign_keys=[("material_id", "materials", "id")],
    )
    db.table("image_consents").create_index(["material_id"])
