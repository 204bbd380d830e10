"""Empty registers, for tests that say what they hold whole: what the world has is taken out."""

from sqlite_utils import Database

from portal.outbox import announce

# children before those they belong to
_OF_MATERIALS = (
    "wish_answers",
    "event_materials",
    "activity_materials",
    "download_counts",
    "image_consents",
    "material_languages",
    "material_files",
    "material_texts",
    "material_states",
    "material_versions",
    "material_audiences",
    "material_topics",
    "materials",
)
_OF_CAMPAIGNS = (
    "activity_changes",
    "activity_materials",
    "activities",
    "campaign_organisations",
    "campaign_regions",
    "campaign_audiences",
    "campaigns",
)


def clear_materials(db: Database) -> None:
    """Take every material out; the index hears of it with the next drain."""
    _clear(db, "materials", _OF_MATERIALS)


def clear_campaigns(db: Database) -> None:
    """Take every campaign out; the index hears of it with the next drain."""
    _clear(db, "campaigns", _OF_CAMPAIGNS)


def _clear(db: Database, register: str, tables: tuple[str, ...]) -> None:
    ids = [row["id"] for row in db.table(register).rows]
    for table in tables:
        db.table(table).delete_where()
    for each in ids:
        announce(db, register, each)
