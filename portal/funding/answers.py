"""The forms of a project with what stands in them: what is stored, or what was just sent."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import fetch
from portal.indicators.queries import Definition, find_definitions
from portal.projects.forms import COLUMNS
from portal.projects.queries import Project


class ProjectSheet(msgspec.Struct, frozen=True):
    """The texts of a form by field, and what is ticked."""

    texts: dict[str, str] = {}
    ticked: dict[str, list[str]] = {}


class Linkable(msgspec.Struct, frozen=True):
    """A record to choose; its value in a form is `kind|id`."""

    kind: str
    id: str
    title: str
    titles: dict[str, str]
    on: str | None
    activity_kind: str | None


_TEXTS = (
    "code",
    "organisation_id",
    "title",
    "description",
    "donor",
    "donor_ref",
    "donor_type",
    "starts_on",
    "ends_on",
    "credit",
    "reporter_ref",
    "reporter_type",
    "sector",
    "budget",
    "currency",
    "cancelled_on",
)


def filled(project: Project) -> ProjectSheet:
    """The form of a project as it is stored."""
    fields = {column: field for field, column in COLUMNS.items()}
    values = {name: getattr(project, name) for name in _TEXTS}
    texts = {fields.get(n, n): "" if v is None else str(v) for n, v in values.items()}
    for name, words in (("title", project.titles), ("description", project.descriptions)):
        texts |= {f"{name}_{code}": text for code, text in words.items()}
    return ProjectSheet(texts, {"countries": project.countries, "in_regions": project.regions})


def sent_again(sent: Mapping[str, Sequence[str]]) -> ProjectSheet:
    """A form as it was sent."""
    texts = {name: values[-1] for name, values in sent.items() if values}
    return ProjectSheet(texts, {name: list(values) for name, values in sent.items()})


def find_countable(db: Database, today: date) -> list[Definition]:
    """The indicators that a line of a logframe may have: what organisations report or we count."""
    return [each for each in find_definitions(db, today) if each.source != "quoted"]


def find_linkable(db: Database, actor: Actor, project: Project) -> list[Linkable]:
    """The newest records of the project's organisation that are not linked to it yet.

    Of a project without an organisation those of all: coordinators alone keep it, who may change
    them.
    """
    sql = """
        SELECT * FROM (
            SELECT 'event' AS kind, id, title, titles, starts_on AS "on", NULL AS activity_kind,
                organisation_id FROM events
            UNION ALL SELECT 'campaign', id, title, titles, starts_on, NULL, organisation_id
                FROM campaigns
            UNION ALL SELECT 'activity', a.id, c.title, c.titles, a.held_on, a.kind,
                coalesce(a.organisation_id, c.organisation_id)
                FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id
            UNION ALL SELECT 'material', id, title, titles, substr(added_at, 1, 10), NULL,
                organisation_id FROM materials
        ) AS r
        WHERE (:all OR r.organisation_id = :own) AND NOT EXISTS (
            SELECT 1 FROM project_links AS l
            WHERE l.project_id = :project AND l.kind = r.kind AND l.record_id = r.id)
        ORDER BY r.kind, r."on" DESC, r.id LIMIT 300
    """
    asked = {"own": project.organisation_id, "project": project.id}
    everything = project.organisation_id is None and actor.is_coordinator
    return fetch(db, Linkable, sql, **asked, all=everything)
