"""What an applicant types, and how it is checked."""

import unicodedata
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal

import msgspec

from portal.accounts.rules import folded_name
from portal.applications.rules import MOST_WORDS, is_website
from portal.errors import Invalid
from portal.forms import EMAIL, PHONE, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.requests.rules import identity_in
from portal.vocabularies.terms import Terms
from search.folding import fold_words

ANSWER_LENGTH = 4000
APPEAL_LENGTH = 3000
NAME_LENGTH = 120

Name = Annotated[str, msgspec.Meta(max_length=200)]
Short = Annotated[str, msgspec.Meta(max_length=100)]
Text = Annotated[str, msgspec.Meta(max_length=1000)]

# the settlement that somebody named, as its id; `Invalid` with candidates when it is not clear
FindPlace = Callable[[str], str]


_NOBODY = Message(
    "This looks like a passport or a telephone number. Take it out: nobody who was helped may be"
    " recognised, and the contact has a step of its own."
)


_ONE_NAME = Message("Write the name of one person, in at most four words.")


class Asked(msgspec.Struct, frozen=True):
    """Who wants to apply, or to come back to an application."""

    applicant: Name
    email: Name


class Organisation(msgspec.Struct, frozen=True):
    """Who applies."""

    applicant: Name
    kind: Short | None = None
    place: Short | None = None
    about: Text | None = None
    services: list[Short] = []
    website: Name | None = None
    office_phone: Short | None = None


class Criterion(msgspec.Struct, frozen=True):
    """An answer to a criterion; `version` is the charter it was read in."""

    answer: Annotated[str, msgspec.Meta(max_length=ANSWER_LENGTH)] = ""
    version: int | None = None
    remove: Short | None = None


class Principles(msgspec.Struct, frozen=True):
    """All principles and the terms are accepted, or none of it."""

    version: int
    principles: Literal["yes"]
    terms: Literal["yes"]


class Contact(msgspec.Struct, frozen=True):
    """Who answers questions about the application."""

    contact_name: Name
    contact_work: Name
    contact_phone: Short | None = None


class Appeal(msgspec.Struct, frozen=True):
    """What is said against a decision."""

    appeal: Annotated[str, msgspec.Meta(max_length=APPEAL_LENGTH)] = ""
    act: Literal["save", "send"] = "save"
    remove: Short | None = None


def read_asked(sent: Mapping[str, Any]) -> Asked:
    """A name and an address, the address as it is compared."""
    form = read_form(Asked, sent)
    email = folded_name(form.email)
    if not EMAIL.fullmatch(email) or not email.isascii():
        told = Message("Write an e-mail address, for example name@example.org.")
        raise Invalid({"email": [told]})
    return Asked(form.applicant, email)


def read_organisation(
    sent: Mapping[str, Any], terms: Terms, languages: list[str], find_place: FindPlace
) -> dict[str, Any]:
    """The columns of who applies."""
    named = {code: f"applicant_{code}" for code in languages}
    rest = {name: value for name, value in sent.items() if name not in named.values()}
    names, wrong = _names(sent, named)
    form = read_form(Organisation, rest)
    refuse_unknown({"kind": (form.kind, terms.codes("organisation_kinds"))})
    for service in form.services:
        refuse_unknown({"services": (service, terms.codes("services"))})
    if form.office_phone and not PHONE.fullmatch(form.office_phone):
        wrong["office_phone"] = [Message("Write the number in digits, for example +993 12 345678.")]
    website = _whole_address(form.website or "")
    if website and not is_website(website):
        told = "This is no address of a website. Write it like in the browser: example.org"
        wrong["website"] = [Message(told)]
    if identity_in(form.about or ""):
        wrong["about"] = [_NOBODY]
    if wrong:
        raise Invalid(wrong)
    return {
        "name": form.applicant,
        "names": names,
        "kind": form.kind,
        "place_id": find_place(form.place) if form.place else None,
        "summary": form.about,
        "services": form.services,
        "website": website or None,
        "phone": form.office_phone,
    }


def _whole_address(typed: str) -> str:
    """An address of a website with its beginning, which few people type."""
    return typed if not typed or "://" in typed else f"https://{typed}"


def _names(
    sent: Mapping[str, Any], named: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, list[Message]]]:
    """The names by language, and those that are too long."""
    names: dict[str, str] = {}
    wrong: dict[str, list[Message]] = {}
    for code, field in named.items():
        try:
            typed = read_form(_Named, {"name": _last(sent.get(field, ""))}).name
        except Invalid as problem:
            wrong[field] = problem.fields["name"]  # type: ignore[assignment]
            continue
        if typed:
            names[code] = typed
    return names, wrong


class _Named(msgspec.Struct, frozen=True):
    name: Name = ""


def _last(value: Any) -> str:
    return str(value[-1] if isinstance(value, list) and value else value or "")


def read_criterion(sent: Mapping[str, Any]) -> Criterion:
    """An answer, which names nobody who was helped."""
    form = read_form(Criterion, sent)
    if identity_in(form.answer):
        raise Invalid({"answer": [_NOBODY]})
    return form


def read_principles(sent: Mapping[str, Any]) -> int:
    """The version whose principles and terms are accepted; both boxes have to be ticked."""
    told = Message("Tick this box if you agree. Without it the application cannot be sent.")
    wrong = {name: [told] for name in ("principles", "terms") if _last(sent.get(name)) != "yes"}
    if wrong:
        raise Invalid(wrong)
    return read_form(Principles, sent).version


def read_contact(sent: Mapping[str, Any]) -> dict[str, str | None]:
    """The columns of the contact."""
    form = read_form(Contact, sent)
    # security: a name made of those of many people would shut them all out
    if len(fold_words(form.contact_name)) > MOST_WORDS:
        raise Invalid({"contact_name": [_ONE_NAME]})
    if form.contact_phone and not PHONE.fullmatch(form.contact_phone):
        told = Message("Write the number in digits, for example +993 12 345678.")
        raise Invalid({"contact_phone": [told]})
    return msgspec.structs.asdict(form)


def read_appeal(sent: Mapping[str, Any]) -> Appeal:
    """What is said against a decision; it names nobody who was helped."""
    form = read_form(Appeal, sent)
    if identity_in(form.appeal):
        raise Invalid({"appeal": [_NOBODY]})
    if form.act == "send" and not form.appeal:
        raise Invalid({"appeal": [Message("Say what is wrong with the decision.")]})
    return form


def file_name(sent: str) -> str:
    """What a sender calls a file, as it may be shown: one line, no folders."""
    plain = PurePath(sent.replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", plain) if c.isprintable())
    stem, dot, ending = shown.rpartition(".")
    kept = NAME_LENGTH - len(ending) - 1
    return f"{stem[:kept]}{dot}{ending[:12]}" if len(shown) > NAME_LENGTH else shown or "file"
