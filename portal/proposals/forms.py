"""What somebody writes to propose a practitioner; everything else is filled in later."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.vocabularies.terms import Terms

Short = Annotated[str, msgspec.Meta(max_length=120)]

_PHONE = re.compile(r"[+(]?\d[0-9 ()./,+-]{2,59}")
_EMAIL = re.compile(r"[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+")


class Submitted(msgspec.Struct, frozen=True):
    """The fields of the form; boxes that share a name are read apart."""

    key: Annotated[str, msgspec.Meta(max_length=64)]
    full_name: Short
    profession: str
    gender: str
    place: Short
    phone: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    email: Short | None = None
    travel_km: Annotated[float, msgspec.Meta(ge=0, le=1000)] | None = None
    languages: str | None = None
    modes: str | None = None
    is_another: bool = False


class Written(msgspec.Struct, frozen=True):
    """The form, checked; the settlement is still as it was typed."""

    form: Submitted
    languages: list[str]
    modes: list[str]


def read_proposal(
    submitted: Mapping[str, Any], ticked: Mapping[str, list[str]], terms: Terms
) -> Written:
    """The form as it was sent; `Invalid` names each field that cannot be used."""
    form = read_form(Submitted, submitted)
    refuse_unknown(
        {
            "profession": (form.profession, terms.codes("professions")),
            "gender": (form.gender, terms.codes("genders")),
        }
    )
    lists = {name: _codes(ticked, name, terms) for name in ("languages", "modes")}
    wrong = {name: [Message("Tick at least one.")] for name, codes in lists.items() if not codes}
    wrong |= _wrong_contact(form)
    if wrong:
        raise Invalid(wrong)
    return Written(form, lists["languages"], lists["modes"])


def _codes(ticked: Mapping[str, list[str]], name: str, terms: Terms) -> list[str]:
    chosen = set(ticked.get(name, ()))
    return [code for code in terms.codes(name) if code in chosen]


def _wrong_contact(form: Submitted) -> dict[str, list[Message]]:
    if not form.phone and not form.email:
        return {"phone": [Message("Write a phone number or an e-mail address, or both.")]}
    wrong = {}
    if form.phone and not _PHONE.fullmatch(form.phone):
        wrong["phone"] = [Message("Write a phone number, for example +993 12 345678.")]
    if form.email and not _EMAIL.fullmatch(form.email):
        wrong["email"] = [Message("Write an e-mail address, for example name@example.org.")]
    return wrong
