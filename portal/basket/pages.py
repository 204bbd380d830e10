"""What was put into the basket, and all of it as one archive. The basket stands in the address."""

import logging
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.response import Redirect, Stream
from sqlite_utils import Database

from portal.actor import Actor
from portal.basket.drawing import (
    Member,
    archive_of,
    beginning_at,
    credits_of,
    members_of,
    tag_of,
)
from portal.basket.forms import Chosen, read_chosen
from portal.basket.queries import Basket, find_basket
from portal.files import Shelf
from portal.materials.actions import count_download
from portal.web.documented import answers
from portal.web.giving import GIVES, Unsatisfiable, attachment, box_in, part_of
from portal.web.page import address, page
from portal.web.site import Site, language_of, site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]

log = logging.getLogger("portal")

ARCHIVE = "materials.zip"


@get("/basket", sync_to_thread=True, **answers(Basket, Chosen))
def basket(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """What was chosen, how large it is, and the way to take it all."""
    chosen = _chosen(request)
    found = find_basket(db, actor, today_of(request), chosen)
    return page(
        request,
        "basket.html",
        block="content",
        json=found,
        found=found,
        chosen=chosen,
        here=".".join(chosen.item),
    )


@get("/basket/zip", sync_to_thread=True, include_in_schema=False, **GIVES)
def zipped(request: Asked, db: Db, actor: Who) -> Response[Any]:
    """All of it in one archive, from where a broken download stopped."""
    site, language, chosen = site_of(request), language_of(request), _chosen(request)
    found = find_basket(db, actor, today_of(request), chosen)
    if not any(item.size for item in found.items):
        query = {"item": chosen.item, "language": chosen.language}
        return Redirect(address(f"/{language.code}/basket", query), status_code=303)

    def named(vocabulary: str, code: str) -> str:
        short = site.terms.extra(vocabulary, code, "short")
        return " · ".join(filter(None, [short, site.terms.name(vocabulary, code, language.code)]))

    credits_text = credits_of(found, language, named, site.settings.base_url)
    published = [file.id for item in found.items for file in item.files]
    return _give(request, members_of(found, language, credits_text), published)


def _give(request: Asked, members: list[Member], counted: list[str]) -> Response[Any]:
    tag = f'"{tag_of(members)}"'
    box_in(request)
    headers = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": attachment(ARCHIVE),
    }
    if request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    site, desk = site_of(request), _desk(request)
    archive = archive_of(members, Shelf(site.settings.files), desk)
    size = len(archive)
    try:
        first = _first(request, tag, size)
    except Unsatisfiable:
        shutil.rmtree(desk, ignore_errors=True)
        return Response(b"", status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Length"] = str(size - first)
    if first:
        headers["Content-Range"] = f"bytes {first}-{size - 1}/{size}"
    status, kind = 206 if first else 200, "application/zip"
    if request.scope.get("is_head"):
        shutil.rmtree(desk, ignore_errors=True)
        return Response(b"", status_code=status, headers=headers, media_type=kind)
    month = today_of(request).isoformat()[:7]
    ended = BackgroundTask(_count, site, desk, month, [] if first else counted)
    given = _cleared(beginning_at(archive, first), desk)
    return Stream(given, status_code=status, headers=headers, media_type=kind, background=ended)


def _cleared(given: Iterator[bytes], desk: Path) -> Iterator[bytes]:
    """The same bytes; the texts laid out for them are gone afterwards, broken connections too."""
    try:
        yield from given
    finally:
        shutil.rmtree(desk, ignore_errors=True)


def _count(site: Site, desk: Path, month: str, counted: list[str]) -> None:
    """Clear up, and count what was given; a count that fails costs nobody the archive."""
    shutil.rmtree(desk, ignore_errors=True)
    try:
        with site.store.transaction() as db:
            for material_file_id in counted:
                count_download(db, month, material_file_id, "whole")
    except Exception as error:  # the archive has been given: the number is only a number
        log.warning("the files of an archive were not counted: %s", type(error).__name__)


def _first(request: Asked, tag: str, size: int) -> int:
    """Where to go on: only an open end is understood, all else starts anew (RFC 9110, 14.2)."""
    only_if = request.headers.get("if-range")
    asked = request.headers.get("range", "")
    if (only_if is not None and only_if != tag) or not asked.endswith("-"):
        return 0
    part = part_of(asked, size) if asked.removesuffix("-")[6:].isdigit() else None
    return part.first if part is not None else 0


def _desk(request: Asked) -> Path:
    """A folder for the texts of one archive."""
    desk = site_of(request).settings.incoming / f"basket-{secrets.token_hex(8)}"
    desk.mkdir(parents=True, mode=0o700)
    return desk


def _chosen(request: Asked) -> Chosen:
    query = request.query_params
    sent = {name: query.getall(name) for name in query}
    return read_chosen(sent, site_of(request).terms)


router = Router("/", route_handlers=[basket, zipped])
