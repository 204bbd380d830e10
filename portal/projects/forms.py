"""What is written of a project, its logframe and its links."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date as Day
from typing import Annotated, Any, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged, read_form, refuse_unknown
from portal.i18n.language import Message
from portal.projects.rules import (
    CODE,
    COUNTED,
    CURRENCIES,
    LEVELS,
    LINK_KINDS,
    ORGANISATION_TYPES,
    REFERENCE,
    SECTOR,
    SECTORS,
    LinkKind,
    Status,
)

Title = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=3000)]
Short = Annotated[str, msgspec.Meta(max_length=80)]
Money = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Number = Annotated[float, msgspec.Meta(ge=0, le=1_000_000_000)]
Year = Annotated[int, msgspec.Meta(ge=1990, le=2100)]

FIRST, LAST = Day(1990, 1, 1), Day(2100, 12, 31)


class ProjectsWanted(Paged, frozen=True):
    """The filters of the register."""

    status: Status | None = None


class ProjectForm(msgspec.Struct, frozen=True):
    """The form of a project; amounts are in whole units of the currency."""

    project_code: Short
    title: Title
    donor: Title
    begins_on: Day
    finishes_on: Day | None = None
    credit: Title | None = None
    description: Text | None = None
    organisation: Short | None = None
    countries: list[Short] = []
    in_regions: list[Short] = []
    donor_ref: Short | None = None
    donor_type: Short | None = None
    reporter_ref: Short | None = None
    reporter_type: Short | None = None
    sector: Short = SECTOR
    budget: Money | None = None
    currency: Short | None = None
    cancelled_on: Day | None = None


# fields that are called otherwise than their columns, for other forms have fields of that name
COLUMNS = {
    "project_code": "code",
    "organisation": "organisation_id",
    "begins_on": "starts_on",
    "finishes_on": "ends_on",
    "in_regions": "regions",
}


class OutcomeForm(msgspec.Struct, frozen=True):
    """One more impact, outcome or output."""

    level: Short
    title: Title


class LineForm(msgspec.Struct, frozen=True):
    """One more line of an outcome."""

    aim: Short
    indicator: Short
    target: Number
    due_on: Day
    baseline: Number | None = None
    baseline_year: Year | None = None
    counts: Short = "project"


class LinkForm(msgspec.Struct, frozen=True):
    """A record that the project pays for: `event|e-123`."""

    record: Short


class PublishingForm(msgspec.Struct, frozen=True):
    """Whether a project is to be among the published ones."""

    wanted: Literal["yes", "no"]


class Dropped(msgspec.Struct, frozen=True):
    """What is taken out of a logframe, or which link is."""

    kind: Literal["outcome", "line", "link"]
    chosen: Short


def read_project(
    sent: Mapping[str, Any],
    *,
    codes: Collection[str],
    countries: Collection[str],
    regions: Collection[str],
    organisations: Collection[str],
) -> dict[str, Any]:
    """The columns of a project, or `Invalid` with what to do at every field."""
    rest, words = _in_languages(sent, ("title", "description"), codes)
    form = read_form(ProjectForm, rest)
    refuse_unknown(
        {
            "organisation": (form.organisation, sorted(organisations)),
            "donor_type": (form.donor_type, list(ORGANISATION_TYPES)),
            "reporter_type": (form.reporter_type, list(ORGANISATION_TYPES)),
            "sector": (form.sector, list(SECTORS)),
            "currency": (form.currency, list(CURRENCIES)),
        }
    )
    _refuse_others("countries", form.countries, countries)
    _refuse_others("in_regions", form.in_regions, regions)
    wrong = {**_wrong_codes(form), **_wrong_days(form), **_wrong_money(form)}
    if wrong:
        raise Invalid(wrong)
    row = msgspec.structs.asdict(form)
    for field, name in COLUMNS.items():
        row[name] = row.pop(field)
    # a region lies in a country: whoever chose it has chosen that one too
    chosen = {*form.countries, *(region[:2] for region in form.in_regions)}
    row["countries"] = [each for each in countries if each in chosen]
    row["regions"] = [each for each in regions if each in form.in_regions]
    days = {name: value.isoformat() for name, value in row.items() if isinstance(value, Day)}
    return {**row, **days, "titles": words["title"], "descriptions": words["description"]}


def read_outcome(sent: Mapping[str, Any], codes: Collection[str]) -> dict[str, Any]:
    """The columns of an impact, outcome or output."""
    rest, words = _in_languages(sent, ("title",), codes)
    form = read_form(OutcomeForm, rest)
    refuse_unknown({"level": (form.level, list(LEVELS))})
    return {"level": form.level, "title": form.title, "titles": words["title"]}


def read_line(
    sent: Mapping[str, Any], outcomes: Collection[str], indicators: Mapping[str, bool]
) -> dict[str, Any]:
    """The columns of a line; `indicators` says by code whether it is a percentage."""
    form = read_form(LineForm, sent)
    refuse_unknown(
        {
            "aim": (form.aim, sorted(outcomes)),
            "indicator": (form.indicator, sorted(indicators)),
            "counts": (form.counts, list(COUNTED)),
        }
    )
    wrong: dict[str, list[Message]] = {}
    for name in ("baseline", "target"):
        value = getattr(form, name)
        if value is not None and indicators[form.indicator] and value > 100:
            wrong[name] = [Message("A percentage is at most 100.")]
    if not FIRST <= form.due_on <= LAST:
        wrong["due_on"] = [_FAR]
    if form.baseline is not None and form.baseline_year is None:
        wrong["baseline_year"] = [Message("Say of which year the baseline is.")]
    if form.baseline_year is not None and form.baseline_year > form.due_on.year:
        wrong["baseline_year"] = [Message("The baseline is older than the target.")]
    if wrong:
        raise Invalid(wrong)
    return {
        "outcome_id": form.aim,
        "code": form.indicator,
        "baseline": form.baseline,
        "baseline_year": form.baseline_year if form.baseline is not None else None,
        "target": form.target,
        "due_on": form.due_on.isoformat(),
        "counts": form.counts,
    }


def read_link(sent: Mapping[str, Any]) -> tuple[LinkKind, str]:
    """Kind and id of a record."""
    text = read_form(LinkForm, sent).record
    for kind in LINK_KINDS:
        if text.startswith(f"{kind}|") and text[len(kind) + 1 :]:
            return kind, text[len(kind) + 1 :]
    raise Invalid({"record": [Message("Choose one of the list.")]})


_FAR = Message("Write a day between 1990 and 2100.")


def _in_languages(
    sent: Mapping[str, Any], names: Iterable[str], codes: Iterable[str]
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    rest, words = dict(sent), {name: {} for name in names}  # type: dict[str, Any], Any
    for name in words:
        for code in codes:
            text = rest.pop(f"{name}_{code}", "")
            text = str(text[-1] if isinstance(text, list) else text).replace("\x00", "").strip()
            most = 200 if name == "title" else 3000
            if len(text) > most:
                said = Message("Make this shorter: at most %(most)s characters.", {"most": most})
                raise Invalid({f"{name}_{code}": [said]})
            if text:
                words[name][code] = text
    return rest, words


def _refuse_others(name: str, chosen: Iterable[str], known: Collection[str]) -> None:
    for each in chosen:
        refuse_unknown({name: (each, sorted(known))})


def _wrong_codes(form: ProjectForm) -> dict[str, list[Message]]:
    wrong: dict[str, list[Message]] = {}
    if not CODE.fullmatch(form.project_code):
        said = "Write letters, digits, points and hyphens only, at most 40."
        wrong["project_code"] = [Message(said)]
    for name in ("donor_ref", "reporter_ref"):
        text = getattr(form, name)
        if text is not None and not REFERENCE.fullmatch(text):
            said = "Write the register's code, a hyphen and the number, for example TM-NGO-12."
            wrong[name] = [Message(said)]
    return wrong


def _wrong_days(form: ProjectForm) -> dict[str, list[Message]]:
    days = {name: getattr(form, name) for name in ("begins_on", "finishes_on", "cancelled_on")}
    wrong = {n: [_FAR] for n, day in days.items() if day is not None and not FIRST <= day <= LAST}
    if form.finishes_on is not None and form.finishes_on < form.begins_on:
        wrong["finishes_on"] = [Message("This project ends before it begins. Look at both days.")]
    return wrong


def _wrong_money(form: ProjectForm) -> dict[str, list[Message]]:
    if form.budget is not None and form.currency is None:
        return {"currency": [Message("Say in which currency the budget is.")]}
    if form.budget is not None and form.finishes_on is None:
        return {"finishes_on": [Message("A budget needs the day on which the project ends.")]}
    return {}
