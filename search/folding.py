"""One key for every spelling of a name, applied to documents and questions alike.

Ашгабат, Aşgabat and Ashgabat give one key; so do Хуҷанд, Худжанд and Khujand. Keys hold only
a-z and 0-9, so that no engine's own tokenizer can fold them further or split them. Where a letter
is written in two ways (Фёдор, Федор), a word has a second key.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

from search.letters import (
    ALIKE_CYRILLIC,
    ALIKE_LATIN,
    BEGINNINGS,
    LETTERS,
    SAME_SOUND,
    SECOND_READING,
)

LONGEST_WORD = 40  # letters of a key; more tells no two words apart and costs time
LONGEST_WRITTEN = 160  # characters read of a word, accents counted

_MARKS = (  # combining marks: Latin, Cyrillic, Hebrew, Arabic, Devanagari, signs, half marks
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
_LETTER = rf"[^\W_{_MARKS}][{_MARKS}]*"
_APOSTROPHES = "'’‘ʼʻʹʺ`´"
_UNSEEN = (  # soft hyphen, zero width, direction of writing, shape of what stands before
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
)
_WORD = re.compile(rf"(?:{_LETTER})+(?:[{_APOSTROPHES}{_UNSEEN}]+(?:{_LETTER})+)*")
_NOT_SEEN = re.compile(f"[{_UNSEEN}]+")
_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
_HYPHENS = re.compile(r"[-‐‑–]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_TABLE = str.maketrans(LETTERS)
_BEGINNING = re.compile("^(?:" + "|".join(BEGINNINGS) + ")")
_SOUNDS = re.compile("|".join(SAME_SOUND))
_SECOND = re.compile("|".join(SECOND_READING).replace("'", f"[{_APOSTROPHES}]"))
_FINAL_J = re.compile(r"(?<=[ie])j$")  # й in the Slavic Latin alphabets: Dmitrij, Sergej
_SILENT_I = re.compile(r"i+(?=[aeou])")  # ya, ie, iyu: the glide is written or not
_DOUBLED = re.compile(r"([a-z])\1+")
_LATIN = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_TO_LATIN = str.maketrans(ALIKE_CYRILLIC, ALIKE_LATIN)
_TO_CYRILLIC = str.maketrans("cpy", "сру")  # the others sound alike, but b and h: б, ҳ are meant

# What an index or a stored key was made by; it changes whenever a rule here changes.
RULES = repr(
    (LETTERS, SECOND_READING, ALIKE_LATIN, ALIKE_CYRILLIC, BEGINNINGS, SAME_SOUND, _WORD.pattern, 2)
)


class Word(NamedTuple):
    """A word's keys: `folded` joins all spellings, `plain` only drops accents and alphabet.

    `also` is its second reading, mostly the same as `folded`.
    """

    folded: str
    plain: str
    also: str

    def sounds_like(self, other: "Word") -> bool:
        """Whether both may be read alike."""
        return other.folded in self.readings or other.also in self.readings

    @property
    def readings(self) -> tuple[str, str]:
        """The keys by which spellings are joined."""
        return self.folded, self.also


class Span(NamedTuple):
    """Where a word stands in the text as it was given: [start, end), and its keys."""

    start: int
    end: int
    word: Word


def fold(text: str) -> str:
    """The key of a text: its folded words, a space between; folding it again changes nothing."""
    return " ".join(fold_words(text))


def fold_words(text: str) -> list[str]:
    """The folded words of a text in order; a hyphen parts words, an apostrophe does not."""
    return [span.word.folded for span in spans(text)]


def spans(text: str) -> list[Span]:
    """Every word of a text with its place, counted in characters of exactly this text."""
    found = (
        Span(m.start(), m.end(), read_word(m.group()[:LONGEST_WRITTEN]))
        for m in _WORD.finditer(text)
    )
    return [span for span in found if span.word.folded]


def word_places(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end, those without a key too."""
    return (found.span() for found in _WORD.finditer(text))


@lru_cache(maxsize=2**14)
def words_of(name: str) -> tuple[Word, ...]:
    """The words of a short text such as a name, remembered because names come again and again."""
    return tuple(span.word for span in spans(name))


@lru_cache(maxsize=2**8)
def words_of_body(body: str) -> tuple[Word, ...]:
    """The words of a longer text, remembered only while one question after another is typed."""
    return tuple(span.word for span in spans(body))


@lru_cache(maxsize=2**15)
def read_word(written: str) -> Word:
    """The keys of one word as written."""
    small = _small(written)
    plain = _plain(small)[:LONGEST_WORD]
    folded = reduce_sounds(plain)
    if not _SECOND.search(small):
        return Word(folded, plain, folded)
    other = _SECOND.sub(lambda m: SECOND_READING[m.group().translate(_ONE_APOSTROPHE)], small)
    return Word(folded, plain, reduce_sounds(_plain(other)[:LONGEST_WORD]))


def romanise(written: str) -> str:
    """The word in plain a-z and 0-9 by the letter tables, anyascii for all other letters."""
    return _plain(_small(written))


def _small(written: str) -> str:
    """The word composed, in small letters of one alphabet, without what cannot be seen."""
    composed = unicodedata.normalize("NFC", _NOT_SEEN.sub("", written))
    return _in_one_alphabet(unicodedata.normalize("NFC", composed.casefold()))


def _plain(small: str) -> str:
    return _NOT_PLAIN.sub("", anyascii(small.translate(_TABLE)).lower())


def _in_one_alphabet(small: str) -> str:
    """Letters that look alike as those of the alphabet which most of the others are in."""
    latin, cyrillic = _LATIN.findall(small), _CYRILLIC.findall(small)
    if not latin or not cyrillic:
        return small
    own_latin = sum(each not in ALIKE_LATIN for each in latin)
    own_cyrillic = sum(each not in ALIKE_CYRILLIC for each in cyrillic)
    is_latin = (own_latin, len(latin)) > (own_cyrillic, len(cyrillic))
    return small.translate(_TO_LATIN if is_latin else _TO_CYRILLIC)


def reduce_sounds(plain: str) -> str:
    """One spelling for one sound; repeated until nothing changes, which makes it idempotent."""
    before = ""
    plain = _BEGINNING.sub(lambda m: BEGINNINGS[m.group()], plain)
    while before != plain:
        before = plain
        plain = _SOUNDS.sub(lambda m: SAME_SOUND[m.group()], plain)
        plain = _DOUBLED.sub(r"\1", _FINAL_J.sub("i", _SILENT_I.sub("", plain)))
    return plain


def joined(words: tuple[Word, ...]) -> Word:
    """Several words written as one: Kara-Kala and Karakala are the same place."""
    if not words:
        return Word("", "", "")
    plain = "".join(word.plain for word in words)
    folded, also = ("".join(each) for each in zip(*(w.readings for w in words), strict=True))
    return Word(reduce_sounds(folded), plain, reduce_sounds(also))


def compounds(name: str) -> list[Word]:
    """The hyphenated parts of a name written as one word each, as many people type them."""
    if not _HYPHENS.search(name):
        return []
    parts = [words_of(part) for part in name.split() if _HYPHENS.search(part)]
    return [joined(words) for words in parts if len(words) > 1]
