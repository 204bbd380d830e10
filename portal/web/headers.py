"""Headers of every answer, errors, redirects, static files and the data site included."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from portal.settings import Settings
from portal.web.forgery import masked

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)

SANDBOX = "default-src 'none'; sandbox"

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}

# security: pages of all sites may read what is below here, and `*` means that no cookie comes along
FOR_ALL_SITES = "/hsds"

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Data-Version",
    "Access-Control-Max-Age": "86400",
}

Hook = Callable[[Message, Scope], Awaitable[None]]


def every_answer(settings: Settings) -> Hook:
    """The hook that adds them; strict transport only where the site is served over https."""
    headers = dict(ALWAYS)
    if settings.base_url.startswith("https://") and ".onion" not in settings.base_url:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        found = MutableScopeHeaders.from_message(message)
        for name, value in headers.items():
            found[name] = value
        is_open = is_for_all_sites(scope["path"])
        for name, value in OPEN.items() if is_open else ():
            found[name] = value
        # security: a file that somebody gave is boxed in, whatever a browser makes of it
        if scope.get("state", {}).get("is_given"):
            found["Content-Security-Policy"] = SANDBOX
        if not is_open and _is_private_json(scope, found):
            found["X-CSRF-Token"] = masked(scope["user"].csrf)
        # security: a watched screen or a shared phone keeps nothing of a signed-in visit
        if _is_private(scope, message["status"]):
            found["Cache-Control"] = "no-store"
        else:
            found.setdefault("Cache-Control", "no-cache")

    return add


def is_for_all_sites(path: str) -> bool:
    """Whether an address belongs to what programs read, wherever they run: JSON only."""
    return path == FOR_ALL_SITES or path.startswith(f"{FOR_ALL_SITES}/")


def _is_private_json(scope: Any, found: MutableScopeHeaders) -> bool:
    """A script that is signed in reads here the token that its next change must carry."""
    actor = scope.get("user")
    is_json = found.get("content-type", "").startswith("application/json")
    return is_json and actor is not None and actor.is_signed_in


def _is_private(scope: Any, status: int) -> bool:
    actor = scope.get("user")
    return status >= 400 or (actor is not None and actor.is_signed_in)
