"""One writer, many readers, and an audit that cannot be rewritten."""

import errno
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal import audit
from portal.actor import PUBLIC
from portal.db import MOST_IDLE, Store, count, is_out_of_space
from portal.errors import Misconfigured
from portal.schemas import MIGRATIONS

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    store = Store(tmp_path / "new" / "data" / "portal.db")
    store.migrate(MIGRATIONS)
    return store


def write_some(path: Path, number: int) -> None:
    store = Store(path)
    for _ in range(number):
        with store.transaction() as db:
            seen = count(db, "SELECT count(*) FROM outbox")
            db.table("outbox").insert({"entity": "test", "entity_id": str(seen)})
    store.close()


def test_a_missing_data_directory_is_made_for_us_alone(empty: Store) -> None:
    assert empty.path.stat().st_mode & 0o077 == 0
    assert empty.path.parent.stat().st_mode & 0o077 == 0


def test_a_data_directory_that_cannot_be_used_is_one_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Misconfigured, match="cannot be used"):
        Store(tmp_path / "file" / "portal.db").migrate(MIGRATIONS)


def test_migrating_again_does_nothing(empty: Store) -> None:
    assert empty.migrate(MIGRATIONS) == []


def test_writers_in_several_processes_and_threads_lose_nothing(empty: Store) -> None:
    script = "import sys, tests.test_store as t; t.write_some(t.Path(sys.argv[1]), 25)"
    command = [sys.executable, "-c", script, str(empty.path)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    threads = [threading.Thread(target=write_some, args=(empty.path, 25)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0, 0]
    with empty.read() as db:
        assert count(db, "SELECT count(*) FROM outbox") == 150
        assert count(db, "SELECT count(DISTINCT entity_id) FROM outbox") == 150
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_refused_transaction_leaves_nothing_behind(empty: Store) -> None:
    def half_way() -> None:
        with empty.transaction() as db:
            db.table("outbox").insert({"entity": "test", "entity_id": "1"})
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        half_way()
    with empty.read() as db:
        assert count(db, "SELECT count(*) FROM outbox") == 0


def test_a_reader_sees_one_state_and_cannot_write(empty: Store) -> None:
    with empty.read() as db:
        assert count(db, "SELECT count(*) FROM outbox") == 0
        with empty.transaction() as writing:
            writing.table("outbox").insert({"entity": "test", "entity_id": "1"})
        assert count(db, "SELECT count(*) FROM outbox") == 0
        with pytest.raises(sqlite3.OperationalError):
            db.execute("DELETE FROM outbox")


def test_no_connection_reaches_another_file(empty: Store, tmp_path: Path) -> None:
    with empty.read() as db, pytest.raises(sqlite3.DatabaseError):
        db.execute("ATTACH DATABASE ? AS other", [str(tmp_path / "other.db")])


def test_the_promised_pragmas_hold(empty: Store) -> None:
    with empty.transaction() as db:
        found = {
            name: db.execute("PRAGMA " + name).fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "trusted_schema": 0,
        }
        assert db.execute("PRAGMA secure_delete").fetchone()[0] == 1


def test_the_audit_refuses_to_be_changed(empty: Store) -> None:
    with empty.transaction() as db:
        for number in range(3):
            audit.record(db, PUBLIC, NOON, "test", "things", str(number))
        assert audit.first_broken(db) is None
        for change in ("UPDATE audit SET verb = 'x'", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(change)


def test_a_line_changed_behind_its_back_breaks_the_chain(empty: Store) -> None:
    with empty.transaction() as db:
        for number in range(3):
            audit.record(db, PUBLIC, NOON, "test", "things", str(number))
        db.execute("DROP TRIGGER audit_refuses_update")
        db.execute("UPDATE audit SET entity_id = '9' WHERE id = 2")
        assert audit.first_broken(db) == 2


def test_a_crowd_of_readers_leaves_few_connections_open(empty: Store) -> None:
    with ExitStack() as crowd:
        for _ in range(2 * MOST_IDLE):
            crowd.enter_context(empty.read())
    assert len(empty._idle) == MOST_IDLE
    with empty.read() as db:
        assert count(db, "SELECT count(*) FROM places") == 0


def test_only_a_damaged_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database " * 1000)
    with (
        pytest.raises(Misconfigured, match="restore a backup"),
        Store(tmp_path / "broken.db").read(),
    ):
        pass
    assert is_out_of_space(OSError(errno.ENOSPC, "full"))
    assert not is_out_of_space(OSError(errno.EACCES, "denied"))
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert is_out_of_space(full)
