"""The composition root: every part is made and joined here, and nowhere else."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router, asgi
from litestar.config.compression import CompressionConfig
from litestar.di import NamedDependency, Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import Receive, Scope, Send
from sqlite_utils import Database

from portal import __version__
from portal.accounts import pages as accounts
from portal.accounts.actions import keep_typed, note_seen
from portal.accounts.queries import actor_of_session, find_ended, find_session, is_due
from portal.actor import Actor
from portal.clock import Clock, day_of, now
from portal.db import Store
from portal.engines import Engines, open_engines
from portal.hsds import pages as hsds
from portal.hsds.rules import Pace
from portal.indexes.actions import find_positions
from portal.invitations import pages as invitations
from portal.outbox import is_late
from portal.projects.queries import find_credits
from portal.publication.datasite import DataSite
from portal.publication.generations import current_number, is_current_whole, read_edition
from portal.routes import IN_A_LANGUAGE
from portal.safety import pages as safety
from portal.schemas import MIGRATIONS
from portal.settings import Settings, read_settings, refuse_unsafe
from portal.upkeep import keeping_up
from portal.vocabularies.terms import load_terms
from portal.web import assets, home
from portal.web.documented import document_refusals
from portal.web.entrance import entrance
from portal.web.errors import answer_error
from portal.web.guards import in_a_known_language, not_forged, of_possible_numbers
from portal.web.headers import every_answer
from portal.web.page import actor_of, make_templates
from portal.web.session import KnowsActor
from portal.web.site import CreditsOf, DataVersion, HadSession, KeepTyped, Site, site_of
from search.engine import Engine, EngineUnavailable

SMALL_BODY = 64 * 1024


def create_app(settings: Settings | None = None, clock: Clock = now) -> Litestar:
    """The site of these settings; the database is brought forward first."""
    settings = settings or read_settings()
    refuse_unsafe(settings)
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    app = make_frame(settings)
    furnish(app, make_site(settings, store, clock))
    return app


def make_frame(settings: Settings) -> Litestar:
    """Routes, guards and headers: all that knows no data directory and no clock."""
    app = Litestar(
        route_handlers=_handlers(settings),
        dependencies={
            "db": Provide(_db),
            "actor": Provide(actor_of, sync_to_thread=False),
            "sent": Provide(_sent, sync_to_thread=False),
            "sent_lists": Provide(_sent_lists),
        },
        guards=[of_possible_numbers, not_forged],
        middleware=[KnowsActor(settings, _find_actor)],
        exception_handlers={Exception: answer_error},
        before_send=[every_answer(settings)],
        compression_config=CompressionConfig(
            backend="gzip", exclude=["^/data", "^/static"], exclude_opt_key="is_given"
        ),
        openapi_config=OpenAPIConfig(
            title=settings.network_name,
            version=__version__,
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        request_max_body_size=SMALL_BODY,
        lifespan=[keeping_up, _serving_data],
        logging_config=None,
    )
    document_refusals(app)
    app.asgi_handler = entrance(app.asgi_handler)
    return app


def furnish(app: Litestar, site: Site) -> None:
    """Put what the handlers reach where they look for it."""
    address = site.assets.address
    app.state.site = site
    app.state.data_site = DataSite(
        site.settings, stylesheet=address("site.css"), icon=address("icon.svg")
    )
    app.state.hsds_pace = Pace()


def _handlers(settings: Settings) -> list[Any]:
    return [
        Router("/{lang:str}", route_handlers=[*IN_A_LANGUAGE], guards=[in_a_known_language]),
        home.choose_language,
        home.healthz,
        home.robots,
        assets.static_file,
        safety.leave,
        invitations.open_link,
        *([accounts.demo_sign_in] if settings.is_demo else []),
        hsds.router,
        _data,
    ]


def make_site(settings: Settings, store: Store, clock: Clock) -> Site:
    """What handlers may reach."""
    with store.read() as db:
        terms = load_terms(db)
    engines = open_engines(settings)
    return Site(
        settings=settings,
        store=store,
        terms=terms,
        engines=engines,
        templates=make_templates(*map(str, _template_folders())),
        assets=assets.Assets(),
        clock=clock,
        checks=lambda: checks(settings, store, engines),
        keep_typed=_keep_typed(settings, store, clock),
        had_session=_had_session(store, clock),
        credits_of=_credits_of(store),
        data_version=_data_version_of(settings.generations),
    )


def _data_version_of(folder: Path) -> Callable[[], DataVersion | None]:
    """What the foot of each page says; an edition is read once, the pointer to it each time."""

    @lru_cache(maxsize=1)
    def read(number: int) -> DataVersion | None:
        edition = read_edition(folder, number)
        day = edition.released_on or edition.published_on
        return DataVersion(edition.version, day) if day else None

    def find() -> DataVersion | None:
        number = current_number(folder)
        return None if number is None else read(number)

    return find


def _credits_of(store: Store) -> CreditsOf:
    """Rooms below projects show whose money paid for a record without knowing what a project is."""

    def find(kind: str, record_id: str) -> list[str]:
        with store.read() as db:
            return find_credits(db, kind, record_id)

    return find


def checks(settings: Settings, store: Store, engines: Engines) -> dict[str, bool]:
    """What `/healthz` looks at; the site stays up while only the last two fail."""
    return {
        "database": store.is_readable(),
        "search": settings.search_folder.is_dir() and _is_on_time(store, engines.embedded),
        "published": is_current_whole(settings.generations),
    }


def _is_on_time(store: Store, engine: Engine) -> bool:
    try:
        position = find_positions(store, engine)
        with store.read() as db:
            return position is not None and not is_late(db, position)
    except (sqlite3.Error, EngineUnavailable):
        return False


def _template_folders() -> list[Path]:
    return sorted(Path(__file__).parent.glob("*/templates"))


def _db(request: Request[Any, Any, Any]) -> Iterator[Database]:
    with site_of(request).store.read() as db:
        yield db


async def _sent_lists(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """The fields of a submitted form, each with all its values: ticked boxes share a name."""
    form = await request.form()
    return {name: [str(value) for value in form.getall(name)] for name in form}


def _sent(sent_lists: NamedDependency[dict[str, list[str]]]) -> dict[str, str]:
    """The fields of a submitted form; of a name sent twice the last.

    Made of the other: a body is read once, and two readers would wait for each other for ever.
    """
    return {name: values[-1] for name, values in sent_lists.items()}


def _find_actor(site: Site, token: str) -> Actor:
    at = site.clock()
    today = day_of(at, site.settings.timezone)
    with site.store.read() as db:
        session = find_session(db, token, at, today)
    if session and is_due(session, at):
        with site.store.transaction() as db:
            note_seen(db, session.hash, at)
    return actor_of_session(session, site.settings.secret)


def _had_session(store: Store, clock: Clock) -> HadSession:
    def had(token: str) -> bool:
        with store.read() as db:
            return find_ended(db, token, clock()) is not None

    return had


def _keep_typed(settings: Settings, store: Store, clock: Clock) -> KeepTyped:
    def keep(token: str, sent: list[tuple[str, str]], path: str) -> bool:
        with store.read() as db:
            if find_ended(db, token, clock()) is None:
                return False
        with store.transaction() as db:
            return keep_typed(db, settings.secret, clock(), token, sent, path)

    return keep


@asgi("/data", is_mount=True, copy_scope=True)
async def _data(scope: Scope, receive: Receive, send: Send) -> None:
    await scope["litestar_app"].state.data_site(scope, receive, send)


@asynccontextmanager
async def _serving_data(app: Litestar) -> AsyncIterator[None]:
    async with app.state.data_site.lifespan():
        yield
