"""How what was chosen is laid into one archive: names that every computer can unpack."""

import re
from collections.abc import Iterable, Iterator

from anyascii import anyascii

LONGEST_NAME = 60

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def folder_of(title: str, number: int) -> str:
    """The folder of one work: its place in the basket and its title in plain letters."""
    # security: nothing of a title can lead out of the archive, whatever unpacks it
    plain = _NOT_PLAIN.sub("-", anyascii(title).lower())[:LONGEST_NAME].strip("-")
    return f"{number:02d}-{plain or 'material'}"


def told_apart(names: Iterable[str]) -> Iterator[str]:
    """The names in their order, each once: what comes twice gets a number before its ending."""
    seen: set[str] = set()
    for name in names:
        stem, dot, ending = name.rpartition(".")
        chosen, number = name, 1
        while chosen in seen:
            number += 1
            chosen = f"{stem}-{number}{dot}{ending}"
        seen.add(chosen)
        yield chosen
