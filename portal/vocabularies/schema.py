"""The code lists of the network: a term is a code with a name in each language. All public."""

from sqlite_utils import Database, Migrations

migrations = Migrations("vocabularies")

TIERS = {
    "terms": {
        "vocabulary": "public",
        "code": "public",
        "position": "public",
        "names": "public",
        "extra": "public",
    }
}


@migrations()
def create_terms(db: Database) -> None:
    """One table for all lists; `names` by language and `extra` columns are JSON."""
    db.table("terms").create(
        {"vocabulary": str, "code": str, "position": int, "names": str, "extra": str},
        pk=("vocabulary", "code"),
        not_null={"position", "names", "extra"},
    )
