"""One address, three answers: a whole page, a block of it for htmx, or JSON for scripts."""

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context
from jinja2_fragments import render_block
from litestar import Request, Response
from litestar.enums import MediaType
from markupsafe import Markup, escape

from portal.actor import PUBLIC, Actor
from portal.clock import moment_of
from portal.errors import NotFound
from portal.i18n.fields import called
from portal.i18n.language import Language, load_language
from portal.web.forgery import masked
from portal.web.session import cookie_name
from portal.web.site import Site, language_of, site_of

VARY = {"Vary": "HX-Request-Type, Accept, Cookie"}


def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    block: str = "results",
    json: object = None,
    status: int = 200,
    **context: object,
) -> Response[bytes]:
    """Answer a template, one block of it or `json`, as the request asks."""
    if json is not None and wants_json(request):
        return answer_json(json, status)
    if status == HTTPStatus.NOT_FOUND and wants_json(request):
        # the page of a link that is over: scripts get the JSON of every error
        raise NotFound
    site = site_of(request)
    partial = request.headers.get("hx-request-type") == "partial"
    everything = {**_surroundings(request, site), "partial": partial, **context}
    if partial:
        html = render_block(site.templates, template, block, everything)
    else:
        html = site.templates.get_template(template).render(everything)
    return Response(html.encode(), media_type=MediaType.HTML, status_code=status, headers=VARY)


def answer_json(body: object, status: int = 200) -> Response[bytes]:
    """A Struct or plain data as JSON."""
    return Response(
        msgspec.json.encode(body), media_type=MediaType.JSON, status_code=status, headers=VARY
    )


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """True only when JSON is asked for by name: `*/*` means the page."""
    return "application/json" in request.headers.get("accept", "")


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """Who is asking; the public when nobody is signed in."""
    actor: Actor = request.scope.get("user") or PUBLIC
    return actor


@cache
def make_templates(*folders: str) -> Environment:
    """The template environment over every domain's own folder: compiled once a process."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["named"] = named
    return environment


def _surroundings(request: Request[Any, Any, Any], site: Site) -> dict[str, Any]:
    language, actor = language_of(request), actor_of(request)
    to = _addresses(language)
    return {
        "_": language.gettext,
        "ngettext": language.ngettext,
        "language": language,
        "languages": site.settings.languages,
        "actor": actor,
        "knows_asker": _knows_asker(request, site),
        "settings": site.settings,
        "asset": site.assets.address,
        "has_asset": site.assets.has,
        "csrf": masked(actor.csrf),
        "path": request.url.path,
        "to": to,
        "in_language": lambda code: _same_page(request, code),
        "term": lambda vocabulary, code: site.terms.name(vocabulary, code, language.code),
        "terms": site.terms.all,
        "choices": lambda vocabulary: _choices(site, vocabulary, language),
        "called": lambda field: called(field, language),
        "own_name": lambda code: load_language(code).own_name,
        "pages": lambda part, **query: lambda n: to(part, **query, page=n),
        "marked": marked,
        "now": site.clock(),
        "day_at": lambda stamped: language.day_of(moment_of(stamped), site.settings.timezone),
        "credits_of": site.credits_of,
        "data_version": site.data_version,
    }


def _knows_asker(request: Request[Any, Any, Any], site: Site) -> bool:
    """False where an address is nobody's, and with it nobody was looked up who may be signed in."""
    return "user" in request.scope or cookie_name(site.settings) not in request.cookies


def _addresses(language: Language) -> Any:
    def to(*parts: str, **query: object) -> str:
        """An address in the reader's language; parameters that are None or empty are left out."""
        path = "/".join(("", language.code, *parts))
        return address(path, query)

    return to


def _choices(site: Site, vocabulary: str, language: Language) -> list[tuple[str, str]]:
    return [(term.code, term.name(language.code)) for term in site.terms.all(vocabulary)]


@pass_context
def named(context: Context, code: str, vocabulary: str) -> str:
    """The filter that turns a code into its name: `languages | map("named", "languages")`."""
    return str(context["term"](vocabulary, code))


def marked(text: str, ranges: Iterable[tuple[int, int]]) -> Markup:
    """A text with <mark> around the ranges that were found; everything in it is escaped."""
    parts, last = [], 0
    for start, end in ranges:
        parts += [escape(text[last:start]), Markup("<mark>"), escape(text[start:end])]
        parts.append(Markup("</mark>"))
        last = end
    return Markup("").join([*parts, escape(text[last:])])


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with its query, empty parameters left out."""
    filled = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(filled, doseq=True)}" if filled else path


def _same_page(request: Request[Any, Any, Any], code: str) -> str:
    rest = request.url.path.split("/")[2:]
    query = request.url.query if request.method == "GET" else ""
    return "/".join(("", code, *rest)) + (f"?{query}" if query else "")


def safe_path(wanted: str | None) -> str | None:
    """A path of this very site, or None: redirects lead nowhere else."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return None
    return wanted if wanted.isprintable() and "\\" not in wanted else None
