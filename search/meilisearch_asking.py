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
MOST_SLIPS = 9

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
        counted = self.asked("", facets=self._facets_wanted(), **COUNTED)
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
        found = self.reader.read(readings.queries)
        if found is None:
            return self._nothing()
        edition, results = found
        first = readings.judge(results)
        suggestion = suggest(
            self.question.text, first.ranked[0] if first.ranked else None, self.ranker
        )
        page = first.ranked[self.start : self.end]
        total, facets = len(first.ranked), self._count(first.ranked)
        if first.others:
            others = self._others(first, edition)
            if others is None:
                return None
            page, total, facets = (
                page + others[0],
                total + others[1].total_hits,
                _sum(facets, self._facets(others[1])),
            )
        return Answer(total, show(page, self.ranker, self.question), facets, suggestion)

    def _others(self, first: "First", edition: Edition) -> tuple[list[Ranked], Result] | None:
        """Those not ranked, in order of weight, and how many; None when the index changed."""
        keys = ", ".join(as_key(ranked.document.id) for ranked in first.ranked)
        narrowed = {**first.others, "filter": [*self._filter, f"key NOT IN [{keys}]"]}
        skipped = max(self.start - len(first.ranked), 0)
        limit = max(self.end - len(first.ranked) - skipped, 0)
        counted = {**narrowed, **COUNTED, "facets": self._facets_wanted()}
        page = {**narrowed, "sort": BY_WEIGHT, "offset": skipped, "limit": limit}
        found = self.reader.read([counted, page])
        if found is None or found[0].token != edition.token:
            return None
        _, (all_of_it, shown) = found
        return [self.ranker.place(document) for document in documents(shown)], all_of_it

    def asked(self, text: str, **more: Any) -> dict[str, Any]:
        return {"q": text, "filter": self._filter, "attributesToRetrieve": SHOWN, **more}

    def _facets_wanted(self) -> list[str]:
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
    """The answers ranked word by word, best first, and the query whose other answers follow."""

    ranked: list[Ranked]
    others: dict[str, Any]


class Readings:
    """The ways one question is put to the server, all in one request, and what they bring."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._ranker = asking.ranker
        self._query = query = asking.query
        folded = " ".join(word.folded for word in query.words)
        plain = " ".join(word.plain for word in query.words)
        self._written = _reading(folded, AS_WRITTEN)
        self._meant = _reading(folded, AS_MEANT)
        written = [
            {**self._written, "page": 1, "hitsPerPage": WINDOW},
            {**self._written, "sort": BY_WEIGHT, "limit": WINDOW // 2},
            {**_reading(query.whole.folded, ["whole"]), "limit": WINDOW // 3},
        ]
        meant = [
            {**self._meant, "page": 1, "hitsPerPage": WINDOW},
            {**_reading(plain, AS_MEANT), "limit": WINDOW},
            *({**_reading(text, ["loose"]), "limit": WINDOW} for text in _loose(query)),
            {**self._meant, "matchingStrategy": "frequency", "limit": WINDOW},
        ]
        self._as_written = len(written)
        self.queries = [asking.asked(**query) for query in [*written, *meant]]

    def judge(self, results: list[Result]) -> First:
        """As few slips as bring enough; without any, what has at least half of the words."""
        written = _union(results[: self._as_written])
        ranked = self._ranker.rank(written)
        if self._is_enough(ranked):
            more = results[0].total_hits > WINDOW
            return First(ranked, self._asking.asked(**self._written) if more else {})
        ids = {document.id for document in written}
        meant = _union(results[self._as_written :])
        others = self._ranker.rank(d for d in meant if d.id not in ids)
        whole = [one for one in others if not one.fit.missed]
        for slips in range(MOST_SLIPS):
            near = [one for one in whole if one.fit.slips <= slips]
            if len(near) + len(ranked) >= ENOUGH:
                whole = near
                break
        chosen = sorted([*ranked, *whole], key=lambda one: one.order)
        if not chosen:
            most = len(self._query.words) / 2
            return First([one for one in others if one.fit.missed <= most], {})
        counted = results[self._as_written]
        kept = {one.document.id for one in chosen}
        if counted.total_hits > WINDOW and all(d.id in kept for d in documents(counted)):
            return First(chosen, self._asking.asked(**self._meant))
        return First(chosen, {})

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
