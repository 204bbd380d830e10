"""What a donor is given of a project: a report, a workbook, its IATI file, and who has that."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.donors.answers import file_name, write_report
from portal.donors.documents import write_iati
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.projects.actions import want_published
from portal.projects.answers import missing_for_file, show_project, words_of
from portal.projects.forms import PublishingForm
from portal.projects.queries import find_public_owner, get_kept_for, get_project_for
from portal.projects.registry import OTHERS, find_outcomes
from portal.projects.rules import may_keep
from portal.sheets import MEDIA_TYPES
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

LACKING = Message("Write this first: the IATI file is not complete without it.")


@get("/{project_id:str}/report", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def project_report(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """One project on paper, with its credit line."""
    found = get_project_for(db, actor, project_id)
    return page(
        request,
        "project_report.html",
        block="content",
        found=show_project(db, actor, found, today_of(request)),
        keeps=may_keep(actor, found.organisation_id),
        words=words_of(language_of(request)),
    )


@get(
    "/{project_id:str}/report.xlsx",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
)
def project_workbook(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The same as a workbook."""
    found = get_project_for(db, actor, project_id)
    shown, language = show_project(db, actor, found, today_of(request)), language_of(request)
    content = write_report(shown, language, words_of(language))
    return _file(content, MEDIA_TYPES["xlsx"], file_name(found.code, "xlsx"))


@get("/{project_id:str}/iati.xml", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def project_iati(request: Asked, project_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The project as others publish it: with no small number of people, whoever asks."""
    found, today, site = get_project_for(db, actor, project_id), today_of(request), site_of(request)
    # security: the file is made to be published
    logframe = find_outcomes(db, found, OTHERS, today)
    owner = find_public_owner(db, found.organisation_id)
    missing = missing_for_file(found, owner, logframe)
    if owner is None or missing:
        raise Invalid({name: [LACKING] for name in missing})
    languages = site.settings.languages
    content = write_iati(found, owner, logframe, languages, site.clock(), today)
    return _file(content, "application/xml", file_name(found.code, "xml"))


@post("/{project_id:str}/publishing", sync_to_thread=True, guards=[signed_in], status_code=303)
def project_publishing(request: Asked, project_id: Id, db: Db, actor: Who, sent: Sent) -> Redirect:
    """Have the project in the file of published projects, or no more."""
    get_kept_for(db, actor, project_id)
    wanted, site = read_form(PublishingForm, sent).wanted == "yes", site_of(request)
    with site.store.transaction() as writing:
        want_published(writing, actor, site.clock(), project_id, wanted=wanted)
    where = f"/{language_of(request).code}/projects/{project_id}?saved=1"
    return Redirect(where, status_code=303)


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    told = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=told)


router = Router(
    "/projects",
    route_handlers=[project_report, project_workbook, project_iati, project_publishing],
)
