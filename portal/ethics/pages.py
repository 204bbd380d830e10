"""The code of ethics, for everybody to read."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from sqlite_utils import Database

from portal.errors import NotFound
from portal.ethics.queries import Code, find_code
from portal.web.documented import answers
from portal.web.page import page


@get("/ethics", sync_to_thread=True, **answers(Code))
def ethics(request: Request[Any, Any, Any], db: NamedDependency[Database]) -> Response[bytes]:
    """The version that stands now."""
    code = find_code(db)
    if code is None:
        raise NotFound
    return page(request, "ethics.html", block="content", json=code, code=code)


router = Router("/", route_handlers=[ethics])
