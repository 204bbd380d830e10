"""How the rows of a draft are written: a copy, an original text, a point taken out."""

from datetime import datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.clock import stamp


def copy_points(db: Database, old: int, new: int) -> None:
    """All points of a version with their texts, whoever wrote and checked them, into another."""
    both = {"old": old, "new": new}
    db.execute(
        "INSERT INTO charter_points (version, code, kind, position, asks_file)"
        " SELECT :new, code, kind, position, asks_file FROM charter_points WHERE version = :old",
        both,
    )
    db.execute(
        """
        INSERT INTO charter_texts
            (version, code, field, language, text, state, by, at, checked_by, checked_at)
        SELECT :new, code, field, language, text, state, by, at, checked_by, checked_at
        FROM charter_texts WHERE version = :old
        """,
        both,
    )


def put_original(
    db: Database,
    by: Actor,
    at: datetime,
    key: tuple[int, str, str],
    language: str,
    text: str,
) -> None:
    """Write what is decided of a field; its translations have to be looked at anew.

    What was decided in another language before stays as an unchecked translation.
    """
    names: dict[str, int | str] = dict(zip(("version", "code", "field"), key, strict=True))
    if not text:
        db.table("charter_texts").delete_where(_KEY, list(key))
        return
    if _stands(db, names, language, text):
        return
    db.execute(
        "UPDATE charter_texts SET state = 'unchecked', checked_by = NULL, checked_at = NULL"
        " WHERE version = :version AND code = :code AND field = :field",
        names,
    )
    written = {"text": text, "state": "original", "by": by.account_id, "at": stamp(at)}
    db.table("charter_texts").upsert(
        {**names, "language": language, **written},
        pk=("version", "code", "field", "language"),
    )


def take_out(db: Database, version: int, code: str) -> None:
    """A point of a draft and its texts."""
    for table in ("charter_texts", "charter_points"):
        db.table(table).delete_where("version = ? AND code = ?", [version, code])


def throw_away(db: Database, version: int) -> None:
    """A draft as a whole."""
    for table in ("charter_texts", "charter_points", "charter_versions"):
        db.table(table).delete_where("version = ?", [version])


_KEY = "version = ? AND code = ? AND field = ?"


def _stands(db: Database, names: dict[str, int | str], language: str, text: str) -> bool:
    sql = """
        SELECT 1 FROM charter_texts WHERE version = :version AND code = :code AND field = :field
            AND language = :language AND text = :text AND state = 'original'
    """
    return db.execute(sql, {**names, "language": language, "text": text}).fetchone() is not None
