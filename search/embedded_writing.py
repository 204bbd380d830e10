"""Writing documents into one index's tables, and taking every word of them out again."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

import msgspec
import numpy as np

from search.embedded_sets import (
    BEGUN,
    BODY,
    FACET,
    NAMED,
    PART,
    WHOLE,
    beginnings_of,
    decode,
    encode,
)
from search.engine import Document
from search.folding import Word, compounds, joined, spans, words_of

LONGEST_WHOLE = 120  # letters of a whole name kept for finding it as one
MOST_WAITING = 2_000_000  # changes of sets held in memory before they are written

Keys = dict[str, set[str]]
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
        keys, at = keys_of(document), document.position
        point = (at.latitude, at.longitude) if at else (None, None)
        number, before = self._find(document.id)
        if number is None:
            sql = "INSERT INTO document VALUES (NULL, ?, ?, ?)"
            number = self._db.execute(sql, (document.id, *point)).lastrowid or 0
        else:
            sql = "UPDATE document SET latitude = ?, longitude = ? WHERE number = ?"
            self._db.execute(sql, (*point, number))
        self._db.execute(
            "INSERT OR REPLACE INTO content VALUES (?, ?, ?)",
            (number, _encode(document), _encode(keys)),
        )
        self._weights[number] = document.weight
        self._change(number, before, _with_beginnings(keys))

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
            "SELECT number, keys FROM document JOIN content USING (number) WHERE id = ?", (id,)
        ).fetchone()
        return (row[0], _with_beginnings(_decode_keys(row[1]))) if row else (None, {})

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
        for at, changed in changes:
            if at[2] < self._fresh:
                self._write_known(at, changed)

    def _write_fresh(self, changes: list[tuple[At, list[int]]]) -> None:
        rows = [(*at, encode(places)) for at, its in changes if (places := _after(set(), its))]
        self._db.executemany("INSERT INTO held VALUES (?, ?, ?, ?)", rows)
        self._learn({key for sort, key, *_ in rows if sort in (NAMED, BODY)})

    def _write_known(self, at: At, changed: list[int]) -> None:
        same = " WHERE sort = ? AND key = ? AND part = ?"
        row = self._db.execute("SELECT numbers FROM held" + same, at).fetchone()
        places = _after(decode(row[0]) if row else set(), changed)
        if places:
            sql = "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)"
            self._db.execute(sql, (*at, encode(places)))
        else:
            self._db.execute("DELETE FROM held" + same, at)
        if at[0] not in (NAMED, BODY):
            return
        if places and not row:
            self._learn({at[1]})
        if row and not places:
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
        for part, changed in by_part.items():
            row = self._db.execute("SELECT weights FROM weights WHERE part = ?", (part,)).fetchone()
            weights = np.frombuffer(row[0], "<f8").copy() if row else np.zeros(PART, "<f8")
            weights[list(changed)] = list(changed.values())
            self._db.execute(
                "INSERT OR REPLACE INTO weights VALUES (?, ?)", (part, weights.tobytes())
            )


def keys_of(document: Document) -> Keys:
    """All keys by which a document is found, by their sort, but for beginnings."""
    names = list(dict.fromkeys((*document.titles.values(), *document.names)))
    words = {word for name in names for word in (*words_of(name), *compounds(name))}
    wholes = {key[:LONGEST_WHOLE] for name in names for key in joined(words_of(name)) if key}
    facets = {FACET + name: set(values) for name, values in document.facets.items()}
    kind = {FACET + "kind": {document.kind}}
    body = {span.word for span in spans(document.body)}
    return {NAMED: _keys(words), BODY: _keys(body), WHOLE: wholes, **facets, **kind}


def _keys(words: Iterable[Word]) -> set[str]:
    return {key for word in words for key in word}


def _with_beginnings(keys: Keys) -> Keys:
    begun = {sort + BEGUN: beginnings_of(keys[sort]) for sort in (NAMED, BODY, WHOLE)}
    return {**keys, **begun}


def _after(places: set[int], changes: list[int]) -> set[int]:
    for change in changes:
        if change < 0:
            places.discard(~change)
        else:
            places.add(change)
    return places
