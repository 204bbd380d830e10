"""A decision as it is filled in: criterion by criterion, with reasons."""

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from portal.deciding.rules import DecidedPoint
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.reviews.forms import read_text


class Decided(msgspec.Struct, frozen=True):
    """The points by the code of the criterion; `sure` is the outcome that was confirmed."""

    points: dict[str, DecidedPoint]
    note: str | None
    sure: str | None


class _Chosen(msgspec.Struct, frozen=True):
    """What is decided on one criterion."""

    met: Literal["met", "not_met"] | None = None


class _Rest(msgspec.Struct, frozen=True):
    """What stands below the criteria."""

    note: str | None = None
    sure: Literal["admitted", "declined"] | None = None


def read_decision(sent: Mapping[str, str], codes: Collection[str]) -> Decided:
    """A decision, or `Invalid` by field; a criterion that is left out is not judged here."""
    rest = read_form(_Rest, {n: text for n, text in sent.items() if not _belongs(n, codes)})
    wrong: dict[str, list[Message | str]] = {}
    points = {}
    for code in codes:
        reason = read_text(sent.get(f"reason-{code}", ""), f"reason-{code}", wrong)
        try:
            met = read_form(_Chosen, {"met": sent.get(f"met-{code}", "")}).met
        except Invalid as problem:
            wrong[f"met-{code}"] = problem.fields["met"]
            continue
        if met is not None:
            points[code] = DecidedPoint(met == "met", reason)
    note = read_text(rest.note or "", "note", wrong)
    if wrong:
        raise Invalid(wrong)
    return Decided(points, note, rest.sure)


def _belongs(name: str, codes: Collection[str]) -> bool:
    part, _, code = name.partition("-")
    return part in ("met", "reason") and code in codes
