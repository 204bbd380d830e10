"""Questions about projects, their logframes and what was done with their money."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC, Actor
from portal.clock import moment_of
from portal.db import as_json, column, count, fetch, fetch_one
from portal.errors import NotAllowed, NotFound
from portal.organisations.queries import SHOWN as ORGANISATION_SHOWN
from portal.organisations.queries import tier
from portal.projects.forms import ProjectsWanted
from portal.projects.rules import Counts, Level, Status, may_keep, may_read, status_of


class Project(msgspec.Struct, frozen=True):
    """A funded piece of work; the organisation is named where the asker may see it."""

    id: str
    code: str
    title: str
    titles: dict[str, str]
    description: str | None
    descriptions: dict[str, str]
    donor: str | None
    donor_ref: str | None
    donor_type: str | None
    starts_on: date | None
    ends_on: date | None
    credit: str | None
    organisation_id: str | None
    organisation: str | None
    organisation_names: dict[str, str]
    countries: list[str]
    regions: list[str]
    reporter_ref: str | None
    reporter_type: str | None
    sector: str | None
    flow_type: str | None
    finance_type: str | None
    aid_type: str | None
    budget: int | None
    currency: str | None
    cancelled_on: date | None
    changed_at: str | None

    def status(self, today: date) -> Status:
        """Where it stands on a day."""
        return status_of(self.starts_on, self.ends_on, self.cancelled_on, today)

    @property
    def changed(self) -> str | None:
        """The day on which somebody last changed it."""
        return moment_of(self.changed_at).date().isoformat() if self.changed_at else None


class ProjectListed(msgspec.Struct, frozen=True):
    """A project as it stands in the register."""

    id: str
    code: str
    title: str
    titles: dict[str, str]
    donor: str | None
    starts_on: date | None
    ends_on: date | None
    status: Status
    organisation: str | None
    organisation_names: dict[str, str]


class ProjectsFound(msgspec.Struct, frozen=True):
    """One page of the register."""

    total: int
    page: int
    per_page: int
    results: list[ProjectListed]


class Line(msgspec.Struct, frozen=True):
    """What one indicator starts from and should reach by when."""

    id: str
    outcome_id: str
    code: str
    baseline: float | None
    baseline_year: int | None
    target: float | None
    due_on: date | None
    counts: Counts


class Aimed(msgspec.Struct, frozen=True):
    """An impact, an outcome or an output that a project aims at, without its lines."""

    id: str
    level: Level
    title: str
    titles: dict[str, str]
    position: int


class Linked(msgspec.Struct, frozen=True):
    """A record that a project pays for, by kind and id."""

    kind: str
    record_id: str


_PROJECT = (
    """
    SELECT p.id, p.code, p.title, p.titles, p.description, p.descriptions, p.donor, p.donor_ref,
        p.donor_type, p.starts_on, p.ends_on, p.credit, p.organisation_id, p.countries, p.regions,
        p.reporter_ref, p.reporter_type, p.sector, p.flow_type, p.finance_type, p.aid_type,
        p.budget, p.currency, p.cancelled_on, p.changed_at, g.name AS organisation,
        coalesce(g.names, '{}') AS organisation_names
    FROM projects AS p LEFT JOIN (SELECT o.id, o.name, o.names """
    + ORGANISATION_SHOWN
    + ") AS g ON g.id = p.organisation_id "
)

_FILTERS = """
    WHERE (:status IS NULL OR :status = CASE
        WHEN p.cancelled_on <= :today THEN 'cancelled'
        WHEN p.starts_on IS NULL OR p.starts_on > :today THEN 'planned'
        WHEN p.ends_on < :today THEN 'ended' ELSE 'running' END)
"""


def find_projects(db: Database, actor: Actor, today: date, wanted: ProjectsWanted) -> ProjectsFound:
    """One page of the register, what begins last first; strangers get `NotFound`."""
    if not may_read(actor):
        raise NotFound
    asked = {"status": wanted.status, "today": today.isoformat()}
    total = count(db, "SELECT count(*) FROM projects AS p " + _FILTERS, **asked)
    sql = _PROJECT + _FILTERS + "ORDER BY p.starts_on DESC, p.code LIMIT :limit OFFSET :offset"
    page = {"limit": wanted.per_page, "offset": wanted.offset}
    results = [
        ProjectListed(
            each.id,
            each.code,
            each.title,
            each.titles,
            each.donor,
            each.starts_on,
            each.ends_on,
            each.status(today),
            each.organisation,
            each.organisation_names,
        )
        for each in fetch(db, Project, sql, **tier(actor), **asked, **page)
    ]
    return ProjectsFound(total, wanted.page, wanted.per_page, results)


def get_project_for(db: Database, actor: Actor, project_id: str) -> Project:
    """One project, if this person may see projects; strangers get `NotFound`."""
    if not may_read(actor):
        raise NotFound
    found = fetch_one(db, Project, _PROJECT + "WHERE p.id = :id", **tier(actor), id=project_id)
    if found is None:
        raise NotFound
    return found


def get_kept_for(db: Database, actor: Actor, project_id: str) -> Project:
    """A project whose keeper this person is; others who may see it get `NotAllowed`."""
    found = get_project_for(db, actor, project_id)
    if not may_keep(actor, found.organisation_id):
        raise NotAllowed
    return found


def find_aims(db: Database, project_id: str) -> list[Aimed]:
    """What a project aims at: impact first, then outcomes, then outputs, each in its order."""
    sql = """
        SELECT id, level, title, titles, position FROM project_outcomes WHERE project_id = :id
        ORDER BY CASE level WHEN 'impact' THEN 1 WHEN 'outcome' THEN 2 ELSE 3 END, position, id
    """
    return fetch(db, Aimed, sql, id=project_id)


def find_lines(db: Database, project_id: str) -> list[Line]:
    """The lines of a logframe, in the order in which they were added."""
    sql = """
        SELECT id, outcome_id, code, baseline, baseline_year, target, due_on, counts
        FROM project_lines WHERE project_id = :id ORDER BY position, id
    """
    return fetch(db, Line, sql, id=project_id)


def find_linked(db: Database, project_id: str) -> list[Linked]:
    """What was done with a project's money, whoever may see the records."""
    sql = """
        SELECT kind, record_id FROM project_links WHERE project_id = :id
        ORDER BY kind, at, record_id
    """
    return fetch(db, Linked, sql, id=project_id)


def find_credits(db: Database, kind: str, record_id: str) -> list[str]:
    """The credit lines of the projects that pay for a record: donors ask that they be shown."""
    sql = """
        SELECT DISTINCT p.credit FROM project_links AS l JOIN projects AS p ON p.id = l.project_id
        WHERE l.kind = :kind AND l.record_id = :id AND coalesce(p.credit, '') <> ''
        ORDER BY p.starts_on, p.code
    """
    return column(db, sql, kind=kind, id=record_id)


def is_carried(db: Database, project_id: str) -> bool:
    """Whether an organisation has reported something for a project, or has begun to."""
    sql = """
        SELECT (SELECT count(*) FROM results WHERE project_id = :id)
            + (SELECT count(*) FROM report_cells WHERE project_id = :id)
    """
    return count(db, sql, id=project_id) > 0


class Owner(msgspec.Struct, frozen=True):
    """An organisation that may have projects."""

    id: str
    name: str
    names: dict[str, str]


def find_owners(db: Database, actor: Actor) -> list[Owner]:
    """Whose a project may be: one's own, or any member's for coordinators."""
    sql = """
        SELECT o.id, o.name, o.names FROM organisations AS o
        JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state = 'admitted' AND (:all OR o.id = :own) ORDER BY o.sort_name, o.id
    """
    return fetch(db, Owner, sql, all=actor.is_coordinator, own=actor.organisation_id)


def find_public_owner(db: Database, organisation_id: str | None) -> Owner | None:
    """An organisation that everybody may know of; None for a shelter and whoever is hidden."""
    sql = "SELECT o.id, o.name, o.names " + ORGANISATION_SHOWN + " AND o.id = :id"
    return fetch_one(db, Owner, sql, **tier(PUBLIC), id=organisation_id)


def find_own_projects(db: Database, organisation_id: str | None) -> list[Project]:
    """The projects of an organisation, for the forms in which one is chosen."""
    nobody = {"members": False, "coordinator": False, "own": None}
    sql = _PROJECT + "WHERE p.organisation_id = :organisation ORDER BY p.starts_on DESC, p.code"
    return fetch(db, Project, sql, **nobody, organisation=organisation_id)


# what belongs to a project and holds texts
_PARTS = ("project_outcomes", "project_lines")

# the newest word counts, and only of the organisation whose project it still is
_WANTED = """
    (SELECT w.wanted FROM project_publishing AS w
     WHERE w.project_id = p.id AND w.organisation_id = p.organisation_id
     ORDER BY w.id DESC LIMIT 1)
"""


def is_to_publish(db: Database, project_id: str) -> bool:
    """Whether the organisation of a project wants it among the published ones."""
    sql = "SELECT coalesce(" + _WANTED + ", 0) FROM projects AS p WHERE p.id = :id"
    return bool(column(db, sql, id=project_id)[0])


def find_projects_to_publish(db: Database) -> list[Project]:
    """The projects that their organisations want published."""
    sql = _PROJECT + "WHERE " + _WANTED + " ORDER BY p.code"
    return fetch(db, Project, sql, **tier(PUBLIC))


def find_words_of_projects(db: Database, ids: list[str]) -> set[str]:
    """Every text that projects hold, of whatever tier, with those inside lists and names."""
    found: set[str] = set()
    for table, key in (("projects", "id"), *((each, "project_id") for each in _PARTS)):
        sql = "SELECT * FROM " + table + " WHERE " + key + " IN (SELECT value FROM json_each(?))"
        for row in db.execute(sql, [as_json(ids)]):
            found |= {each for each in row if isinstance(each, str)}
    for each in [each for each in found if each.startswith(("{", "["))]:
        inside = msgspec.json.decode(each)
        found |= set(inside.values() if isinstance(inside, dict) else inside)
    return found
