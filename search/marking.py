"""Answers as shown: a title in the language asked, a snippet, the places to mark in both."""

from collections.abc import Iterable
from itertools import chain, takewhile

from search.engine import Document, Hit, Question
from search.folding import spans, words_of
from search.query import asked_for
from search.ranking import BODY, BODY_SHOWN, Ranked, Ranker

SNIPPET_BEFORE = 60  # characters of body shown before the first word found
SNIPPET_LENGTH = 180  # characters of body shown in all

Marks = tuple[tuple[int, int], ...]


def show(ranked: Iterable[Ranked], ranker: Ranker, question: Question) -> tuple[Hit, ...]:
    """Ranked documents as hits, in the same order."""
    return tuple(_hit(one, ranker, question.language) for one in ranked)


def _hit(ranked: Ranked, ranker: Ranker, language: str) -> Hit:
    document = ranked.document
    title = title_in(document, language)
    snippet, marks = _snippet(document, ranker)
    title_marks = tuple(ranker.found_in_name(title))
    other = _other_name(ranked, title, ranker)
    return Hit(document.id, document.kind, title, document.url, snippet, marks, title_marks, other)


def title_in(document: Document, language: str) -> str:
    """The title in this language, else the original, else any there is."""
    titles = document.titles
    return titles.get(language) or titles.get("") or next(iter(titles.values()), "")


def _other_name(ranked: Ranked, title: str, ranker: Ranker) -> str | None:
    name = ranked.fit.name
    if not name or name == title or not ranker.query.words or ranked.fit.place >= BODY:
        return None
    shown = ranker.fit(title, ranked.fit.place)
    return name if ranked.fit[:6] < shown[:6] else None


def _snippet(document: Document, ranker: Ranker) -> tuple[str, Marks]:
    """The stretch of the body around the first word found, or its beginning."""
    body, found = document.body[:BODY_SHOWN], ranker.bodies.found(document)
    first = next(found, None)
    start = _word_start(body, first[0] - SNIPPET_BEFORE) if first else 0
    end = _word_end(body, start + SNIPPET_LENGTH)
    before = "…" if start else ""
    shift = len(before) - start
    shown = takewhile(lambda place: place[1] <= end, chain([first], found)) if first else ()
    marks = tuple((begins + shift, ends + shift) for begins, ends in shown)
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

    Nothing is suggested where part of it was found in a body, for no name would be the right one,
    nor in another alphabet than it was asked in.
    """
    if best is None or best.fit.missed or not best.fit.slips or best.fit.begun:
        return None
    if best.fit.place >= BODY:
        return None
    written = spans(best.fit.name)
    respelled = text
    for position, span in reversed(list(enumerate(asked_for(text)))):
        match = ranker.best(position, words_of(best.fit.name))
        if match is None:
            return best.fit.name if _is_cyrillic(best.fit.name) == _is_cyrillic(text) else None
        if match.slips:
            right = next(w for w in written if ranker.match(position, w.word) == match)
            word = best.fit.name[right.start : right.end]
            if _is_cyrillic(word) != _is_cyrillic(text[span.start : span.end]):
                return None
            respelled = respelled[: span.start] + word + respelled[span.end :]
    return respelled if respelled != text else None


def _is_cyrillic(text: str) -> bool:
    return any("\u0400" <= letter <= "\u052f" for letter in text)
