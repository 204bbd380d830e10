"""Which member organisations a coordinator looks at, and the duty phone of one."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import PHONE, Paged, read_form
from portal.i18n.language import Message


class MembersWanted(Paged, frozen=True):
    """Members by name, of a state, or those alone that are late; who has left when asked for."""

    q: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    state: Literal["admitted", "suspended", "left"] | None = None
    due: Literal["overdue"] | None = None


class DutyPhone(msgspec.Struct, frozen=True):
    """The number on which somebody always answers; none when there is none any more."""

    duty_phone: Annotated[str, msgspec.Meta(max_length=60)] | None = None


def read_phone(sent: Mapping[str, Any]) -> str | None:
    """The duty phone, or `Invalid` when nobody could call it."""
    form = read_form(DutyPhone, sent)
    if form.duty_phone and not PHONE.fullmatch(form.duty_phone):
        told = Message("Write a phone number, for example +993 12 345678.")
        raise Invalid({"duty_phone": [told]})
    return form.duty_phone
