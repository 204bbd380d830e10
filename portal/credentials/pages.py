"""Sign in; change one's own password; print new codes."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlite_utils import Database

from portal.accounts.actions import end_others, let_in
from portal.accounts.queries import get_account
from portal.accounts.rules import DEMO_ROLES, device_of, landing
from portal.actor import Actor, SignedBy
from portal.credentials.actions import (
    Claim,
    Proof,
    make_recovery_codes,
    prove_or_refuse,
    set_password,
)
from portal.credentials.forms import Proven, SignIn, part, read_new_password
from portal.credentials.queries import count_unused_codes, has_codes, has_password
from portal.credentials.rules import hash_password
from portal.errors import Invalid, NotAllowed
from portal.forms import read_form
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import page, safe_path
from portal.web.session import cookie_name, set_session, visitor_of
from portal.web.site import language_of, site_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]


@get("/sign-in", sync_to_thread=False, include_in_schema=False)
def sign_in(request: Asked) -> Response[bytes]:
    """How to get in; `next` leads back to where somebody was sent from."""
    return _sign_in(request, safe_path(request.query_params.get("next")), "")


@post("/sign-in", sync_to_thread=True, status_code=303, opt={"signs_in": True})
def sign_in_posted(request: Asked, sent: Sent) -> Response[Any]:
    """Name, password and code: one try, one answer whatever was wrong."""
    try:
        form = read_form(SignIn, sent)
        proof = _prove(request, form.name, sent["password"], form.code)
    except Invalid as problem:
        back = safe_path(sent.get("next"))
        return _sign_in(request, back, sent.get("name", "")[:100], problem)
    return _let_in(request, proof, safe_path(form.next))


@get("/account/password", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def password(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """The form for another password."""
    known = has_password(db, str(actor.account_id))
    return _password(request, known=known)


@post("/account/password", sync_to_thread=True, guards=[signed_in], status_code=200)
def change_password(request: Asked, actor: NamedDependency[Actor], sent: Sent) -> Response[bytes]:
    """Another password, when the present one and a code are right; other sessions end."""
    try:
        _change(request, actor, sent)
    except Invalid as problem:
        return _password(request, problem)
    return _password(request, done=True)


@get("/account/recovery-codes", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def recovery_codes(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """How many printed codes are left, and the way to new ones."""
    return _codes(request, db, actor)


@post("/account/recovery-codes", sync_to_thread=True, guards=[signed_in], status_code=200)
def new_recovery_codes(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: Sent
) -> Response[bytes]:
    """Ten new codes, shown once; in place of others only with password and code."""
    site = site_of(request)
    if not has_password(db, str(actor.account_id)):
        raise NotAllowed
    try:
        if has_codes(db, str(actor.account_id)):
            _prove_again(request, actor, sent)
    except Invalid as problem:
        return _codes(request, db, actor, problem)
    with site.store.transaction() as writing:
        codes = make_recovery_codes(writing, actor, site.clock(), str(actor.account_id))
    return _codes(request, db, actor, codes=codes)


def _sign_in(
    request: Asked, back: str | None, name: str, problem: Invalid | None = None
) -> Response[bytes]:
    return page(
        request,
        "sign_in.html",
        block="content",
        roles=DEMO_ROLES,
        back=back,
        name=name,
        kept="kept" in request.query_params,
        closed="closed" in request.query_params,
        **said_of(request, problem),
    )


def _password(
    request: Asked, problem: Invalid | None = None, *, known: bool = True, done: bool = False
) -> Response[bytes]:
    said = said_of(request, problem)
    return page(request, "password.html", block="content", known=known, done=done, **said)


def _codes(
    request: Asked,
    db: Database,
    actor: Actor,
    problem: Invalid | None = None,
    codes: list[str] | None = None,
) -> Response[bytes]:
    mine = str(actor.account_id)
    return page(
        request,
        "recovery_codes.html",
        block="content",
        **said_of(request, problem),
        codes=codes or [],
        left=count_unused_codes(db, mine),
        known=has_password(db, mine),
        first=not has_codes(db, mine),
    )


def _prove(request: Asked, name: str, password: str, code: str) -> Proof:
    site = site_of(request)
    claim = Claim(name, password, code, visitor_of(request, site.settings))
    return prove_or_refuse(site.store, site.settings.secret, claim, site.clock())


def _prove_again(request: Asked, actor: Actor, sent: dict[str, str]) -> None:
    form = read_form(Proven, part(Proven, sent))
    with site_of(request).store.read() as db:
        name = get_account(db, actor.account_id).sign_in_name
    _prove(request, name, sent["current"], form.code)


def _change(request: Asked, actor: Actor, sent: dict[str, str]) -> None:
    site = site_of(request)
    chosen = read_new_password(sent, [actor.name, site.settings.network_name])
    _prove_again(request, actor, sent)
    hashed, at = hash_password(chosen), site.clock()
    with site.store.transaction() as db:
        set_password(db, actor, at, str(actor.account_id), hashed)
        end_others(db, actor, at, request.cookies.get(cookie_name(site.settings), ""))


def _let_in(request: Asked, proof: Proof, back: str | None) -> Redirect:
    site, at = site_of(request), site_of(request).clock()
    device = device_of(request.headers.get("user-agent", ""))
    before = request.cookies.get(cookie_name(site.settings), "")
    by: SignedBy = "printed" if proof.with_printed_code else "password"
    language = language_of(request).code
    with site.store.transaction() as db:
        opened = let_in(
            db,
            str(proof.account_id),
            at,
            by,
            device=device,
            before=before,
            language=language,
        )
    # a used code is gone: whoever has lost a phone sees how many are left
    left = f"/{language}/account/recovery-codes" if proof.with_printed_code else back
    to = landing(language, opened.role, left, has_kept=opened.has_kept)
    answer = Redirect(to, status_code=303)
    set_session(answer, site.settings, opened.token)
    return answer


router = Router(
    "/",
    route_handlers=[
        sign_in,
        sign_in_posted,
        password,
        change_password,
        recovery_codes,
        new_recovery_codes,
    ],
)
