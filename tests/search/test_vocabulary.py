"""Words a mistyped one may have meant: the same as comparing it with every word there is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.folding import Word
from search.query import allowance
from search.vocabulary import MOST_ALTERNATIVES, Vocabulary

WORDS = st.text("abmnkg1", min_size=1, max_size=12)
LISTS = st.lists(WORDS, unique=True, max_size=40)


def vocabulary(words: list[str], first: int = 0) -> Vocabulary:
    return Vocabulary.of(words, np.arange(first, first + len(words)))


def within(word: str, words: list[str]) -> list[tuple[str, int]]:
    most = allowance(Word(word, word, word))
    near = [(each, int(OSA.distance(word, each))) for each in words]
    close = [pair for pair in near if pair[1] <= most] if most else []
    return sorted(close, key=lambda pair: (pair[1], pair[0]))[:MOST_ALTERNATIVES]


@given(WORDS, LISTS)
def test_near_words_are_all_words_that_few_slips_part(word: str, words: list[str]) -> None:
    found = vocabulary(words).near(Word(word, word, word), anywhere=True)
    assert found == within(word, words)


@given(WORDS, LISTS, LISTS, st.sets(st.integers(0, 39)))
def test_a_changed_vocabulary_is_one_of_the_words_left(
    word: str, words: list[str], learnt: list[str], forgotten: set[int]
) -> None:
    new = [each for each in learnt if each not in words]
    gone = np.array(sorted(forgotten), np.int64)
    changed = vocabulary(words).changed(gone, vocabulary(new, len(words) + 40))
    left = [each for place, each in enumerate(words) if place not in forgotten] + new
    for anywhere in (False, True):
        asked = Word(word, word, word)
        assert changed.near(asked, anywhere=anywhere) == vocabulary(left).near(
            asked, anywhere=anywhere
        )
    assert changed.near_beginnings(asked) == vocabulary(left).near_beginnings(asked)


def test_a_forgotten_word_is_not_kept_in_memory() -> None:
    changed = vocabulary(["zubrolamnit", "maral"]).changed(np.array([0]), vocabulary([]))
    assert "zubrolamnit" not in repr(vars(changed))
