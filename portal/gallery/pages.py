"""Materials as people look through them: gallery, one work, its versions, print, the feed."""

import hashlib
from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.queries import find_hindrance, find_open, get_approval
from portal.forms import read_form
from portal.gallery.answers import Record, find_record
from portal.gallery.drawing import draw_feed
from portal.gallery.forms import Opened, Wanted, read_filters
from portal.gallery.queries import Found, find_by_word, find_materials, find_newest
from portal.i18n.language import Message
from portal.materials.queries import Version, get_work_for
from portal.materials.registry import find_campaign, find_givers
from portal.materials.rules import (
    ADAPTED_UNDER,
    ALLOWS,
    basket_with,
    in_basket,
    keeps,
    may_contribute,
    why_not_adapt,
)
from portal.web.documented import answers
from portal.web.markdown import render
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Work = FromPath[str]

FEED = "application/atom+xml; charset=utf-8"


@get("/materials", sync_to_thread=True, **answers(Found, Wanted))
def materials(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The gallery with its filters and what each of their options would bring."""
    site = site_of(request)
    wanted = read_filters(request.query_params, site.terms)
    among = find_by_word(db, site.engine, actor, wanted.q) if wanted.q else None
    found = find_materials(db, actor, wanted, among)
    return page(
        request,
        "materials.html",
        json=found,
        found=found,
        wanted=wanted,
        givers=find_givers(db, actor),
        campaign=find_campaign(db, actor, wanted.campaign) if wanted.campaign else None,
        basket=in_basket(wanted.basket),
        basket_with=basket_with,
        gives=may_contribute(actor),
        short=_short(request),
    )


@get("/materials/{material_id:str}", sync_to_thread=True, **answers(Record, Opened))
def material(request: Asked, material_id: Work, db: Db, actor: Who) -> Response[bytes]:
    """One work in its newest version."""
    return _record(request, db, actor, material_id)


@get(
    "/materials/{material_id:str}/versions/{number:int}",
    sync_to_thread=True,
    **answers(Record, Opened),
)
def version(
    request: Asked, material_id: Work, number: FromPath[int], db: Db, actor: Who
) -> Response[bytes]:
    """One work as of a version; the page says when there is a newer one."""
    return _record(request, db, actor, material_id, number)


@get("/materials/{material_id:str}/print", sync_to_thread=True, include_in_schema=False)
def printed(request: Asked, material_id: Work, db: Db, actor: Who) -> Response[bytes]:
    """One work on paper: its text or its picture, who made it, and what may be done with it."""
    opened = read_form(Opened, request.query_params)
    found = _find(request, db, actor, material_id)
    return page(request, "material_print.html", block="content", **_shown(request, found, opened))


@get("/materials/feed", sync_to_thread=True, include_in_schema=False)
def feed(request: Asked, db: Db) -> Response[bytes]:
    """The newest public works there are in this language; the same whoever asks."""
    site, language = site_of(request), language_of(request)
    settings = site.settings
    title = f"{settings.network_name}: {language.say(Message('Materials'))}"
    works = find_newest(db, language.code)
    body = draw_feed(works, language, settings.base_url, settings.host, title, site.clock())
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=FEED, headers=headers)


def _find(
    request: Asked, db: Database, actor: Actor, material_id: str, number: int | None = None
) -> Record:
    code = language_of(request).code
    return find_record(db, actor, today_of(request), material_id, code, number)


def _record(
    request: Asked, db: Database, actor: Actor, material_id: str, number: int | None = None
) -> Response[bytes]:
    opened = read_form(Opened, request.query_params)
    found = _find(request, db, actor, material_id, number)
    owner = get_work_for(db, actor, material_id).organisation_id
    return page(
        request,
        "material.html",
        block="content",
        json=found,
        keeps=keeps(actor, owner),
        decides=_decides(request, db, actor, found.shown),
        gives=may_contribute(actor),
        basket=in_basket(opened.basket),
        basket_with=basket_with(opened.basket, material_id),
        carried=opened.basket,
        asked_text=opened.text,
        **_shown(request, found, opened),
    )


def _decides(request: Asked, db: Database, actor: Actor, shown: Version) -> str | None:
    """The item by which this person may publish a version that waits."""
    at, today = site_of(request).clock(), today_of(request)
    waiting = find_open(db, at, "publish_material", shown.id) if shown.state == "waiting" else None
    if waiting is None:
        return None
    item = get_approval(db, at, waiting)
    return waiting if find_hindrance(db, actor, item, today) is None else None


def _short(request: Asked) -> Callable[[str], str]:
    """How a licence is written in short: CC BY 4.0."""
    terms = site_of(request).terms
    return lambda code: terms.extra("licences", code, "short")


def _shown(request: Asked, found: Record, opened: Opened) -> dict[str, Any]:
    """What page and print share: the work, one of its texts, what its licence allows."""
    language, short = language_of(request), _short(request)
    name = site_of(request).terms.name
    wanted = (opened.text, language.code, found.language)
    texts = {each.language: each for each in found.texts}
    text = next((texts[code] for code in wanted if code in texts), None)
    hindrance = why_not_adapt(found.licence)
    return {
        "found": found,
        "text": text or next(iter(found.texts), None),
        "render": render,
        "allows": language.say(ALLOWS[found.licence]) if found.licence in ALLOWS else "",
        "hindrance": language.say(hindrance) if hindrance else None,
        "short": short,
        "adapted_under": [
            short(code) or name("licences", code, language.code)
            for code in sorted(ADAPTED_UNDER.get(found.licence, ()))
        ],
    }


router = Router("/", route_handlers=[materials, feed, material, version, printed])
