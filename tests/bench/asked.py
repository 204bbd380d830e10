"""What is asked of the crowd: the same questions to every engine, some with a known answer."""

import random
from typing import NamedTuple

from search.engine import Document, Question
from search.folding import fold
from tests.bench.crowd import (
    PROFESSIONS,
    REGIONS,
    SEED,
    draw,
    names_of,
    other_alphabet,
    words_of,
)  # fmt: skip

EACH = 40  # questions of every kind
LETTERS = "abdegiklmnorstu"
CYRILLIC = "абвгдеиклмнорст"


class Asked(NamedTuple):
    """One question, what sort it is, and the name that is a right first answer, if one is known."""

    sort: str
    question: Question
    right: str = ""


def questions(people: list[Document], named: list[Document]) -> list[Asked]:
    """All questions, sort by sort; about `people` and about anything `named`."""
    luck = random.Random(f"{SEED} asked")
    asked = []
    for _ in range(EACH):
        asked += _about_names(luck, luck.choice(named))
        asked += _about_people(luck, luck.choice(people))
        asked += _about_words(luck)
        asked += _narrowed(luck)
    return sorted(asked, key=lambda one: one.sort)


def _about_names(luck: random.Random, document: Document) -> list[Asked]:
    name = document.titles[""]
    return [
        Asked("exact name", Question(name), name),
        Asked("other alphabet", Question(other_alphabet(name)), name),
        Asked("one slip", Question(slipped(luck, name)), name),
        Asked("one slip, other alphabet", Question(slipped(luck, other_alphabet(name))), name),
    ]


def _about_people(luck: random.Random, person: Document) -> list[Asked]:
    given, surname = person.titles[""].split(" ", 1)
    half = surname[: max(2, luck.randint(len(surname) // 2, len(surname) - 1))]
    return [
        Asked("half typed", Question(f"{given} {half}"), f"{given} {half}"),
        Asked("first letters", Question(surname[: luck.randint(1, 4)])),
        Asked("two words", Question(f"{surname} {given}"), f"{given} {surname}"),
    ]


def _about_words(luck: random.Random) -> list[Asked]:
    often = names_of(luck.randrange(2))[0][0][luck.randrange(6)]
    pool = words_of(luck.choice(("tk", "tg", "ru", "en")))
    common = pool[0][luck.randrange(5)]
    nothing = "".join(luck.choices("qwxzjkv", k=luck.randint(8, 11)))
    return [
        Asked("frequent name", Question(often)),
        Asked("frequent word", Question(common)),
        Asked("body word", Question(pool[0][luck.randrange(50, 5_000)])),
        Asked("words of a body", Question(" ".join(draw(luck, pool, 3)))),
        Asked("nothing found", Question(nothing)),
    ]


def _narrowed(luck: random.Random) -> list[Asked]:
    often = names_of(luck.randrange(2))[0][0][luck.randrange(20)]
    region, profession = {"region": luck.choice(REGIONS)}, {"profession": luck.choice(PROFESSIONS)}
    all_facets = ("kind", "region", "profession", "language")
    return [
        Asked("browsing", Question("", offset=luck.choice((0, 0, 20, 200)))),
        Asked("kind filter", Question(often, kind=luck.choice(("practitioners", "places")))),
        Asked("facet filters", Question(often, filters={**region, **profession})),
        Asked("browsing filtered", Question("", kind="practitioners", filters=region)),
        Asked("facet counts", Question(often, facets=all_facets)),
    ]


def slipped(luck: random.Random, name: str) -> str:
    """The name with one letter lost, doubled by another, changed, or changed about with the next.

    Never the first letter of a word, where people seldom slip.
    """
    places = [at for at in range(1, len(name) - 1) if " " not in name[at - 1 : at + 2]]
    if not places:
        return name
    at, letters = luck.choice(places), CYRILLIC if name[0] > "Ѐ" else LETTERS
    other = luck.choice(letters)
    changed = ("", name[at] + other, other, name[at + 1] + name[at])[luck.randrange(4)]
    longer = 2 if changed == name[at + 1] + name[at] else 1
    return name[:at] + changed + name[at + longer :]


def is_right(asked: Asked, names: list[list[str]]) -> bool:
    """Whether something with these names, as folded words, is a right first answer."""
    right = fold(asked.right).split()
    if asked.sort == "half typed":
        return any(
            right[0] in name and any(word.startswith(right[-1]) for word in name) for name in names
        )
    return any(sorted(name) == sorted(right) for name in names)
