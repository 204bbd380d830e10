"""What is sent to write a draft of the charter, and to ask that it be adopted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, TypeVar

import msgspec

from portal.forms import read_form, refuse_unknown

Code = Annotated[str, msgspec.Meta(max_length=20)]
Title = Annotated[str, msgspec.Meta(max_length=200)]
Body = Annotated[str, msgspec.Meta(max_length=3000)]
Shows = Annotated[str, msgspec.Meta(max_length=1500)]
Note = Annotated[str, msgspec.Meta(max_length=600)]
Key = Annotated[str, msgspec.Meta(max_length=24, pattern="^[0-9a-f]{24}$")]


class Begun(msgspec.Struct, frozen=True):
    """What a draft begins with: a copy of the version that stands, or nothing."""

    begin_from: Literal["copy", "empty"]


class PointWords(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a point, in the language in which they are decided."""

    language: Code
    title: Title
    body: Body
    evidence: Shows | None = None
    asks_file: bool = False
    seen: Code | None = None

    @property
    def originals(self) -> dict[str, str]:
        """The texts by field; an empty one is to be taken away."""
        texts = {"title": self.title, "text": self.body, "evidence": self.evidence or ""}
        return {field: plain(text) for field, text in texts.items()}

    @property
    def decided(self) -> dict[str, object]:
        """The same by the fields of the form."""
        texts = {"title": self.title, "body": self.body, "evidence": self.evidence or ""}
        words: dict[str, object] = {name: plain(text) for name, text in texts.items()}
        return {**words, "language": self.language, "asks_file": self.asks_file}


class NewPoint(PointWords, frozen=True, kw_only=True):
    """A point that is added; `key` is that of the opened form."""

    kind: Literal["criterion", "principle"]
    key: Key


class Moving(msgspec.Struct, frozen=True):
    """Which way a point moves."""

    to: Literal["up", "down"]


class AdoptionAsked(msgspec.Struct, frozen=True):
    """When the members decided, and where the minute is."""

    decided_on: date
    minute: Annotated[str, msgspec.Meta(max_length=200)]


W = TypeVar("W", bound=PointWords)


def read_words(shape: type[W], sent: Mapping[str, str], languages: Sequence[str]) -> W:
    """The words of a point; `Invalid` for a language that the site does not speak."""
    words = read_form(shape, sent)
    refuse_unknown({"language": (words.language, list(languages))})
    return words


def read_notes(sent: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """What a version is, in a sentence a language; those that are not there are left out."""
    fields = [(f"note_{code}", Note | None, None) for code in languages]
    shape = msgspec.defstruct("Notes", [*fields, ("seen", Code | None, None)], frozen=True)
    read = msgspec.structs.asdict(read_form(shape, sent))
    return {code: plain(text) for code in languages if (text := read[f"note_{code}"])}


def plain(text: str) -> str:
    """A text with line breaks of one kind, whatever the browser sent."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
