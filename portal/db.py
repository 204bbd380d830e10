"""The main database: many readers, one writer for the whole machine.

SQLite up to 3.51.2 can corrupt a WAL database when two connections write or checkpoint at once, so
every transaction and every checkpoint happens under an exclusive `flock` on `write.lock`, those of
the command line included, and automatic checkpoints are off.
"""

import errno
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlite_utils import Database, Migrations

from portal.errors import Misconfigured

T = TypeVar("T")

WAL_LIMIT_BYTES = 4 * 1024 * 1024

# readers kept open between requests; a crowd's others are closed again
MOST_IDLE = 32

_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = ON",
)


class KnownTables(Database):
    """A connection that lists tables and views once for each state of the schema.

    sqlite-utils lists them on nearly every statement. Only migrations change the schema, and never
    on such a connection: a number given back by ROLLBACK would stand for two states.
    """

    def table_names(self, fts4: bool = False, fts5: bool = False) -> list[str]:
        if fts4 or fts5:
            return super().table_names(fts4, fts5)
        return list(self._listed()[0])

    def view_names(self) -> list[str]:
        return list(self._listed()[1])

    def _listed(self) -> tuple[list[str], list[str]]:
        (number,) = self.conn.execute("PRAGMA schema_version").fetchone()
        known: tuple[int, tuple[list[str], list[str]]] | None = getattr(self, "_known", None)
        if known is None or known[0] != number:
            known = (number, (super().table_names(), super().view_names()))
            self._known = known
        return known[1]


class Store:
    """One database file: `read()` for questions, `transaction()` for changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_path = path.with_name("write.lock")
        self._idle: list[Database] = []
        self._writer: Database | None = None
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Database]:
        """A connection that cannot write, seeing one state of the data from start to end."""
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._open_reader()
        db.conn.execute("BEGIN")
        try:
            yield db
        finally:
            db.conn.execute("ROLLBACK")
            self._put_by(db)

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """The machine's one writer, inside BEGIN IMMEDIATE: all of it is saved, or nothing."""
        with self._exclusively():
            db = self._writer = self._writer or _open(self.path)
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.conn.execute("COMMIT")
            finally:
                if db.conn.in_transaction:
                    db.conn.execute("ROLLBACK")
            self._checkpoint_when_long(db)

    def migrate(self, migrations: Iterable[Migrations]) -> list[str]:
        """Bring the schema forward; the names of what was applied."""
        _make_folder(self.path.parent)
        with self._exclusively():
            is_new = not self.path.exists()
            db = Database(_connect(self.path), execute_plugins=False)
            db.conn.execute("PRAGMA journal_mode = WAL")
            if is_new:
                self.path.chmod(0o600)
            applied: list[str] = []
            for steps in migrations:
                applied += [f"{steps.name}: {step.name}" for step in steps.pending(db)]
                steps.apply(db)
            db.close()
        return applied

    def truncate_log(self) -> bool:
        """Move the whole log into the file and cut it to nothing; False while readers hold it.

        What was overwritten is gone from the disk only when the log is.
        """
        wal = self.path.with_name(self.path.name + "-wal")
        if not wal.exists() or not wal.stat().st_size:
            return True
        with self._exclusively():
            db = self._writer = self._writer or _open(self.path)
            db.conn.execute("PRAGMA busy_timeout = 0")
            (is_busy, _frames, _moved) = db.conn.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            ).fetchone()
            db.conn.execute("PRAGMA busy_timeout = 5000")
        return not is_busy

    def is_readable(self) -> bool:
        """Whether the main database answers at all."""
        try:
            with self.read() as db:
                db.execute("SELECT count(*) FROM sqlite_master")
        except (sqlite3.Error, Misconfigured):
            return False
        return True

    def close(self) -> None:
        """Close every connection; the last one checkpoints, so it is done under the lock."""
        with self._exclusively():
            for db in [*self._idle, *([self._writer] if self._writer else [])]:
                db.close()
            self._idle.clear()
            self._writer = None

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        with self._writing, _open_lock(self._lock_path) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _put_by(self, db: Database) -> None:
        if len(self._idle) < MOST_IDLE:
            self._idle.append(db)
        else:
            # others stay open, so this is not the last one, whose closing would checkpoint
            db.close()

    def _open_reader(self) -> Database:
        db = _open(self.path)
        db.conn.execute("PRAGMA query_only = ON")
        return db

    def _checkpoint_when_long(self, db: Database) -> None:
        wal = self.path.with_name(self.path.name + "-wal")
        if wal.exists() and wal.stat().st_size > WAL_LIMIT_BYTES:
            db.conn.execute("PRAGMA wal_checkpoint(PASSIVE)")


def fetch(db: Database, shape: type[T], sql: str, **parameters: Any) -> list[T]:
    """Every row of a SELECT as a Struct; columns of JSON text become lists, dicts or Structs."""
    cursor = db.conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    nested = _json_fields(shape)  # type: ignore[arg-type]
    return [_row(shape, names, nested, row) for row in cursor]


def fetch_one(db: Database, shape: type[T], sql: str, **parameters: Any) -> T | None:
    """The first row of a SELECT as a Struct, or None."""
    found = fetch(db, shape, sql, **parameters)
    return found[0] if found else None


def count(db: Database, sql: str, **parameters: Any) -> int:
    """The single number a SELECT answers."""
    (number,) = db.conn.execute(sql, parameters).fetchone()
    return int(number or 0)


def column(db: Database, sql: str, **parameters: Any) -> list[Any]:
    """The first column of a SELECT."""
    return [row[0] for row in db.conn.execute(sql, parameters)]


def as_json(value: object) -> str:
    """How lists and dicts are stored: compact JSON text."""
    return msgspec.json.encode(value).decode()


def _row(shape: type[T], names: list[str], nested: frozenset[str], row: tuple[Any, ...]) -> T:
    values = {
        name: msgspec.json.decode(value) if name in nested and value is not None else value
        for name, value in zip(names, row, strict=True)
    }
    return msgspec.convert(values, shape, strict=False)


@cache
def _json_fields(shape: type) -> frozenset[str]:
    info = msgspec.inspect.type_info(shape)
    if not isinstance(info, msgspec.inspect.StructType):
        raise TypeError(f"{shape} is not a Struct")
    return frozenset(field.encode_name for field in info.fields if _is_nested(field.type))


def _is_nested(kind: msgspec.inspect.Type) -> bool:
    if isinstance(kind, msgspec.inspect.UnionType):
        return any(_is_nested(each) for each in kind.types)
    return isinstance(
        kind,
        msgspec.inspect.CollectionType | msgspec.inspect.DictType | msgspec.inspect.StructType,
    )


def _open(path: Path) -> Database:
    return KnownTables(_connect(path), execute_plugins=False)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise Misconfigured(f"The database {path} cannot be opened.") from error
    conn.set_authorizer(_authorize)
    try:
        for pragma in _PRAGMAS:
            conn.execute(pragma)
        conn.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.DatabaseError as error:
        conn.close()
        if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Misconfigured(f"{path} is damaged, or no database: restore a backup.") from error
        # nothing is lost: whoever restored a backup now would lose what was saved since
        raise Misconfigured(
            f"{path} cannot be used: {error}. Is the disk full, or not to be written?"
        ) from error
    return conn


def is_out_of_space(error: OSError | sqlite3.Error) -> bool:
    """Whether a disk that is full, or not to be written, is all that is wrong."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
    return error.sqlite_errorcode & 0xFF in (
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY),
    )


# security: no statement of ours reaches another file, whatever it was made of
def _authorize(action: int, *_about: str | None) -> int:
    refused = action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _open_lock(folder / "write.lock"):
            pass
    except OSError as error:
        raise Misconfigured(
            f"The data directory {folder} cannot be used: {error.strerror}."
        ) from error


def _open_lock(path: Path) -> Any:
    return open(path, "a", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
