"""Sessions: a random id in a cookie, of which the server keeps only the hash.

An id that the server did not make is never adopted, and an anonymous visit makes neither a row nor
a cookie.
"""

from collections.abc import Callable
from typing import Any

from anyio.to_thread import run_sync
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.actor import PUBLIC, Actor
from portal.settings import Settings
from portal.web.site import Site, site_of

FindActor = Callable[[Site, str], Actor]


class KnowsActor(ASGIMiddleware):
    """Looks up who is asking, anew on every request."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, settings: Settings, find_actor: FindActor) -> None:
        self.cookie_name = cookie_name(settings)
        self.find_actor = find_actor

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Put the actor into the scope; without a cookie the database is not asked."""
        request = Request[Any, Any, Any](scope)
        site, token = site_of(request), request.cookies.get(self.cookie_name)
        scope["user"] = await run_sync(self.find_actor, site, token) if token else PUBLIC
        await next_app(scope, receive, send)


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this very host; it needs https, which the demo lacks."""
    return "session" if settings.is_demo else "__Host-session"


def set_session(response: Response[Any], settings: Settings, token: str) -> None:
    """Hand the browser a new session id."""
    response.set_cookie(_cookie(settings, token))


def clear_session(response: Response[Any], settings: Settings) -> None:
    """Take the session id away from the browser."""
    response.set_cookie(_cookie(settings, "", max_age=0))


def visitor_of(request: Request[Any, Any, Any], settings: Settings) -> str:
    """The numbers a visitor came from, for counting tries; never stored, never logged."""
    if settings.proxy_header:
        # what stands last was written by our own proxy, whatever the visitor sent before it
        return request.headers.get(settings.proxy_header, "").split(",")[-1].strip()
    return request.client.host if request.client else ""


def _cookie(settings: Settings, value: str, max_age: int | None = None) -> Cookie:
    return Cookie(
        key=cookie_name(settings),
        value=value,
        max_age=max_age,
        path="/",
        secure=not settings.is_demo,
        httponly=True,
        samesite="lax",
    )
