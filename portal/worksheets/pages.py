"""Work on a report without the network: take it as a workbook, bring it back, look, save."""

from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import CannotTransfer, Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.sheets import MEDIA_TYPES
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.giving import GIVES, attachment
from portal.web.guards import signed_in
from portal.web.page import actor_of, page
from portal.web.receiving import Received, receive, receiving
from portal.web.site import language_of, site_of, today_of
from portal.worksheets.actions import save_sheet
from portal.worksheets.answers import SheetAnswer, look_at
from portal.worksheets.drawing import draw_worksheet
from portal.worksheets.forms import SheetSave, open_sheet, read_rows
from portal.worksheets.queries import get_own_worksheet, get_worksheet_for

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
ReportId = FromPath[str]

# a report is some hundred rows
MOST_BYTES = 2 * 1024 * 1024

NO_FILE = Message("Choose the file that you have filled in.")


@get(
    "/reports/{report_id:str}/offline",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
)
def offline(request: Asked, report_id: ReportId, db: Db, actor: Who) -> Response[bytes]:
    """Where the sheet is taken, and brought back."""
    return _shown(request, db, actor, report_id)


@get(
    "/reports/{report_id:str}/sheet",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
    **GIVES,
)
def sheet(request: Asked, report_id: ReportId, db: Db, actor: Who) -> Response[bytes]:
    """The report as a workbook."""
    site = site_of(request)
    found = get_worksheet_for(db, actor, report_id, site.terms)
    content = draw_worksheet(found, site.terms, language_of(request))
    headers = {"Content-Disposition": attachment(f"report-{found.report.period}.xlsx")}
    headers["Cache-Control"] = "no-store"
    return Response(content, media_type=MEDIA_TYPES["xlsx"], headers=headers)


@post(
    "/reports/{report_id:str}/sheet",
    guards=[signed_in],
    status_code=200,
    **receiving(MOST_BYTES),
    **answers(SheetAnswer),
)
async def brought(request: Asked, report_id: ReportId) -> Response[Any]:
    """Look at a sheet that was filled in; or save what was looked at."""
    async with receive(request, MOST_BYTES) as got:
        return await run_sync(_save if "rows" in got.fields else _look, request, report_id, got)


def _look(request: Asked, report_id: str, got: Received) -> Response[Any]:
    site, actor, today = site_of(request), actor_of(request), today_of(request)
    with site.store.read() as db:
        found = None
        try:
            own = get_own_worksheet(db, actor, today, report_id, site.terms)
            if not got.files:
                raise Invalid({"workbook": [NO_FILE]})
            brought = open_sheet(got.files[0].path.read_bytes())
            found = look_at(own, brought, site.terms, language_of(request))
        except CannotTransfer as refused:
            return _shown(request, db, actor, report_id, Invalid({"workbook": [refused.message]}))
        except Invalid as invalid:
            return _shown(request, db, actor, report_id, invalid)
        report, status = own.report, 422 if found.problems else 200
        shown: dict[str, Any] = {"report": report, "found": found, "problem": None}
        return page(request, "offline.html", block="content", json=found, status=status, **shown)


def _save(request: Asked, report_id: str, got: Received) -> Response[Any]:
    site, by = site_of(request), actor_of(request)
    try:
        sent = read_form(SheetSave, {name: texts[-1] for name, texts in got.fields.items()})
        rows = read_rows(sent.rows)
        with site.store.transaction() as db:
            told = (report_id, sent.revision, rows, site.terms)
            save_sheet(db, by, site.clock(), today_of(request), *told)
    except Invalid as invalid:
        with site.store.read() as db:
            return _shown(request, db, by, report_id, invalid)
    here = f"/{language_of(request).code}/reports/{report_id}"
    return Redirect(f"{here}?done=saved", status_code=303)


def _shown(
    request: Asked, db: Database, actor: Actor, report_id: str, problem: Invalid | None = None
) -> Response[bytes]:
    found = get_worksheet_for(db, actor, report_id, site_of(request).terms)
    shown: dict[str, Any] = {"report": found.report, "found": None, **said_of(request, problem)}
    return page(request, "offline.html", block="content", **shown)


router = Router("/", route_handlers=[offline, sheet, brought])
