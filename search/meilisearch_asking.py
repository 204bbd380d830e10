"""Asking one index: a few readings of the question at once, ranked together like anywhere else."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from search.engine import Answer, Document, EngineUnavailable, Question
from search.marking import show, suggest
from search.meilisearch_reading import COUNTED, DOCUMENTS, READINGS, Reader, Result, documents
from search.meilisearch_shape import Edition, Held, as_code, as_key, from_code, loosen
from search.query import Query, beginnings, read_query
from search.ranking import Ranked, Ranker

WINDOW = 60  # candidates of each reading that are ranked word by word
ENOUGH = 5  # with so many answers, or one called exactly so, no typing slip is supposed

AS_WRITTEN = ["whole", "named", "said"]
AS_MEANT = ["alike", "told"]
BY_WEIGHT = ["weight:desc", "id:asc"]
SHOWN = list(Held.__struct_fields__)


class Asking:
    """One question to one index."""

    def __init__(self, reader: Reader, question: Question) -> None:
        self.reader = reader
        self.question = question
        self.query = read_query(question.text)
        self.ranker = Ranker(self.query)
        self.start = max(question.offset, 0)
        self.end = self.start + max(question.limit, 0)
        self._filter = _conditions(question)

    def answer(self) -> Answer:
        """The page asked for, with what all pages come to."""
        if not (self.query.browsing or self.query.words):
            return self._nothing()
        for _ in range(READINGS):
            answer = self._browse() if self.query.browsing else self._find()
            if answer is not None:
                return answer
        raise EngineUnavailable("the index is written to again and again")

    def _nothing(self) -> Answer:
        return Answer(0, (), {name: {} for name in self.question.facets})

    def _browse(self) -> Answer | None:
        counted = self.asked("", facets=self.facets_wanted(), **COUNTED)
        page = self.asked("", sort=BY_WEIGHT, offset=self.start, limit=self.end - self.start)
        found = self.reader.read([counted, page])
        if found is None:
            return self._nothing()
        _, (all_of_it, shown) = found
        ranked = [self.ranker.place(document) for document in documents(shown)]
        hits = show(ranked, self.ranker, self.question)
        return Answer(all_of_it.total_hits, hits, self._facets(all_of_it))

    def _find(self) -> Answer | None:
        readings = Readings(self)
        found = self.reader.read(readings.written)
        if found is None:
            return self._nothing()
        edition, written = found
        first = readings.judge_written(written)
        if first is None:
            further = self.reader.read(readings.meant)
            if further is None or further[0].token != edition.token:
                return None
            first = readings.judge_meant(written, further[1])
        return self._page(first, edition)

    def _page(self, first: "First", edition: Edition) -> Answer | None:
        """The page asked for; the server is asked again for what lies beyond those ranked."""
        ranked, counted = first.ranked, first.counted
        shown = ranked[self.start : self.end]
        total, facets = len(ranked), self._count(ranked)
        if counted:
            total, facets = counted.total_hits, self._facets(counted)
        if first.others and (counted is None or self.end > len(ranked)):
            others = self._others(first, edition)
            if others is None:
                return None
            shown += others[0]
            if counted is None:
                total, facets = (
                    total + others[1].total_hits,
                    _sum(facets, self._facets(others[1])),
                )
        suggestion = suggest(self.question.text, ranked[0] if ranked else None, self.ranker)
        return Answer(total, show(shown, self.ranker, self.question), facets, suggestion)

    def _others(self, first: "First", edition: Edition) -> tuple[list[Ranked], Result] | None:
        """Those not ranked, in order of weight, and how many; None when the index changed."""
        keys = ", ".join(as_key(ranked.document.id) for ranked in first.ranked)
        narrowed = {**(first.others or {}), "filter": [*self._filter, f"key NOT IN [{keys}]"]}
        skipped = max(self.start - len(first.ranked), 0)
        limit = max(self.end - len(first.ranked) - skipped, 0)
        counted = {**narrowed, **COUNTED, "facets": self.facets_wanted()}
        page = {**narrowed, "sort": BY_WEIGHT, "offset": skipped, "limit": limit}
        found = self.reader.read([counted, page])
        if found is None or found[0].token != edition.token:
            return None
        _, (all_of_it, shown) = found
        return [self.ranker.place(document) for document in documents(shown)], all_of_it

    def asked(self, text: str, **more: Any) -> dict[str, Any]:
        return {"q": text, "filter": self._filter, "attributesToRetrieve": SHOWN, **more}

    def facets_wanted(self) -> list[str]:
        return ["facets." + as_code(name) for name in self.question.facets]

    def _facets(self, result: Result) -> dict[str, dict[str, int]]:
        facets = {}
        for name in self.question.facets:
            counts = result.facet_distribution.get("facets." + as_code(name), {})
            facets[name] = {from_code(code): number for code, number in counts.items()}
        return facets

    def _count(self, ranked: Iterable[Ranked]) -> dict[str, dict[str, int]]:
        counts: dict[str, Counter[str]] = {name: Counter() for name in self.question.facets}
        for one in ranked:
            for name, counter in counts.items():
                document = one.document
                values = (document.kind,) if name == "kind" else document.facets.get(name, ())
                counter.update(set(values))
        return {name: dict(counter) for name, counter in counts.items()}


class First(NamedTuple):
    """The answers ranked word by word, best first, and the query whose other answers follow.

    `counted` is what all of them come to, where that is known already.
    """

    ranked: list[Ranked]
    others: dict[str, Any] | None = None
    counted: Result | None = None


class Readings:
    """The ways one question is put to the server, and what they bring.

    First as it is written, in one request; only when that does not bring enough, in another one
    with slips, other spellings and parts of it.
    """

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._ranker = asking.ranker
        self._query = query = asking.query
        folded = " ".join(word.folded for word in query.words)
        plain = " ".join(word.plain for word in query.words)
        self._written = _reading(folded, AS_WRITTEN)
        self._meant = _reading(folded, AS_MEANT)
        facets = asking.facets_wanted()
        self.written = [
            asking.asked(**self._written, page=1, hitsPerPage=WINDOW, facets=facets),
            asking.asked(**self._written, sort=BY_WEIGHT, limit=WINDOW // 2),
            asking.asked(**_reading(query.whole.folded, ["whole"]), limit=WINDOW // 3),
        ]
        self.meant = [
            asking.asked(**self._meant, page=1, hitsPerPage=WINDOW),
            asking.asked(**_reading(plain, AS_MEANT), limit=WINDOW),
            *(asking.asked(**_reading(text, ["loose"]), limit=WINDOW) for text in _loose(query)),
            asking.asked(**{**self._meant, "matchingStrategy": "frequency"}, limit=WINDOW),
        ]

    def judge_written(self, results: list[Result]) -> First | None:
        """What is enough without supposing a slip, or None."""
        ranked = self._ranker.rank(_union(results))
        if not self._is_enough(ranked):
            return None
        if results[0].total_hits <= WINDOW:
            return First(ranked)
        # a whole name of several words need not be among those found by each of its words
        counted = results[0] if len(self._query.words) == 1 else None
        return First(ranked, self._asking.asked(**self._written), counted)

    def judge_meant(self, written: list[Result], meant: list[Result]) -> First:
        """As few slips as bring enough; without any, what has at least half of the words."""
        ranked = self._ranker.rank(_union(written))
        known = {one.document.id for one in ranked}
        others = self._ranker.rank(d for d in _union(meant) if d.id not in known)
        chosen = sorted([*ranked, *self._near(others, len(ranked))], key=lambda one: one.order)
        if not chosen:
            most = len(self._query.words) / 2
            return First([one for one in others if one.fit.missed <= most])
        known = {one.document.id for one in chosen}
        counted = meant[0]
        if counted.total_hits > WINDOW and all(d.id in known for d in documents(counted)):
            return First(chosen, self._asking.asked(**self._meant))
        return First(chosen)

    def _near(self, others: list[Ranked], known: int) -> list[Ranked]:
        """Those that have every word, with as few slips as bring enough."""
        whole = [one for one in others if not one.fit.missed]
        for slips in sorted({one.fit.slips for one in whole}):
            near = [one for one in whole if one.fit.slips <= slips]
            if len(near) + known >= ENOUGH:
                return near
        return whole

    def _is_enough(self, ranked: list[Ranked]) -> bool:
        if len(ranked) >= ENOUGH:
            return True
        return any((one.fit.missed, one.fit.slips, one.fit.partial) == (0, 0, 0) for one in ranked)


def _reading(text: str, attributes: list[str]) -> dict[str, Any]:
    return {
        "text": text,
        "attributesToSearchOn": attributes,
        "matchingStrategy": "all",
        "locales": ["eng"],
    }


def _loose(query: Query) -> list[str]:
    """The question with the last word as the beginning of each spelling it may stand for."""
    before = [loosen(word.folded) for word in query.words[:-1]]
    last = dict.fromkeys(loosen(start) for start in beginnings(query.words[-1]))
    return [" ".join([*before, start]) for start in last]


def _conditions(question: Question) -> list[str]:
    wanted = {**question.filters, **({"kind": question.kind} if question.kind else {})}
    conditions = [DOCUMENTS]
    conditions += [f'"facets.{as_code(n)}" = "{as_code(v)}"' for n, v in wanted.items()]
    if circle := question.within:
        at, metres = circle.centre, circle.kilometres * 1000
        conditions.append(f"_geoRadius({at.latitude:.7f}, {at.longitude:.7f}, {metres:.3f})")
    if question.without:
        conditions.append(f"key NOT IN [{', '.join(map(as_key, question.without))}]")
    return conditions


def _union(results: Iterable[Result]) -> list[Document]:
    found: dict[str, Document] = {}
    for result in results:
        for document in documents(result):
            found.setdefault(document.id, document)
    return list(found.values())


def _sum(
    some: dict[str, dict[str, int]], others: dict[str, dict[str, int]]
) -> dict[str, dict[str, int]]:
    return {name: dict(Counter(counts) + Counter(others[name])) for name, counts in some.items()}
