"""Invented hamlets, and the network's own district lists over them and over real settlements."""

from seed_data.tables import read_rows


def local_places() -> list[dict[str, str]]:
    """Rows with an `L…` id add a place; rows with a GeoNames id only say its district list."""
    return read_rows("demo_local_places.csv")
