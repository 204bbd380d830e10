"""Who may come in: checks that stand before a handler."""

from typing import Any

from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from portal.actor import Actor
from portal.errors import Forged, NotAllowed, NotFound, NotSignedIn
from portal.forms import LARGEST_NUMBER
from portal.web import forgery
from portal.web.page import actor_of, address, safe_path, wants_json
from portal.web.receiving import drain
from portal.web.session import cookie_name
from portal.web.site import Site

Connection = ASGIConnection[Any, Any, Any, Any]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def in_a_known_language(connection: Connection, _handler: BaseRouteHandler) -> None:
    """The first part of the address is one of the site's languages."""
    if connection.path_params.get("lang") not in connection.app.state.site.settings.languages:
        raise NotFound


def of_possible_numbers(connection: Connection, _handler: BaseRouteHandler) -> None:
    """No number of the address is larger than the database can hold: there is nothing there."""
    numbers = [each for each in connection.path_params.values() if isinstance(each, int)]
    if any(abs(each) > LARGEST_NUMBER for each in numbers):
        raise NotFound


def signed_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Somebody with an account."""
    if not actor_of(connection).is_signed_in:  # type: ignore[arg-type]
        raise NotSignedIn


def may_use_directory(connection: Connection, handler: BaseRouteHandler) -> None:
    """A member with directory access, or a coordinator."""
    signed_in(connection, handler)
    if not actor_of(connection).may_use_directory:  # type: ignore[arg-type]
        raise NotAllowed


def may_end_sessions(connection: Connection, handler: BaseRouteHandler) -> None:
    """A coordinator or an administrator, whom people call when a phone is lost."""
    signed_in(connection, handler)
    if not actor_of(connection).may_end_sessions:  # type: ignore[arg-type]
        raise NotAllowed


def keeps_accounts(connection: Connection, handler: BaseRouteHandler) -> None:
    """A coordinator or an administrator, who invite people and look after their accounts."""
    signed_in(connection, handler)
    if not actor_of(connection).keeps_accounts:  # type: ignore[arg-type]
        raise NotAllowed


def decides(connection: Connection, handler: BaseRouteHandler) -> None:
    """Who may be a second person: a member, a coordinator, an administrator."""
    signed_in(connection, handler)
    if actor_of(connection).role not in ("member", "coordinator", "admin"):  # type: ignore[arg-type]
        raise NotAllowed


def is_coordinator(connection: Connection, handler: BaseRouteHandler) -> None:
    """One of the named people of the network who keep the registers honest."""
    signed_in(connection, handler)
    if not actor_of(connection).is_coordinator:  # type: ignore[arg-type]
        raise NotAllowed


async def not_forged(connection: Connection, handler: BaseRouteHandler) -> None:
    """A change is asked for by a page of ours, shown in this very session.

    A handler may opt out with `opt={"signs_in": True}`: signing in has no session to forge.
    One with `opt={"reads_body": True}` looks for the token itself, in a body that is too large to
    be read here (`web.receiving.receive`). Of one with `opt={"keeps_nothing": True}` nothing waits
    for somebody whose session has run out: what one looked for is nobody's business later.
    """
    if connection.scope["method"] in SAFE_METHODS:  # type: ignore[typeddict-item]
        return
    _from_here(connection)
    if handler.opt.get("signs_in"):
        return
    actor: Actor = actor_of(connection)  # type: ignore[arg-type]
    if not actor.is_signed_in:
        if handler.opt.get("reads_body") and await _had_session(connection):
            await drain(connection)  # type: ignore[arg-type]
        raise NotSignedIn(kept=await _keep_typed(connection, handler))
    if handler.opt.get("reads_body"):
        return
    sent = connection.headers.get("x-csrf-token") or await _form_token(connection)
    if not forgery.matches(sent, actor.csrf):
        raise Forged


async def _had_session(connection: Connection) -> bool:
    # security: of a stranger nothing is taken in, whatever cookie they made up
    site: Site = connection.app.state.site
    token = connection.cookies.get(cookie_name(site.settings))
    return token is not None and await run_sync(site.had_session, token)


def _from_here(connection: Connection) -> None:
    origin = connection.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != connection.headers.get("host"):
        raise Forged


async def _form_token(connection: Any) -> str:
    if not _is_small_form(connection):
        return ""
    form = await connection.form()
    return str(form.get("csrf", ""))


async def _keep_typed(connection: Any, handler: BaseRouteHandler) -> bool:
    """Keep a form whose session has run out; nothing is read of those who never had one."""
    if handler.opt.get("keeps_nothing"):
        return False
    site: Site = connection.app.state.site
    token = connection.cookies.get(cookie_name(site.settings))
    if not token or not _is_small_form(connection) or wants_json(connection):
        return False
    form = await connection.form()
    sent = [(name, text) for name, text in form.items() if isinstance(text, str)]
    path = safe_path(address(connection.url.path, dict(connection.query_params)))
    return path is not None and await run_sync(site.keep_typed, token, sent, path)


def _is_small_form(connection: Connection) -> bool:
    # security: only small urlencoded bodies are read before the person is known
    kind = connection.headers.get("content-type", "")
    return kind.startswith("application/x-www-form-urlencoded")
