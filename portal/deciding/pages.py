"""A coordinator decides: both reviewers side by side, criterion by criterion, with reasons."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.applications.registry import Decision
from portal.clock import day_of, moment_of
from portal.deciding.actions import check_decision, decide_application
from portal.deciding.forms import Decided, read_decision
from portal.deciding.queries import find_hindrance, find_made, find_verdicts
from portal.deciding.rules import (
    WHY_NOT,
    DecidedPoint,
    agreed,
    may_be_decided,
    outcome,
    reviews_decided_on,
)
from portal.errors import Invalid
from portal.reviews.answers import Seen, seen
from portal.reviews.queries import find_criteria, get_readable_for
from portal.reviews.rules import is_unanswered
from portal.reviews.standing import Standing
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
Id = FromPath[str]

# ten reasons of 2,000 letters that each take six characters to send
DECISION_BYTES = 256 * 1024


class DecisionShown(msgspec.Struct, frozen=True):
    """How an application was decided, or that it may be now; points by criterion."""

    may_decide: bool
    why_not: str | None
    verdict: str | None
    note: str | None
    points: dict[str, DecidedPoint]


@get(
    "/applications/{application_id:str}/decision",
    sync_to_thread=True,
    guards=[is_coordinator],
    **answers(DecisionShown),
)
def decision(
    request: Asked,
    application_id: Id,
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """What both reviewers said, and the form; afterwards what was decided."""
    return _decision(request, db, actor, application_id)


@post(
    "/applications/{application_id:str}/decision",
    sync_to_thread=True,
    guards=[is_coordinator],
    status_code=303,
    request_max_body_size=DECISION_BYTES,
)
def decided(
    request: Asked, application_id: Id, actor: NamedDependency[Actor], sent: Sent
) -> Response[Any]:
    """Show what it comes to; once that is confirmed, decide."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            comes_to = _decide(request, db, actor, application_id, sent)
    except Invalid as problem:
        with site.store.read() as db:
            return _decision(request, db, actor, application_id, problem, sent)
    if comes_to is not None:
        with site.store.read() as db:
            return _decision(request, db, actor, application_id, None, sent, comes_to)
    path = f"/{language_of(request).code}/applications/{application_id}/decision"
    return Redirect(path, status_code=303)


def _decide(
    request: Asked, db: Database, actor: Actor, application_id: str, sent: dict[str, str]
) -> str | None:
    """None when it is decided; else what it would come to, to be confirmed first."""
    at, today = site_of(request).clock(), today_of(request)
    standing = get_readable_for(db, actor, today, application_id)
    form: Decided = read_decision(sent, [each.code for each in find_criteria(db, standing.id)])
    comes_to = outcome(form.points)
    if standing.is_open and form.sure != comes_to:
        check_decision(db, actor, at, today, standing, form)
        return comes_to
    decide_application(db, actor, at, today, application_id, form)
    return None


def _decision(
    request: Asked,
    db: Database,
    actor: Actor,
    application_id: str,
    problem: Invalid | None = None,
    sent: Sent | None = None,
    comes_to: str | None = None,
) -> Response[bytes]:
    site, today, language = site_of(request), today_of(request), language_of(request)
    standing = get_readable_for(db, actor, today, application_id)
    waits = may_be_decided(standing, site.clock())
    why = find_hindrance(db, actor, today, standing) if waits else None
    made = find_made(db, standing)
    points = _points_of(made)
    said = language.say(WHY_NOT[why]) if why else None
    json = _shown(waits and why is None, said, made, points)
    found = seen(db, standing, language)
    return page(
        request,
        "decision.html",
        block="content",
        **{"json": json, **said_of(request, problem)},
        standing=standing,
        found=found,
        made=made,
        made_on=day_of(moment_of(made.at), site.settings.timezone) if made else None,
        points=points,
        waits=waits,
        may_decide=waits and why is None,
        why_not=said,
        unanswered=is_unanswered(standing, site.clock()),
        reviews=reviews_decided_on(standing) if waits or made else [],
        typed=dict(sent) if sent is not None else _agreed(db, standing, found),
        comes_to=comes_to,
    )


def _points_of(made: Decision | None) -> dict[str, DecidedPoint]:
    points = made.points if made else {}
    return {code: DecidedPoint(met, why or None) for code, (met, why) in points.items()}


def _shown(
    may_decide: bool,
    why_not: str | None,
    made: Decision | None,
    points: dict[str, DecidedPoint],
) -> DecisionShown:
    verdict, note = (made.verdict, made.note) if made else (None, None)
    return DecisionShown(may_decide, why_not, verdict, note, points)


def _agreed(db: Database, standing: Standing, found: Seen) -> dict[str, str]:
    """The fields as they stand at first: chosen where both reviewers say the same."""
    verdicts = find_verdicts(db, standing)
    both = {each.code: agreed(each.code, verdicts) for each in found.criteria}
    return {
        f"met-{code}": "met" if met else "not_met" for code, met in both.items() if met is not None
    }


router = Router("/", route_handlers=[decision, decided])
