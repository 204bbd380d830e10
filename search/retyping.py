"""What was typed with the keyboard set to the other alphabet: ghbdtn is привет, кгыефь rustam."""

from collections.abc import Callable

from msgspec import structs

from search.engine import Answer, Hit, Question
from search.folding import Word, words_of

FEWEST_LETTERS = 3  # shorter, almost anything is the beginning of some name

LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC_KEYS = (
    "йцукенгшщзхъфывапролджэячсмитьбюё"  # the Russian layout; Tajik ones keep its places
)
SHIFTED_KEYS, THEIR_LETTERS = '{}:"<>~', "хъжэбюё"

_TO_CYRILLIC = str.maketrans(LATIN_KEYS + SHIFTED_KEYS, CYRILLIC_KEYS + THEIR_LETTERS)
_TO_LATIN = str.maketrans(CYRILLIC_KEYS, LATIN_KEYS)


def retyped(text: str) -> str | None:
    """The text by the same keys in the other alphabet; None when it holds both, or none."""
    small = text.lower().strip()
    is_cyrillic = any(letter in CYRILLIC_KEYS for letter in small)
    if is_cyrillic == any("a" <= letter <= "z" for letter in small):
        return None
    return small.translate(_TO_LATIN if is_cyrillic else _TO_CYRILLIC)


def ask_retyped(ask: Callable[[Question], Answer], question: Question) -> Answer:
    """The answer; when nothing at all is found, that to the retyped text, which it then suggests.

    Only what is called so or begins so counts, lest chance finds people for any text.
    """
    answer = ask(question)
    other = None if answer.total else retyped(question.text)
    if other is None or len(other) < FEWEST_LETTERS:
        return answer
    again = ask(structs.replace(question, text=other))
    words = words_of(other)
    if not words or not again.hits or not _is_called_so(again.hits[0], words):
        return answer
    return structs.replace(again, suggestion=other)


def _is_called_so(hit: Hit, words: tuple[Word, ...]) -> bool:
    names = [key for word in words_of(f"{hit.title} {hit.matched_name or ''}") for key in word]
    return all(any(name.startswith(word.readings) for name in names) for word in words)
