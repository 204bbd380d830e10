"""One box over everything the asker may see; what a signed-in person asks is kept nowhere."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid
from portal.forms import read_form
from portal.site_search.answers import Asking, Found, found_of
from portal.site_search.forms import Asked
from portal.site_search.rules import told
from portal.web.documented import answers
from portal.web.errors import error_body, said_of
from portal.web.page import page
from portal.web.site import language_of, site_of, today_of
from search.engine import EngineUnavailable

Visit = Request[Any, Any, Any]


@get("/search", sync_to_thread=True, **answers(Found, Asked))
def search(
    request: Visit, db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> Response[bytes]:
    """Results grouped by kind; words in the address are for the public and for scripts."""
    return _search(request, db, actor, dict(request.query_params))


# security: not even a session that has run out makes a draft of a question
@post("/search", sync_to_thread=True, status_code=200, opt={"keeps_nothing": True})
def search_posted(
    request: Visit,
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    sent: NamedDependency[dict[str, str]],
) -> Response[bytes]:
    """The same for signed-in people: nothing of it stays in the phone's history."""
    return _search(request, db, actor, sent)


def _search(request: Visit, db: Database, actor: Actor, sent: Mapping[str, Any]) -> Response[bytes]:
    asking = Asking(
        db, site_of(request).engine, actor, today_of(request), language_of(request).code
    )
    try:
        asked = read_form(Asked, sent)
        reply = asking.reply(asked)
    except Invalid as problem:
        return _say(request, sent, **said_of(request, problem))
    except EngineUnavailable as error:
        body = error_body(language_of(request), error, 503)
        return _say(request, sent, problem=None, json=body, status=503)
    found = found_of(reply, asked, asking.language)
    return page(
        request, "search.html", json=found, asked=asked, reply=reply, told=told, problem=None
    )


def _say(request: Visit, sent: Mapping[str, Any], **said: Any) -> Response[bytes]:
    """The form with what was typed, and why there is no answer to it."""
    typed = Asked(q=str(sent.get("q", "")))
    return page(request, "search.html", asked=typed, reply=None, **said)


router = Router("/", route_handlers=[search, search_posted])
