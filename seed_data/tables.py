"""The one way our own CSV files are read."""

import csv
from pathlib import Path

HERE = Path(__file__).parent


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file of this package, by its path from here, every value a string."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
