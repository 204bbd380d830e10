"""One's own devices; a lost phone; sign out; the demo's door, which production has not."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from sqlite_utils import Database

from portal.accounts.actions import (
    end_all_named,
    end_device,
    end_others,
    find_or_make_demo_account,
    let_in,
    sign_out,
)
from portal.accounts.forms import Ended, Lost
from portal.accounts.queries import (
    find_devices,
    find_organisations_with_accounts,
    get_account,
    is_locked,
)
from portal.accounts.rules import device_of, landing
from portal.actor import Actor
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.settings import LOOPBACK
from portal.web.errors import said_of
from portal.web.guards import may_end_sessions, signed_in
from portal.web.page import page, safe_path
from portal.web.session import clear_session, cookie_name, set_session
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]


class DemoSignIn(msgspec.Struct, frozen=True):
    """The demo's form."""

    role: Literal["member", "practitioner", "coordinator", "admin", "observer"]
    organisation: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    next: str | None = None


@get("/account", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def account(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Who one is here, and on which devices one is signed in."""
    site = site_of(request)
    token = request.cookies.get(cookie_name(site.settings), "")
    mine = get_account(db, actor.account_id)
    devices = find_devices(db, mine.id, token, site.clock())
    return page(request, "account.html", block="content", mine=mine, devices=devices)


@post("/account/devices/end", sync_to_thread=True, guards=[signed_in], status_code=303)
def end_one(request: Asked, actor: NamedDependency[Actor], sent: Sent) -> Redirect:
    """Sign one of one's own devices out."""
    site, form = site_of(request), read_form(Ended, sent)
    with site.store.transaction() as db:
        end_device(db, actor, site.clock(), form.device)
    return Redirect(f"/{language_of(request).code}/account", status_code=303)


@post("/account/devices/end-others", sync_to_thread=True, guards=[signed_in], status_code=303)
def end_all_others(request: Asked, actor: NamedDependency[Actor]) -> Redirect:
    """Sign every other device out: the phone is lost, this one is at hand."""
    site = site_of(request)
    token = request.cookies.get(cookie_name(site.settings), "")
    with site.store.transaction() as db:
        end_others(db, actor, site.clock(), token)
    return Redirect(f"/{language_of(request).code}/account", status_code=303)


@get("/lost-phone", sync_to_thread=True, guards=[may_end_sessions], include_in_schema=False)
def lost_phone(request: Asked, db: NamedDependency[Database]) -> Response[bytes]:
    """The form that signs a person or an organisation out everywhere."""
    return _lost_phone(request, db)


@post("/lost-phone", sync_to_thread=True, guards=[may_end_sessions], status_code=200)
def sign_others_out(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor], sent: Sent
) -> Response[bytes]:
    """Sign a person or an organisation out everywhere, at once."""
    site = site_of(request)
    try:
        form = read_form(Lost, sent)
        form.refuse_unless_one()
        with site.store.transaction() as writing:
            end_all_named(writing, actor, site.clock(), form.name, form.organisation)
    except Invalid as problem:
        return _lost_phone(request, db, sent, problem)
    return _lost_phone(request, db, done=True)


@post("/sign-out", sync_to_thread=True, guards=[signed_in], status_code=303)
def leave(request: Request[Any, Any, Any]) -> Redirect:
    """End this session here and on the server, and clear what the browser kept."""
    site = site_of(request)
    token = request.cookies.get(cookie_name(site.settings), "")
    with site.store.transaction() as db:
        sign_out(db, token, site.clock())
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
    site, at = site_of(request), site_of(request).clock()
    device = device_of(request.headers.get("user-agent", ""))
    before = request.cookies.get(cookie_name(site.settings), "")
    language = language_of(request).code
    with site.store.transaction() as db:
        account = find_or_make_demo_account(db, form.role, form.organisation, today_of(request))
        if is_locked(db, account):
            return Redirect(f"/{language}/sign-in?closed", status_code=303)
        opened = let_in(
            db,
            account,
            at,
            "demo",
            device=device,
            before=before,
            language=language,
        )
    back = safe_path(form.next)
    answer = Redirect(landing(language, form.role, back, has_kept=opened.has_kept), status_code=303)
    set_session(answer, site.settings, opened.token)
    return answer


def _lost_phone(
    request: Asked,
    db: Database,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
    *,
    done: bool = False,
) -> Response[bytes]:
    return page(
        request,
        "lost_phone.html",
        block="content",
        sent=sent or {},
        done=done,
        organisations=[(each.id, each.name) for each in find_organisations_with_accounts(db)],
        **said_of(request, problem),
    )


router = Router(
    "/", route_handlers=[account, end_one, end_all_others, lost_phone, sign_others_out, leave]
)
