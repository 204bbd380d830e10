"""When two organisations seem to be one: they are called alike, in whatever language and order."""

from collections.abc import Iterable

from search.folding import words_of


def is_alike(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any name of the one has all the words of a name of the other, however spelt."""
    own, known = _words(names), _words(others)
    return any(one <= other or other <= one for one in own for other in known)


def is_namesake(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether both have one name, word for word, however spelt and in whatever order."""
    return not set(_words(names)).isdisjoint(_words(others))


def _words(names: Iterable[str]) -> list[frozenset[str]]:
    """The folded words of each name by either reading; a name without any is like no other."""
    readings = {
        frozenset(word.readings[which] for word in words_of(name))
        for name in names
        for which in (0, 1)
    }
    return [words for words in readings if words]
