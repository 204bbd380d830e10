"""Submitted text becomes typed values, or messages by field.

The fields are those of a Struct and msgspec does the typing, one field at a time, so that all that
is wrong is said at once. An empty field is an absent one; an unknown field is an error, because a
mistyped filter would otherwise silently widen a search.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import inspect

from portal.errors import Invalid
from portal.i18n.language import Message

T = TypeVar("T", bound=msgspec.Struct)


class Paged(msgspec.Struct, frozen=True):
    """What every list understands."""

    page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    per_page: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50

    @property
    def offset(self) -> int:
        """How many records come before this page."""
        return (self.page - 1) * self.per_page


# of what the database can hold
LARGEST_NUMBER = 2**63 - 1

NOT_OURS = frozenset({"csrf"})

PHONE = re.compile(r"[+(]?\d[0-9 ()./,+-]*")
# security: signs that end a text early, or turn the order in which others stand on the page round
_UNSEEN = re.compile("[\x00\u200e\u200f\u202a-\u202e\u2066-\u2069]")

EMAIL = re.compile(r"[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+")


def read_form(shape: type[T], submitted: Mapping[str, Any]) -> T:
    """The Struct that was sent; `Invalid` with a message for every field that cannot be used.

    A field with several values (`sent_lists`) is a list where the Struct has one, else the last.
    """
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    wrong: dict[str, list[Message]] = {}
    values: dict[str, Any] = {}
    for name, text in _filled(submitted):
        if name not in fields:
            wrong[name] = [Message("This filter is not known.")]
            continue
        try:
            sent = _as_sent(text, fields[name].type)
            values[name] = _possible(msgspec.convert(sent, fields[name].type, strict=False))
        except (msgspec.ValidationError, OverflowError):
            wrong[name] = [_what_to_do(fields[name].type)]
    for name, field in fields.items():
        if field.required and name not in values and name not in wrong:
            wrong[name] = [Message("Fill this in.")]
    if wrong:
        raise Invalid(wrong)
    return shape(**values)


def refuse_unknown(chosen: Mapping[str, tuple[str | None, list[str]]]) -> None:
    """`Invalid` for every field whose code is not among those of its list."""
    wrong = {
        name: [Message("Choose one of: %(choices)s.", {"choices": ", ".join(codes)})]
        for name, (code, codes) in chosen.items()
        if code is not None and code not in codes
    }
    if wrong:
        raise Invalid(wrong)


def _filled(submitted: Mapping[str, Any]) -> Iterable[tuple[str, str | list[str]]]:
    for name, sent in submitted.items():
        if name in NOT_OURS:
            continue
        if isinstance(sent, list):
            if several := [clean for text in sent if (clean := _clean(text))]:
                yield name, several
        elif clean := _clean(sent):
            yield name, clean


def _clean(text: object) -> str:
    """A text as it is kept; `U+200C` and `U+200D` stay, for they belong to words."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", str(text))).strip()


def _possible(value: Any) -> Any:
    """The same value; `OverflowError` for a number that is larger than any row's."""
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise OverflowError
    return value


def _as_sent(text: str | list[str], kind: Any) -> str | list[str]:
    """One value or several, as the field wants them."""
    wants_list = any(
        isinstance(info, inspect.ListType) for info in _alternatives(inspect.type_info(kind))
    )
    if isinstance(text, list):
        return text if wants_list else text[-1]
    return [text] if wants_list else text


def _what_to_do(kind: Any) -> Message:
    for info in _alternatives(inspect.type_info(kind)):
        if isinstance(info, inspect.LiteralType):
            choices = ", ".join(str(value) for value in info.values)
            return Message("Choose one of: %(choices)s.", {"choices": choices})
        if isinstance(info, inspect.DateType):
            return Message("Write the date as year-month-day, for example 2026-11-30.")
        if isinstance(info, inspect.IntType | inspect.FloatType):
            return _range(info)
        if isinstance(info, inspect.StrType) and info.max_length:
            most = {"most": info.max_length}
            return Message("Make this shorter: at most %(most)s characters.", most)
    return Message("This value cannot be used.")


def _alternatives(info: inspect.Type) -> tuple[inspect.Type, ...]:
    return info.types if isinstance(info, inspect.UnionType) else (info,)


def _range(info: inspect.IntType | inspect.FloatType) -> Message:
    if info.ge is None or info.le is None:
        return Message("Write a number.")
    return Message(
        "Write a number from %(low)s to %(high)s.", {"low": str(info.ge), "high": str(info.le)}
    )
