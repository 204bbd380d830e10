"""What is typed about a material: its words, a link, a text, a consent; and how it is checked."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from portal.contributing.rules import REFUSED, personal_in_text, why_not_link, wrong_days
from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.materials.rules import MEMBERS_ONLY_KINDS
from portal.requests.rules import personal_in
from portal.vocabularies.terms import Terms

Code = Annotated[str, msgspec.Meta(max_length=60)]
Title = Annotated[str, msgspec.Meta(max_length=160)]
Summary = Annotated[str, msgspec.Meta(max_length=600)]
Note = Annotated[str, msgspec.Meta(max_length=300)]
Link = Annotated[str, msgspec.Meta(max_length=500)]
Body = Annotated[str, msgspec.Meta(max_length=40_000)]
Key = Annotated[str, msgspec.Meta(max_length=64)]
Year = Annotated[int, msgspec.Meta(ge=1990, le=2100)]
YesNo = Literal["yes", "no"]

WORDS = (
    "title",
    "titles",
    "kind",
    "language",
    "region",
    "licence",
    "year",
    "visibility",
    "summary",
    "summaries",
    "audiences",
    "topics",
    "campaign_id",
)


class Wanted(Paged, frozen=True):
    """Which of one's materials: in a state, or all."""

    state: Literal["draft", "waiting", "returned", "published", "withdrawn"] | None = None


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a work is called, what it is about, and how it may be used."""

    title: Title
    kind: Code
    language: Code
    licence: Code
    audiences: list[Code] = []
    topics: list[Code] = []
    region: Code | None = None
    year: Year | None = None
    summary: Summary | None = None
    visibility: Literal["public", "members"] = "public"
    campaign_id: Code | None = None
    titles: dict[str, str] = {}
    summaries: dict[str, str] = {}

    def row(self) -> dict[str, Any]:
        """The columns of the work."""
        row = {name: getattr(self, name) for name in WORDS}
        for name in ("titles", "summaries"):
            row[name] = msgspec.json.encode(row[name], order="sorted").decode()
        return row


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """That people in a picture agreed; the signed paper is kept outside."""

    given_on: date
    until: date
    whose: Code
    reference: Annotated[str, msgspec.Meta(max_length=80)] | None = None


class Given(Words, frozen=True, kw_only=True):
    """A new work with all that may come with it."""

    key: Key
    send: Literal["ask", "keep"] = "keep"
    link: Link | None = None
    body: Body | None = None
    pictures: YesNo | None = None
    adapted_how: Note | None = None
    consent: Consent | None = None


class Reworded(Words, frozen=True, kw_only=True):
    """The words of a work, changed by somebody who saw them as `seen` marks."""

    seen: Key


class Added(msgspec.Struct, frozen=True):
    """A file or a link in a language."""

    language: Code
    link: Link | None = None


class Written(msgspec.Struct, frozen=True):
    """A text in a language, to be looked at or saved; `seen` marks the text it replaces."""

    language: Code
    body: Body
    act: Literal["look", "save"] = "save"
    seen: Key | None = None


class Renewed(msgspec.Struct, frozen=True):
    """What changed in a newer version."""

    note: Note


class Sent(msgspec.Struct, frozen=True):
    """What is said when a version is sent for a second look."""

    pictures: YesNo


def read_given(
    fields: Mapping[str, list[str]],
    terms: Terms,
    languages: Iterable[str],
    today: date,
    licences: Collection[str] | None = None,
) -> Given:
    """A new work; `licences` are those an adaptation may have, which says what was changed."""
    sent, by_language = _apart(fields, languages)
    paper = {name: sent.pop(name) for name in Consent.__struct_fields__ if name in sent}
    wrong: dict[str, list[Message | str]] = {}
    given: Given | None = _read(Given, {**sent, **by_language}, wrong)
    consent = None
    if "yes" in fields.get("pictures", []):
        consent = _read_into(wrong, lambda: read_consent(paper, terms, today))
    if given is not None:
        wrong |= _wrong_words(given, terms, licences)
        wrong |= _wrong_rest(given, is_adaptation=licences is not None)
    if wrong or given is None:
        raise Invalid(wrong)
    return msgspec.structs.replace(given, consent=consent)


def read_reworded(
    fields: Mapping[str, list[str]],
    terms: Terms,
    languages: Iterable[str],
    licences: Collection[str] | None,
) -> Reworded:
    """The words of a work."""
    sent, by_language = _apart(fields, languages)
    wrong: dict[str, list[Message | str]] = {}
    words: Reworded | None = _read(Reworded, {**sent, **by_language}, wrong)
    if words is not None:
        wrong |= _wrong_words(words, terms, licences)
    if wrong or words is None:
        raise Invalid(wrong)
    return words


def read_consent(fields: Mapping[str, Any], terms: Terms, today: date) -> Consent:
    """The consent of people in a picture."""
    consent = read_form(Consent, fields)
    refuse_unknown({"whose": (consent.whose, terms.codes("consent_givers"))})
    wrong = wrong_days(consent.given_on, consent.until, today)
    wrong |= _personal(reference=consent.reference)
    if wrong:
        raise Invalid(wrong)
    return consent


def read_added(fields: Mapping[str, Any], terms: Terms) -> Added:
    """A file or link in a language."""
    added = read_form(Added, fields)
    refuse_unknown({"language": (added.language, terms.codes("languages"))})
    if added.link is not None and (why := why_not_link(added.link)):
        raise Invalid({"link": [why]})
    return added


def read_written(fields: Mapping[str, Any], terms: Terms) -> Written:
    """A text in a language."""
    written = read_form(Written, fields)
    refuse_unknown({"language": (written.language, terms.codes("languages"))})
    if found := personal_in_text(written.body):
        raise Invalid({"body": [REFUSED[found]]})
    return written


def read_renewed(fields: Mapping[str, Any]) -> Renewed:
    """What changed in a newer version."""
    renewed = read_form(Renewed, fields)
    if wrong := _personal(note=renewed.note):
        raise Invalid(wrong)
    return renewed


def plain_words(words: Words) -> dict[str, Any]:
    """The words as they will stand, to be compared with those that do."""
    plain = {name: getattr(words, name) for name in WORDS}
    visibility = "members" if words.kind in MEMBERS_ONLY_KINDS else words.visibility
    lists = {name: sorted(set(plain[name])) for name in ("audiences", "topics")}
    return {**plain, **lists, "visibility": visibility}


def _read(shape: type[Any], sent: Mapping[str, Any], wrong: dict[str, Any]) -> Any:
    """The Struct without its texts by language, which are put in as they are."""
    by_language = {name: sent[name] for name in ("titles", "summaries")}
    rest = {name: value for name, value in sent.items() if name not in by_language}
    found = _read_into(wrong, lambda: read_form(shape, rest))
    return found and msgspec.structs.replace(found, **by_language)


def _read_into(wrong: dict[str, Any], read: Any) -> Any:
    try:
        return read()
    except Invalid as problem:
        wrong |= problem.fields
        return None


def _apart(
    fields: Mapping[str, list[str]], languages: Iterable[str]
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """What was sent, without titles and summaries by language; and those."""
    sent: dict[str, Any] = dict(fields)
    # security: what is stored as a whole is never sent as one
    found: dict[str, dict[str, str]] = {"titles": {}, "summaries": {}}
    for name, into in (("title", found["titles"]), ("summary", found["summaries"])):
        for code in languages:
            for text in sent.pop(f"{name}_{code}", []):
                if text.strip():
                    into[code] = " ".join(text.split())
    if {"titles", "summaries", "consent"} & set(sent):
        raise Invalid({"all": [Message("This filter is not known.")]})
    return sent, found


def _wrong_words(
    words: Words, terms: Terms, licences: Collection[str] | None
) -> dict[str, list[Message | str]]:
    chosen: dict[str, tuple[str | None, list[str]]] = {
        "kind": (words.kind, terms.codes("material_kinds")),
        "language": (words.language, terms.codes("languages")),
        "licence": (words.licence, list(terms.codes("licences") if licences is None else licences)),
        "region": (words.region, terms.codes("regions")),
    }
    wrong: dict[str, list[Message | str]] = {}
    _read_into(wrong, lambda: refuse_unknown(chosen))
    for name, vocabulary in (("audiences", "audiences"), ("topics", "topics")):
        if set(getattr(words, name)) - set(terms.codes(vocabulary)):
            wrong[name] = [Message("This value cannot be used.")]
    texts = {f"title_{code}": text for code, text in words.titles.items()}
    texts |= {f"summary_{code}": text for code, text in words.summaries.items()}
    for name, text in texts.items():
        most = 160 if name.startswith("title") else 600
        if len(text) > most:
            said = Message("Make this shorter: at most %(most)s characters.", {"most": most})
            wrong[name] = [said]
    return wrong | _personal(title=words.title, summary=words.summary, **texts)


def _wrong_rest(given: Given, *, is_adaptation: bool) -> dict[str, list[Message | str]]:
    wrong = _personal(adapted_how=given.adapted_how)
    if given.link is not None and (why := why_not_link(given.link)):
        wrong["link"] = [why]
    if given.body is not None and (found := personal_in_text(given.body)):
        wrong["body"] = [REFUSED[found]]
    if is_adaptation and not given.adapted_how:
        wrong["adapted_how"] = [Message("Say in a sentence what you changed.")]
    elif given.adapted_how and not is_adaptation:
        wrong["adapted_how"] = [Message("This filter is not known.")]
    if given.send == "ask" and given.pictures is None:
        wrong["pictures"] = [Message("Say whether people can be recognised in the pictures.")]
    return wrong


def _personal(**texts: str | None) -> dict[str, list[Message | str]]:
    found = {name: personal_in(text or "") for name, text in texts.items()}
    return {name: [REFUSED[what]] for name, what in found.items() if what}
