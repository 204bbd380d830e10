"""The practitioner's own page: what goes to whom, whom she excludes, and her consent or no.

A link opens it without signing in; whoever is signed in finds the same page at her record.
"""

from typing import Any, Literal

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import PUBLIC, Actor
from portal.agreements.queries import find_exclusions
from portal.consents.actions import answer
from portal.consents.forms import read_choice
from portal.consents.queries import Record, get_record
from portal.consents.rules import FIELDS, NOT_IN_PRINT, SEEN_BY, WIDEST, Field, masked
from portal.errors import Invalid, NotFound
from portal.ethics.queries import find_code, version_to_sign
from portal.forms import read_form
from portal.links.actions import use_link
from portal.links.queries import Link, find_link
from portal.organisations.forms import Wanted
from portal.organisations.queries import find_names, find_organisations
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
SentLists = NamedDependency[dict[str, list[str]]]

# how a consent came, by the purpose of the link: mailed to her, or printed to be handed over
WAYS = {"consent": "link", "consent_printed": "printed"}
EMPTY: tuple[object, ...] = (None, "", [])


class Done(msgspec.Struct, frozen=True):
    """What was answered."""

    answer: Literal["give", "decline", "withdraw"] = "give"


@get("/consent/done", sync_to_thread=False, include_in_schema=False)
def done(request: Asked) -> Response[bytes]:
    """Thanks, and what comes next; says nothing of anybody."""
    what = read_form(Done, request.query_params).answer
    return page(request, "consent_done.html", block="content", what=what)


@get("/consent/{code:str}", sync_to_thread=True, include_in_schema=False)
def consent_by_link(
    request: Asked, code: FromPath[str], db: NamedDependency[Database]
) -> Response[bytes]:
    """The page of a link; reading it does not use the link up."""
    link = _find(request, db, code)
    if link is None:
        return _over(request)
    return _show(request, db, _by(link, code))


@post("/consent/{code:str}", sync_to_thread=True, status_code=303, opt={"signs_in": True})
def answer_by_link(
    request: Asked,
    code: FromPath[str],
    db: NamedDependency[Database],
    sent: Sent,
    sent_lists: SentLists,
) -> Response[Any]:
    """Her answer; the link is used up with it, in one transaction."""
    link = _find(request, db, code)
    if link is None:
        return _over(request)
    by = Actor(role="practitioner", practitioner_id=link.subject_id)
    try:
        _save(request, by, _by(link, code), sent, sent_lists, link)
    except NotFound:
        return _over(request)
    except Invalid as problem:
        return _show(request, db, _by(link, code), sent, sent_lists, problem)
    what = sent.get("answer", "")
    return Redirect(f"/{language_of(request).code}/consent/done?answer={what}", status_code=303)


@get(
    "/practitioners/{practitioner_id:str}/consent",
    sync_to_thread=True,
    guards=[signed_in],
    include_in_schema=False,
)
def own_consent(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    """The same page for herself when she is signed in; nobody else has it."""
    return _show(request, db, _own(actor, practitioner_id))


@post(
    "/practitioners/{practitioner_id:str}/consent",
    sync_to_thread=True,
    guards=[signed_in],
    status_code=303,
)
def own_answer(
    request: Asked,
    practitioner_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: Sent,
    sent_lists: SentLists,
) -> Response[Any]:
    """Her answer from the account."""
    asked = _own(actor, practitioner_id)
    try:
        _save(request, actor, asked, sent, sent_lists)
    except Invalid as problem:
        return _show(request, db, asked, sent, sent_lists, problem)
    return Redirect("/".join(("", language_of(request).code, *asked.here)), status_code=303)


class Opened(msgspec.Struct, frozen=True):
    """Whose page was opened, at which address, and how a consent given there came."""

    practitioner_id: str
    here: tuple[str, ...]
    how: str
    code: str | None = None

    @property
    def is_printed(self) -> bool:
        """Whether somebody else held the key to this page before her."""
        return self.how == "printed"


def _own(actor: Actor, practitioner_id: str) -> Opened:
    if actor.practitioner_id != practitioner_id:
        raise NotFound
    return Opened(practitioner_id, ("practitioners", practitioner_id, "consent"), "account")


def _by(link: Link, code: str) -> Opened:
    return Opened(link.subject_id, ("consent", code), WAYS[link.purpose], code)


def _find(request: Asked, db: Database, code: str) -> Link | None:
    at = site_of(request).clock()
    found = (find_link(db, purpose, code, at) for purpose in WAYS)
    return next((link for link in found if link is not None), None)


def _save(
    request: Asked,
    by: Actor,
    opened: Opened,
    sent: dict[str, str],
    ticked: dict[str, list[str]],
    link: Link | None = None,
) -> None:
    site, today = site_of(request), today_of(request)
    with site.store.transaction() as db:
        choice = read_choice(sent, ticked, site.terms, find_names(db))
        if link is not None:
            use_link(db, site.clock(), link.purpose, str(opened.code))
        answer(db, by, site.clock(), today, opened.practitioner_id, choice, opened.how)


def _over(request: Asked) -> Response[bytes]:
    return page(request, "link_over.html", block="content", status=404, purpose="consent")


def _show(
    request: Asked,
    db: Database,
    opened: Opened,
    sent: dict[str, str] | None = None,
    ticked: dict[str, list[str]] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    record = get_record(db, opened.practitioner_id)
    is_hers = not opened.is_printed
    # security: a printed link is opened by whoever holds it; what she chose before is not shown
    stands, excluded = (_stands(record), _ticked_now(db, record.id)) if is_hers else ({}, {})
    context: dict[str, Any] = {
        "record": record,
        "here": opened.here,
        "is_printed": opened.is_printed,
        "groups": _groups(request, record, is_hers=is_hers),
        "sent": sent or stands,
        "ticked": ticked if ticked is not None else excluded,
        "organisations": _excludable(db, record, is_hers=is_hers),
        "code": find_code(db),
        "to_sign": version_to_sign(db, record.id),
        "today": today_of(request),
    }
    # security: her own record is no JSON of a form that failed
    said = {**said_of(request, problem), "json": None}
    answered = page(request, "consent.html", block="content", **context, **said)
    # security: by a link nobody is signed in, and still no browser may keep this
    answered.headers["Cache-Control"] = "no-store"
    return answered


class Group(msgspec.Struct, frozen=True):
    """What the same people see: fields with their values, and the names of what is empty yet."""

    seen_by: str
    filled: list[tuple[str, Field, Any]]
    empty: list[str]


def _groups(request: Asked, record: Record, *, is_hers: bool) -> list[Group]:
    """Every field under those who see it, the widest first."""
    say, is_new = language_of(request).say, record.consents_given == 0
    groups = []
    for tier in WIDEST:
        fields = [each for each in FIELDS if each.tier == tier]
        values = [(say(each.label), each, getattr(record, each.name)) for each in fields]
        filled = [each for each in values if each[2] not in EMPTY]
        if not is_hers and tier in NOT_IN_PRINT:
            filled = [
                (
                    label,
                    msgspec.structs.replace(each, kind="text"),
                    say(masked(each, value, is_new)),
                )
                for label, each, value in filled
            ]
        empty = [label for label, _field, value in values if value in EMPTY]
        if fields or tier == "public":
            groups.append(Group(say(SEEN_BY[tier]), filled, empty))
    return groups


def _stands(record: Record) -> dict[str, str]:
    """What she chose before; nothing is chosen for somebody who never did."""
    if record.consent_scope is None:
        return {}
    return {"scope": record.consent_scope, "contact_policy": record.contact_policy or ""}


def _ticked_now(db: Database, practitioner_id: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, value in find_exclusions(db, practitioner_id):
        found.setdefault(kind, []).append(value)
    return found


def _excludable(db: Database, record: Record, *, is_hers: bool) -> list[tuple[str, str]]:
    """Organisations to tick by name: those with a public card, and those she excludes already."""
    # security: a link may be read by another; an organisation without a public card is not named
    public = {each.id for each in find_organisations(db, PUBLIC, Wanted(per_page=100)).results}
    if is_hers:
        public |= {value for _kind, value in find_exclusions(db, record.id)}
    return [(id_, names[0]) for id_, names in find_names(db) if id_ in public]


router = Router(
    "/", route_handlers=[done, consent_by_link, answer_by_link, own_consent, own_answer]
)
