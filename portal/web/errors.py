"""Every error becomes an answer here: a plain page in the reader's language, or JSON."""

import logging
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from portal.errors import (
    Forged,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PortalError,
    TooOften,
    Unavailable,
)
from portal.i18n.language import Language, Message
from portal.web.headers import is_for_all_sites
from portal.web.page import address, answer_json, page, wants_json
from portal.web.site import language_of, site_of
from search.engine import EngineUnavailable

log = logging.getLogger("portal")

STATUS: dict[type[PortalError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Forged: HTTPStatus.FORBIDDEN,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

SAYS: dict[int, tuple[str, Message]] = {
    401: ("not_signed_in", Message("Sign in to see this page.")),
    403: ("not_allowed", Message("Your role does not open this page.")),
    404: ("not_found", Message("There is nothing at this address.")),
    405: ("method_not_allowed", Message("This address does not do that.")),
    413: ("too_large", Message("That is too large to be sent here.")),
    422: ("invalid", Message("Something in the form needs your attention.")),
    429: ("too_many", Message("That was too often. Wait a little and try again.")),
    500: ("error", Message("Something went wrong on our side.")),
    503: ("unavailable", Message("This part of the site is down for a moment.")),
}

FORGED = ("forged", Message("This page was open too long. Load it again, then try once more."))

DOORS = frozenset({"", "api", "data", "exit", "healthz", "hsds", "join", "static"})

Answer = Response[Any]


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Answer:
    """The answer to anything that was raised; what we did not foresee is logged, never shown."""
    if isinstance(error, NotSignedIn) and not wants_json(request):
        return to_sign_in(request, kept=error.kept)
    status = _status(error)
    if status == HTTPStatus.METHOD_NOT_ALLOWED and not _is_ours(request):
        status = HTTPStatus.NOT_FOUND
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("unforeseen error", exc_info=error)
    language = language_of(request)
    body = error_body(language, error, status)
    if wants_json(request) or is_for_all_sites(request.url.path):
        answer = answer_json(body, status)
    else:
        said = {"number": int(status), **body["error"]}
        answer = page(request, "error.html", block="content", status=status, **said)
    _copy_headers(error, answer)
    return answer


def error_body(language: Language, error: Exception, status: int) -> dict[str, Any]:
    """The JSON of an error."""
    code, message = SAYS.get(status, SAYS[404])
    if isinstance(error, Forged):
        code, message = FORGED
    body: dict[str, Any] = {"code": code, "message": language.say(message)}
    body["fields"] = said_by_field(language, error)
    if isinstance(error, Invalid):
        body["candidates"] = error.candidates
    return {"error": body}


def invalid_body(language: Language, problem: Invalid) -> dict[str, Any]:
    """The JSON of a form that cannot be used."""
    return error_body(language, problem, HTTPStatus.UNPROCESSABLE_ENTITY)


def said_of(request: Request[Any, Any, Any], problem: Invalid | None) -> dict[str, Any]:
    """What `page` needs to show a form again: the problem at the top and at the fields, or none."""
    if problem is None:
        return {"problem": None}
    body = invalid_body(language_of(request), problem)
    status = int(HTTPStatus.UNPROCESSABLE_ENTITY)
    return {"problem": body["error"], "json": body, "status": status}


def said_by_field(language: Language, error: Exception) -> dict[str, list[str]]:
    """The messages of an invalid form, by field, in the reader's language."""
    if not isinstance(error, Invalid):
        return {}
    return {name: [language.say(each) for each in said] for name, said in error.fields.items()}


def to_sign_in(request: Request[Any, Any, Any], *, kept: bool = False) -> Answer:
    """The sign-in page, which leads back, or to what was kept of a form."""
    path = f"/{language_of(request).code}/sign-in"
    back = request.url.path if request.method == "GET" else ""
    if request.headers.get("hx-request-type") == "partial":
        # a block cannot hold the sign-in page: the whole page goes there
        path = address(path, {"kept": "1" if kept else ""})
        return Response(b"", status_code=401, headers={"HX-Redirect": path})
    query = {"next": back, "kept": "1" if kept else ""}
    return Redirect(address(path, query), status_code=303)


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, EngineUnavailable):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, PortalError):
        return STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    if not isinstance(error, HTTPException):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    # the contract says 422 where litestar says 400
    code = 422 if error.status_code == 400 else error.status_code
    return HTTPStatus(code)


def _is_ours(request: Request[Any, Any, Any]) -> bool:
    """False below a first word that is neither a language nor a door of its own."""
    first = request.url.path.split("/")[1]
    return first in DOORS or first in site_of(request).settings.languages


def _copy_headers(error: Exception, answer: Answer) -> None:
    for name, value in (getattr(error, "headers", None) or {}).items():
        answer.headers[name] = value
