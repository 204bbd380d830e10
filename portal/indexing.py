"""`portal index …`: the search engines, which a served portal also keeps current by itself."""

import os
import sys

import click

from portal.clock import day_of, now
from portal.db import Store, count
from portal.engines import Engines, open_engines
from portal.errors import Misconfigured
from portal.indexes.actions import (
    Standing,
    drain,
    find_positions,
    find_standing,
    rebuild,
    retire,
)
from portal.indexes.acts import Progress
from portal.opening import opened
from portal.progress import Bar, progress_of
from portal.settings import Settings, read_settings
from search.engine import Engine, EngineUnavailable

# seconds a command waits for the served portal, which may be writing
PATIENCE = 30.0


@click.group()
def index() -> None:
    """Look after the search index."""


@index.command()
def status() -> None:
    """How far each search engine is: its documents, the changes that wait, what is wrong."""
    settings, store = opened()
    engines = open_engines(settings)
    found = [find_standing(store, engine) for engine in engines.each]
    for each in found:
        for line in describe(each):
            click.echo(f"{each.name}: {line}")
    engines.close()
    # a server that is down needs nobody at once: the embedded engine answers for it
    sys.exit(1 if found[0].problem else 0)


@index.command("drain")
def drain_() -> None:
    """Bring what waits into the index."""
    settings, store = opened()
    sys.exit(0 if bring_current(settings, store, say=True) else 1)


@index.command("rebuild")
@click.option("--engine", "name", help="One engine alone: embedded or meilisearch.")
def rebuild_(name: str | None) -> None:
    """Build the index anew from the database."""
    settings, store = opened()
    sys.exit(0 if build(settings, store, name, say=True) else 1)


@index.command()
def keys() -> None:
    """Make the keys of Meilisearch for the settings; asks for its master key.

    The master key is also taken from MEILI_MASTER_KEY in the environment of this command. It is
    used now and kept nowhere; no option takes it, for others of the machine can read those.
    """
    from search.meilisearch_keys import make_keys

    settings = read_settings()
    if not settings.meilisearch_url:
        raise Misconfigured("PORTAL_MEILISEARCH_URL is not set: which server should make them?")
    master = os.environ.get("MEILI_MASTER_KEY") or click.prompt(
        "Master key of Meilisearch", hide_input=True, err=True
    )
    try:
        made = make_keys(settings.meilisearch_url, master)
    except EngineUnavailable as error:
        raise Misconfigured(f"No keys were made: {error}.") from error
    click.echo(f"PORTAL_MEILISEARCH_KEY={made.write}")
    click.echo(f"PORTAL_MEILISEARCH_PUBLIC_KEY={made.public}")
    click.echo(f"PORTAL_MEILISEARCH_MEMBERS_KEY={made.members}")


def describe(found: Standing) -> list[str]:
    """How an engine is, in plain words."""
    if found.problem:
        return [f"cannot be used now: {found.problem}"]
    if found.must_be_rebuilt:
        return ["must be built anew: the served portal does it, or `portal index rebuild`"]
    held = [f"{name} has {number} documents" for name, number in found.documents.items()]
    since = f", since {found.since} UTC" if found.since else ""
    return [*held, f"{found.waiting} changes wait{since}"]


def bring_current(settings: Settings, store: Store, *, say: bool = False) -> bool:
    """Bring what waits into every engine; whether all could be reached."""
    engines, today, well = open_engines(settings), day_of(now(), settings.timezone), True
    for engine in engines.each:
        try:
            with progress_of(f"bringing {engine.name} up to date") as progress:
                counted = _counted(store, progress)
                done = drain(store, engine, today, counted, patience=PATIENCE if say else 0.0)
        except EngineUnavailable as error:
            _complain(engine, error)
            well = False
        else:
            if say:
                click.echo(f"{engine.name}: {done} changes.")
    _forget_heard(store, engines)
    return well


def build(settings: Settings, store: Store, name: str | None = None, *, say: bool = False) -> bool:
    """Build the indexes of all engines anew, or of one; whether they could be reached."""
    engines, today, well = open_engines(settings), day_of(now(), settings.timezone), True
    for engine in _named(engines, name):
        try:
            with progress_of(f"building the search index of {engine.name}") as progress:
                documents = rebuild(store, engine, today, _counted(store, progress))
        except EngineUnavailable as error:
            _complain(engine, error)
            well = False
        else:
            if say:
                click.echo(f"{engine.name}: {documents} documents.")
    _forget_heard(store, engines)
    return well


def _forget_heard(store: Store, engines: Engines) -> None:
    """Let go of the lines that every engine is past, and of the engines."""
    retire(store, [_position(store, engine) for engine in engines.each])
    engines.close()


def _position(store: Store, engine: Engine) -> int | None:
    try:
        return find_positions(store, engine)
    except EngineUnavailable:
        return None


def _named(engines: Engines, name: str | None) -> list[Engine]:
    chosen = [each for each in engines.each if name in (None, each.name)]
    if not chosen:
        known = ", ".join(each.name for each in engines.each)
        raise Misconfigured(f"The settings name no engine {name}; there is {known}.")
    return chosen


def _counted(store: Store, progress: Bar) -> Progress:
    with store.read() as db:
        expected = count(db, "SELECT count(*) FROM places")
    return lambda done: progress(done, max(done, expected))


def _complain(engine: Engine, error: EngineUnavailable) -> None:
    click.echo(f"{engine.name} cannot be used now: {error}. What changed waits for it.", err=True)
