"""Thousands of materials by direct inserts: as the actions leave them, without their history."""

import random
from typing import Any

from sqlite_utils import Database

from portal.db import column

KINDS = ("poster", "leaflet", "video", "audio", "presentation", "training_module")
LANGUAGES = ("en", "ru", "tk", "tg", "uz")
AUDIENCES = ("youth", "students", "labour_migrants", "families_of_migrants", "teachers", "lawyers")
TOPICS = ("safe_migration", "labour_rights", "referral", "identification", "burnout", "shelter")
LICENCES = ("cc_by", "cc_by_sa", "cc_by_nc", "cc_by_nd", "ask_owner")
SUBJECTS = ("Safe road", "Work abroad", "Ask first", "Know your rights", "A call helps", "Travel")


def add_many(db: Database, how_many: int, *, seed: int = 7) -> None:
    """So many published works, every tenth for members only, each with a file or two."""
    chance = random.Random(seed)
    regions = column(db, "SELECT code FROM regions ORDER BY code")
    givers = column(db, "SELECT id FROM organisations ORDER BY id")
    rows: dict[str, list[dict[str, Any]]] = {}
    for n in range(how_many):
        for table, row in _one(chance, n, chance.choice(regions), chance.choice(givers)):
            rows.setdefault(table, []).append(row)
    for table, made in rows.items():
        db.table(table).insert_all(made, batch_size=1000)


def _one(chance: random.Random, n: int, region: str, giver: str) -> list[tuple[str, Any]]:
    work, at = f"m-many{n:05}", f"2026-{1 + n % 12:02}-{1 + n % 28:02}T05:00:00Z"
    languages = chance.sample(LANGUAGES, 1 + n % 2)
    made: list[tuple[str, Any]] = [
        (
            "materials",
            {
                "id": work,
                "title": f"{chance.choice(SUBJECTS)} {n}",
                "titles": f'{{"ru": "Безопасная дорога {n}"}}',
                "kind": chance.choice(KINDS),
                "language": languages[0],
                "region": region if n % 3 else None,
                "organisation_id": giver,
                "licence": chance.choice(LICENCES),
                "year": 2010 + n % 17,
                "visibility": "members" if n % 10 == 0 else "public",
                "summary": "What to ask before one goes, and whom to call.",
                "summaries": "{}",
                "added_at": at,
                "added_by": "a-many",
                "published_version": 1,
                "published_at": at,
            },
        ),
        (
            "material_versions",
            {"id": f"mv-{n}", "material_id": work, "number": 1, "at": at, "by": "a-many"},
        ),
        ("material_states", {"version_id": f"mv-{n}", "state": "published", "at": at, "by": "a"}),
    ]
    for language in languages:
        made += _file(n, work, language, chance.randint(20_000, 4_000_000), at)
    for word, codes in (("audience", AUDIENCES), ("topic", TOPICS)):
        for code in chance.sample(codes, 1 + n % 2):
            made.append((f"material_{word}s", {"material_id": work, word: code}))
    return made


def _file(n: int, work: str, language: str, size: int, at: str) -> list[tuple[str, Any]]:
    name = f"f-{n}-{language}"
    stored = {
        "id": name,
        "hash": f"{n:08x}{language}",
        "size": size,
        "media_type": "application/pdf",
        "ending": "pdf",
        "pages": 1,
        "added_at": at,
        "added_by": "a-many",
        "scan": "none",
        "released_at": at,
    }
    given = {
        "id": f"x-{n}-{language}",
        "version_id": f"mv-{n}",
        "of_version": 1,
        "language": language,
        "file_id": name,
    }
    return [
        ("files", stored),
        ("material_files", given),
        ("material_languages", {"material_id": work, "language": language}),
    ]
