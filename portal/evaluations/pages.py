"""The evaluation of an event and its test: questions, sheets to print, numbers, results."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.charts import draw_chart, size_of
from portal.errors import Invalid, NotAllowed, NotFound
from portal.evaluations import actions
from portal.evaluations.answers import (
    Results,
    counts_of,
    draw_evaluation,
    draw_test,
    names_of,
    options_of,
    results_of,
    rows_of,
    words_of,
)
from portal.evaluations.forms import Chosen, Sheet, read_counts, read_question
from portal.evaluations.queries import find_questions, get_evaluated_for
from portal.events.queries import Kept
from portal.events.rules import may_keep
from portal.forms import read_form
from portal.organising.queries import get_organised_for
from portal.organising.rules import may_count
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of
from portal.web.tagged import answer_tagged

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]


@get("/", sync_to_thread=True, **answers(Results))
def evaluation(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """What they said and what they knew, as charts and tables."""
    event, language = (
        get_evaluated_for(db, actor, today_of(request), event_id),
        language_of(request),
    )
    found = results_of(find_questions(db, event_id), language)
    return page(
        request,
        "evaluation.html",
        block="content",
        json=found,
        event=event,
        found=found,
        sizes=[size_of(draw(found, language)) for draw in (draw_evaluation, draw_test)],
        keeps=may_keep(actor, event.organisation_id) and may_count(event),
        saved="saved" in request.query_params,
    )


@get("/answers.svg", sync_to_thread=True, include_in_schema=False)
def answers_chart(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """What they said, as a picture."""
    get_evaluated_for(db, actor, today_of(request), event_id)
    found = results_of(find_questions(db, event_id), language_of(request))
    return _chart(request, found.is_answered, draw_evaluation(found, language_of(request)))


@get("/test.svg", sync_to_thread=True, include_in_schema=False)
def test_chart(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """How many were right before and after, as a picture."""
    get_evaluated_for(db, actor, today_of(request), event_id)
    found = results_of(find_questions(db, event_id), language_of(request))
    return _chart(request, found.is_tested, draw_test(found, language_of(request)))


@get("/sheet", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def sheet(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """A sheet to print, in the reader's language: paper is what far districts use."""
    event = get_evaluated_for(db, actor, today_of(request), event_id)
    wanted, language = read_form(Sheet, request.query_params), language_of(request)
    asked = [
        (words_of(each, language), options_of(each, language))
        for each in find_questions(db, event_id)
        if (each.kind == "test") == (wanted.of == "test")
    ]
    return page(
        request, "evaluation_sheet.html", block="content", event=event, asked=asked, of=wanted.of
    )


@get("/questions", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def questions(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The questions, and a form for one more."""
    return _questions(request, db, actor, event_id)


@post("/questions", sync_to_thread=True, guards=[signed_in], status_code=303)
def question_added(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Add a question."""
    _countable(request, db, actor, event_id)
    try:
        question = read_question(sent, site_of(request).settings.languages)
        _do(request, actor, actions.add_question, event_id, question)
    except Invalid as problem:
        return _questions(request, db, actor, event_id, sent, problem)
    return _to(request, event_id, "/questions")


@post("/questions/ready", sync_to_thread=True, guards=[signed_in], status_code=303)
def ready_added(request: Asked, event_id: Id, actor: Who) -> Response[Any]:
    """Add the questions that we offer."""
    _do(request, actor, actions.add_ready, event_id)
    return _to(request, event_id, "/questions")


@post("/questions/drop", sync_to_thread=True, guards=[signed_in], status_code=303)
def question_dropped(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Take a question away."""
    _countable(request, db, actor, event_id)
    _do(request, actor, actions.drop_question, event_id, read_form(Chosen, sent).chosen)
    return _to(request, event_id, "/questions")


@get("/counts", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def counts(request: Asked, event_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """A field for each answer."""
    return _counts(request, db, actor, event_id)


@post("/counts", sync_to_thread=True, guards=[signed_in], status_code=303)
def counts_entered(request: Asked, event_id: Id, db: Db, actor: Who, sent: Sent) -> Response[Any]:
    """Save how many gave each answer."""
    _countable(request, db, actor, event_id)
    asked = find_questions(db, event_id)
    try:
        numbers = read_counts(sent, names_of(asked, language_of(request)))
        _do(request, actor, actions.set_counts, event_id, counts_of(asked, numbers))
    except Invalid as problem:
        return _counts(request, db, actor, event_id, sent, problem)
    return _to(request, event_id, "")


def _countable(request: Asked, db: Database, actor: Actor, event_id: str) -> Kept:
    event = get_organised_for(db, actor, today_of(request), event_id)
    if not may_count(event):
        raise NotAllowed
    return event


def _do(request: Asked, actor: Actor, act: Callable[..., Any], event_id: str, *more: Any) -> None:
    site, today = site_of(request), today_of(request)
    with site.store.transaction() as db:
        act(db, actor, site.clock(), today, event_id, *more)


def _to(request: Asked, event_id: str, part: str) -> Redirect:
    here = f"/{language_of(request).code}/events/{event_id}/evaluation{part}?saved=1"
    return Redirect(here, status_code=303)


def _chart(request: Asked, is_known: bool, spec: dict[str, Any]) -> Response[bytes]:
    if not is_known:
        raise NotFound
    return answer_tagged(request, draw_chart(spec).encode(), "image/svg+xml")


def _questions(
    request: Asked,
    db: Database,
    actor: Actor,
    event_id: str,
    sent: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    event, language = _countable(request, db, actor, event_id), language_of(request)
    asked = [
        (each, words_of(each, language), options_of(each, language))
        for each in find_questions(db, event_id)
    ]
    return page(
        request,
        "evaluation_questions.html",
        block="content",
        event=event,
        asked=asked,
        sheet={"texts": dict(sent or {})},
        saved="saved" in request.query_params,
        **said_of(request, problem),
    )


def _counts(
    request: Asked,
    db: Database,
    actor: Actor,
    event_id: str,
    sent: Mapping[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    event = _countable(request, db, actor, event_id)
    rows = rows_of(find_questions(db, event_id), language_of(request), sent)
    said = said_of(request, problem)
    return page(request, "evaluation_counts.html", block="content", event=event, rows=rows, **said)


router = Router(
    "/events/{event_id:str}/evaluation",
    route_handlers=[
        evaluation,
        answers_chart,
        test_chart,
        sheet,
        questions,
        question_added,
        ready_added,
        question_dropped,
        counts,
        counts_entered,
    ],
)
