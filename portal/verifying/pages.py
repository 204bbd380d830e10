"""The page on which a coordinator of another organisation looks at a report and decides."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotAllowed, NotFound
from portal.reporting.answers import problems_of
from portal.reporting.drawing import fields_in, tables_of
from portal.reporting.letters import words_of
from portal.reporting.queries import Opened, get_opened
from portal.reports.actions import accept_report, refuse_changed, return_report
from portal.reports.queries import find_handed_in, find_steps
from portal.reports.registry import may_decide
from portal.verifying.forms import read_review
from portal.web.errors import said_by_field, said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

REVIEW = "/reports/{report_id:str}/review"


@get(REVIEW, sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def report_review(request: Asked, report_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The numbers beside those before, for a coordinator of another organisation."""
    return _review(request, db, _to_decide(request, db, actor, report_id))


@post(REVIEW, sync_to_thread=True, guards=[signed_in], status_code=303)
def report_reviewed(request: Asked, report_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Accept the report, or send it back with notes at its cells."""
    opened, site = _to_decide(request, db, actor, report_id), site_of(request)
    at, today = site.clock(), today_of(request)
    try:
        form = read_review(sent, opened.written)
        with site.store.transaction() as writing:
            if form.act != "return":
                accept_report(writing, actor, at, today, report_id, form.revision)
            else:
                refuse_changed(writing, actor, report_id, form.revision)
                return_report(writing, actor, at, today, report_id, form.notes, form.note)
    except Invalid as problem:
        return _review(request, db, opened, sent, problem)
    done = "returned" if form.act == "return" else "accepted"
    return Redirect(
        f"/{language_of(request).code}/reports/{report_id}?done={done}", status_code=303
    )


def _to_decide(request: Asked, db: Database, actor: Actor, report_id: str) -> Opened:
    site, today = site_of(request), today_of(request)
    opened = get_opened(db, actor, report_id, today, site.terms, site.settings.timezone)
    if not actor.is_coordinator:
        raise NotFound
    if not may_decide(db, actor, opened.report, today):
        raise NotAllowed
    return opened


def _review(
    request: Asked,
    db: Database,
    opened: Opened,
    sent: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    words = words_of(opened, language_of(request), site_of(request).terms)
    tables = tables_of(opened, words, find_handed_in(db, opened.report))
    said = said_by_field(language_of(request), problem) if problem else {}
    # in the order of the page
    said = {field: said[field] for field in (*fields_in(tables), *said) if field in said}
    return page(
        request,
        "report_review.html",
        block="content",
        report=opened.report,
        opened=opened,
        words=words,
        tables=tables,
        steps=find_steps(db, opened.report.id),
        sent=sent or {},
        problems=problems_of([], words, said),
        may_decide=opened.report.state == "submitted" and not opened.is_locked,
        **said_of(request, problem),
    )


router = Router("/", route_handlers=[report_review, report_reviewed])
