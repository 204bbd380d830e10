"""The words of a document as the index keeps them: no question folds its candidates anew."""

from array import array
from itertools import chain
from typing import NamedTuple

import msgspec

from search.embedded_sets import BEGUN, BODY, FACET, NAMED, WHOLE, beginnings_of
from search.engine import Document
from search.folding import LONGEST_WRITTEN, compounds, joined, read_word, word_places, words_of
from search.ranking import BODY_SHOWN, Name

LONGEST_WHOLE = 120  # letters of a whole name kept for finding it as one
OTHER_KEY = "/"  # before each further key of a word
_NO_KEY = "-"  # in place of a word without letter or digit, so that words can be counted

Keys = dict[str, set[str]]

_encode = msgspec.json.Encoder().encode


class Read(NamedTuple):
    """A document as folded: its names with their words, the words of its body in order, where
    they begin and end as far as it is shown, and the keys by which it is found otherwise."""

    names: bytes
    body: str
    places: bytes
    keys: Keys


def read_words(document: Document) -> Read:
    """The document as folded."""
    names = dict.fromkeys((*document.titles.values(), *document.names))
    read = {name: Name(words_of(name), joined(words_of(name))) for name in names}
    words = {word for name in names for word in (*words_of(name), *compounds(name))}
    keys = {
        NAMED: {key for word in words for key in word},
        WHOLE: {key[:LONGEST_WHOLE] for name in read.values() for key in name.whole if key},
        **{FACET + name: set(values) for name, values in document.facets.items()},
        FACET + "kind": {document.kind},
    }
    return Read(_encode(read), *_read_body(document.body), keys)


def with_all(keys: Keys, body: str) -> Keys:
    """All keys by which a document is found: those kept, those of its body, their beginnings."""
    of_body = {BODY: set(body.replace(OTHER_KEY, " ").split()) - {_NO_KEY}}
    words = {NAMED: keys[NAMED], WHOLE: keys[WHOLE], **of_body}
    begun = {sort + BEGUN: beginnings_of(its) for sort, its in words.items()}
    return {**keys, **of_body, **begun}


def _read_body(body: str) -> tuple[str, bytes]:
    places = list(word_places(body))
    words = (read_word(body[start:end][:LONGEST_WRITTEN]) for start, end in places)
    text = " ".join(OTHER_KEY.join(dict.fromkeys(word)) or _NO_KEY for word in words)
    shown = (place for place in places if place[1] <= BODY_SHOWN)
    return text, array("H", chain.from_iterable(shown)).tobytes()


def place_of(word: int, places: bytes) -> tuple[int, int] | None:
    """Where a word of a body begins and ends, if it is in the part that is shown."""
    held = memoryview(places).cast("H")
    return (held[2 * word], held[2 * word + 1]) if 2 * word < len(held) else None
