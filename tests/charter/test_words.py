"""What changed between two texts: nothing is lost, and no text keeps the house busy."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.charter import rules
from portal.charter.rules import Piece, words_changed

texts = st.text(st.sampled_from("ab а.,!\n "), max_size=60)


def sides(pieces: list[Piece]) -> tuple[str, str]:
    """Both texts, as the pieces tell them."""
    before = "".join(each.text for each in pieces if each.how != "added")
    return before, "".join(each.text for each in pieces if each.how != "removed")


@given(texts, texts)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = words_changed(before, after)
    assert sides(pieces) == (before, after)
    assert all(each.text for each in pieces)
    assert all(one.how != next_.how for one, next_ in pairwise(pieces))


def test_what_is_alike_on_both_ends_stays() -> None:
    assert words_changed("We keep all files.", "We keep no files.") == [
        Piece("same", "We keep "),
        Piece("removed", "all"),
        Piece("added", "no"),
        Piece("same", " files."),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (".!" * 1500, ".," * 1500),
        ("a b " * 750, "a c " * 750),
        (" ".join(map(str, range(700))), " ".join(map(str, reversed(range(700))))),
    ],
)
def test_texts_that_are_hard_to_compare_are_compared(before: str, after: str) -> None:
    assert sides(words_changed(before, after)) == (before, after)


def test_what_is_too_long_to_be_compared_went_and_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_COMPARED", 8)
    assert words_changed("Same a b c end", "Same d b e end") == [
        Piece("same", "Same "),
        Piece("removed", "a b c"),
        Piece("added", "d b e"),
        Piece("same", " end"),
    ]
    hard = ("a b " * 3000, "a c " * 3000)
    assert sides(words_changed(*hard)) == hard
