"""Exact counts by their dimensions, and the tables that are asked of them. They stay inside.

A base cell is one category of every dimension. A key has one label for each dimension: a category,
a group of categories, or `all`; so any margin, the year to date, the network or one organisation
is a key, and a key is a set of base cells. Raises KeyError for a label that no dimension has.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import product

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
        self._categories = [_categories(each) for each in cube.dimensions]
        self._numbers = [_numbered(each) for each in cube.dimensions]
        self._grid = np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.counts = np.zeros(self._grid.size, dtype=np.int64)
        for key, n in cube.counts.items():
            self.counts[self._place(key)] = n
        self._places: dict[Key, Places] = {}
        self._sums: dict[Key, int] = {}
        self._possible = np.ones(self._grid.size, dtype=bool)
        self._possible[[self._place(key) for key in cube.structural]] = False
        if (self.counts < 0).any() or self.counts[~self._possible].any():
            raise ValueError("a count is negative, or of people who cannot be")

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
        if key not in self._sums:
            self._sums[key] = int(self.counts[self.places(key)].sum())
        return self._sums[key]

    def by_organisation(self, key: Key) -> list[int]:
        """How many people of each organisation, exactly."""
        found = self.places(key)
        width = len(self.cube.dimensions[self._organisation].categories)
        held = np.bincount(self._owner[found], weights=self.counts[found], minlength=width)
        return [int(n) for n in held]

    def owner(self, key: Key) -> str | None:
        """The one organisation that a key is about, or None where it is about more."""
        label = key[self._organisation]
        names = self.cube.dimensions[self._organisation].members(label)
        return names[0] if len(names) == 1 else None

    @cached_property
    def _organisation(self) -> int:
        names = [each.name for each in self.cube.dimensions]
        return names.index(self.cube.organisations)

    @cached_property
    def _owner(self) -> Places:
        owners = np.indices(self._grid.shape)[self._organisation]
        return np.asarray(owners.ravel(), dtype=np.int64)

    def _place(self, key: Key) -> int:
        chosen = zip(self._categories, key, strict=True)
        return int(self._grid[tuple(numbers[label] for numbers, label in chosen)])


def breakdowns(book: Book, table: Table) -> Iterator[tuple[Key, list[Key]]]:
    """Each margin and the cells of the table that break it down, in one dimension at a time (D5).

    The parts of a margin are the widest labels shown that are within it and not all of it.
    """
    for at, dimension in enumerate(book.cube.dimensions):
        for whole in (ALL, *dimension.groups):
            parts = _parts(dimension, whole, table.labels[at])
            if len(parts) < 2:
                continue
            for rest in product(*table.labels[:at], (whole,), *table.labels[at + 1 :]):
                yield rest, [(*rest[:at], part, *rest[at + 1 :]) for part in parts]


def _categories(dimension: Dimension) -> dict[str, int]:
    return {name: at for at, name in enumerate(dimension.categories)}


def _numbered(dimension: Dimension) -> dict[str, list[int]]:
    number = _categories(dimension)
    labels = (ALL, *dimension.groups, *dimension.categories)
    return {label: [number[name] for name in dimension.members(label)] for label in labels}


def _parts(dimension: Dimension, whole: str, labels: tuple[str, ...]) -> list[str]:
    within = set(dimension.members(whole))
    members = {label: set(dimension.members(label)) for label in labels}
    inside = {label: has for label, has in members.items() if has < within}
    return [
        label for label, has in inside.items() if not any(has < other for other in inside.values())
    ]
