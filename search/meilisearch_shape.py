"""What lies in an index of Meilisearch: folded words to search, the document to show, an edition.

All searched words are made by `search.folding` and hold a-z and 0-9 only, so that the server's
own tokenizer finds nothing to fold or to split.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from search.engine import Document
from search.folding import RULES as FOLDING
from search.folding import Word, compounds, fold, joined, spans, words_of

SETTINGS = Path(__file__).parent / "settings"
EDITION = "edition"  # the key of the extra document; keys of others begin with "d-"
BODY_KEPT = 8_000  # characters of a body kept to be shown; all its words are searched
LONGEST_KEY = 400  # bytes; the server refuses keys of more than 511, and filters by 468

_NOT_KEPT = re.compile(rb"[^a-z0-9-]")
_ESCAPED = re.compile(rb"_(..)")


class Edition(msgspec.Struct):
    """The extra document: by which rules the index was made, and how far its writer came.

    `token` differs after every write, so that two readings tell whether the index was the same.
    The words are empty: the server refuses to search an attribute it has never met.
    """

    rules: str
    token: str
    mark: str | None = None
    key: str = EDITION
    whole: str = ""
    named: str = ""
    said: str = ""
    alike: str = ""
    loose: str = ""
    told: str = ""


class Place(msgspec.Struct):
    """A position as the server wants it."""

    lat: float
    lng: float


class Held(msgspec.Struct):
    """What is read back of a document."""

    id: str
    kind: str
    titles: dict[str, str]
    names: tuple[str, ...]
    body: str
    url: str
    weight: float
    facets: dict[str, tuple[str, ...]]

    def document(self) -> Document:
        """The document, with its facets as they were given."""
        facets = {
            from_code(name): tuple(from_code(value) for value in values)
            for name, values in self.facets.items()
            if name != "kind"
        }
        return Document(
            self.id, self.kind, self.titles, self.names, self.body, self.url, facets, self.weight
        )


class Kept(Held, omit_defaults=True, rename={"place": "_geo"}):
    """A document as it lies in an index.

    `whole`, `named` and `said` hold names written as one, their words and those of the body, and
    are searched as written; `alike` and `told` hold the same words, searched with slips.
    """

    key: str = ""
    whole: tuple[str, ...] = ()
    named: str = ""
    said: str = ""
    alike: str = ""
    loose: str = ""
    told: str = ""
    place: Place | None = None


def as_code(text: str) -> str:
    """Any text in a-z, 0-9, "-" and "_", reversibly; exact even where the server folds case."""
    raw = text.encode(errors="surrogatepass")
    return _NOT_KEPT.sub(lambda m: b"_%02x" % m.group()[0], raw).decode() or "_"


def from_code(code: str) -> str:
    """The text that gave this code."""
    raw = b"" if code == "_" else code.encode()
    return _ESCAPED.sub(lambda m: bytes.fromhex(m.group(1).decode()), raw).decode(
        errors="surrogatepass"
    )


def as_key(id: str) -> str:
    """The key under which the document with this id lies."""
    code = as_code(id)
    if len(code) > LONGEST_KEY:
        return "h-" + hashlib.sha256(code.encode()).hexdigest()
    return "d-" + code


def loosen(folded: str) -> str:
    """Tajik writes o where Russian and Persian spellings have a: both are a here."""
    return folded.replace("o", "a")


def kept(document: Document) -> Kept:
    """The document with the words it is found by."""
    names = list(dict.fromkeys((*document.titles.values(), *document.names)))
    words = [word for name in names for word in (*words_of(name), *compounds(name))]
    wholes = [joined(words_of(name)) for name in names]
    said = [span.word for span in spans(document.body)]
    at = document.position
    facets = {as_code(n): tuple(map(as_code, v)) for n, v in document.facets.items()}
    return Kept(
        document.id,
        document.kind,
        document.titles,
        document.names,
        document.body[:BODY_KEPT],
        document.url,
        document.weight,
        {**facets, "kind": (as_code(document.kind),)},
        key=as_key(document.id),
        whole=tuple(_keys(wholes)),
        named=" ".join(_keys(words)),
        said=" ".join(word.folded for word in said),
        alike=" ".join(_keys([*words, *wholes])),
        loose=" ".join(dict.fromkeys(loosen(word.folded) for word in (*words, *wholes))),
        told=" ".join(dict.fromkeys(word.folded for word in said)),
        place=Place(at.latitude, at.longitude) if at else None,
    )


def _keys(words: Iterable[Word]) -> list[str]:
    return list(dict.fromkeys(key for word in words for key in word if key))


class Rules(NamedTuple):
    """The settings of an index, and a name for them, the folding and the shape together."""

    settings: dict[str, Any]
    version: str


@cache
def read_rules() -> Rules:
    """Of `settings/index.json` and `synonyms.json`: all indexes are searched alike."""
    settings = json.loads((SETTINGS / "index.json").read_text(encoding="utf-8"))
    groups = json.loads((SETTINGS / "synonyms.json").read_text(encoding="utf-8"))
    settings["synonyms"] = _synonyms(groups)
    made_by = (settings, FOLDING, Kept.__struct_fields__, BODY_KEPT)
    return Rules(settings, hashlib.sha256(repr(made_by).encode()).hexdigest()[:16])


def _synonyms(groups: list[dict[str, list[str]]]) -> dict[str, list[str]]:
    """Every term of a group for every other, folded as the words of the index are."""
    found: dict[str, list[str]] = {}
    for group in groups:
        terms = list(dict.fromkeys(fold(term) for each in group.values() for term in each))
        for term in terms:
            others = [other for other in terms if other != term]
            found[term] = list(dict.fromkeys([*found.get(term, []), *others]))
    return {term: others for term, others in found.items() if others}
