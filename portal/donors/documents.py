"""A project as an IATI file: the activity of the IATI standard 2.03, complete and to be published.

The order of elements is that of the standard's schema. Every number of people in it is given as
others than its keepers get it, whoever asks for the file.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from portal.clock import stamp
from portal.donors.rules import budget_by_year, scope_of, shares_of
from portal.i18n.language import load_language
from portal.projects.queries import Owner, Project
from portal.projects.registry import Outcome, Reached
from portal.projects.rules import RESULT_TYPES, STATUS_CODES, Given, Level

Element = Any

VERSION = "2.03"

# roles of organisations: who pays, who does it
FUNDING, IMPLEMENTING = "1", "4"
# dates of an activity
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
# vocabularies: the DAC's sectors, the reporting organisation's own indicators
DAC, OWN = "1", "99"
UNIT, PERCENTAGE = "1", "2"

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# what an XML file may not hold
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Activity(msgspec.Struct, frozen=True):
    """A project as others read it, with its organisation and what it aims at."""

    project: Project
    owner: Owner
    logframe: Sequence[Outcome]


def write_iati(
    project: Project,
    owner: Owner,
    logframe: Sequence[Outcome],
    languages: Sequence[str],
    at: datetime,
    today: date,
) -> bytes:
    """The file of one project, which the caller has found to lack nothing."""
    return write_activities([Activity(project, owner, logframe)], languages, at, today)


def write_activities(
    activities: Sequence[Activity], languages: Sequence[str], at: datetime, today: date
) -> bytes:
    """The file of projects, at least one; the caller has found that they lack nothing."""
    root = etree.Element("iati-activities", version=VERSION)
    root.set("generated-datetime", stamp(at))
    for each in activities:
        _activity(root, each, languages, today)
    told = {"xml_declaration": True, "encoding": "UTF-8", "pretty_print": True}
    return bytes(etree.tostring(root, **told))


def _activity(root: Element, told: Activity, languages: Sequence[str], today: date) -> None:
    project = told.project
    written_in = next((code for code in languages if code not in project.titles), "en")
    activity = etree.SubElement(root, "iati-activity", {_LANG: written_in, "hierarchy": "1"})
    if project.changed_at:
        activity.set("last-updated-datetime", project.changed_at)
    if project.currency:
        activity.set("default-currency", project.currency)
    _who_and_what(activity, project, told.owner)
    _when_and_where(activity, project, today)
    _kinds(activity, project)
    _budget(activity, project)
    for outcome in told.logframe:
        if outcome.lines:
            _result(activity, project, outcome)


def _who_and_what(activity: Element, project: Project, owner: Owner) -> None:
    reporter = {"ref": project.reporter_ref or "", "type": project.reporter_type or ""}
    _leaf(activity, "iati-identifier", text=f"{project.reporter_ref}-{project.code}")
    _narrated(activity, "reporting-org", owner.name, owner.names, **reporter)
    _narrated(activity, "title", project.title, project.titles)
    description = project.description or ""
    _narrated(activity, "description", description, project.descriptions, type="1")
    known = {"ref": project.donor_ref, "type": project.donor_type, "role": FUNDING}
    donor = {name: value for name, value in known.items() if value}
    _narrated(activity, "participating-org", project.donor or "", {}, **donor)
    doing = {**reporter, "role": IMPLEMENTING}
    _narrated(activity, "participating-org", owner.name, owner.names, **doing)


def _when_and_where(activity: Element, project: Project, today: date) -> None:
    status = project.status(today)
    _leaf(activity, "activity-status", code=STATUS_CODES[status])
    ended = project.cancelled_on if status == "cancelled" else project.ends_on
    has_begun = project.starts_on is not None and project.starts_on <= today
    days = (
        (PLANNED_START, project.starts_on),
        (ACTUAL_START, project.starts_on if has_begun else None),
        (PLANNED_END, project.ends_on),
        (ACTUAL_END, ended if status in ("ended", "cancelled") else None),
    )
    for kind, day in days:
        if day is not None:
            _leaf(activity, "activity-date", type=kind, **{"iso-date": day.isoformat()})
    _leaf(activity, "activity-scope", code=scope_of(project.countries, project.regions))
    shares = shares_of(len(project.countries))
    for country, share in zip(project.countries, shares, strict=True):
        told = {"percentage": share} if len(shares) > 1 else {}
        _leaf(activity, "recipient-country", code=country, **told)


def _kinds(activity: Element, project: Project) -> None:
    if project.sector:
        _leaf(activity, "sector", vocabulary=DAC, code=project.sector)
    for name in ("flow", "finance", "aid"):
        if code := getattr(project, f"{name}_type"):
            _leaf(activity, f"default-{name}-type", code=code)


def _budget(activity: Element, project: Project) -> None:
    if not project.budget or not project.currency or not project.starts_on or not project.ends_on:
        return
    for first, last, share in budget_by_year(project.budget, project.starts_on, project.ends_on):
        part = etree.SubElement(activity, "budget", type="1", status="1")
        _days(part, first, last)
        about = {"currency": project.currency, "value-date": project.starts_on.isoformat()}
        _leaf(part, "value", text=str(share), **about)


def _result(activity: Element, project: Project, outcome: Outcome) -> None:
    level: Level = outcome.level
    result = etree.SubElement(activity, "result", type=RESULT_TYPES[level])
    _narrated(result, "title", outcome.title, outcome.titles)
    for line in outcome.lines:
        _indicator(result, project, line)


def _indicator(result: Element, project: Project, line: Reached) -> None:
    measure = PERCENTAGE if line.kind == "percent" else UNIT
    indicator = etree.SubElement(result, "indicator", measure=measure)
    if line.direction != "maintain":
        indicator.set("ascending", "true" if line.direction == "up" else "false")
    _narrated(indicator, "title", line.titles.get("en", line.code), line.titles)
    if line.actual.fewer_than is not None:
        few = line.actual.fewer_than
        said = {code: _few(code, few) for code in line.titles}
        _narrated(indicator, "description", _few("en", few), said)
    _leaf(indicator, "reference", vocabulary=OWN, code=line.code)
    if line.baseline.value is not None and line.baseline_year is not None:
        about = {"year": str(line.baseline_year), "value": _number(line.baseline)}
        _leaf(indicator, "baseline", **about)
    if line.due_on is None or project.starts_on is None:
        return
    period = etree.SubElement(indicator, "period")
    _days(period, min(project.starts_on, line.due_on), line.due_on)
    if line.target is not None:
        _leaf(period, "target", value=_number(Given(line.target)))
    # a number that is not told is left out: the standard wants every value to be a number
    if line.actual.value is not None:
        _leaf(period, "actual", value=_number(line.actual))


def _few(code: str, few: int) -> str:
    said = "Fewer than %(n)s people were reached; the number itself is not published."
    return load_language(code).gettext(said, n=few)


def _days(parent: Element, first: date, last: date) -> None:
    for name, day in (("period-start", first), ("period-end", last)):
        _leaf(parent, name, **{"iso-date": day.isoformat()})


def _number(given: Given) -> str:
    return f"{round(given.value or 0, 2):.10g}"


def _narrated(
    parent: Element, name: str, text: str, others: Mapping[str, str], **about: str
) -> None:
    """An element with its text in every language there is; without a language in the default."""
    element = etree.SubElement(parent, name, about)
    _leaf(element, "narrative", text=text)
    for code, other in others.items():
        if other and other != text:
            _leaf(element, "narrative", text=other).set(_LANG, code)


def _leaf(parent: Element, name: str, text: str | None = None, **about: str) -> Element:
    element = etree.SubElement(parent, name, about)
    if text is not None:
        element.text = _REFUSED.sub("", text)
    return element
