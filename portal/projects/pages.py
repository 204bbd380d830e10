"""Projects for the network and its donors: the register, and one with what it has reached."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.forms import read_form
from portal.projects.answers import (
    ProjectShown,
    in_words,
    missing_for_file,
    show_project,
    words_of,
)
from portal.projects.forms import ProjectsWanted
from portal.projects.queries import (
    ProjectsFound,
    find_projects,
    find_public_owner,
    get_project_for,
    is_to_publish,
)
from portal.projects.rules import STATUSES, may_keep, may_start
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Id = FromPath[str]


@get("/", sync_to_thread=True, guards=[signed_in], **answers(ProjectsFound, ProjectsWanted))
def projects(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The register, what begins last first."""
    wanted = read_form(ProjectsWanted, request.query_params)
    found = find_projects(db, actor, today_of(request), wanted)
    return page(
        request,
        "projects.html",
        json=found,
        found=found,
        wanted=wanted,
        statuses=in_words(language_of(request), STATUSES),
        may_start=may_start(actor),
    )


@get("/{project_id:str}", sync_to_thread=True, guards=[signed_in], **answers(ProjectShown))
def project(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """One project: donor, days, credit line, logframe, and what was done with its money."""
    found, today = get_project_for(db, actor, project_id), today_of(request)
    owner = find_public_owner(db, found.organisation_id)
    shown = show_project(db, actor, found, today)
    return page(
        request,
        "project.html",
        block="content",
        json=shown,
        found=shown,
        keeps=may_keep(actor, found.organisation_id),
        is_ours=actor.organisation_id == found.organisation_id,
        is_public=is_to_publish(db, found.id),
        missing=missing_for_file(found, owner, shown.logframe),
        hidden=found.organisation_id is not None and owner is None,
        saved="saved" in request.query_params,
        words=words_of(language_of(request)),
    )


router = Router("/projects", route_handlers=[projects, project])
