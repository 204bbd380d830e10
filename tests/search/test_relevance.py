"""People and places are found by the spellings, slips and beginnings that people really type.

Judged queries kept beside the checkout are used where they are, else the small sample here.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from search.engine import Document, Engine, Question

ROOT = Path(__file__).parents[2]
BESIDE = ROOT.parent / "shared" / "relevance"
JUDGED = BESIDE if BESIDE.is_dir() else Path(__file__).parent / "sample"
GAZETTEER = ROOT / "seed_data" / "places.csv"

FLOORS = {  # kind of query: share with an accepted answer first, and among the first five
    "spelling": (0.99, 1.00),
    "typo": (0.97, 0.995),
    "prefix": (0.92, 0.995),
    "variant": (0.99, 0.995),
    "variant+typo": (0.98, 0.995),
    "typed so far": (0.92, 0.985),
}


class Judged(NamedTuple):
    """One query and the ids of which any is a right answer."""

    kind: str
    text: str
    accepted: set[str]


def read_judged(name: str, prefix: str = "") -> list[Judged]:
    judged = []
    for line in (JUDGED / name).read_text(encoding="utf-8").splitlines():
        kind, text, accepted = line.split("\t")
        ids = accepted.replace(";", ",").replace(" ", ",").split(",")
        judged.append(Judged(kind, text, {prefix + id for id in ids if id}))
    return judged


def read_places() -> list[Document]:
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        return [
            Document(
                row["id"],
                "places",
                {"": row["name"]},
                tuple(row["alternates"].split(";")),
                weight=float(row["population"] or 0),
            )
            for row in csv.DictReader(file)
        ]


def read_people() -> list[Document]:
    lines = (JUDGED / "people.tsv").read_text(encoding="utf-8").splitlines()
    people = (line.split("\t") for line in lines)
    return [Document(f"practitioners:{id}", "practitioners", {"": name}) for id, name in people]


def check(engine: Engine, judged: list[Judged], add: Callable[[str], None]) -> None:
    """Ask every query, add a line for each kind to the table, and hold the shares to the floors."""
    first, five = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    for query in judged:
        hits = [hit.id for hit in engine.ask("members", Question(query.text, limit=5)).hits]
        first[query.kind].append(bool(query.accepted.intersection(hits[:1])))
        five[query.kind].append(bool(query.accepted.intersection(hits)))
    below = []
    for kind in first:
        shares = (sum(first[kind]) / len(first[kind]), sum(five[kind]) / len(five[kind]))
        line = f"{engine.name:12} {JUDGED.name:10} {kind:14} {len(first[kind]):5}"
        line += "".join(
            f"  {s:.4f} (>= {f:.3f})" for s, f in zip(shares, FLOORS[kind], strict=True)
        )
        add(line)
        if any(share < floor for share, floor in zip(shares, FLOORS[kind], strict=True)):
            below.append(line)
    assert not below


def test_places_are_found(engine: Engine, relevance: Callable[[str], None]) -> None:
    engine.replace("members", read_places())
    check(engine, read_judged("places.tsv"), relevance)


def test_people_are_found(engine: Engine, relevance: Callable[[str], None]) -> None:
    engine.replace("members", read_people())
    check(engine, read_judged("people_queries.tsv", "practitioners:"), relevance)


def test_the_sample_is_judged_alike(
    engine: Engine, relevance: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "JUDGED", Path(__file__).parent / "sample")
    engine.replace("members", read_people())
    check(engine, read_judged("people_queries.tsv", "practitioners:"), relevance)
    engine.replace("members", read_places())
    check(engine, read_judged("places.tsv"), relevance)
