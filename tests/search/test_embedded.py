"""What only the embedded engine promises: its files, its lock, its ways of refusing."""

import threading
from pathlib import Path

import pytest

from search import embedded_file
from search.embedded import EmbeddedEngine
from search.engine import Document, EngineUnavailable, Question


def person(number: int) -> Document:
    return Document(f"practitioners:{number}", "practitioners", {"": f"Maral Ataýew{number}"})


def test_each_index_has_its_own_file(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.put("members", [person(1)])
    engine.put("public", [])
    assert b"Maral" in (tmp_path / "members.db").read_bytes()
    assert b"Maral" not in (tmp_path / "public.db").read_bytes()
    engine.close()


@pytest.mark.parametrize("name", ["", "../members", "Members", "a" * 50, "members.db"])
def test_an_index_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name of an index"):
        EmbeddedEngine(tmp_path).count(name)


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    engines = [EmbeddedEngine(tmp_path) for _ in range(4)]
    failed: list[Exception] = []

    def write(writer: int) -> None:
        for turn in range(10):
            try:
                engines[writer].put("members", [person(writer * 100 + turn)])
                engines[writer].ask("members", Question("maral"))
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert engines[0].count("members") == 40
    for engine in engines:
        engine.close()


def test_a_writer_that_waits_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_file, "PATIENCE", 0.05)
    engine = EmbeddedEngine(tmp_path)
    engine.put("members", [person(1)])
    with (
        embedded_file.IndexFile(tmp_path / "members.db").writing(),
        pytest.raises(EngineUnavailable, match="another process"),
    ):
        engine.put("members", [person(2)])
    assert engine.count("members") == 1
    engine.close()


def test_a_broken_file_is_unavailable_not_an_empty_index(tmp_path: Path) -> None:
    (tmp_path / "members.db").write_bytes(b"garbage" * 1000)
    engine = EmbeddedEngine(tmp_path)
    with pytest.raises(EngineUnavailable):
        engine.ask("members", Question("maral"))
    engine.close()


def test_an_index_folded_by_other_rules_must_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.put("members", [person(1)])
    monkeypatch.setattr(embedded_file, "RULES", "newer")
    with pytest.raises(EngineUnavailable, match="another version"):
        engine.ask("members", Question("maral"))
    with pytest.raises(EngineUnavailable, match="another version"):
        engine.put("members", [person(2)])
    engine.replace("members", [person(3)])
    assert engine.ids("members") == {"practitioners:3"}
    engine.close()


def test_a_file_put_back_in_place_is_read(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.put("members", [person(1)])
    kept = (tmp_path / "members.db").read_bytes()
    engine.remove("members", ["practitioners:1"])
    assert engine.count("members") == 0
    engine.close()
    for path in tmp_path.glob("members.db*"):
        path.unlink()
    (tmp_path / "members.db").write_bytes(kept)
    assert engine.count("members") == 1
    engine.close()
