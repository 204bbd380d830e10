"""The translations of a version of the charter: what lags, one point, and its check."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlite_utils import Database

from portal.actor import Actor
from portal.charter.forms import Overtaken
from portal.charter.rules import mark_of
from portal.errors import Invalid, NotFound
from portal.forms import read_form, refuse_unknown
from portal.translating.actions import FORM_NAMES, check, translate
from portal.translating.forms import Checked, Translated, WhichLanguage
from portal.translating.queries import (
    find_translations,
    get_translated_for,
    get_translations,
    is_still,
)
from portal.translating.rules import to_check, words_of
from portal.web.errors import said_of
from portal.web.guards import is_coordinator
from portal.web.page import page
from portal.web.site import language_of, site_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Sent = NamedDependency[dict[str, str]]
Version = FromPath[int]
Code = FromPath[str]


@get("/", sync_to_thread=True, include_in_schema=False)
def translations(request: Asked, version: Version, db: Db, actor: Who) -> Response[bytes]:
    """Every point with how far it is translated into a language."""
    wanted = read_form(WhichLanguage, request.query_params).language
    refuse_unknown({"language": (wanted, list(site_of(request).settings.languages))})
    into = wanted or language_of(request).code
    charter = get_translated_for(db, actor, version)
    found = find_translations(db, charter, into)
    return page(
        request,
        "translations.html",
        block="content",
        json=found,
        charter=charter,
        into=into,
        found=found,
    )


@get("/{into:str}/{code:str}", sync_to_thread=True, include_in_schema=False)
def translation(
    request: Asked, version: Version, into: Code, code: Code, db: Db, actor: Who
) -> Response[bytes]:
    """One point in a language, beside its original."""
    return _translation(request, db, actor, version, into, code)


@post("/{into:str}/{code:str}", sync_to_thread=True, status_code=303)
def translated(
    request: Asked, version: Version, into: Code, code: Code, actor: Who, sent: Sent
) -> Response[Any]:
    """Save a translation, or see both texts."""
    site = site_of(request)
    try:
        wanted = read_form(Translated, sent)
        with site.store.transaction() as db:
            translate(db, actor, site.clock(), version, _known(request, into), code, wanted)
    except Invalid as problem:
        with site.store.read() as reading:
            return _translation(request, reading, actor, version, into, code, sent, problem)
    return _to(request, version, into, code)


@post("/{into:str}/{code:str}/check", sync_to_thread=True, status_code=303)
def checked(
    request: Asked, version: Version, into: Code, code: Code, actor: Who, sent: Sent
) -> Response[Any]:
    """Say that a translation of somebody else's is right."""
    site = site_of(request)
    try:
        seen = read_form(Checked, sent).seen
        with site.store.transaction() as db:
            check(db, actor, site.clock(), version, _known(request, into), code, seen)
    except Invalid as problem:
        with site.store.read() as reading:
            return _translation(request, reading, actor, version, into, code, None, problem)
    return _to(request, version, into, code)


def _translation(
    request: Asked,
    db: Database,
    actor: Actor,
    version: int,
    into: str,
    code: str,
    sent: dict[str, str] | None = None,
    problem: Invalid | None = None,
) -> Response[bytes]:
    charter = get_translated_for(db, actor, version)
    found = get_translations(db, charter, _known(request, into), code)
    stored = words_of(found.fields)
    typed = dict(sent or {FORM_NAMES[field]: text for field, text in stored.items()})
    if sent is None or isinstance(problem, Overtaken):
        typed["seen"] = mark_of(stored)
    said: dict[str, Any] = {"json": found, **said_of(request, problem)}
    return page(
        request,
        "translation.html",
        block="content",
        charter=charter,
        into=into,
        found=found,
        form_names=FORM_NAMES,
        typed=typed,
        theirs=problem.theirs if isinstance(problem, Overtaken) else {},
        stands_still=is_still(db, site_of(request).clock(), charter),
        may_check=bool(to_check(found.fields, actor)),
        mark=mark_of(stored),
        **said,
    )


def _known(request: Asked, into: str) -> str:
    if into not in site_of(request).settings.languages:
        raise NotFound
    return into


def _to(request: Asked, version: int, into: str, code: str) -> Redirect:
    """Back to the list, at the point that was worked on."""
    path = f"/{language_of(request).code}/criteria/versions/{version}/translations"
    return Redirect(f"{path}?language={into}#{code}", status_code=303)


router = Router(
    "/criteria/versions/{version:int}/translations",
    guards=[is_coordinator],
    route_handlers=[translations, translation, translated, checked],
)
