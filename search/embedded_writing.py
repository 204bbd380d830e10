"""Writing documents into one index's tables, and taking every word of them out again."""

import sqlite3
from collections.abc import Iterable

import msgspec

from search.embedded_file import SECURE_FTS
from search.engine import Document
from search.folding import Word, compounds, joined, spans, words_of

LONGEST_WHOLE = 120  # letters of a whole name kept for finding it as one

_encode = msgspec.json.Encoder().encode


def put(db: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Add or overwrite; the words of what is overwritten are erased too."""
    erased = False
    for document in documents:
        erased = _erase(db, document.id) or erased
        _insert(db, document)
    _overwrite_erased_words(db, erased)


def remove(db: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Erase these documents and every word only they held."""
    erased = [_erase(db, one) for one in ids]
    _overwrite_erased_words(db, any(erased))


def note(db: sqlite3.Connection, mark: str | None) -> None:
    """Keep the writer's mark with what is being written."""
    if mark is not None:
        db.execute("UPDATE edition SET mark = ?", (mark,))


def _insert(db: sqlite3.Connection, document: Document) -> None:
    names = list(dict.fromkeys((*document.titles.values(), *document.names)))
    named, body = _name_words(names), _keys(s.word for s in spans(document.body))
    at = document.position
    point = (at.latitude, at.longitude) if at else (None, None)
    row = (document.id, document.kind, document.weight, *point)
    number = db.execute("INSERT INTO document VALUES (NULL, ?, ?, ?, ?, ?)", row).lastrowid
    db.execute("INSERT INTO content VALUES (?, ?)", (number, _encode(document)))
    db.execute(
        "INSERT INTO words(rowid, named, body) VALUES (?, ?, ?)",
        (number, " ".join(named), " ".join(body)),
    )
    db.executemany(
        "INSERT OR IGNORE INTO vocabulary VALUES (?)", [(word,) for word in named | body]
    )
    db.executemany(
        "INSERT OR IGNORE INTO whole VALUES (?, ?)", [(name, number) for name in _wholes(names)]
    )
    facets = [(n, v, number) for n, values in document.facets.items() for v in values]
    db.executemany("INSERT OR IGNORE INTO facet VALUES (?, ?, ?)", facets)


def _name_words(names: list[str]) -> set[str]:
    words = {word for name in names for word in (*words_of(name), *compounds(name))}
    return _keys(words)


def _keys(words: Iterable[Word]) -> set[str]:
    return {key for word in words for key in word}


def _wholes(names: list[str]) -> set[str]:
    return {key[:LONGEST_WHOLE] for name in names for key in joined(words_of(name)) if key}


def _erase(db: sqlite3.Connection, id: str) -> bool:
    """Take the document out of every table; says whether it was there."""
    row = db.execute(
        "SELECT number, named, words.body FROM document JOIN words ON words.rowid = number"
        " WHERE id = ?",
        (id,),
    ).fetchone()
    if row is None:
        return False
    number, named, body = row
    for statement in (
        "DELETE FROM document WHERE number = ?",
        "DELETE FROM content WHERE number = ?",
        "DELETE FROM words WHERE rowid = ?",
        "DELETE FROM whole WHERE number = ?",
        "DELETE FROM facet WHERE number = ?",
    ):
        db.execute(statement, (number,))
    _forget_unused(db, {*named.split(), *body.split()})
    return True


def _forget_unused(db: sqlite3.Connection, words: set[str]) -> None:
    db.executemany(
        "DELETE FROM vocabulary WHERE word = :word"
        " AND NOT EXISTS (SELECT 1 FROM words WHERE words MATCH '\"' || :word || '\"')",
        [{"word": word} for word in words],
    )


def _overwrite_erased_words(db: sqlite3.Connection, erased: bool) -> None:
    """Older FTS5 only marks words as deleted; merging all its segments leaves them behind."""
    if erased and not SECURE_FTS:
        # security: without this a removed person's name stays readable in the file
        db.execute("INSERT INTO words(words) VALUES ('optimize')")
