"""The front door, the way to a language, and whether the site is well."""

from typing import Any, Literal

import msgspec
from litestar import MediaType, Request, Response, Router, get
from litestar.response import Redirect

from portal.web.documented import answers
from portal.web.page import answer_json, page
from portal.web.site import preferred_language, site_of


class Health(msgspec.Struct, frozen=True):
    """Whether the site is well, and on this machine also each part of it."""

    status: Literal["ok", "degraded"]
    checks: dict[str, Literal["ok", "failed"]]


@get("/", sync_to_thread=False, include_in_schema=False)
def choose_language(request: Request[Any, Any, Any]) -> Redirect:
    """On to the language of the cookie, else of the browser."""
    answer = Redirect(f"/{preferred_language(request)}", status_code=302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


@get("/", sync_to_thread=True, include_in_schema=False)
def home(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What the portal is, and the ways in."""
    return page(request, "home.html", block="content")


@get("/healthz", sync_to_thread=True, **answers(Health))
def healthz(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Whether the site is well; which part is not is told on loopback only."""
    site = site_of(request)
    checks = site.checks()
    status = "ok" if all(checks.values()) else "degraded"
    client = request.client.host if request.client else ""
    is_here = client in ("127.0.0.1", "::1", "testclient")
    # security: a proxy on this machine brings every visitor from loopback
    is_here = is_here and not any("forwarded" in name for name in request.headers)
    shown = checks if is_here else {}
    body = {
        "status": status,
        "checks": {name: "ok" if well else "failed" for name, well in shown.items()},
    }
    return answer_json(body, 200 if checks["database"] else 503)


router = Router("/", route_handlers=[home])


@get("/robots.txt", media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def robots(request: Request[Any, Any, Any]) -> str:
    """What search engines may keep: the plain pages of the data site, and of a demo nothing.

    Everything else stays out: a list of results must not tie a reader to the pages they read.
    """
    if site_of(request).settings.is_demo:
        return "User-agent: *\nDisallow: /\n"
    return "User-agent: *\nDisallow: /\nAllow: /data/\nDisallow: /data/*?\nAllow: /static/\n"
