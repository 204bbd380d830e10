"""What goes into the bundle and how it is called: budget, names of files, search, without any I/O.

The search folds a question as the portal does, by a table made from the portal's own rules.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from babel import Locale, UnknownLocaleError

from portal.i18n.sorting import sort_key
from search.folding import LONGEST_WORD, compounds, romanise, words_of
from search.letters import BEGINNINGS, LETTERS, SAME_SOUND

T = TypeVar("T")

# all of it, and how far files of materials may fill it
MOST_BYTES = 5_000_000
FILES_UNTIL = 4_500_000

# video and audio are named only, whatever their size
CARRIED = frozenset({"pdf", "png", "jpg", "jpeg", "webp", "docx", "odt", "pptx", "odp"})

# the neutral page of the bundle's own
OUT = "out.html"

A_PAGE = 40
A_PAGE_OF_NAMES = 250

_SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_BEFORE_LETTERS = re.compile(r"^[\W_]+")
_APOSTROPHES = "'’‘ʼʻʹʺ`´\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Latin with its additions, Greek, Cyrillic, Arabic: what can be typed here; more comes with names
_ALPHABETS = ((0xA0, 0x250), (0x370, 0x530), (0x600, 0x700), (0x1E00, 0x1F00))
_MARKS = (0x300, 0x370)

# security: a script block, a comment or a line end inside a name ends nothing here
_ESCAPED = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


class Offered(msgspec.Struct, frozen=True):
    """A file of a material that everybody may have; `hash` is that of what is in it."""

    id: str
    language: str
    ending: str
    size: int
    hash: str


class Entry(msgspec.Struct, frozen=True):
    """Something that can be found: its title, where it stands, and what it is found by."""

    title: str
    path: str
    kind: str
    names: tuple[str, ...]
    also: tuple[str, ...] = ()


class Batch(msgspec.Struct, frozen=True):
    """One of several pages of a long list."""

    path: str
    number: int
    last: int
    before: str
    after: str
    items: Sequence[object]


def choose_files(offered: Iterable[Offered], room: int) -> dict[str, Offered]:
    """The files that are carried along, by id: of each language the smallest first, in turns."""
    by_language: dict[str, list[Offered]] = defaultdict(list)
    for each in sorted(offered, key=lambda one: (one.size, one.id)):
        if each.ending in CARRIED:
            by_language[each.language].append(each)
    turns = sorted(
        (turn, each.size, each.id, each)
        for files in by_language.values()
        for turn, each in enumerate(files)
    )
    chosen: dict[str, Offered] = {}
    hashes: set[str] = set()
    for _turn, size, file_id, each in turns:
        costs = 0 if each.hash in hashes else size
        if costs <= room:
            room -= costs
            hashes.add(each.hash)
            chosen[file_id] = each
    return chosen


def name_files(chosen: dict[str, Offered]) -> dict[str, str]:
    """Where each carried file stands: short names, the same content once."""
    names: dict[str, str] = {}
    for each in sorted(chosen.values(), key=lambda one: one.id):
        names.setdefault(each.hash, f"f/{len(names) + 1:03d}.{each.ending}")
    return {each.id: names[each.hash] for each in chosen.values()}


def page_name(first: str, *parts: str) -> str:
    """The name of a page: ASCII, small and short, as any stick can hold it."""
    name = "-".join((first, *parts)).lower()
    if not _SHORT_NAME.fullmatch(name):
        # security: no code becomes a path of its own
        name = f"{first}-{''.join(f'{byte:02x}' for byte in '-'.join(parts).encode())[:30]}"
    return f"{name}.html"


def batches(first: str, items: Sequence[T], most: int = A_PAGE) -> Iterator[Batch]:
    """A long list as pages that know their neighbours; an empty list is one empty page."""
    last = max(1, -(-len(items) // most))
    paths = ["", *(page_name(first, *([str(n)] if n > 1 else [])) for n in range(1, last + 1)), ""]
    for number in range(1, last + 1):
        part = list(items[(number - 1) * most : number * most])
        yield Batch(paths[number], number, last, paths[number - 1], paths[number + 1], part)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """As in the alphabet; what stands before the first letter does not count."""
    return sorted(entries, key=lambda each: (sort_key(_bare(each.title)), each.title, each.path))


def letter_of(title: str) -> str:
    """The letter under which a title stands; a sign for those that begin with none."""
    first = _bare(title)[:1]
    return first.upper() if first.isalpha() else "#"


def keys_of(texts: Iterable[str]) -> str:
    """The folded words of some texts, each once, with a space between."""
    found: set[str] = set()
    for text in texts:
        for word in (*words_of(text), *compounds(text)):
            found.update(word.readings)
    return " ".join(sorted(each for each in found if each))


def index_script(entries: Sequence[Entry]) -> str:
    """A script that assigns what can be found: title, page, kind, keys of names, other keys."""
    kinds = sorted({each.kind for each in entries})
    rows = [
        [each.title, each.path, kinds.index(each.kind), keys_of(each.names), keys_of(each.also)]
        for each in entries
    ]
    return f"var KINDS={as_script(kinds)};\nvar INDEX={as_script(rows)};\n"


def folding_script(entries: Iterable[Entry]) -> str:
    """The portal's folding as a table: letters, marks and signs, and which sounds count as one."""
    seen = {sign for each in entries for text in (*each.names, *each.also) for sign in text}
    seen |= {chr(code) for start, end in _ALPHABETS for code in range(start, end)}
    seen |= set(LETTERS)
    seen |= {sign.upper() for sign in seen} | {sign.lower() for sign in seen}
    table = {
        sign: romanise(sign)
        for sign in sorted(seen)
        if len(sign) == 1 and not sign.isascii() and sign.isalnum()
    }
    marks = "".join(map(chr, range(*_MARKS)))
    parts = {
        "letters": table,
        "joining": _APOSTROPHES + marks,
        "beginnings": dict(BEGINNINGS),
        "sounds": dict(SAME_SOUND),
        "longest": LONGEST_WORD,
    }
    return f"var FOLDING={as_script(parts)};\n"


def as_script(value: object) -> str:
    """A value as a literal that can stand in a script and end nothing around it."""
    written = msgspec.json.encode(value).decode()
    return "".join(_ESCAPED.get(sign, sign) for sign in written)


def names_of(row: Mapping[str, Any], column: str) -> list[str]:
    """The same name in every language it has."""
    return [row[name] for name in row if name == column or name.startswith(f"{column}_")]


def way_out(exit_url: str) -> str:
    """Where “Exit this page” leads: the neutral page of the settings, else the bundle's own."""
    return exit_url if exit_url.startswith(("https://", "http://")) else OUT


def language_name(code: str, reader: str) -> str:
    """How a language is called by a reader of another; its code where nobody knows."""
    try:
        name = Locale.parse(code).get_language_name(reader)
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def _bare(title: str) -> str:
    return _BEFORE_LETTERS.sub("", unicodedata.normalize("NFC", title))
