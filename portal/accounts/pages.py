"""Sign in, sign out. The demo has one button a role; production has no such route."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portal.accounts.actions import end_session, find_or_make_demo_account, start_session
from portal.errors import NotFound
from portal.forms import read_form
from portal.settings import LOOPBACK
from portal.web.guards import signed_in
from portal.web.page import page, safe_path
from portal.web.session import clear_session, cookie_name, set_session
from portal.web.site import Site, language_of, site_of, today_of

DEMO_ROLES = ("member", "practitioner", "coordinator", "admin")


class DemoSignIn(msgspec.Struct, frozen=True):
    """The demo's form."""

    role: Literal["member", "practitioner", "coordinator", "admin"]
    organisation: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    next: str | None = None


@get("/sign-in", sync_to_thread=False, include_in_schema=False)
def sign_in(request: Request[Any, Any, Any]) -> Response[bytes]:
    """How to get in; `next` leads back to where somebody was sent from."""
    back = safe_path(request.query_params.get("next"))
    return page(request, "sign_in.html", block="content", roles=DEMO_ROLES, back=back)


@post("/sign-out", sync_to_thread=True, guards=[signed_in], status_code=303)
def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    """End this session here and on the server, and clear what the browser kept."""
    site = site_of(request)
    end_here(request, site)
    answer = Redirect(f"/{language_of(request).code}/sign-in", status_code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    clear_session(answer, site.settings)
    return answer


@post(
    "/demo/sign-in",
    sync_to_thread=True,
    status_code=303,
    opt={"signs_in": True},
    include_in_schema=False,
)
def demo_sign_in(
    request: Request[Any, Any, Any], sent: NamedDependency[dict[str, str]]
) -> Redirect:
    """A session for an invented person; only on the machine that runs the demo."""
    # security: a proxy would carry strangers to a door that needs no password
    is_forwarded = any("forwarded" in name for name in request.headers)
    if is_forwarded or request.base_url.hostname not in LOOPBACK:
        raise NotFound
    form = read_form(DemoSignIn, sent)
    site = site_of(request)
    end_here(request, site)
    with site.store.transaction() as db:
        account = find_or_make_demo_account(db, form.role, form.organisation, today_of(request))
        token = start_session(db, account, site.clock())
    language = language_of(request).code
    first = {"admin": f"/{language}"}.get(form.role, f"/{language}/nearby")
    answer = Redirect(safe_path(form.next) or first, status_code=303)
    set_session(answer, site.settings, token)
    return answer


def end_here(request: Request[Any, Any, Any], site: Site) -> None:
    """End the session of the browser that asks, if it has one."""
    token = request.cookies.get(cookie_name(site.settings))
    if token:
        with site.store.transaction() as db:
            end_session(db, token, site.clock())


router = Router("/", route_handlers=[sign_in, sign_out])
