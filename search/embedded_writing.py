"""Writing documents into one index's tables, and taking every word of them out again."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

import msgspec
import numpy as np

from search.embedded_sets import BODY, NAMED, PART, changed
from search.embedded_words import Keys, read_words, with_all
from search.engine import Document

MOST_WAITING = 2_000_000  # changes of sets held in memory before they are written

At = tuple[str, str, int]  # sort, key and part of a set

_encode = msgspec.json.Encoder().encode
_decode_keys = msgspec.json.Decoder(Keys).decode


def put(db: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Add or overwrite; the words of what is overwritten are erased too."""
    changes = Changes(db)
    for document in documents:
        changes.put(document)
    changes.write()


def remove(db: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Erase these documents and every word only they held."""
    changes = Changes(db)
    for id in ids:
        changes.remove(id)
    changes.write()


def note(db: sqlite3.Connection, mark: str | None) -> None:
    """Keep the writer's mark with what is being written."""
    if mark is not None:
        db.execute("UPDATE edition SET mark = ?", (mark,))


class Changes:
    """What one writer changes: rows at once, the sets of numbers in one go at the end."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._fresh = self._first_fresh_part()
        self._sets: defaultdict[At, list[int]] = defaultdict(list)  # ~place: no longer there
        self._weights: dict[int, float] = {}
        self._waiting = 0

    def put(self, document: Document) -> None:
        """Add a document, or overwrite the one with its id, which keeps its number."""
        read = read_words(document)
        at = document.position
        point = (at.latitude, at.longitude) if at else (None, None)
        number, before = self._find(document.id)
        if number is None:
            sql = "INSERT INTO document VALUES (NULL, ?, ?, ?)"
            number = self._db.execute(sql, (document.id, *point)).lastrowid or 0
        else:
            sql = "UPDATE document SET latitude = ?, longitude = ? WHERE number = ?"
            self._db.execute(sql, (*point, number))
        self._db.execute(
            "INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?, ?, ?)",
            (number, _encode(document), read.names, read.body, read.places, _encode(read.keys)),
        )
        self._weights[number] = document.weight
        self._change(number, before, with_all(read.keys, read.body))

    def remove(self, id: str) -> None:
        """Take the document out of every table, if it is there."""
        number, before = self._find(id)
        if number is None:
            return
        self._db.execute("DELETE FROM document WHERE number = ?", (number,))
        self._db.execute("DELETE FROM content WHERE number = ?", (number,))
        self._change(number, before, {})

    def write(self) -> None:
        """Write what was collected."""
        self._write_sets()
        self._write_weights()
        self._fresh, self._waiting = self._first_fresh_part(), 0

    def _first_fresh_part(self) -> int:
        """From this part on no set has anything yet."""
        last = self._db.execute("SELECT max(part) FROM weights").fetchone()[0]
        return 0 if last is None else int(last) + 1

    def _find(self, id: str) -> tuple[int | None, Keys]:
        row = self._db.execute(
            "SELECT number, keys, body FROM document JOIN content USING (number) WHERE id = ?",
            (id,),
        ).fetchone()
        return (row[0], with_all(_decode_keys(row[1]), row[2])) if row else (None, {})

    def _change(self, number: int, before: Keys, now: Keys) -> None:
        part, place = divmod(number, PART)
        for sort in before.keys() | now.keys():
            was, becomes = before.get(sort, set()), now.get(sort, set())
            for key in was - becomes:
                self._sets[sort, key, part].append(~place)
            for key in becomes - was:
                self._sets[sort, key, part].append(place)
            self._waiting += len(was ^ becomes)
        if place == PART - 1 or self._waiting > MOST_WAITING:
            self.write()

    def _write_sets(self) -> None:
        changes = sorted(self._sets.items())
        self._sets.clear()
        self._write_fresh([change for change in changes if change[0][2] >= self._fresh])
        for at, its in changes:
            if at[2] < self._fresh:
                self._write_known(at, its)

    def _write_fresh(self, changes: list[tuple[At, list[int]]]) -> None:
        rows = [(*at, numbers) for at, its in changes if (numbers := changed(None, its))]
        self._db.executemany("INSERT INTO held VALUES (?, ?, ?, ?)", rows)
        self._learn({key for sort, key, *_ in rows if sort in (NAMED, BODY)})

    def _write_known(self, at: At, changes: list[int]) -> None:
        same = " WHERE sort = ? AND key = ? AND part = ?"
        row = self._db.execute("SELECT numbers FROM held" + same, at).fetchone()
        numbers = changed(row[0] if row else None, changes)
        if numbers:
            sql = "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)"
            self._db.execute(sql, (*at, numbers))
        else:
            self._db.execute("DELETE FROM held" + same, at)
        if at[0] not in (NAMED, BODY):
            return
        if numbers and not row:
            self._learn({at[1]})
        if row and not numbers:
            self._forget_unused(at[1])

    def _learn(self, words: set[str]) -> None:
        self._db.executemany(
            "INSERT INTO vocabulary (word) SELECT :word"
            " WHERE NOT EXISTS (SELECT 1 FROM vocabulary WHERE word = :word)",
            [{"word": word} for word in sorted(words)],
        )

    def _forget_unused(self, word: str) -> None:
        held = "SELECT 1 FROM held WHERE sort IN (?, ?) AND key = ?"
        if self._db.execute(held, (NAMED, BODY, word)).fetchone():
            return
        self._db.execute(
            "INSERT INTO forgotten (word) SELECT number FROM vocabulary WHERE word = ?", (word,)
        )
        self._db.execute("DELETE FROM vocabulary WHERE word = ?", (word,))

    def _write_weights(self) -> None:
        by_part: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for number, weight in self._weights.items():
            by_part[number // PART][number % PART] = weight
        self._weights.clear()
        for part, its in by_part.items():
            row = self._db.execute("SELECT weights FROM weights WHERE part = ?", (part,)).fetchone()
            weights = np.frombuffer(row[0], "<f8").copy() if row else np.zeros(PART, "<f8")
            weights[list(its)] = list(its.values())
            self._db.execute(
                "INSERT OR REPLACE INTO weights VALUES (?, ?)", (part, weights.tobytes())
            )
