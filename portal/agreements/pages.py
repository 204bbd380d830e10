"""Agreement and papers of one practitioner: what stands, why she is not listed, the next step."""

from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.actions import agree, move
from portal.agreements.forms import STATES, read_attended, read_step
from portal.agreements.queries import (
    Paper,
    Taken,
    find_consent,
    find_history,
    find_proposal,
    get_paper_for,
    has_answered,
    others_could_agree,
)
from portal.agreements.rules import (
    MENDS,
    REASONS,
    may_become,
    may_keep,
    refusal_to_agree,
    refusal_to_print,
    to_mend,
)
from portal.clock import day_of, moment_of
from portal.errors import Invalid, NotAllowed
from portal.ethics.queries import Signature, find_signatures
from portal.i18n.language import Message
from portal.papers.actions import add_training
from portal.papers.queries import Training, find_held, find_trainings
from portal.practitioners.queries import find_standing
from portal.practitioners.registry import find_alike
from portal.practitioners.rules import reasons_unlisted
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]


class Papers(msgspec.Struct, frozen=True):
    """Everything on the page; `unlisted` are codes, none of them means listed."""

    paper: Paper
    history: list[Taken]
    unlisted: list[str]
    signatures: list[Signature]
    trainings: list[Training]


@get(
    "/practitioners/{practitioner_id:str}/agreement",
    sync_to_thread=True,
    guards=[signed_in],
    **answers(Papers),
)
def agreement(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """The papers, and what this person may do about them."""
    return _show(request, db, actor, practitioner_id)


@post(
    "/practitioners/{practitioner_id:str}/agreement",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=303,
)
def take_step(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: Sent,
) -> Response[Any]:
    """Agree, suspend, end, or propose again."""
    try:
        _take(request, db, actor, practitioner_id, sent)
    except Invalid as problem:
        return _show(request, db, actor, practitioner_id, sent, problem)
    return _back(request, practitioner_id)


@post(
    "/practitioners/{practitioner_id:str}/trainings",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=303,
)
def attend(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: Sent,
) -> Response[Any]:
    """Note a training that she attended."""
    try:
        _attend(request, db, actor, practitioner_id, sent)
    except Invalid as problem:
        return _show(request, db, actor, practitioner_id, sent, problem)
    return _back(request, practitioner_id)


def _take(
    request: Asked, db: Database, actor: Actor, practitioner_id: str, sent: dict[str, str]
) -> None:
    site, today = site_of(request), today_of(request)
    paper = get_paper_for(db, actor, today, practitioner_id)
    form = read_step(sent)
    _refuse_others(actor, paper, form.step)
    with site.store.transaction() as writing:
        if form.step == "agree":
            agree(writing, actor, site.clock(), today, paper.id, spoken=form.spoken)
        else:
            move(writing, actor, site.clock(), paper.id, STATES[form.step], form.reason)


def _refuse_others(actor: Actor, paper: Paper, step: str) -> None:
    """Only who uses the directory agrees; only who keeps the papers does anything else."""
    allowed = actor.may_use_directory if step == "agree" else may_keep(actor, paper.organisation_id)
    if not allowed:
        raise NotAllowed


def _attend(
    request: Asked, db: Database, actor: Actor, practitioner_id: str, sent: dict[str, str]
) -> None:
    site, today = site_of(request), today_of(request)
    paper = get_paper_for(db, actor, today, practitioner_id)
    if not may_keep(actor, paper.organisation_id):
        raise NotAllowed
    form = read_attended(sent, today)
    held_on, title = form.held_on, form.title
    if form.event:
        held_on, title = _of_the_register(db, today, form.event)
    with site.store.transaction() as writing:
        add_training(writing, actor, site.clock(), paper.id, str(held_on), str(title), form.event)


def _of_the_register(db: Database, today: date, event_id: str) -> tuple[date, str]:
    for each in find_held(db, today):
        if each.id == event_id:
            return each.starts_on, each.title
    raise Invalid({"event": [Message("Choose a training from the list.")]})


def _back(request: Asked, practitioner_id: str) -> Redirect:
    here = f"/{language_of(request).code}/practitioners/{practitioner_id}/agreement"
    return Redirect(here, status_code=303)


def _show(
    request: Asked,
    db: Database,
    actor: Actor,
    practitioner_id: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    today = today_of(request)
    paper = get_paper_for(db, actor, today, practitioner_id)
    keeps = may_keep(actor, paper.organisation_id)
    sees_all = keeps or actor.practitioner_id == paper.id
    papers = Papers(
        paper=paper,
        history=find_history(db, actor, paper.id) if sees_all else [],
        unlisted=_unlisted(db, today, paper.id),
        signatures=find_signatures(db, paper.id),
        trainings=find_trainings(db, paper.id),
    )
    language = language_of(request)
    context: dict[str, Any] = {
        "sent": sent or {},
        "keeps": keeps,
        "sees_all": sees_all,
        "mends": [language.say(MENDS[code]) for code in _to_mend(db, papers)],
        "no_print": _no_print(request, db, paper),
        "day": lambda at: language.date(day_of(moment_of(at), site_of(request).settings.timezone)),
        "steps": [s for s, state in STATES.items() if may_become(paper.state, state)],
        "refusal": _refusal(request, db, actor, paper),
        "reasons": REASONS,
        "alike": _alike(db, actor, today, paper),
        "held": find_held(db, today) if keeps else [],
        "today": today.isoformat(),
    }
    said = {"json": papers, **said_of(request, problem)}
    return page(request, "agreement.html", block="content", papers=papers, **context, **said)


def _unlisted(db: Database, today: date, practitioner_id: str) -> list[str]:
    standing = find_standing(db, practitioner_id)
    return reasons_unlisted(standing, today) if standing else []


def _to_mend(db: Database, papers: Papers) -> list[str]:
    consent = find_consent(db, papers.paper.id)
    confirms = consent is None or consent.is_of_these_details
    return to_mend(papers.unlisted, papers.paper.state, confirms=confirms)


def _no_print(request: Asked, db: Database, paper: Paper) -> str | None:
    """Why a keeper is shown no link to hand over, said instead of the button."""
    if paper.has_email:
        return None
    refusal = refusal_to_print(paper.state, has_answered=has_answered(db, paper.id))
    return language_of(request).say(refusal) if refusal else None


def _refusal(request: Asked, db: Database, actor: Actor, paper: Paper) -> str | None:
    """Why this person cannot be the second one, said before they try."""
    proposal = find_proposal(db, paper.id)
    others_could = others_could_agree(db, actor, today_of(request), proposal)
    refusal: Message | None = refusal_to_agree(actor, proposal, others_could=others_could)
    return language_of(request).say(refusal) if refusal else None


def _alike(db: Database, actor: Actor, today: date, paper: Paper) -> list[str]:
    """Other records that may be the same person's, which only a coordinator sees all of."""
    if not actor.is_coordinator or paper.state != "proposed":
        return []
    own = paper.organisation_id
    alike = find_alike(db, actor, today, paper.name, paper.profession, organisation_id=own)
    return [each.id for each in alike if each.id != paper.id]


router = Router("/", route_handlers=[agreement, take_step, attend])
