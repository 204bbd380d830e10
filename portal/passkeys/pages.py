"""One's own passkeys; sign in with one."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlite_utils import Database

from portal.accounts.actions import let_in
from portal.accounts.queries import get_account
from portal.accounts.rules import DEMO_ROLES, device_of, landing, session_hash
from portal.actor import Actor
from portal.credentials.actions import Claim, prove_or_refuse
from portal.credentials.forms import Proven, part
from portal.credentials.rules import attempt_key, network_of
from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message
from portal.passkeys.actions import (
    Asking,
    Sent,
    add_passkey,
    make_challenge,
    prove_passkey,
    remove_passkey,
)
from portal.passkeys.forms import Answered, Removed
from portal.passkeys.queries import find_known, find_passkeys
from portal.passkeys.rules import (
    MOST_KEYS,
    Party,
    creation_options,
    is_recent,
    request_options,
)
from portal.web.errors import said_of
from portal.web.guards import signed_in
from portal.web.page import answer_json, page, safe_path
from portal.web.session import cookie_name, set_session, visitor_of
from portal.web.site import language_of, site_of

Asked = Request[Any, Any, Any]
SentForm = NamedDependency[dict[str, str]]
OPEN = {"signs_in": True}

NOT_ADDED = Message("The passkey was not added. Begin again: the page is good for five minutes.")
# security: the same sentence for a passkey nobody knows, a locked account, an old or altered answer
NOT_OPENED = Message(
    "The passkey did not open the door. Try it once more, or sign in with password and code."
)


@get("/account/passkeys", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def passkeys(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """One's own passkeys, and the way to another one."""
    return _passkeys(request, db, actor)


@post("/account/passkeys/new", sync_to_thread=True, guards=[signed_in], status_code=200)
def new_passkey(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: SentForm
) -> Response[bytes]:
    """The page on which the browser makes a passkey, for who has just shown who they are."""
    try:
        _refuse_too_many(db, actor)
        if _needs_proof(request, actor):
            _prove_again(request, db, actor, sent)
    except Invalid as problem:
        return _passkeys(request, db, actor, problem)
    return _new(request, db, actor)


@post("/account/passkeys", sync_to_thread=True, guards=[signed_in], status_code=303)
def passkey_made(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: SentForm
) -> Response[Any]:
    """Keep the public half of what the browser made."""
    site = site_of(request)
    try:
        answered = _answered(request, sent)
        with site.store.transaction() as writing:
            asking, party = _adding(request), _party(request)
            added = add_passkey(writing, actor, site.clock(), asking, party, answered)
        _refuse_unless(added, NOT_ADDED)
    except Invalid as problem:
        return _passkeys(request, db, actor, problem)
    return Redirect(f"/{language_of(request).code}/account/passkeys", status_code=303)


@post("/account/passkeys/remove", sync_to_thread=True, guards=[signed_in], status_code=303)
def remove(request: Asked, actor: NamedDependency[Actor], sent: SentForm) -> Redirect:
    """Remove one of one's own; sessions and everything else stay."""
    site, form = site_of(request), read_form(Removed, sent)
    with site.store.transaction() as db:
        remove_passkey(db, actor, site.clock(), form.passkey)
    return Redirect(f"/{language_of(request).code}/account/passkeys", status_code=303)


@post(
    "/sign-in/passkey/challenge",
    sync_to_thread=True,
    status_code=200,
    opt=OPEN,
    include_in_schema=False,
)
def challenge(request: Asked) -> Response[bytes]:
    """What the sign-in page lets a passkey sign, made when its button is pressed."""
    site = site_of(request)
    with site.store.transaction() as db:
        ticket, bits = make_challenge(db, site.clock(), _signing_in(request), _network(request))
    options = request_options(_party(request), bits)
    return answer_json({"ticket": ticket, "options": options})


@post("/sign-in/passkey", sync_to_thread=True, status_code=303, opt=OPEN)
def sign_in_with_passkey(request: Asked, sent: SentForm) -> Response[Any]:
    """A session for whose passkey gave the right answer."""
    back = safe_path(sent.get("next"))
    try:
        answered = _answered(request, sent)
        return _let_in(request, answered, back)
    except Invalid:
        return _not_opened(request, back)


def _not_opened(request: Asked, back: str | None) -> Response[bytes]:
    return page(
        request,
        "sign_in.html",
        block="content",
        roles=DEMO_ROLES,
        back=back,
        name="",
        kept=False,
        closed=False,
        **said_of(request, Invalid({"all": [NOT_OPENED]})),
    )


def _let_in(request: Asked, answered: Sent, back: str | None) -> Redirect:
    site, at = site_of(request), site_of(request).clock()
    before = request.cookies.get(cookie_name(site.settings), "")
    asking, party = _signing_in(request), _party(request)
    with site.store.transaction() as db:
        account_id = prove_passkey(db, at, asking, party, answered)
        opened = account_id and let_in(
            db,
            account_id,
            at,
            "passkey",
            device=answered.device,
            before=before,
            language=language_of(request).code,
        )
    if not opened:
        raise Invalid({"all": [NOT_OPENED]})
    to = landing(language_of(request).code, opened.role, back, has_kept=opened.has_kept)
    answer = Redirect(to, status_code=303)
    set_session(answer, site.settings, opened.token)
    return answer


def _answered(request: Asked, sent: dict[str, str]) -> Sent:
    form = read_form(Answered, sent)
    return Sent(form.ticket, form.answer, device_of(request.headers.get("user-agent", "")))


def _signing_in(request: Asked) -> Asking:
    return Asking(site_of(request).settings.secret, "sign_in")


def _adding(request: Asked) -> Asking:
    settings = site_of(request).settings
    token = request.cookies.get(cookie_name(settings), "")
    return Asking(settings.secret, "add", session_hash(token))


def _party(request: Asked) -> Party:
    settings = site_of(request).settings
    return Party(settings.host, settings.origin)


def _network(request: Asked) -> str:
    settings = site_of(request).settings
    return attempt_key(settings.secret, network_of(visitor_of(request, settings)))


def _needs_proof(request: Asked, actor: Actor) -> bool:
    """The demo's people have nothing to prove themselves by."""
    return actor.signed_by != "demo" and not is_recent(actor.signed_at, site_of(request).clock())


def _prove_again(request: Asked, db: Database, actor: Actor, sent: dict[str, str]) -> None:
    site, form = site_of(request), read_form(Proven, part(Proven, sent))
    name, visitor = (
        get_account(db, actor.account_id).sign_in_name,
        visitor_of(request, site.settings),
    )
    claim = Claim(name, sent["current"], form.code, visitor)
    prove_or_refuse(site.store, site.settings.secret, claim, site.clock())


def _refuse_too_many(db: Database, actor: Actor) -> None:
    told = Message(
        "You have %(most)s passkeys. Remove one that you do not use.", {"most": MOST_KEYS}
    )
    _refuse_unless(len(find_known(db, str(actor.account_id))) < MOST_KEYS, told)


def _refuse_unless(is_well: bool, told: Message) -> None:
    if not is_well:
        raise Invalid({"all": [told]})


def _new(request: Asked, db: Database, actor: Actor) -> Response[bytes]:
    site, mine = site_of(request), get_account(db, actor.account_id)
    party = _party(request)
    with site.store.transaction() as writing:
        ticket, bits = make_challenge(writing, site.clock(), _adding(request), _network(request))
    options = creation_options(party, bits, mine.id, mine.sign_in_name, find_known(db, mine.id))
    return page(
        request,
        "passkey_new.html",
        block="content",
        ticket=ticket,
        options=options,
    )


def _passkeys(
    request: Asked, db: Database, actor: Actor, problem: Invalid | None = None
) -> Response[bytes]:
    return page(
        request,
        "passkeys.html",
        block="content",
        mine=find_passkeys(db, str(actor.account_id)),
        proof=_needs_proof(request, actor),
        **said_of(request, problem),
    )


router = Router(
    "/",
    route_handlers=[
        passkeys,
        new_passkey,
        passkey_made,
        remove,
        challenge,
        sign_in_with_passkey,
    ],
)
