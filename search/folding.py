"""One key for every spelling of a name, applied to documents and questions alike.

Ашгабат, Aşgabat and Ashgabat give one key; so do Хуҷанд, Худжанд and Khujand. Keys hold only
a-z and 0-9, so that no engine's own tokenizer can fold them further or split them.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii

from search.letters import LETTERS, SAME_SOUND

LONGEST_WORD = 40  # letters of a key; more tells no two words apart and costs time

_MARKS = (  # combining marks: Latin, Cyrillic, Arabic, Devanagari, half marks
    "\u0300-\u036f\u0483-\u0487\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\ufe20-\ufe2f"
)
_LETTER = rf"[^\W_{_MARKS}][{_MARKS}]*"
_APOSTROPHES = "'’‘ʼʻʹʺ`´\u00ad\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(rf"(?:{_LETTER})+(?:[{_APOSTROPHES}]+(?:{_LETTER})+)*")
_HYPHENS = re.compile(r"[-‐‑–]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_TABLE = str.maketrans(LETTERS)
_SOUNDS = re.compile("|".join(SAME_SOUND))
_SILENT_I = re.compile(r"i+(?=[aeou])")  # ya, ie, iyu: the glide is written or not
_DOUBLED = re.compile(r"([a-z])\1+")


class Word(NamedTuple):
    """A word's two keys: `folded` joins all spellings, `plain` only drops accents and alphabet."""

    folded: str
    plain: str


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
    found = (Span(m.start(), m.end(), read_word(m.group())) for m in _WORD.finditer(text))
    return [span for span in found if span.word.folded]


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
    """Both keys of one word as written."""
    plain = romanise(written)[:LONGEST_WORD]
    return Word(reduce_sounds(plain), plain)


def romanise(written: str) -> str:
    """The word in plain a-z and 0-9 by the letter tables, anyascii for all other letters."""
    small = unicodedata.normalize("NFC", unicodedata.normalize("NFC", written).casefold())
    return _NOT_PLAIN.sub("", anyascii(small.translate(_TABLE)).lower())


def reduce_sounds(plain: str) -> str:
    """One spelling for one sound; repeated until nothing changes, which makes it idempotent."""
    before = ""
    while before != plain:
        before = plain
        plain = _SOUNDS.sub(lambda m: SAME_SOUND[m.group()], plain)
        plain = _DOUBLED.sub(r"\1", _SILENT_I.sub("", plain))
    return plain


def joined(words: tuple[Word, ...]) -> Word:
    """Several words written as one: Kara-Kala and Karakala are the same place."""
    plain = "".join(word.plain for word in words)
    return Word(reduce_sounds("".join(word.folded for word in words)), plain)


def compounds(name: str) -> list[Word]:
    """The hyphenated parts of a name written as one word each, as many people type them."""
    if not _HYPHENS.search(name):
        return []
    parts = [words_of(part) for part in name.split() if _HYPHENS.search(part)]
    return [joined(words) for words in parts if len(words) > 1]
