"""What an export holds."""

import msgspec
from sqlite_utils import Database

from portal.db import column, fetch
from portal.transfer.columns import LANGUAGES, Kind

VOCABULARIES = "vocabularies"

Rows = list[list[str]]


class Term(msgspec.Struct, frozen=True):
    """One code of a list and how it is called in each language."""

    vocabulary: str
    code: str
    names: dict[str, str]


def find_records(db: Database, kind: Kind) -> list[dict[str, str]]:
    """Every record of a register that an export gives, in the order of the keys."""
    withheld = set(column(db, kind.withheld))
    return [
        texts
        for record_id, texts in kind.stored(db).items()
        if record_id not in withheld and kind.is_exported(record_id, texts)
    ]


def find_terms(db: Database) -> tuple[list[str], Rows]:
    """Every code that an import may use, regions too, with its name in each language."""
    sql = """
        SELECT vocabulary, code, names, position FROM terms
        UNION ALL SELECT 'regions', code, names, position FROM regions
        ORDER BY vocabulary, position
    """
    header = ["vocabulary", "code", *(f"name_{language}" for language in LANGUAGES)]
    rows = [
        [term.vocabulary, term.code, *(term.names.get(language, "") for language in LANGUAGES)]
        for term in fetch(db, Term, sql)
    ]
    return header, rows
