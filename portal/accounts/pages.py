"""Sign out; the demo's door, which production has not."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from portal.accounts.actions import end_session, find_or_make_demo_account, start_session
from portal.accounts.rules import device_of, first_page
from portal.errors import NotFound
from portal.forms import read_form
from portal.settings import LOOPBACK
from portal.web.guards import signed_in
from portal.web.page import safe_path
from portal.web.session import clear_session, cookie_name, set_session
from portal.web.site import Site, language_of, site_of, today_of


class DemoSignIn(msgspec.Struct, frozen=True):
    """The demo's form."""

    role: Literal["member", "practitioner", "coordinator", "admin"]
    organisation: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    next: str | None = None


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
        device = device_of(request.headers.get("user-agent", ""))
        token = start_session(db, account, site.clock(), device)
    first = first_page(language_of(request).code, form.role)
    answer = Redirect(safe_path(form.next) or first, status_code=303)
    set_session(answer, site.settings, token)
    return answer


def end_here(request: Request[Any, Any, Any], site: Site) -> None:
    """End the session of the browser that asks, if it has one."""
    token = request.cookies.get(cookie_name(site.settings))
    if token:
        with site.store.transaction() as db:
            end_session(db, token, site.clock())


router = Router("/", route_handlers=[sign_out])
