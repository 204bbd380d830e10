"""Somebody who is removed is gone from the bytes of the index, not only from its answers."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from search.embedded import EmbeddedEngine
from search.engine import Document, Question

# Every word holds its own mark, which folding leaves alone; only the middle of a word is looked
# for, since an index stores words without the beginning they share with the word before.
MARKS = ["brolam", "drunel", "glomid", "stelug", "prodan", "frotem"]
SECRET = Document(
    "practitioners:zubrolamnit",
    "practitioners",
    {"": "Zubrolamnit Odrunelova", "ru": "Зубролам Одрунел"},
    ("Aglomidzoda-Nor",),
    body="Speaks of ostelugi and little else.",
    url="/practitioners/aprodano",
    facets={"region": ("efrotem",)},
)


def others(count: int) -> list[Document]:
    return [
        Document(
            f"practitioners:{n}", "practitioners", {"": f"Maral{n % 50} Ataýew{n}"}, body="zub od"
        )
        for n in range(count)
    ]


def bytes_of(folder: Path) -> bytes:
    """All that lies in the folder: the file, its log, whatever SQLite left beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def marks_in(folder: Path) -> list[str]:
    stored = bytes_of(folder).lower()
    spellings = {mark: [mark] for mark in MARKS} | {"brolam": ["brolam", "бролам"]}
    return [
        mark for mark in MARKS if any(spelling.encode() in stored for spelling in spellings[mark])
    ]


def remove(engine: EmbeddedEngine) -> None:
    engine.remove("members", [SECRET.id])


def overwrite(engine: EmbeddedEngine) -> None:
    engine.put("members", [Document(SECRET.id[:14] + "1", "practitioners", {"": "Maral"})])
    engine.remove("members", [SECRET.id])


def replace(engine: EmbeddedEngine) -> None:
    engine.replace("members", others(3))


@pytest.mark.parametrize("forget", [remove, overwrite, replace])
@pytest.mark.parametrize("count", [0, 400])
def test_nothing_of_the_removed_is_left_in_the_files(
    tmp_path: Path, forget: Callable[[EmbeddedEngine], None], count: int
) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.replace("members", others(count))
    engine.put("members", [SECRET])
    engine.put("members", others(count // 2))
    assert marks_in(tmp_path) == MARKS
    assert engine.ask("members", Question("Zubrolamnit")).total == 1  # a reader is open

    forget(engine)
    assert marks_in(tmp_path) == []
    assert engine.ask("members", Question("Zubrolamnit Odrunelova")).total == 0
    engine.close()


def test_an_overwritten_spelling_is_gone_too(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.put("members", [Document("p:1", "p", {"": "Zubrolamnit"}), *others(30)])
    engine.put("members", [Document("p:1", "p", {"": "Maral"})])
    assert b"brolam" not in bytes_of(tmp_path)
    engine.close()


def test_what_sqlite_left_in_the_middle_of_its_pages_is_gone_too(tmp_path: Path) -> None:
    luck = random.Random(2)  # with which three words stay where nothing overwrites them

    def word() -> str:
        return "".join(luck.choice("bdfgklmnprst") + luck.choice("aeiou") for _ in range(5))

    def words(many: int) -> str:
        return " ".join(word() for _ in range(many))

    people = [
        Document(f"p:{n}", "p", {"": words(2)}, body=words(luck.randint(0, 30))) for n in range(200)
    ]
    engine = EmbeddedEngine(tmp_path)
    for start in range(0, 200, 20):
        engine.put("members", people[start : start + 20])
    for start in range(0, 200, 40):
        engine.remove("members", [person.id for person in people[start : start + 40 : 2]])
    stored = bytes_of(tmp_path)
    left = [word for person in people[::2] for word in words_held(person) if word in stored]
    assert left == []
    assert all(word in stored for person in people[1::2] for word in words_held(person))
    engine.close()


def words_held(document: Document) -> list[bytes]:
    return f"{document.titles['']} {document.body}".encode().split()


def test_an_open_reader_of_another_process_does_not_keep_them(tmp_path: Path) -> None:
    reader, writer = EmbeddedEngine(tmp_path), EmbeddedEngine(tmp_path)
    writer.put("members", [SECRET, *others(30)])
    assert reader.ask("members", Question("Zubrolamnit")).total == 1
    writer.remove("members", [SECRET.id])
    assert marks_in(tmp_path) == []
    assert reader.ask("members", Question("Zubrolamnitt")).total == 0  # nor its vocabulary
    reader.close()
    writer.close()
