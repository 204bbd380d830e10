"""What a domain says about its published part: tables, columns, and one SELECT for each.

A `<domain>/published.py` declares; `publication` alone reads the declarations and copies.
"""

from typing import Any

import msgspec


class Column(msgspec.Struct, frozen=True):
    """One published column and the column of the main database it is copied from.

    A column whose source is not of the public tier says `because`: the rule that lets it out.
    `free` marks texts that people typed, where a name could hide inside a sentence.
    """

    name: str
    kind: type
    comes_from: str
    because: str = ""
    free: bool = False


class Table(msgspec.Struct, frozen=True):
    """One published table; the SELECT names exactly the columns, in their order.

    Every SELECT may use the parameters of `publication.builder.parameters_of`.
    """

    name: str
    columns: tuple[Column, ...]
    select: str
    key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    search: tuple[str, ...] = ()


class ShownRows(msgspec.Struct, frozen=True):
    """Which rows of a table of the main database the public may see: all others are private.

    `select` answers the values of the column `key` that may be seen.
    """

    table: str
    key: str
    select: str


def text(name: str, comes_from: str, **further: Any) -> Column:
    """A column of text."""
    return Column(name, str, comes_from, **further)


def whole(name: str, comes_from: str, **further: Any) -> Column:
    """A column of whole numbers."""
    return Column(name, int, comes_from, **further)


def real(name: str, comes_from: str) -> Column:
    """A column of numbers."""
    return Column(name, float, comes_from)


def in_languages(name: str, comes_from: str, *codes: str) -> tuple[Column, ...]:
    """A text column for each language: `summary_ru`, `summary_tk`, …."""
    return tuple(text(f"{name}_{code}", comes_from, free=True) for code in codes)
