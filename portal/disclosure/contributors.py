"""Who contributes how many people to each cell of a table, for all its cells in one go (D4)."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from portal.disclosure.tables import Cube, Key, Table, numbered

Numbers = NDArray[np.float64]


class Contributors:
    """The exact counts of a cube. They stay inside.

    Raises ValueError for a count below 0 or of people who cannot be, KeyError for one of unknown
    categories.
    """

    def __init__(self, cube: Cube) -> None:
        self._cube = cube
        self._shape = tuple(len(each.categories) for each in cube.dimensions)
        self._numbers = [numbered(each) for each in cube.dimensions]
        self._at = [each.name for each in cube.dimensions].index(cube.organisations)
        if min(cube.counts.values(), default=0) < 0:
            raise ValueError("a count is negative")
        if any(cube.counts.get(key) for key in cube.structural):
            raise ValueError("a count is of people who cannot be")
        self._counts = np.zeros(self._shape)
        for key, n in cube.counts.items():
            self._counts[self._place(key)] = n
        self._possible = np.ones(self._shape if cube.structural else ())
        for key in cube.structural:
            self._possible[self._place(key)] = 0

    def of(self, table: Table) -> Iterator[tuple[Key, list[int]]]:
        """Each cell with its people by organisation; a structural zero has an empty list."""
        counts = self._added(self._counts, table)
        possible = self._added(self._possible, table) if self._cube.structural else counts + 1
        owners = [self._members(self._at, label) for label in table.labels[self._at]]
        places = product(*(range(len(labels)) for labels in table.labels))
        for key, place in zip(table.every_key(), places, strict=True):
            rest = (*place[: self._at], *place[self._at + 1 :])
            within = owners[place[self._at]]
            is_able = bool(possible[rest][within].any())
            yield key, [int(n) for n in counts[rest][within]] if is_able else []

    def owner(self, key: Key) -> str | None:
        """The one organisation that a cell is about, or None where it is about more."""
        names = self._cube.dimensions[self._at].members(key[self._at])
        return names[0] if len(names) == 1 else None

    def _added(self, found: Numbers, table: Table) -> Numbers:
        """Added up to the labels of a table; the organisations come last, each by itself."""
        narrow = sorted(range(len(self._shape)), key=lambda axis: len(table.labels[axis]))
        for axis in narrow:
            if axis == self._at:
                continue
            belongs = np.zeros((len(table.labels[axis]), self._shape[axis]))
            for line, label in enumerate(table.labels[axis]):
                belongs[line, self._members(axis, label)] = 1
            found = np.moveaxis(np.tensordot(belongs, found, axes=(1, axis)), 0, axis)
        return np.moveaxis(found, self._at, -1)

    def _members(self, axis: int, label: str) -> list[int]:
        members = self._cube.dimensions[axis].members(label)
        return [self._numbers[axis][name] for name in members]

    def _place(self, key: Key) -> tuple[int, ...]:
        return tuple(numbers[name] for numbers, name in zip(self._numbers, key, strict=True))
