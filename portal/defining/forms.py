"""What is sent of a definition, of a target, and of an end."""

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from portal.defining.rules import (
    A_CODE,
    CODE,
    NO_TITLE,
    TAKEN,
    aim_problems,
    contradictions,
)
from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.indicators.periods import Frequency, read_period
from portal.indicators.queries import Aim, Definition
from portal.indicators.rules import Direction, Kind, PeriodRule, PlaceRule, TotalRule
from portal.organising.forms import Words, in_languages, refuse_personal
from portal.vocabularies.terms import Terms

Code = Annotated[str, msgspec.Meta(max_length=40)]
Number = Annotated[str, msgspec.Meta(max_length=20)]

TEXTS = ("title", "description", "verification")
MOST = {"title": 200, "description": 1500, "verification": 1500}
NO_NUMBER = Message("Write a number such as 70 or 12.5.")

SentWords = Mapping[str, Any]


class DefinitionSent(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a definition; its texts are read apart, by language."""

    starts: Annotated[str, msgspec.Meta(max_length=7)]
    kind: Kind
    unit: Code
    direction: Direction
    total_rule: TotalRule
    place_rule: PlaceRule
    period_rule: PeriodRule
    frequency: Frequency
    dimensions: list[Code] = []
    counts_people: bool = False
    code: Code = ""
    act: Literal["reword", "change", "version"] = "version"


class AimSent(msgspec.Struct, frozen=True, kw_only=True):
    """A baseline and a target, of a region or all, of a period or standing."""

    region: Code = ""
    period: Annotated[str, msgspec.Meta(max_length=7)] = ""
    baseline: Number | None = None
    target: Number | None = None
    is_meant: bool = False
    act: Literal["set", "remove"] = "set"


class EndSent(msgspec.Struct, frozen=True):
    """From which quarter on nobody is asked any more."""

    ends: Annotated[str, msgspec.Meta(max_length=7)]


def read_definition(
    sent: SentWords, terms: Terms, languages: Sequence[str]
) -> tuple[DefinitionSent, Words]:
    """The rules and the texts as they were sent; `Invalid` by field."""
    rest, words = in_languages(_single_texts(sent), TEXTS, languages)
    wrong: dict[str, list[Message | str]] = {}
    if not words["title"]:
        wrong[f"title_{languages[0]}"] = [NO_TITLE]
    try:
        form = read_form(DefinitionSent, rest)
    except Invalid as problem:
        raise Invalid({**wrong, **problem.fields}) from problem
    if wrong:
        raise Invalid(wrong)
    refuse_unknown({"unit": (form.unit, terms.codes("indicator_units"))})
    for each in form.dimensions:
        refuse_unknown({"dimensions": (each, terms.codes("dimensions"))})
    for name, most in MOST.items():
        refuse_personal({}, {name: words[name]}, most)
    return form, words


def definition_of(
    form: DefinitionSent, words: Words, code: str, version: int, base: Definition | None
) -> Definition:
    """The definition that a form describes; what it does not say stays as it was."""
    ticked = form.dimensions
    if base is not None and set(ticked) == set(base.dimensions):
        ticked = base.dimensions
    return Definition(
        code=code,
        version=version,
        source=base.source if base else "reported",
        counter=base.counter if base else None,
        starts=base.starts if base and form.act == "reword" else _first_day(form.starts),
        kind=form.kind,
        unit=form.unit,
        direction=form.direction,
        counts_people=form.counts_people,
        total_rule=form.total_rule,
        place_rule=form.place_rule,
        period_rule=form.period_rule,
        frequency=form.frequency,
        dimensions=ticked,
        titles=words["title"],
        descriptions=words["description"],
        verification=words["verification"],
        reporters=base.reporters if base else "organisations",
    )


def with_other_languages(words: Words, base: Definition, languages: Sequence[str]) -> Words:
    """The texts, and beside them those in languages that this form has no fields for."""
    kept = dict(zip(TEXTS, (base.titles, base.descriptions, base.verification), strict=True))
    return {
        name: {
            **{code: text for code, text in kept[name].items() if code not in languages},
            **words[name],
        }
        for name in TEXTS
    }


def refuse_contradictions(definition: Definition) -> None:
    """`Invalid` where the rules of a definition contradict one another."""
    if found := contradictions(definition):
        raise Invalid({name: [said] for name, said in found.items()})


def refuse_code(code: str) -> None:
    """`Invalid` for a code that no address could hold."""
    if not CODE.fullmatch(code) or code in TAKEN:
        raise Invalid({"code": [A_CODE]})


def read_aim(sent: Mapping[str, str], terms: Terms) -> AimSent:
    """A baseline and a target as they were sent."""
    form = read_form(AimSent, sent)
    refuse_unknown({"region": (form.region or None, terms.codes("regions"))})
    if form.period:
        read_period(form.period)
    return form


def aim_of(form: AimSent, definition: Definition) -> Aim:
    """The aim that a form describes; `Invalid` when it is nonsense."""
    if form.act == "remove":
        return Aim(definition.code, form.region, form.period)
    numbers = {name: _number(name, getattr(form, name)) for name in ("baseline", "target")}
    aim = Aim(definition.code, form.region, form.period, **numbers)
    if found := aim_problems(definition.kind, aim):
        raise Invalid({name: [said] for name, said in found.items()})
    return aim


def _number(field: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        number = float("".join(text.split()).replace(",", "."))
    except ValueError as error:
        raise Invalid({field: [NO_NUMBER]}) from error
    if not math.isfinite(number) or abs(number) > 1e12:
        raise Invalid({field: [NO_NUMBER]})
    return number


def _first_day(quarter: str) -> Any:
    try:
        return read_period(quarter).first
    except Invalid as problem:
        raise Invalid({"starts": problem.fields["period"]}) from problem


def _single_texts(sent: SentWords) -> dict[str, Any]:
    """The last of each field sent several times, but for the ticks."""
    ticks = ("dimensions",)
    lasts = {
        name: value if name in ticks or not isinstance(value, list) else value[-1]
        for name, value in sent.items()
    }
    return {
        name: value.replace("\r\n", "\n") if isinstance(value, str) else value
        for name, value in lasts.items()
    }
