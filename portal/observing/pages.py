"""The page with which an observer begins: how the network does, who reports, which projects run."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import NotFound
from portal.indicators.locks import last_closed
from portal.observing.queries import (
    Completeness,
    OpenFigure,
    find_completeness,
    find_open_figures,
)
from portal.projects.forms import ProjectsWanted
from portal.projects.queries import ProjectListed, find_projects
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import site_of, today_of

RUNNING = ProjectsWanted(status="running", per_page=20)


class OverviewShown(msgspec.Struct, frozen=True):
    """The newest closed quarter, its open figures, completeness, and the projects that run."""

    quarter: str | None
    figures: list[OpenFigure]
    completeness: list[Completeness]
    projects: list[ProjectListed]


@get("/overview", sync_to_thread=True, guards=[signed_in], **answers(OverviewShown))
def overview(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """For observers, and for coordinators, who see here what observers read."""
    if actor.role not in ("observer", "coordinator"):
        raise NotFound
    today, closed = today_of(request), last_closed(db)
    found = OverviewShown(
        closed.code if closed else None,
        find_open_figures(db, closed, today),
        find_completeness(db, today, site_of(request).settings.timezone),
        find_projects(db, actor, today, RUNNING).results,
    )
    return page(request, "overview.html", block="content", json=found, found=found)


router = Router("/", route_handlers=[overview])
