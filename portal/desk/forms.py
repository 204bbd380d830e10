"""What is wished for, what is answered, and which wishes to list."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from portal.desk.rules import WORDS
from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.requests.rules import personal_in
from portal.vocabularies.terms import Terms

Code = Annotated[str, msgspec.Meta(max_length=60)]
Words = Annotated[str, msgspec.Meta(max_length=4000)]
Key = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]

REFUSED = {
    "address": Message("Leave out e-mail addresses and links. Say only what is wanted."),
    "birth": Message("Leave out dates of birth. Say only what is wanted."),
    "number": Message("Leave out phone numbers and numbers of papers. Say only what is wanted."),
}


class Wish(msgspec.Struct, frozen=True):
    """“We need a leaflet on safe migration in Tajik”: the sentence in its parts."""

    key: Key
    kind: Code
    language: Code
    topic: Code | None = None
    audience: Code | None = None
    words: Words | None = None
    wanted_by: date | None = None


class Answer(msgspec.Struct, frozen=True):
    """A material that fits, or words, or both."""

    material: Code | None = None
    words: Words | None = None


class Closing(msgspec.Struct, frozen=True):
    """How a wish ended for whoever made it."""

    state: Literal["found", "dropped"]


class Filters(Paged, frozen=True):
    """Which wishes: those that are open, or all; of a kind, in a language."""

    state: Literal["open", "all"] = "open"
    kind: Code | None = None
    language: Code | None = None


def read_wish(submitted: Mapping[str, Any], terms: Terms, today: date) -> Wish:
    """A wish, or `Invalid`: nothing that looks like a person's data is taken."""
    wish = read_form(Wish, submitted)
    refuse_unknown(
        {
            "kind": (wish.kind, terms.codes("material_kinds")),
            "language": (wish.language, terms.codes("languages")),
            "topic": (wish.topic, terms.codes("topics")),
            "audience": (wish.audience, terms.codes("audiences")),
        }
    )
    if wish.wanted_by is not None and wish.wanted_by < today:
        raise Invalid({"wanted_by": [Message("This day is past. Choose a later one.")]})
    _refuse_personal(wish.words)
    return wish


def read_answer(submitted: Mapping[str, Any]) -> Answer:
    """An answer with something in it."""
    answer = read_form(Answer, submitted)
    if answer.material is None and answer.words is None:
        raise Invalid({"words": [Message("Choose a material, or write what you can offer.")]})
    _refuse_personal(answer.words)
    return answer


def read_filters(submitted: Mapping[str, Any], terms: Terms) -> Filters:
    """The filters, or `Invalid` naming the field whose code is not known."""
    wanted = read_form(Filters, submitted)
    refuse_unknown(
        {
            "kind": (wanted.kind, terms.codes("material_kinds")),
            "language": (wanted.language, terms.codes("languages")),
        }
    )
    return wanted


def _refuse_personal(words: str | None) -> None:
    if len(words or "") > WORDS:
        said = Message("Write at most %(most)s characters.", {"most": WORDS})
        raise Invalid({"words": [said]})
    if found := personal_in(words or ""):
        raise Invalid({"words": [REFUSED[found]]})
