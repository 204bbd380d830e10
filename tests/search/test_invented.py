"""People nobody tuned the search for are found by the spellings, slips and beginnings of others."""

from collections import defaultdict
from collections.abc import Callable

import pytest

from search.engine import Document, Engine, Question
from search.retyping import retyped
from tests.search.invented import documents, invent, questions

SEED = 20261
PEOPLE = 80
FLOORS = {  # kind of query: share of right answers first, and among the first five
    "other alphabet": (0.98, 1.0),
    "one slip": (0.97, 0.985),
    "typed so far": (0.96, 0.99),
    "swapped": (0.98, 1.0),
    "with father": (0.98, 1.0),
    "initial": (0.80, 0.94),
    "wrong layout": (0.96, 0.97),
}


def test_invented_people_are_found(engine: Engine, relevance: Callable[[str], None]) -> None:
    people = invent(PEOPLE, SEED)
    engine.replace("members", documents(people))
    first, five = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
    for query in questions(people, SEED):
        hits = [hit.id for hit in engine.ask("members", Question(query.text, limit=5)).hits]
        first[query.kind].append(bool(query.accepted.intersection(hits[:1])))
        five[query.kind].append(bool(query.accepted.intersection(hits)))
    below = []
    for kind, (least_first, least_five) in FLOORS.items():
        asked = len(first[kind])
        shares = sum(first[kind]) / asked, sum(five[kind]) / asked
        line = f"{engine.name:12} {'invented':10} {kind:14} {asked:5}"
        line += f"  {shares[0]:.4f} (>= {least_first:.3f})  {shares[1]:.4f} (>= {least_five:.3f})"
        relevance(line)
        if shares[0] < least_first or shares[1] < least_five:
            below.append(line)
    assert not below


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("Fqyf Ljdktnjdf", "айна довлетова"),
        ("{ehitl", "хуршед"),
        ("кгыефь", "rustam"),
        ("Фыпфифе", "asgabat"),
        ("", None),
        ("12 — 3", None),
        ("mixed мир", None),
    ],
)
def test_the_same_keys_give_the_other_alphabet(typed: str, meant: str | None) -> None:
    assert retyped(typed) == meant


def test_the_other_keyboard_is_tried_only_when_nothing_is_found(engine: Engine) -> None:
    people = [
        Document("r", "practitioners", {"": "Рустам Каримов"}),
        Document("x", "practitioners", {"": "Ghbdtn"}),
        Document("p", "practitioners", {"": "Привет"}),
    ]
    engine.replace("members", people)
    found = engine.ask("members", Question("hecnfv rfhbvjd"))
    assert [hit.id for hit in found.hits] == ["r"]
    assert found.suggestion == "рустам каримов"
    assert engine.ask("members", Question("ghbdtn")).hits[0].id == "x"
    for noise in ("qqqqwwww", "hec", "zxcvb", "!!!", "ы", "h"):
        assert engine.ask("members", Question(noise)).total == (1 if noise == "hec" else 0), noise


def test_an_initial_stands_for_the_given_name_wherever_it_is(engine: Engine) -> None:
    names = {"c": "Çynar Ataýewa", "j": "Jeren Ataýewa", "m": "Maral Çaryýewa"}
    engine.replace("members", [Document(id, "people", {"": name}) for id, name in names.items()])
    for text in ("Ч. Атаева", "Атаева Ч.", "C Atayewa"):
        assert engine.ask("members", Question(text)).hits[0].id == "c"
