"""What is written of an event by those who keep it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date as Day
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.requests.rules import personal_in
from portal.vocabularies.terms import Terms

Title = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=3000)]
Code = Annotated[str, msgspec.Meta(max_length=60)]
People = Annotated[int, msgspec.Meta(ge=0, le=100_000)]

REFUSED = {
    "address": Message("Leave out e-mail addresses and links."),
    "birth": Message("Leave out dates of birth."),
    "number": Message("Leave out phone numbers and numbers of papers."),
}

Words = dict[str, dict[str, str]]


def in_languages(
    sent: Mapping[str, Any], names: Iterable[str], codes: Iterable[str]
) -> tuple[dict[str, Any], Words]:
    """The form without its `title_ru` and the like, and those as words by name and language."""
    rest = dict(sent)
    words: Words = {name: {} for name in names}
    for name in words:
        for code in codes:
            text = str(rest.pop(f"{name}_{code}", "")).replace("\x00", "").strip()
            if text:
                words[name][code] = text
    return rest, words


def refuse_personal(texts: Mapping[str, str | None], words: Words, most: int = 3000) -> None:
    """`Invalid` for every text that looks as if it were about one person, or is too long."""
    everything = dict(texts)
    for name, said in words.items():
        everything |= {f"{name}_{code}": text for code, text in said.items()}
    wrong: dict[str, list[Message | str]] = {}
    for field, text in everything.items():
        if found := personal_in(text or ""):
            wrong[field] = [REFUSED[found]]
        elif len(text or "") > most:
            longest = {"most": most}
            wrong[field] = [Message("Make this shorter: at most %(most)s characters.", longest)]
    if wrong:
        raise Invalid(wrong)


class Described(msgspec.Struct, frozen=True):
    """The form of an event; its days may be without a year where it comes back every year."""

    title: Title
    kind: Code
    first_day: Code
    last_day: Code | None = None
    place: Title | None = None
    summary: Text | None = None


def read_event(
    sent: Mapping[str, Any], terms: Terms, codes: Iterable[str], find_place: Callable[[str], str]
) -> dict[str, Any]:
    """The columns of an event that a form gives, or `Invalid` naming what cannot be used."""
    rest, words = in_languages(sent, ("title", "summary"), codes)
    form = read_form(Described, rest)
    refuse_unknown({"kind": (form.kind, terms.codes("event_kinds"))})
    refuse_personal({"title": form.title, "summary": form.summary}, words)
    starts_on, ends_on = _days(form.first_day, form.last_day)
    return {
        "title": form.title,
        "titles": words["title"],
        "kind": form.kind,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "place_id": find_place(form.place) if form.place else None,
        "summary": form.summary,
        "summaries": words["summary"],
    }


def _days(first: str, last: str | None) -> tuple[str, str]:
    last = last or first
    wrong: dict[str, list[Message]] = {}
    for name, text in (("first_day", first), ("last_day", last)):
        if not _is_day(text):
            said = "Write the date as year-month-day, for example 2026-11-30."
            wrong[name] = [Message(said)]
    if not wrong and first.startswith("--") != last.startswith("--"):
        wrong["last_day"] = [Message("Write both days with the year, or both without.")]
    elif not wrong and last < first and not first.startswith("--"):
        wrong["last_day"] = [Message("This event ends before it begins. Look at both days.")]
    elif not wrong and not first.startswith("--") and _long(first, last) > 31:
        wrong["last_day"] = [Message("An event lasts at most 31 days.")]
    if wrong:
        raise Invalid(wrong)
    return first, last


def _is_day(text: str) -> bool:
    whole = "2000" + text[1:] if re.fullmatch(r"--\d\d-\d\d", text) else text
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", whole):
        return False
    try:
        Day.fromisoformat(whole)
    except ValueError:
        return False
    return True


def _long(first: str, last: str) -> int:
    return (Day.fromisoformat(last) - Day.fromisoformat(first)).days + 1


Hour = Annotated[str, msgspec.Meta(max_length=5)]


class Session(msgspec.Struct, frozen=True):
    """The form of a part of the programme."""

    title: Title
    session_day: Annotated[int, msgspec.Meta(ge=1, le=31)] = 1
    starts_at: Hour | None = None
    ends_at: Hour | None = None
    speaker: Code | None = None


def read_session(
    sent: Mapping[str, Any], codes: Iterable[str], organisations: list[str]
) -> dict[str, Any]:
    """The columns of a session; its speaker is an organisation, never a person."""
    rest, words = in_languages(sent, ("title",), codes)
    form = read_form(Session, rest)
    refuse_unknown({"speaker": (form.speaker, organisations)})
    refuse_personal({"title": form.title}, words, 200)
    wrong: dict[str, list[Message]] = {}
    for name, hour in (("starts_at", form.starts_at), ("ends_at", form.ends_at)):
        if hour and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", hour):
            wrong[name] = [Message("Write the time as hours and minutes, for example 09:30.")]
    if not wrong and form.ends_at and (form.starts_at or "99") >= form.ends_at:
        wrong["ends_at"] = [Message("A session ends after it begins.")]
    if wrong:
        raise Invalid(wrong)
    return {
        "day": form.session_day,
        "starts_at": form.starts_at,
        "ends_at": form.ends_at,
        "title": form.title,
        "titles": words["title"],
        "organisation_id": form.speaker,
    }


class Came(msgspec.Struct, frozen=True):
    """How many came; an empty field means that nobody counted."""

    women: People | None = None
    men: People | None = None
    girls: People | None = None
    boys: People | None = None


class Chosen(msgspec.Struct, frozen=True):
    """One material, or one session."""

    chosen: Code


class Act(msgspec.Struct, frozen=True):
    """What is done with the event as a whole."""

    act: Literal["open", "close", "cancel"]
