"""One box over everything the asker may see."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.actor import Actor
from portal.forms import read_form
from portal.site_search.forms import Asked
from portal.site_search.queries import Found, ask, by_kind, found_of
from portal.web.documented import answers
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of


@get("/search", sync_to_thread=True, **answers(Found, Asked))
def search(
    request: Request[Any, Any, Any], db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Results grouped by kind, as one types."""
    asked = read_form(Asked, request.query_params)
    engine, language = site_of(request).engine, language_of(request).code
    answer = ask(db, engine, actor, today_of(request), asked, language)
    found = found_of(engine, answer, language)
    return page(
        request, "search.html", json=found, asked=asked, answer=answer, groups=by_kind(answer)
    )


router = Router("/", route_handlers=[search])
