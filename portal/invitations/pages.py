"""Accept an invitation: a name and a password, then the phone, then the printed codes.

The link carries the secret of every form here; whoever has it is not signed in yet.
"""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.accounts.actions import start_session
from portal.accounts.rules import device_of
from portal.credentials.actions import Verdict, count_try, visit_keys
from portal.credentials.forms import read_new_password
from portal.credentials.rules import hash_password, key_of, refusal
from portal.errors import Invalid, NotFound
from portal.forms import read_form
from portal.i18n.language import Message
from portal.invitations.actions import (
    accept,
    choose,
    come_back,
    new_picture,
    take_picture,
)
from portal.invitations.drawing import draw_key, spaced
from portal.invitations.forms import Chosen, Returning, Shown, read_name
from portal.invitations.queries import Invitation, find_invitation
from portal.web.errors import said_of
from portal.web.page import address, page
from portal.web.session import set_session, visitor_of
from portal.web.site import language_of, preferred_language, site_of

Asked = Request[Any, Any, Any]
Sent = NamedDependency[dict[str, str]]
OPEN = {"signs_in": True}


@get("/join/{link:str}", sync_to_thread=False, include_in_schema=False)
def open_link(request: Asked, link: FromPath[str]) -> Redirect:
    """The printed link, without a language: on to the reader's own."""
    return Redirect(f"/{preferred_language(request)}/join/{link}", status_code=302)


@get("/join/{link:str}", sync_to_thread=True, include_in_schema=False)
def join(request: Asked, link: FromPath[str], db: NamedDependency[Database]) -> Response[bytes]:
    """The step that an invitation has come to."""
    found = find_invitation(db, link, site_of(request).clock())
    if found is None:
        return page(request, "join_over.html", block="content", status=404)
    if found.waits_for_phone and "back" not in request.query_params:
        return _phone(request, link, found)
    return _join(request, link, found)


@post("/join/{link:str}", sync_to_thread=True, status_code=303, opt=OPEN)
def join_posted(request: Asked, link: FromPath[str], sent: Sent) -> Response[Any]:
    """Keep the name and the password; somebody who comes back shows a code as well."""
    site = site_of(request)
    with site.store.read() as db:
        found = find_invitation(db, link, site.clock())
    if found is None:
        return _over(request)
    try:
        if found.kind == "return":
            return _come_back(request, link, found, sent)
        return _choose(request, link, found, sent)
    except Invalid as problem:
        return _join(request, link, found, sent, problem)


@post("/join/{link:str}/picture", sync_to_thread=True, status_code=303, opt=OPEN)
def show_picture(request: Asked, link: FromPath[str]) -> Response[Any]:
    """The picture once more."""
    site = site_of(request)
    with site.store.transaction() as db:
        picture = new_picture(db, site.clock(), link)
    return _on(request, link, picture)


@get("/join/{link:str}/picture/{key:str}", sync_to_thread=True, include_in_schema=False)
def picture(request: Asked, link: FromPath[str], key: FromPath[str]) -> Response[bytes]:
    """The phone's key as a picture; this address works once, so a GET uses itself up here."""
    site = site_of(request)
    with site.store.transaction() as db:
        found = take_picture(db, site.clock(), link, key)
    svg = draw_key(site.settings, str(found.salt), str(found.sign_in_name))
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@post("/join/{link:str}/phone", sync_to_thread=True, status_code=303, opt=OPEN)
def phone(request: Asked, link: FromPath[str], sent: Sent) -> Response[Any]:
    """The account, once the phone shows the right code."""
    site, account_id = site_of(request), None
    with site.store.read() as db:
        found = find_invitation(db, link, site.clock())
    try:
        form = read_form(Shown, sent)
        with site.store.transaction() as db:
            verdict, account_id = accept(db, site.settings.secret, site.clock(), link, form.code)
        return _welcome(request, _sure(verdict, account_id))
    except NotFound:
        return _over(request)
    except Invalid as problem:
        return _mend(request, link, found, problem)


def _choose(request: Asked, link: str, found: Invitation, sent: dict[str, str]) -> Redirect:
    form = read_form(Chosen, sent)
    name = read_name(form.name)
    about = [name, found.name, site_of(request).settings.network_name]
    hashed, site = hash_password(read_new_password(sent, about)), site_of(request)
    with site.store.transaction() as db:
        key = choose(db, site.clock(), link, name, hashed)
    return _on(request, link, key)


def _come_back(request: Asked, link: str, found: Invitation, sent: dict[str, str]) -> Redirect:
    site, form = site_of(request), read_form(Returning, sent)
    secret, at = site.settings.secret, site.clock()
    hashed = hash_password(read_new_password(sent, [found.name, site.settings.network_name]))
    keys = visit_keys(secret, visitor_of(request, site.settings), str(found.account_id))
    with site.store.transaction() as db:
        count_try(db, keys, at)
    with site.store.transaction() as db:
        verdict, key = come_back(db, secret, at, link, form.code, hashed)
    account_id = _sure(verdict, found.account_id)
    return _on(request, link, key) if key else _welcome(request, account_id)


def _sure(verdict: Verdict, account_id: str | None) -> str:
    """The account, or what the person should do about the code."""
    if verdict.is_right and account_id:
        return account_id
    if verdict.seconds_off is not None:
        raise Invalid({"code": [refusal(verdict.seconds_off)]})
    told = Message("This code does not fit. Type the one that is shown now.")
    raise Invalid({"code": [told]})


def _welcome(request: Asked, account_id: str) -> Redirect:
    site = site_of(request)
    device = device_of(request.headers.get("user-agent", ""))
    with site.store.transaction() as db:
        token = start_session(
            db, account_id, site.clock(), device, "password", language_of(request).code
        )
    here = f"/{language_of(request).code}/account/recovery-codes"
    answer = Redirect(here, status_code=303)
    set_session(answer, site.settings, token)
    return answer


def _on(request: Asked, link: str, key: str) -> Redirect:
    here = f"/{language_of(request).code}/join/{link}"
    return Redirect(address(here, {"picture": key}), status_code=303)


def _over(request: Asked) -> Response[bytes]:
    return page(request, "join_over.html", block="content", status=404)


def _mend(request: Asked, link: str, found: Invitation | None, problem: Invalid) -> Response[bytes]:
    if found is None:
        return _over(request)
    show = _join if "name" in problem.fields else _phone
    return show(request, link, found, problem=problem)


def _join(
    request: Asked,
    link: str,
    found: Invitation,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    name = (sent or {}).get("name", found.sign_in_name or "")[:100]
    said = said_of(request, problem)
    return _unkept(
        page(request, "join.html", block="content", link=link, found=found, name=name, **said)
    )


def _phone(
    request: Asked, link: str, found: Invitation, problem: Invalid | None = None
) -> Response[bytes]:
    key = spaced(key_of(site_of(request).settings.secret, str(found.salt)))
    shown = request.query_params.get("picture", "")[:40]
    said = said_of(request, problem)
    answer = page(
        request,
        "join_phone.html",
        block="content",
        link=link,
        found=found,
        key=key,
        picture=shown,
        **said,
    )
    return _unkept(answer)


def _unkept(answer: Response[bytes]) -> Response[bytes]:
    # security: nobody is signed in here yet, and still no browser may keep the key
    answer.headers["Cache-Control"] = "no-store"
    return answer


router = Router("/", route_handlers=[join, join_posted, show_picture, picture, phone])
