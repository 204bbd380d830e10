"""The pages on which a quarter is reported, and on which a coordinator looks at it."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.indicators.periods import read_period
from portal.reporting.actions import save_typed
from portal.reporting.answers import all_lines, fill
from portal.reporting.drawing import (
    Difference,
    QuarterLines,
    QuarterReport,
    differences,
    line_of,
    own_line,
    report_as_json,
    standing_out,
    tables_of,
)
from portal.reporting.forms import (
    ReportOpened,
    ReportWay,
    Typed,
    read_typed,
)
from portal.reporting.letters import words_of
from portal.reporting.queries import (
    Opened,
    OwnQuarter,
    ReportsWanted,
    find_others,
    find_own_quarters,
    find_report_periods,
    find_shut,
    get_opened,
    reports_at_all,
    writes_in,
)
from portal.reporting.rules import BLANK_ROWS, MOST_ROWS, filled, name_lines, with_what_came
from portal.reports.actions import (
    correct_report,
    hand_in,
    open_report,
)
from portal.reports.queries import find_steps, quarter_due
from portal.reports.registry import may_decide
from portal.web.documented import answers
from portal.web.errors import said_by_field, said_of
from portal.web.guards import signed_in
from portal.web.page import address, page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
SentLists = NamedDependency[dict[str, list[str]]]
Id = FromPath[str]

ONE = "/reports/{report_id:str}"


@get("/reports", sync_to_thread=True, guards=[signed_in], **answers(QuarterLines, ReportsWanted))
def reports(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """One's own quarters, what is due on top; for coordinators what waits of others."""
    reports_at_all(actor)
    return _reports(request, db, actor)


@post("/reports", sync_to_thread=True, guards=[signed_in], status_code=303)
def report_opened(request: Asked, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Begin the report of a quarter, or go on with it."""
    reports_at_all(actor)
    site, today = site_of(request), today_of(request)
    try:
        quarter = read_period(read_form(ReportOpened, sent).period)
        if quarter.frequency != "quarter":
            raise NotFound
        with site.store.transaction() as writing:
            timezone = site.settings.timezone
            opened = open_report(writing, actor, site.clock(), today, quarter, timezone)
    except Invalid as problem:
        return _reports(request, db, actor, problem)
    return _to(request, opened)


@get(ONE, sync_to_thread=True, guards=[signed_in], **answers(QuarterReport, ReportWay))
def quarter_report(request: Asked, report_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The form of a whole quarter; of what was handed in its numbers and its history."""
    opened = _opened(request, db, actor, report_id)
    return _shown(request, db, actor, opened)


@post(ONE, sync_to_thread=True, guards=[signed_in], status_code=303)
def quarter_sent(
    request: Asked, report_id: Id, db: Db, actor: Who, sent: Sent, sent_lists: SentLists
) -> Response[Any]:
    """Save what was written; hand it in, or add lines and rows, as the button says."""
    opened = _own(_opened(request, db, actor, report_id), actor)
    site, today = site_of(request), today_of(request)
    regions, projects = site.terms.codes("regions"), [each.id for each in opened.projects]
    added = name_lines(sent_lists.get("add", []), sent_lists.get("for", []))
    typing = read_typed(sent, added, opened.sheets, regions, opened.written, projects)
    try:
        with site.store.transaction() as writing:
            save_typed(writing, actor, site.clock(), today, report_id, typing)
    except Invalid as problem:
        with site_of(request).store.read() as now:
            return _refused(request, now, actor, report_id, typing, problem)
    return _after_save(request, actor, report_id, typing)


@post(f"{ONE}/correct", sync_to_thread=True, guards=[signed_in], status_code=303)
def report_corrected(request: Asked, report_id: Id, db: Db, actor: Who) -> Response[Any]:
    """Begin a draft over what was accepted."""
    opened, site = _own(_opened(request, db, actor, report_id), actor), site_of(request)
    try:
        with site.store.transaction() as writing:
            correct_report(writing, actor, site.clock(), today_of(request), report_id)
    except Invalid as problem:
        return _shown(request, db, actor, opened, problem)
    return _to(request, report_id, done="correct")


def _opened(request: Asked, db: Database, actor: Actor, report_id: str) -> Opened:
    site = site_of(request)
    zone = site.settings.timezone
    return get_opened(db, actor, report_id, today_of(request), site.terms, zone)


def _own(opened: Opened, actor: Actor) -> Opened:
    # security: a coordinator reads the reports of others and never writes in them
    if not writes_in(actor, opened.report):
        raise NotFound
    return opened


def _after_save(request: Asked, actor: Actor, report_id: str, typing: Typed) -> Response[Any]:
    act, site = typing.act, site_of(request)
    if act.act == "save":
        return _to(request, report_id, done="saved")
    if act.act not in ("hand_in", "hand_in_as_is"):
        rows = min(act.rows + BLANK_ROWS, MOST_ROWS) if act.act == "more_rows" else act.rows
        return _to(request, report_id, add=typing.added, rows=str(rows), done="saved")
    if act.act == "hand_in" and _stands_out(request, actor, report_id):
        return _to(request, report_id, done="look")
    try:
        with site.store.transaction() as db:
            revision = act.revision + 1
            hand_in(db, actor, site.clock(), today_of(request), report_id, revision)
    except Invalid as problem:
        with site.store.read() as now:
            opened = _opened(request, now, actor, report_id)
            return _shown(request, now, actor, opened, problem, is_saved=True)
    return _to(request, report_id, done="handed_in")


def _stands_out(request: Asked, actor: Actor, report_id: str) -> bool:
    """Whether a report that could be handed in holds what somebody should look at twice."""
    with site_of(request).store.read() as db:
        opened = _opened(request, db, actor, report_id)
        words = words_of(opened, language_of(request), site_of(request).terms)
        return not opened.problems and bool(standing_out(opened, words))


def _refused(
    request: Asked, db: Database, actor: Actor, report_id: str, typing: Typed, problem: Invalid
) -> Response[bytes]:
    """The form again with all that was typed, beside what somebody else has saved meanwhile."""
    opened = _opened(request, db, actor, report_id)
    is_behind = opened.report.revision != typing.act.revision or not opened.report.is_editable
    if typing.read.wrong or not is_behind:
        return _shown(request, db, actor, opened, problem, typing)
    merged = with_what_came(opened.written, typing.read.written)
    words = words_of(opened, language_of(request), site_of(request).terms)
    differ = differences(words, opened.written, typing.read.written)
    texts = filled(opened.sheets, all_lines(opened, []), merged, opened.before)
    return _shown(request, db, actor, opened, problem, differ=differ, texts=texts)


def _shown(
    request: Asked,
    db: Database,
    actor: Actor,
    opened: Opened,
    problem: Invalid | None = None,
    typing: Typed | None = None,
    *,
    differ: Sequence[Difference] = (),
    texts: Mapping[str, str] | None = None,
    is_saved: bool = False,
) -> Response[bytes]:
    words = words_of(opened, language_of(request), site_of(request).terms)
    wrong = {field: [words.language.say(said)] for field, said in opened.problems.items()}
    said: dict[str, Any] = {"json": report_as_json(opened, wrong), **said_of(request, problem)}
    said |= {"opened": opened, "words": words, "differ": differ, "report": opened.report}
    said |= {"way": _way(request), "is_saved": is_saved}
    if writes_in(actor, opened.report) and opened.report.is_editable and not opened.is_locked:
        texts = typing.texts if typing else texts
        wrong_now = said_by_field(words.language, problem) if problem else {}
        filling = fill(opened, words, typing.way if typing else _way(request), texts, wrong_now)
        said |= filling.shown(typing.act.revision if typing else opened.report.revision)
        said["may_hand_in"] = today_of(request) > opened.report.quarter.last
        said["standing_out"] = standing_out(opened, words) if said["way"].done == "look" else []
        unfitting = {field: [words.language.say(s)] for field, s in opened.unfitting.items()}
        said["unfitting"] = filling.problems(unfitting) if said["way"].done == "saved" else []
        return page(request, "report_form.html", block="content", **said)
    decides = actor.is_coordinator and may_decide(db, actor, opened.report, today_of(request))
    return page(
        request,
        "report_shown.html",
        block="content",
        tables=tables_of(opened, words),
        steps=find_steps(db, opened.report.id),
        is_own=writes_in(actor, opened.report),
        decides=decides and opened.report.state == "submitted",
        **said,
    )


def _way(request: Asked) -> ReportWay:
    if request.method != "GET":
        return ReportWay()
    query = request.query_params
    return read_form(ReportWay, {name: query.getall(name) for name in query})


def _reports(
    request: Asked, db: Database, actor: Actor, problem: Invalid | None = None
) -> Response[bytes]:
    wanted = read_form(ReportsWanted, request.query_params)
    own: list[OwnQuarter] = []
    if actor.organisation_id:
        timezone = site_of(request).settings.timezone
        own = find_own_quarters(db, actor.organisation_id, today_of(request), timezone)
    others = find_others(db, actor, wanted)
    lines = [own_line(actor.organisation_id or "", each) for each in own]
    lines += [line_of(each) for each in others]
    shown = lines[wanted.offset : wanted.offset + wanted.per_page]
    found = QuarterLines(len(lines), wanted.page, wanted.per_page, shown)
    due = quarter_due(today_of(request)).code
    here = others[wanted.offset : wanted.offset + wanted.per_page]
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    return page(
        request,
        "reports.html",
        block="content",
        due=next((each for each in own if each.quarter.code == due), None),
        own=own,
        others=here,
        shut=find_shut(db, here, today_of(request)),
        found=QuarterLines(len(others), wanted.page, wanted.per_page, []),
        wanted=wanted,
        periods=find_report_periods(db),
        **said,
    )


def _to(
    request: Asked, report_id: str, *, add: Sequence[str] = (), rows: str = "", done: str = ""
) -> Redirect:
    here = f"/{language_of(request).code}/reports/{report_id}"
    return Redirect(
        address(here, {"add": list(add) or None, "rows": rows, "done": done}), status_code=303
    )


router = Router(
    "/",
    route_handlers=[
        reports,
        report_opened,
        quarter_report,
        quarter_sent,
        report_corrected,
    ],
)
