"""One index as one SQLite file: who may write, when bytes are really gone, how it is read.

Writing, and moving the write-ahead log into the file, happen only under a lock on a file beside
it: SQLite up to 3.51.2 can corrupt a WAL database when two connections do so at once.
"""

import fcntl
import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.distance import kilometres
from search.embedded_erasing import Unused, page_size_of, pages_in
from search.engine import EngineUnavailable, IndexUnusable
from search.folding import RULES as FOLDING

PATIENCE = 120.0  # seconds a writer waits for another one, and for readers to let go of the log

SCHEMA = """
DROP TABLE IF EXISTS words;
DROP TABLE IF EXISTS whole;
DROP TABLE IF EXISTS facet;
DROP TABLE IF EXISTS vocabulary;
DROP TABLE IF EXISTS forgotten;
DROP TABLE IF EXISTS weights;
DROP TABLE IF EXISTS held;
DROP TABLE IF EXISTS content;
DROP TABLE IF EXISTS document;
DROP TABLE IF EXISTS edition;
CREATE TABLE document (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, latitude REAL, longitude REAL);
CREATE INDEX document_by_place ON document (latitude, longitude) WHERE latitude IS NOT NULL;
CREATE TABLE content (
  number INTEGER PRIMARY KEY, json BLOB NOT NULL, names BLOB NOT NULL, body TEXT NOT NULL,
  places BLOB NOT NULL, keys BLOB NOT NULL);
CREATE TABLE held (
  sort TEXT, key TEXT, part INTEGER, numbers BLOB NOT NULL, PRIMARY KEY (sort, key, part)
) WITHOUT ROWID;
CREATE TABLE weights (part INTEGER PRIMARY KEY, weights BLOB NOT NULL);
CREATE TABLE vocabulary (number INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT NOT NULL UNIQUE);
CREATE TABLE forgotten (number INTEGER PRIMARY KEY AUTOINCREMENT, word INTEGER NOT NULL);
CREATE TABLE edition (made TEXT NOT NULL, token TEXT NOT NULL, rules TEXT NOT NULL, mark TEXT);
"""
LAYOUT = 1  # one more whenever the same tables are filled otherwise
# Documents and questions must be folded alike: an index made by other rules cannot answer.
RULES = hashlib.sha256(repr((SCHEMA, LAYOUT, FOLDING)).encode()).hexdigest()[:16]


class IndexFile:
    """The file of one index; safe to use from several threads and processes at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path.with_suffix(".lock")
        self._mine = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._unused = Unused(path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """One unchanging view of the index, or None if nobody ever wrote to it."""
        if not self.path.exists():
            yield None
            return
        with _unavailable_when_broken():
            db = self._reader()
            db.execute("BEGIN")
            try:
                yield db if _is_made(db) else None
            finally:
                db.execute("ROLLBACK")

    def _reader(self) -> sqlite3.Connection:
        """This thread's connection, opened anew when another file has taken the old one's place."""
        file = self.path.stat().st_ino
        opened, db = getattr(self._mine, "opened", (None, None))
        if db is None or opened != file:
            self._unused.hold()
            db = self._open_reader()
            self._mine.opened = (file, db)
            self._readers.append(db)
        return db

    def _open_reader(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode=ro",  # cannot checkpoint, not even at closing
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=5,
        )
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cache_size = -16000")
        db.create_function("kilometres", 4, kilometres, deterministic=True)
        return db

    @contextmanager
    def writing(self, *, anew: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction of the one writer, on empty tables if `anew`.

        What it deleted is overwritten before this returns; an error leaves all as it was.
        """
        with _unavailable_when_broken(), self._locked():
            db = self._writer()
            try:
                with _transaction(db):
                    if anew or not _is_made(db):
                        _make(db)
                    yield db
                    db.execute("UPDATE edition SET token = hex(randomblob(8))")
                self._empty_the_log(db)
            finally:
                db.close()

    def _writer(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, timeout=5)
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA secure_delete = ON")  # security: removed people are gone from the bytes
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("PRAGMA cache_size = -64000")
        return db

    def _empty_the_log(self, db: sqlite3.Connection) -> None:
        """Move the log into the file, and overwrite what SQLite left in its pages."""
        size = page_size_of(db)
        pages = pages_in(self.path.with_name(self.path.name + "-wal"), size)
        _empty_the_log(db)
        # security: without this some of the removed stay readable in the file
        self._unused.overwrite(pages, size)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.open("a") as lock:
            _wait_for(lock.fileno())
            yield

    def close(self) -> None:
        """Close this process's readers; a thread that asks again opens a new one."""
        while self._readers:
            self._readers.pop().close()
        self._mine = threading.local()
        self._unused.close()


def _make(db: sqlite3.Connection) -> None:
    """Empty tables in place of any there are, within the transaction under way."""
    for statement in SCHEMA.split(";\n"):
        db.execute(statement)
    db.execute("INSERT INTO edition VALUES (hex(randomblob(8)), '', ?, NULL)", (RULES,))


def _is_made(db: sqlite3.Connection) -> bool:
    """Whether there are tables; those of another version are no use until replaced."""
    if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'edition'").fetchone():
        return False
    if db.execute("SELECT 1 FROM edition WHERE rules = ?", (RULES,)).fetchone() is None:
        raise IndexUnusable("the index was made by another version: replace it whole")
    return True


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _empty_the_log(db: sqlite3.Connection) -> None:
    """Move the log into the file and cut it to nothing, waiting for readers of older pages."""
    deadline = time.monotonic() + PATIENCE
    while db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > deadline:
            raise EngineUnavailable("a reader keeps old pages in use; write again later")
        time.sleep(0.01)


def _wait_for(lock: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise EngineUnavailable("another process has been writing for too long") from None
            time.sleep(0.01)


@contextmanager
def _unavailable_when_broken() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise EngineUnavailable(str(error)) from error
