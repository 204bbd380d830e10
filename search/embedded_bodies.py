"""The bodies of a question's candidates, of which the index knows what words they have."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from search.embedded_reading import Permitted, Term
from search.embedded_sets import BODY, Bits
from search.embedded_words import OTHER_KEY, place_of
from search.engine import Document
from search.ranking import Match, Name, Ranker

Meant = list[tuple[Match, tuple[Term, ...]]]  # by which terms a word was found, the best first

_decode = msgspec.json.Decoder(dict[str, Name]).decode


class KeptBodies:
    """What the index knows of the bodies in which a query's words were found."""

    def __init__(self, permitted: Permitted, meant: list[Meant]) -> None:
        self._permitted = permitted
        self._meant = meant
        self._pattern = _pattern(t for levels in meant for _, terms in levels for t in terms)
        self._numbers: dict[str, int] = {}
        self._levels: dict[int, list[tuple[Match, Bits]]] = {}

    def read(self, numbers: list[int], ranker: Ranker) -> list[Document]:
        """The documents with these numbers, in this order, their names made known."""
        documents = list[Document]()
        for number, document, names in self._permitted.read(numbers):
            documents.append(document)
            self._numbers[document.id] = number
            ranker.names |= _decode(names)
        return documents

    def best(self, document: Document, position: int) -> Match | None:
        """The best match of the query's word at this position in the document's body, if any."""
        byte, bit = divmod(self._numbers[document.id], 8)
        for match, bits in self._levels_of(position):
            if bits[byte] & (128 >> bit):
                return match
        return None

    def _levels_of(self, position: int) -> list[tuple[Match, Bits]]:
        if position not in self._levels:
            self._levels[position] = [
                (match, self._permitted.having(BODY, terms))
                for match, terms in self._meant[position]
            ]
        return self._levels[position]

    def found(self, document: Document) -> Iterator[tuple[int, int]]:
        """Where the words that match begin and end, in order."""
        if not any(self.best(document, position) for position in range(len(self._meant))):
            return
        body, places = self._permitted.body_of(self._numbers[document.id])
        last = -1
        for match in self._pattern.finditer(" " + body):
            word = body.count(" ", 0, match.start())
            place = place_of(word, places)
            if place is None:
                return
            if word > last:  # not its other key again
                yield place
            last = word


def _pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    """What finds any of these in the words of a body; keys are plain letters and digits."""
    either = {term.key if term.begun else f"{term.key}(?![a-z0-9])" for term in terms}
    return re.compile(f"[ {OTHER_KEY}](?:{'|'.join(sorted(either))})")
