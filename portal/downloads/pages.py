"""The files of materials: the whole one, the light one, a picture of it; and a sheet of pictures.

Nothing here asks for a script, and a broken download goes on where it stopped. A download is
counted after it was given: a count that fails costs nobody the file.
"""

import hashlib
import logging
from typing import Any

import anyio
from anyio.to_thread import run_sync
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.downloads.drawing import draw_sheet
from portal.downloads.forms import Sheet, Size
from portal.downloads.queries import Stored, find_tiles, get_stored_for
from portal.downloads.rules import ending_of, file_name
from portal.files import Shelf
from portal.forms import read_form
from portal.materials.actions import count_download
from portal.uploads.queries import get_rendition
from portal.web.giving import GIVES, Start, Thing, box_in, give
from portal.web.site import Site, language_of, site_of, today_of

log = logging.getLogger("portal")

Asked = Request[Any, Any, Any]

# whoever counts waits for the one writer: one thread does, the others go on giving
_counting = anyio.CapacityLimiter(1)


@get(
    "/materials/{material_id:str}/files/{material_file_id:str}",
    sync_to_thread=True,
    include_in_schema=False,
    **GIVES,
)
def whole(
    request: Asked,
    material_id: FromPath[str],
    material_file_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """A file as it was published."""
    found = get_stored_for(db, actor, today_of(request), material_id, material_file_id)
    name = file_name(found.title, found.entry.language, found.file.ending)
    thing = _thing(request, found.file.hash, found.file.media_type, name)
    return give(request, thing, at_start=_counted(request, found, "whole"))


@get(
    "/materials/{material_id:str}/files/{material_file_id:str}/light",
    sync_to_thread=True,
    include_in_schema=False,
    **GIVES,
)
def light(
    request: Asked,
    material_id: FromPath[str],
    material_file_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """A smaller version of it for a slow line; 404 where there is none."""
    found = get_stored_for(db, actor, today_of(request), material_id, material_file_id)
    made = get_rendition(db, found.file.id, "light")
    ending = ending_of(made.media_type)
    name = file_name(found.title, found.entry.language, ending, is_light=True)
    thing = _thing(request, made.hash, made.media_type, name)
    return give(request, thing, at_start=_counted(request, found, "light"))


@get(
    "/materials/{material_id:str}/files/{material_file_id:str}/picture",
    sync_to_thread=True,
    include_in_schema=False,
    **GIVES,
)
def picture(
    request: Asked,
    material_id: FromPath[str],
    material_file_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """A picture of its first page, `?size=thumbnail` or `preview`."""
    size = read_form(Size, request.query_params).size
    found = get_stored_for(db, actor, today_of(request), material_id, material_file_id)
    made = get_rendition(db, found.file.id, size)
    return give(request, _thing(request, made.hash, made.media_type))


@get("/materials/sheet", sync_to_thread=True, include_in_schema=False, **GIVES)
def sheet(
    request: Asked, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """One picture of the tiles of several works; what is hidden looks as what is not there."""
    wanted = read_form(Sheet, request.query_params).material_ids
    language = language_of(request).code
    tiles = find_tiles(db, actor, today_of(request), language, wanted)
    drawn = draw_sheet(site_of(request).settings.files, tuple(tiles))
    headers = {
        "Cache-Control": "public, max-age=60",
        "ETag": f'"{hashlib.sha256(drawn).hexdigest()[:24]}"',
        "Vary": "Cookie",
    }
    box_in(request)
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    return Response(drawn, media_type="image/webp", headers=headers)


def _thing(request: Asked, digest: str, media_type: str, name: str | None = None) -> Thing:
    path = Shelf(site_of(request).settings.files).path(digest)
    return Thing(path, digest, media_type, name)


def _counted(request: Asked, found: Stored, variant: str) -> Start | None:
    """What counts a download of a published file; who looks at a draft downloads nothing."""
    if not found.is_published:
        return None
    site, month = site_of(request), today_of(request).isoformat()[:7]

    async def count() -> None:
        await run_sync(_count, site, month, found.entry.id, variant, limiter=_counting)

    return count


def _count(site: Site, month: str, material_file_id: str, variant: str) -> None:
    try:
        with site.store.transaction() as db:
            count_download(db, month, material_file_id, variant)
    except Exception as error:  # the file has been given: the number is only a number
        log.warning("a download was not counted: %s", type(error).__name__)


router = Router("/", route_handlers=[sheet, whole, light, picture])
