"""Questions as they are written, and how many people gave each answer."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.organising.forms import in_languages, refuse_personal

MOST_PEOPLE = 10_000
MOST_OPTIONS = 10

Kind = Literal["choice", "rating", "test"]


class Written(msgspec.Struct, frozen=True):
    """The form of a question; its answers stand one on each line."""

    kind: Kind
    question: Annotated[str, msgspec.Meta(max_length=300)]
    options: Annotated[str, msgspec.Meta(max_length=1500)] | None = None


class Chosen(msgspec.Struct, frozen=True):
    """One question."""

    chosen: Annotated[str, msgspec.Meta(max_length=60)]


class Sheet(msgspec.Struct, frozen=True):
    """Which sheet: what they think of it, or what they know."""

    of: Literal["evaluation", "test"] = "evaluation"


class Question(msgspec.Struct, frozen=True):
    """A question ready to be kept."""

    kind: str
    words: str | None = None
    others: dict[str, str] = {}
    options: list[str] = []
    other_options: dict[str, list[str]] = {}
    ready: str | None = None


def read_question(sent: Mapping[str, Any], codes: Iterable[str]) -> Question:
    """A question with its answers, or `Invalid`; translations have as many answers as it has."""
    rest, words = in_languages(sent, ("question", "options"), codes)
    form = read_form(Written, rest)
    refuse_personal({"question": form.question, "options": form.options}, words, 1500)
    options = _lines(form.options)
    others = {code: _lines(text) for code, text in words["options"].items()}
    wrong: dict[str, list[Message]] = {}
    if said := _what_is_wrong(form.kind, options):
        wrong["options"] = [said]
    for code, lines in others.items():
        if len(lines) != len(options):
            wrong[f"options_{code}"] = [Message("Write as many answers as above, in that order.")]
    if wrong:
        raise Invalid(wrong)
    return Question(form.kind, form.question, words["question"], options, others)


def read_counts(sent: Mapping[str, str], names: Iterable[str]) -> dict[str, int]:
    """The numbers of a form by field; empty fields are not known, all others are whole numbers."""
    known, counts = set(names), {}
    wrong: dict[str, list[Message]] = {}
    for name, text in sent.items():
        if name == "csrf" or not text.strip():
            continue
        clean = text.strip()
        if name not in known:
            wrong[name] = [Message("This question is not there any more. Load the page again.")]
        elif clean.isascii() and clean.isdecimal() and int(clean[:9]) <= MOST_PEOPLE:
            counts[name] = int(clean[:9])
        else:
            most = {"low": "0", "high": str(MOST_PEOPLE)}
            wrong[name] = [Message("Write a number from %(low)s to %(high)s.", most)]
    if wrong:
        raise Invalid(wrong)
    return counts


def _lines(text: str | None) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def _what_is_wrong(kind: str, options: list[str]) -> Message | None:
    if kind == "rating" and options:
        return Message("A rating has the answers 1 to 5: leave this empty.")
    if kind == "choice" and len(options) < 2:
        return Message("Write at least two answers, one on each line.")
    if len(options) > MOST_OPTIONS or any(len(option) > 150 for option in options):
        return Message("Write at most 10 answers of at most 150 characters.")
    return None
