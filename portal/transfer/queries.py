"""What an export holds."""

import msgspec
from sqlite_utils import Database

from portal.db import fetch
from portal.transfer.columns import LANGUAGES, Kind

VOCABULARIES = "vocabularies"

Rows = list[list[str]]


class Term(msgspec.Struct, frozen=True):
    """One code of a list and how it is called in each language."""

    vocabulary: str
    code: str
    names: dict[str, str]


def find_rows(db: Database, kind: Kind) -> tuple[list[str], Rows]:
    """The column names and every record of a register, in the order of the ids."""
    rows = [
        list(texts.values())
        for record_id, texts in kind.stored(db).items()
        if kind.is_exported(record_id, texts)
    ]
    return kind.header, rows


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
