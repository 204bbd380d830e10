"""Every column of the main database has a privacy tier, and no tier speaks of a lost column."""

from portal.db import Store
from portal.schemas import TIERS

KNOWN = {"public", "members", "contact", "coordinators", "practitioner", "admin"}

# kept by SQLite for the R*Tree, and by sqlite-utils for the schema
OWN = {"_sqlite_migrations", "listing_reach_node", "listing_reach_parent", "listing_reach_rowid"}


def test_every_column_has_a_tier(store: Store) -> None:
    with store.read() as db:
        found = {
            table: set(db.table(table).columns_dict)
            for table in db.table_names()
            if table not in OWN and not table.startswith("sqlite_")
        }
    assert found == {table: set(columns) for table, columns in TIERS.items()}


def test_every_tier_is_a_known_word() -> None:
    assert {tier for columns in TIERS.values() for tier in columns.values()} <= KNOWN


def test_contacts_and_licences_stand_apart_from_practitioners() -> None:
    private = {"phone", "email", "number", "address", "latitude", "longitude"}
    assert not private & set(TIERS["practitioners"])
    assert not [column for columns in TIERS.values() for column in columns if "address" in column]
