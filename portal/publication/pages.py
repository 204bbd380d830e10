"""Where home visits exist, as the last release says it: region by profession, for everybody."""

from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.publication.queries import ReleasedCount, find_released_counts, get_last_release
from portal.web.documented import answers
from portal.web.page import page


class Coverage(msgspec.Struct, frozen=True):
    """What scripts read."""

    released_on: str | None
    results: list[ReleasedCount]


@get("/coverage", sync_to_thread=True, **answers(Coverage))
def coverage(request: Request[Any, Any, Any], db: NamedDependency[Database]) -> Response[bytes]:
    """Each region and profession: home visits, or ask the hotline."""
    release = get_last_release(db)
    cells = find_released_counts(db)
    return page(
        request,
        "coverage.html",
        block="content",
        json=Coverage(release.released_on if release else None, cells),
        release=release,
        cells={(cell.region, cell.profession): cell for cell in cells},
    )


router = Router("/", route_handlers=[coverage])
