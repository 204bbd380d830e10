"""The data site: Datasette over the newest public database, mounted at `/data`.

It answers GET and HEAD, knows nobody (no cookies in or out), runs only reviewed queries, and
notices a new generation by itself. When there is none it says so in words, and the rest of the site
goes on.
"""

import asyncio
import hashlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader

from portal.errors import Unavailable
from portal.i18n.language import Language
from portal.publication.answer import Answer, ask
from portal.publication.gate import Refused, Route, find_route, inner_path, read_query
from portal.publication.gate import with_language as query_with_language
from portal.publication.generations import current_number, file_of
from portal.publication.given import send_file, stamp_of_list
from portal.publication.limits import Limit
from portal.publication.notes import Notes, read_notes
from portal.publication.pictures import draw
from portal.publication.plugin import WORDS
from portal.publication.refusals import as_json, said, wants_json
from portal.publication.served import TEMPLATES, Damaged, Served, open_served
from portal.publication.words import language_of, words_of_data, words_of_page
from portal.settings import Settings

log = logging.getLogger("portal.data")

LOOK_EVERY_SECONDS = 0.25
TRY_AGAIN_SECONDS = 10.0

KEPT_REQUEST_HEADERS = (b"accept",)

Pairs = list[tuple[str, str]]

Signature = tuple[int, int, int, int] | None


class DataSite:
    """One ASGI application over `generations/current`; every worker has its own."""

    def __init__(
        self, settings: Settings, *, stylesheet: str, icon: str = "", notes: Notes | None = None
    ) -> None:
        self._settings = settings
        self._assets = {"stylesheet": stylesheet, "icon": icon}
        self._notes = notes or read_notes()
        self._pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
        self._served: Served | None = None
        self._seen: Signature = None
        self._looked_at = float("-inf")
        self._try_again_at = float("inf")
        self._opening = asyncio.Lock()
        self._limit = Limit(settings.proxy_header)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; websockets are closed."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        language = language_of(scope, self._settings.languages)
        if wait := self._limit.wait(scope):
            await self._say(scope, send, language, 429, wait)
            return
        try:
            await self._answer(scope, receive, send, language)
        except Refused as refused:
            await self._say(scope, send, language, refused.status)

    @asynccontextmanager
    async def lifespan(self, _app: Any = None) -> AsyncIterator[None]:
        """While the site runs; afterwards the database is closed."""
        yield
        if self._served:
            self._served.retire()
            self._served = self._seen = None
            self._looked_at = float("-inf")

    async def _answer(self, scope: Any, receive: Any, send: Any, language: Language) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(405)
        path = inner_path(scope)
        served = await self._newest()
        if served is None:
            raise Refused(503)
        with served.answering():
            status = await self._answer_from(served, path, scope, receive, send, language)
        if status is not None:
            raise Refused(status)

    async def _answer_from(
        self, served: Served, path: str, scope: Any, receive: Any, send: Any, language: Language
    ) -> int | None:
        """Answer from an open generation; the status of what could not be answered, else None."""
        route = find_route(path, served.shape)
        query = read_query(scope.get("query_string", b""), route, served.shape)
        tag = self._tag(served, language)
        if route.kind == "file":
            file = served.files[route.name]
            await send_file(scope, send, served.path, file, _headers(tag))
            return None
        if _header(scope, b"if-none-match") == tag:
            await _send(send, 304, _headers(tag), b"")
            return None
        if route.kind == "chart":
            return await self._draw(served, route, query, scope, send, language)
        words = words_of_page(language, self._settings, self._assets, self._notes, query)
        words |= words_of_data(language, self._settings, served, self._notes, route, query)
        inner = _inner_scope(scope, route, query, words, self._settings.base_url)
        sheet = route.name if route.form == "csv" else ""
        out = Answer(
            send,
            self._headers(tag, route, query),
            gzipped=_takes_gzip(scope),
            sheet=sheet,
            bodiless=_is_head(scope),
        )
        status = await ask(served.app, inner, receive, out)
        return await self._explain(served, route, query) if status and status >= 500 else status

    async def _draw(
        self, served: Served, route: Route, query: Pairs, scope: Any, send: Any, language: Language
    ) -> int | None:
        """The chart of a question's answer; 503 while too many wait for pictures."""
        try:
            svg = await asyncio.to_thread(
                draw, served, self._notes, language, route.name, dict(query)
            )
        except Unavailable:
            return 503
        except sqlite3.Error:
            return 400
        tag = self._tag(served, language)
        headers = [*self._headers(tag, route, query), (b"content-type", b"image/svg+xml")]
        await _send(send, 200, headers, b"" if _is_head(scope) else svg.encode())
        return None

    def _headers(self, tag: bytes, route: Route, query: Pairs) -> list[tuple[bytes, bytes]]:
        """Search engines keep the plain pages of tables and questions, and of a demo nothing."""
        kept = _headers(tag)
        if self._settings.is_demo or query or route.form or route.kind == "row":
            kept.append((b"x-robots-tag", b"noindex"))
        return kept

    async def _explain(self, served: Served, route: Route, query: list[tuple[str, str]]) -> int:
        """A file that no longer answers is put aside; else what was asked made no sense."""
        if not await served.is_well():
            self._drop()
            self._seen = None
            return 503
        if route.kind == "row":  # half of a compound key
            return 404
        return 400 if query else 500

    async def _newest(self) -> Served | None:
        """The generation to answer from; looks for a newer one a few times a second."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY_SECONDS or (self._opening.locked() and self._served):
            return self._served
        async with self._opening:
            if time.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
                await self._look()
                self._looked_at = time.monotonic()
        return self._served

    async def _look(self) -> None:
        path, signature = self._find()
        if signature == self._seen and time.monotonic() < self._try_again_at:
            return
        self._seen, self._try_again_at = signature, float("inf")
        if path is None or signature is None:
            self._drop()
            return
        try:
            newer = await open_served(
                path, self._notes, https=self._settings.base_url.startswith("https://")
            )
        except Damaged as damage:
            self._try_again_at = time.monotonic() + TRY_AGAIN_SECONDS
            log.error("public database of generation %s: %s", path.parent.name, damage)
            self._drop(unless_elsewhere=path)
            return
        self._drop()
        self._served = newer

    def _find(self) -> tuple[Path | None, Signature]:
        number = current_number(self._settings.generations)
        if number is None:
            return None, None
        path = file_of(self._settings.generations, number)
        try:
            found = path.stat()
        except OSError:
            return None, None
        # files of an edition may come to lie beside it later
        listed = stamp_of_list(path)
        return path, (number, found.st_ino, found.st_mtime_ns + listed, found.st_size)

    def _drop(self, unless_elsewhere: Path | None = None) -> None:
        """Stop answering from the open generation; a damaged newer one leaves an older in place."""
        if self._served is None:
            return
        if (
            unless_elsewhere
            and self._served.path != unless_elsewhere
            and self._served.path.exists()
        ):
            return
        self._served.retire()
        self._served = None

    def _tag(self, served: Served, language: Language) -> bytes:
        """The same for every address: it changes with what is published, language and look."""
        parts = (served.fingerprint, language.code, self._assets)
        return b'W/"' + hashlib.sha256(repr(parts).encode()).hexdigest()[:20].encode() + b'"'

    async def _say(
        self, scope: Any, send: Any, language: Language, status: int, wait: int = 0
    ) -> None:
        """An error as a plain page, or as JSON when that is asked for."""
        title, advice = said(language, status)
        headers = [(b"cache-control", b"no-store"), (b"vary", b"Accept, Accept-Language")]
        if wait:
            headers.append((b"retry-after", b"%d" % wait))
        if status == 405:
            headers.append((b"allow", b"GET, HEAD"))
        if wants_json(scope):
            headers.append((b"content-type", b"application/json; charset=utf-8"))
            text = as_json(status, title)
        else:
            words = words_of_page(language, self._settings, self._assets, self._notes, [])
            headers.append((b"content-type", b"text/html; charset=utf-8"))
            text = self._pages.get_template("refused.html").render(
                words, status=status, title=title, error=advice
            )
        await _send(send, status, headers, b"" if _is_head(scope) else text.encode())


def _inner_scope(
    scope: Any, route: Route, query: Pairs, words: dict[str, Any], address: str
) -> dict[str, Any]:
    """The request as Datasette sees it: a bare GET without the mount, knowing nobody."""
    ours = urlsplit(address)
    kept = [(k, v) for k, v in scope["headers"] if k in KEPT_REQUEST_HEADERS]
    return {
        "type": "http",
        "asgi": scope.get("asgi", {"version": "3.0"}),
        "http_version": scope.get("http_version", "1.1"),
        "method": "GET",
        "scheme": ours.scheme,
        "server": scope.get("server"),
        "client": None,
        "root_path": "",
        "path": route.path,
        "raw_path": route.path.encode("ascii"),
        "query_string": query_with_language(query, route, words["language"].code),
        # security: Datasette writes addresses with it, which others may be given from a cache
        "headers": [*kept, (b"host", ours.netloc.encode("ascii"))],
        WORDS: words,
    }


def _headers(tag: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"cache-control", b"no-cache"),
        (b"etag", tag),
        (b"vary", b"Accept-Language, Accept-Encoding"),
    ]


def _header(scope: Any, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key.lower() == name), b"")


def _takes_gzip(scope: Any) -> bool:
    return b"gzip" in _header(scope, b"accept-encoding")


def _is_head(scope: Any) -> bool:
    return bool(scope["method"] == "HEAD")


async def _send(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
