"""What a charter is made of, what differs between two versions, and what is to be affirmed anew."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Literal

import msgspec
from rapidfuzz.distance import LCSseq

KINDS = ("criterion", "principle")

# the texts of a point; `evidence` says what shows that a criterion is met
FIELDS = ("title", "text", "evidence")

# of a text in a language; one that is missing has no row
TEXT_STATES = ("original", "checked", "unchecked", "missing")


class CharterText(msgspec.Struct, frozen=True):
    """One field of a point: as it was decided, in its language, and in the others."""

    original: str
    language: str
    others: dict[str, str] = {}
    states: dict[str, str] = {}

    def state(self, language: str) -> str:
        """Whether the text in a language is the original, checked, unchecked or missing."""
        return self.states.get(language, "missing")

    def in_language(self, language: str) -> str:
        """The text in a language where there is one, else as it was decided."""
        return self.others.get(language) or self.original

    def language_for(self, language: str) -> str:
        """The language of what a reader of a language is shown."""
        return language if self.others.get(language) else self.language


# the rooms that read the charter call it so; scripts know it by the longer name
Text = CharterText


class Point(msgspec.Struct, frozen=True):
    """A criterion, which asks for evidence, or a principle, which is accepted as it stands."""

    code: str
    kind: str
    position: int
    asks_file: bool
    title: CharterText
    text: CharterText
    evidence: CharterText | None = None

    @property
    def decided(self) -> tuple[object, ...]:
        """What was decided: a translation is no part of it."""
        evidence = self.evidence.original if self.evidence else ""
        return (self.kind, self.asks_file, self.title.original, self.text.original, evidence)

    @property
    def texts(self) -> dict[str, CharterText]:
        """Its texts by field, those that it has."""
        found = {"title": self.title, "text": self.text, "evidence": self.evidence}
        return {field: text for field, text in found.items() if text is not None}

    def state(self, language: str) -> str:
        """How far it is translated: the state of the text that lags most."""
        states = {text.state(language) for text in self.texts.values()}
        return max(states, key=TEXT_STATES.index)


class Differing(msgspec.Struct, frozen=True):
    """A point that two versions do not have alike: added (no `before`), removed, or changed."""

    code: str
    before: Point | None
    after: Point | None

    @property
    def how(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Sequence[Point], after: Sequence[Point]) -> list[Differing]:
    """The points whose decided words differ, in the order of the newer version, removed ones last.

    A point is the same one by its code. Translations and the order make no difference.
    """
    old: Mapping[str, Point] = {each.code: each for each in before}
    new: Mapping[str, Point] = {each.code: each for each in after}
    changed = [
        Differing(code, old.get(code), point)
        for code, point in new.items()
        if code not in old or old[code].decided != point.decided
    ]
    return changed + [Differing(code, gone, None) for code, gone in old.items() if code not in new]


def is_reordered(before: Sequence[Point], after: Sequence[Point]) -> bool:
    """Whether the points that two versions share stand in another order."""
    both = {each.code for each in before} & {each.code for each in after}
    old, new = ([each.code for each in row if each.code in both] for row in (before, after))
    return old != new


def to_affirm(before: Sequence[Point], after: Sequence[Point]) -> list[Point]:
    """The points that a member of the older version is asked about: the new and the changed."""
    return [each.after for each in differences(before, after) if each.after is not None]


def mark_of(words: Mapping[str, object]) -> str:
    """A short mark of how words stand, by which a form knows that they were changed meanwhile."""
    return hashlib.sha256(msgspec.json.encode(words, order="deterministic")).hexdigest()[:16]


class Piece(msgspec.Struct, frozen=True):
    """A run of words that two texts share, or that one of them has."""

    how: Literal["same", "removed", "added"]
    text: str


# what is compared as one: signs without a space, or the space between two of them
_RUNS = re.compile(r"\w+|\s+|[^\w\s]+")

# security: the changes are drawn for anybody who asks, and the work grows with the product of both
MOST_COMPARED = 4_000_000


def words_changed(before: str, after: str) -> list[Piece]:
    """What of one text became the other, word by word; what went stands before what came.

    Of texts too long to be compared all that differs went, and came.
    """
    old, new = _RUNS.findall(before), _RUNS.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    first, last = "".join(old[:head]), "".join(old[len(old) - tail :])
    middle = _compared(old[head : len(old) - tail], new[head : len(new) - tail])
    pieces: list[Piece] = []
    gone = come = ""
    for is_same, was, now in [(True, first, first), *middle, (True, last, last)]:
        # a lone space between two changes would cut a sentence into crumbs
        if is_same and not (was.isspace() and (gone or come)):
            pieces += [*_changed(gone, come), *([Piece("same", was)] if was else [])]
            gone = come = ""
        else:
            gone, come = gone + was, come + now
    return pieces + _changed(gone, come)


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """With how many equal runs both begin."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(old, new, strict=False)))


def _compared(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, str, str]]:
    """Stretches that are the same, or differ, with the text of both."""
    if len(old) * len(new) > MOST_COMPARED:
        return [(False, "".join(old), "".join(new))]
    # numbers are compared as they are, words by their hashes
    numbers = {run: number for number, run in enumerate(dict.fromkeys([*old, *new]))}
    both = [numbers[run] for run in old], [numbers[run] for run in new]
    return [
        (
            each.tag == "equal",
            "".join(old[each.src_start : each.src_end]),
            "".join(new[each.dest_start : each.dest_end]),
        )
        for each in LCSseq.opcodes(*both)
    ]


def fields_changed(differing: Differing) -> dict[str, dict[str, list[Piece]]]:
    """Of a changed point: for each field decided anew what changed, in each language it did.

    A language is missing where there is no text yet, or the old one: its reader is shown the
    language in which was decided.
    """
    before, after = differing.before, differing.after
    if before is None or after is None:
        return {}
    old, new = before.texts, after.texts
    fields = [each for each in FIELDS if _decided(old.get(each)) != _decided(new.get(each))]
    return {field: _in_languages(old.get(field), new.get(field)) for field in fields}


def _changed(gone: str, come: str) -> list[Piece]:
    both = (Piece("removed", gone), Piece("added", come))
    return [each for each in both if each.text]


def _decided(text: CharterText | None) -> str:
    return text.original if text else ""


def _in_languages(old: CharterText | None, new: CharterText | None) -> dict[str, list[Piece]]:
    shown = new or old
    if shown is None:
        return {}
    languages = (shown.language, *shown.others)
    both = {
        code: (old.in_language(code) if old else "", new.in_language(code) if new else "")
        for code in languages
    }
    return {
        code: words_changed(before, after)
        for code, (before, after) in both.items()
        if before != after
    }
