"""Load the code lists from their CSV files."""

import csv
from pathlib import Path

from sqlite_utils import Database

from portal.db import as_json


def load_vocabularies(db: Database, folder: Path) -> int:
    """Insert or update every `<vocabulary>.csv` of a folder; the number of terms.

    Columns whose name is a language code are names, the rest are kept as `extra`.
    """
    terms = [term for path in sorted(folder.glob("*.csv")) for term in _terms(path)]
    db.table("terms").upsert_all(terms)
    return len(terms)


def _terms(path: Path) -> list[dict[str, str | int]]:
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    return [
        {
            "vocabulary": path.stem,
            "code": row["code"],
            "position": position,
            "names": as_json({k: v for k, v in row.items() if _is_language(k) and v}),
            "extra": as_json({k: v for k, v in row.items() if not _is_language(k) and k != "code"}),
        }
        for position, row in enumerate(rows)
    ]


def _is_language(column: str) -> bool:
    return len(column) == 2
