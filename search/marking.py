"""Answers as shown: a title in the language asked, a snippet, the places to mark in both."""

from collections.abc import Iterable

from search.engine import Document, Hit, Question
from search.folding import Span, spans, words_of
from search.ranking import BODY, Ranked, Ranker

SNIPPET_BEFORE = 60  # characters of body shown before the first word found
SNIPPET_LENGTH = 180  # characters of body shown in all
BODY_SHOWN = 8_000  # characters of body looked through for words to mark

Marks = tuple[tuple[int, int], ...]


def show(ranked: Iterable[Ranked], ranker: Ranker, question: Question) -> tuple[Hit, ...]:
    """Ranked documents as hits, in the same order."""
    return tuple(_hit(one, ranker, question.language) for one in ranked)


def _hit(ranked: Ranked, ranker: Ranker, language: str) -> Hit:
    document = ranked.document
    title = title_in(document, language)
    snippet, marks = _snippet(document.body[:BODY_SHOWN], ranker)
    title_marks = tuple((span.start, span.end) for span in _found(title, ranker))
    other = _other_name(ranked, title, ranker)
    return Hit(document.id, document.kind, title, document.url, snippet, marks, title_marks, other)


def title_in(document: Document, language: str) -> str:
    """The title in this language, else the original, else any there is."""
    titles = document.titles
    return titles.get(language) or titles.get("") or next(iter(titles.values()), "")


def _other_name(ranked: Ranked, title: str, ranker: Ranker) -> str | None:
    name = ranked.fit.name
    if not name or name == title or not ranker.query.words:
        return None
    shown = ranker.fit(title, ranked.fit.place)
    return name if ranked.fit[:6] < shown[:6] else None


def _found(text: str, ranker: Ranker) -> list[Span]:
    positions = range(len(ranker.query.words))
    return [s for s in spans(text) if any(ranker.match(p, s.word) for p in positions)]


def _snippet(body: str, ranker: Ranker) -> tuple[str, Marks]:
    """The stretch of the body around the first word found, or its beginning."""
    found = _found(body, ranker)
    start = _word_start(body, found[0].start - SNIPPET_BEFORE) if found else 0
    end = _word_end(body, start + SNIPPET_LENGTH)
    before = "…" if start else ""
    shift = len(before) - start
    marks = tuple((s.start + shift, s.end + shift) for s in found if s.end <= end)
    return before + body[start:end] + ("…" if end < len(body) else ""), marks


def _word_start(body: str, near: int) -> int:
    if near <= 0:
        return 0
    space = body.find(" ", near, near + SNIPPET_BEFORE // 2)
    return near if space < 0 else space + 1


def _word_end(body: str, near: int) -> int:
    if near >= len(body):
        return len(body)
    space = body.rfind(" ", near - SNIPPET_BEFORE // 2, near)
    return near if space < 0 else space


def suggest(text: str, best: Ranked | None, ranker: Ranker) -> str | None:
    """The question respelled after the best hit, so that it names nothing the asker may not see.

    Nothing is suggested where part of it was found in a body: no name would be the right one.
    """
    if best is None or best.fit.missed or not best.fit.slips or best.fit.begun:
        return None
    if best.fit.place >= BODY:
        return None
    written = spans(best.fit.name)
    respelled = text
    asked = spans(text)[: len(ranker.query.words)]
    for position, span in reversed(list(enumerate(asked))):
        match = ranker.best(position, words_of(best.fit.name))
        if match is None:
            return best.fit.name
        if match.slips:
            right = next(w for w in written if ranker.match(position, w.word) == match)
            word = best.fit.name[right.start : right.end]
            respelled = respelled[: span.start] + word + respelled[span.end :]
    return respelled if respelled != text else None
