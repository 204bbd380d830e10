"""Exact counts by their dimensions, and the tables that are asked of them. They stay inside.

A base cell is one category of every dimension. A key has one label for each dimension: a category,
a group of categories, or `all`; so any margin, the year to date, the network or one organisation
is a key, and a key is a set of base cells. Raises KeyError for a label that no dimension has.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

import msgspec
import numpy as np
from numpy.typing import NDArray

ALL = "all"

Key = tuple[str, ...]
Places = NDArray[np.int64]


class Dimension(msgspec.Struct, frozen=True):
    """What counts are told apart by: its categories, and named groups of them."""

    name: str
    categories: tuple[str, ...]
    groups: dict[str, tuple[str, ...]] = {}

    def members(self, label: str) -> tuple[str, ...]:
        """The categories that a label stands for."""
        if label == ALL:
            return self.categories
        return self.groups.get(label, (label,))


class Cube(msgspec.Struct, frozen=True):
    """The exact counts of one indicator, by base cell; a base cell without a count has nobody.

    `structural` base cells cannot have anybody, as everybody knows. `organisations` names the
    dimension of those who contribute; those in `agreed` let their own figures be public (D4).
    """

    dimensions: tuple[Dimension, ...]
    counts: dict[Key, int]
    organisations: str = "organisation"
    structural: frozenset[Key] = frozenset()
    agreed: frozenset[str] = frozenset()


class Table(msgspec.Struct, frozen=True):
    """One level of a ladder: for each dimension the labels that it shows."""

    name: str
    labels: tuple[tuple[str, ...], ...]

    def every_key(self) -> Iterator[Key]:
        """Every cell of the whole cross product: a missing one must not mean zero (D8)."""
        return product(*self.labels)


class Book:
    """A cube laid out for adding up: exact counts by base cell, numbered in the cube's order."""

    def __init__(self, cube: Cube) -> None:
        self.cube = cube
        shape = [len(each.categories) for each in cube.dimensions]
        self._categories = [numbered(each) for each in cube.dimensions]
        self._numbers = [_by_label(each) for each in cube.dimensions]
        self._grid = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.counts = np.zeros(self._grid.size, dtype=np.int64)
        for key, n in cube.counts.items():
            self.counts[self._place(key)] = n
        self._places: dict[Key, Places] = {}
        self._possible = np.ones(self._grid.size, dtype=bool)
        self._possible[[self._place(key) for key in cube.structural]] = False

    def places(self, key: Key) -> Places:
        """The base cells of a key that may have anybody; none means a structural zero."""
        if key not in self._places:
            found = self._grid
            for axis, (numbers, label) in enumerate(zip(self._numbers, key, strict=True)):
                found = found.take(numbers[label], axis=axis)
            flat = found.ravel()
            self._places[key] = np.sort(flat[self._possible[flat]])
        return self._places[key]

    def count(self, key: Key) -> int:
        """How many people, exactly."""
        return int(self.counts[self.places(key)].sum())

    def _place(self, key: Key) -> int:
        chosen = zip(self._categories, key, strict=True)
        return int(self._grid[tuple(numbers[label] for numbers, label in chosen)])


def merged(cube: Cube, keys: Iterable[Key]) -> Cube:
    """The same counts; categories are one where no group and no label of these keys parts them.

    Every sum that the keys ask for stays as it is, over far fewer base cells.
    """
    asked = [set(labels) for labels in zip(*keys, strict=True)]
    dimensions, stands_for = [], []
    for dimension, labels in zip(cube.dimensions, asked, strict=True):
        labels |= set(dimension.groups)
        first = _first_alike(dimension, labels)
        groups = {
            label: tuple(dict.fromkeys(first[name] for name in dimension.members(label)))
            for label in sorted(labels - {ALL})
        }
        dimensions.append(Dimension(dimension.name, tuple(dict.fromkeys(first.values())), groups))
        stands_for.append(first)
    counts: Counter[Key] = Counter()
    for key, n in cube.counts.items():
        counts[_merged(key, stands_for)] += n
    empty = Counter(_merged(key, stands_for) for key in cube.structural)
    sizes = [Counter(first.values()) for first in stands_for]
    return Cube(
        tuple(dimensions),
        dict(counts),
        cube.organisations,
        frozenset(key for key, n in empty.items() if n == _size(key, sizes)),
        cube.agreed,
    )


def breakdowns(book: Book, table: Table) -> Iterator[tuple[Key, list[Key]]]:
    """Each margin and the cells of the table that break it down, in one dimension at a time (D5).

    The parts of a margin are the widest labels shown that are within it and not all of it. A
    structural zero is no part: that it has nobody says nothing of the others.
    """
    for at, dimension in enumerate(book.cube.dimensions):
        for whole in (ALL, *dimension.groups):
            parts = _parts(dimension, whole, table.labels[at])
            if len(parts) < 2:
                continue
            for rest in product(*table.labels[:at], (whole,), *table.labels[at + 1 :]):
                cells = [(*rest[:at], part, *rest[at + 1 :]) for part in parts]
                yield rest, [cell for cell in cells if book.places(cell).size]


def numbered(dimension: Dimension) -> dict[str, int]:
    """The place of each category among the others."""
    return {name: at for at, name in enumerate(dimension.categories)}


def _by_label(dimension: Dimension) -> dict[str, list[int]]:
    number = numbered(dimension)
    labels = (*dimension.categories, ALL, *dimension.groups)
    return {label: [number[name] for name in dimension.members(label)] for label in labels}


def _first_alike(dimension: Dimension, labels: set[str]) -> dict[str, str]:
    """For each category the first one that is in just the same labels."""
    within: dict[str, list[str]] = {name: [] for name in dimension.categories}
    for label in labels:
        for name in dimension.members(label):
            within[name].append(label)
    first: dict[tuple[str, ...], str] = {}
    return {name: first.setdefault(tuple(has), name) for name, has in within.items()}


def _merged(key: Key, stands_for: Sequence[dict[str, str]]) -> Key:
    return tuple(first[name] for first, name in zip(stands_for, key, strict=True))


def _size(key: Key, sizes: Sequence[Counter[str]]) -> int:
    return prod(size[name] for size, name in zip(sizes, key, strict=True))


def _parts(dimension: Dimension, whole: str, labels: tuple[str, ...]) -> list[str]:
    within = set(dimension.members(whole))
    members = {label: set(dimension.members(label)) for label in labels}
    inside = {label: has for label, has in members.items() if has < within}
    return [
        label for label, has in inside.items() if not any(has < other for other in inside.values())
    ]
