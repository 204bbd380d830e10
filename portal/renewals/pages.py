"""The pages on which a member renews and affirms, and on which a coordinator looks at a renewal."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.charter.queries import PointChanged, find_charter, find_version
from portal.charter.rules import differences, fields_changed
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.renewals.actions import affirm, decide_renewal, send_renewal
from portal.renewals.forms import RenewalDecision, read_affirmation, read_self_check
from portal.renewals.queries import (
    Standing,
    find_renewal,
    find_renewal_answers,
    get_standing,
    may_decide,
)
from portal.renewals.rules import MOST_WHY, MOST_WORDS, Refusal, RenewalAnswer, renews_for
from portal.web.documented import answers
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]

OF_ONE = "/memberships/{organisation_id:str}/renewal"


class RenewalShown(msgspec.Struct, frozen=True):
    """One's own renewal as it stands: by when, since when it is open, what was answered."""

    due_on: str
    opens_on: str
    is_open: bool
    verdict: str | None
    note: str | None
    answers: list[RenewalAnswer]


class AffirmationShown(msgspec.Struct, frozen=True):
    """What is to be affirmed: the codes of points, under which version, until when."""

    version: int | None
    newest: int | None
    asked: list[str]
    refused: list[str]
    affirm_by: str | None


class RenewalToLookAt(msgspec.Struct, frozen=True):
    """A member's renewal for coordinators."""

    id: str
    organisation_id: str
    due_on: str
    version: int
    sent_at: str
    verdict: str | None
    note: str | None
    may_decide: bool
    answers: list[RenewalAnswer]


def own_standing(request: Asked, db: Database, actor: Actor) -> Standing:
    """How one's own organisation stands, for its members and coordinators alone."""
    if actor.role not in ("member", "coordinator"):
        raise NotFound
    return get_standing(db, actor.organisation_id, today_of(request))


@get("/membership/renewal", sync_to_thread=True, guards=[signed_in], **answers(RenewalShown))
def renewal(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The self-check, criterion by criterion; or when it opens, or that it waits."""
    return _renewal(request, db, actor, {})


@post("/membership/renewal", sync_to_thread=True, guards=[signed_in], status_code=303)
def renewal_sent(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Renew for another year, or say what does not hold any more."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            own = own_standing(request, db, actor)
            charter = find_charter(db)
            form = read_self_check(sent, charter.criteria if charter else [])
            send_renewal(db, actor, site.clock(), today_of(request), own.id, form)
    except Invalid as problem:
        with site.store.read() as db:
            return _renewal(request, db, actor, sent, problem)
    return _to(request, "membership", done="renewal")


@get("/membership/affirm", sync_to_thread=True, guards=[signed_in], **answers(AffirmationShown))
def affirmation(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """What changed since the version that one stands under, word by word."""
    return _affirmation(request, db, actor, {})


@post("/membership/affirm", sync_to_thread=True, guards=[signed_in], status_code=303)
def affirmed(request: Asked, actor: Who, sent: Sent) -> Response[Any]:
    """Affirm it, or say that one cannot."""
    site = site_of(request)
    try:
        with site.store.transaction() as db:
            own = own_standing(request, db, actor)
            form = read_affirmation(sent)
            left = affirm(db, actor, site.clock(), today_of(request), own.id, form)
    except Invalid as problem:
        with site.store.read() as db:
            return _affirmation(request, db, actor, sent, problem)
    return _to(request, "membership", done="cannot" if left else "affirmed")


@get(OF_ONE, sync_to_thread=True, guards=[signed_in], **answers(RenewalToLookAt))
def renewal_of(
    request: Asked, organisation_id: FromPath[str], db: Db, actor: Who
) -> Response[bytes]:
    """What a member said, for coordinators; those of another organisation decide."""
    return _renewal_of(request, db, actor, organisation_id, {})


@post(OF_ONE, sync_to_thread=True, guards=[signed_in], status_code=303)
def renewal_decided(
    request: Asked, organisation_id: FromPath[str], db: Db, actor: Who, sent: Sent
) -> Response[Any]:
    """Renewed after all, or sent back with a note."""
    if not actor.is_coordinator:
        raise NotFound
    get_standing(db, organisation_id, today_of(request))
    site = site_of(request)
    try:
        form = read_form(RenewalDecision, sent)
        with site.store.transaction() as writing:
            decide_renewal(writing, actor, site.clock(), organisation_id, form)
    except Invalid as problem:
        return _renewal_of(request, db, actor, organisation_id, sent, problem)
    return _to(request, "memberships", organisation_id)


def _renewal(
    request: Asked,
    db: Database,
    actor: Actor,
    sent: Mapping[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    own, charter = own_standing(request, db, actor), find_charter(db)
    before = find_renewal_answers(db, own.renewal.id) if own.renewal else {}
    verdict, note = (own.renewal.verdict, own.renewal.note) if own.renewal else (None, None)
    due_on, opens = own.due_on.isoformat(), own.opens_on.isoformat()
    shown = RenewalShown(due_on, opens, own.is_open, verdict, note, list(before.values()))
    said: dict[str, Any] = {"json": shown, **said_of(request, problem)}
    return page(
        request,
        "renewal.html",
        block="content",
        own=own,
        charter=charter,
        for_day=renews_for(own.due_on, today_of(request)),
        before=before,
        refused=_refused(own),
        sent=sent,
        most=MOST_WORDS,
        **said,
    )


def _affirmation(
    request: Asked,
    db: Database,
    actor: Actor,
    sent: Mapping[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    own = own_standing(request, db, actor)
    by = own.affirm_by.isoformat() if own.affirm_by else None
    shown = AffirmationShown(own.version, own.newest, own.asked, own.refused, by)
    said: dict[str, Any] = {"json": shown, **said_of(request, problem)}
    said |= {"asked": _changes(db, own), "refused": _refused(own), "most": MOST_WHY}
    return page(request, "affirm.html", block="content", own=own, sent=sent, **said)


def _refused(own: Standing) -> dict[str, Refusal]:
    return {each.code: each for each in own.refusals}


def _changes(db: Database, own: Standing) -> list[PointChanged]:
    after = find_version(db, own.newest) if own.newest is not None else None
    before = find_version(db, own.version) if own.version is not None else None
    if after is None:
        return []
    changed = differences(before.points if before else (), after.points)
    return [
        PointChanged(each.code, each.how, each.before, each.after, fields_changed(each))
        for each in changed
        if each.code in own.asked
    ]


def _renewal_of(
    request: Asked,
    db: Database,
    actor: Actor,
    organisation_id: str,
    sent: Mapping[str, str],
    problem: Invalid | None = None,
) -> Response[bytes]:
    if not actor.is_coordinator:
        raise NotFound
    member = get_standing(db, organisation_id, today_of(request))
    found = find_renewal(db, organisation_id)
    if found is None:
        raise NotFound
    given = find_renewal_answers(db, found.id)
    decides = may_decide(db, actor, found)
    due_on, all_given = found.due_on.isoformat(), list(given.values())
    head = (found.id, organisation_id, due_on, found.version, found.sent_at)
    shown = RenewalToLookAt(*head, found.verdict, found.note, decides, all_given)
    said: dict[str, Any] = {"json": shown, **said_of(request, problem)}
    return page(
        request,
        "renewal_of.html",
        block="content",
        member=member,
        found=found,
        charter=find_version(db, found.version),
        given=given,
        decides=decides,
        sent=sent,
        most=MOST_WORDS,
        **said,
    )


def _to(request: Asked, *parts: str, done: str | None = None) -> Redirect:
    path = "/".join(("", language_of(request).code, *parts))
    return Redirect(path + (f"?done={done}" if done else ""), status_code=303)


router = Router(
    "/",
    route_handlers=[
        renewal,
        renewal_sent,
        affirmation,
        affirmed,
        renewal_of,
        renewal_decided,
    ],
)
