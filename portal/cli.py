"""The command line: `portal …`, also `python -m portal`.

Exit 0 when it worked, 1 when something needs a person, 2 when it could not be done at all.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from portal.clock import day_of, now
from portal.clockwork import jobs
from portal.db import Store, count
from portal.errors import Invalid, PortalError
from portal.i18n.language import load_language
from portal.inviting import user
from portal.opening import OPERATOR, opened
from portal.schemas import MIGRATIONS
from portal.settings import Settings, read_settings


@click.group()
@click.version_option(package_name="network-portal")
def portal() -> None:
    """Run and look after the network's portal."""


portal.add_command(user)
portal.add_command(jobs)


def main() -> None:
    """Run a command; what went wrong is said in one plain sentence."""
    # security: whatever is written from here on is for this account of the machine alone
    os.umask(0o077)
    try:
        portal(prog_name="portal")
    except PortalError as error:
        click.echo(str(error) or type(error).__name__, err=True)
        sys.exit(2)


@portal.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Processes that answer.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site until Ctrl-C."""
    from portal.serving import serve_site

    settings, _store = opened()
    serve_site(settings, host, port, workers)


@portal.command()
def migrate() -> None:
    """Bring the schema of the main database forward."""
    settings = read_settings()
    for step in Store(settings.database).migrate(MIGRATIONS):
        click.echo(step)
    click.echo("The schema is up to date.")


@portal.command()
@click.option("--demo", is_flag=True, help="Add the invented world.")
def seed(demo: bool) -> None:
    """Load the gazetteer, the code lists and the published facts."""
    from portal.transfer.seed import seed_demo, seed_facts, seed_life

    settings, store = opened()
    at = now()
    with _progress("seeding") as progress:
        seed_facts(store, settings, OPERATOR, at)
        if demo:
            seed_demo(store, settings, OPERATOR, at, progress)
            seed_life(store, settings, OPERATOR, at)
    _rebuild(settings, store)
    click.echo("Everything personal in the demo is invented." if demo else "Seeded.")


@portal.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; change nothing.")
def import_(kind: str, file: Path, dry_run: bool) -> None:
    """Import a CSV or XLSX file: all of it, or nothing.

    KIND is organisations, practitioners, events, places, campaigns, materials or activities. The
    column `files` of materials names files beside the table, as files/poster_ru.pdf. What is new
    is published.
    """
    from portal.publication.actions import republish_registers
    from portal.transfer.actions import import_file
    from portal.vocabularies.terms import load_terms

    settings, store = opened()
    with store.read() as db:
        terms = load_terms(db)
    at = now()
    with _progress(f"importing {kind}") as progress:
        report = import_file(
            store,
            terms,
            kind,
            file,
            OPERATOR,
            at,
            day_of(at, settings.timezone),
            settings=settings,
            dry_run=dry_run,
            progress=progress,
        )
    english = load_language("en")
    for error in report.errors:
        click.echo(f"row {error.row}, {error.column}: {english.say(error.message)}", err=True)
    if report.errors:
        click.echo(f"Nothing was imported: {len(report.errors)} cells need mending.", err=True)
        sys.exit(1)
    if not dry_run:
        _drain(settings, store)
        republish_registers(store, settings, OPERATOR, at)
    click.echo(
        f"{report.rows} rows: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged." + (" Dry run: nothing was saved." if dry_run else "")
    )


@portal.command()
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(kind: str, file: Path) -> None:
    """Export a register to a CSV or XLSX file, contacts included.

    KIND is one that can be imported, or vocabularies. Files of published materials, those for
    members too, go into a folder beside the table.
    """
    from portal.transfer.actions import export_file

    settings, store = opened()
    at = now()
    rows = export_file(store, kind, file, OPERATOR, at, settings=settings)
    click.echo(f"{rows} rows.")


@portal.command()
@click.option("--check", is_flag=True, help="Build, audit and report only.")
@click.option("--registers", is_flag=True, help="Keep the figures of the last release.")
def publish(check: bool, registers: bool) -> None:
    """Publish a release that two people agreed to, else the registers with figures unchanged.

    In the demo today's figures are released at once. What fails the audit, or the search for
    private values, is not published.
    """
    from portal.publication.leaks import Leak
    from portal.releasing.actions import publish_what_is_due

    settings, store = opened()
    try:
        with _progress("publishing") as progress:
            if check:
                _check_release(settings, store, progress)
                return
            report = publish_what_is_due(
                store, settings, OPERATOR, now(), registers_only=registers, progress=progress
            )
    except Leak as leak:
        # it names table and column, never the value
        click.echo(str(leak), err=True)
        sys.exit(1)
    except Invalid as error:
        english = load_language("en")
        for said in (each for all_said in error.fields.values() for each in all_said):
            click.echo(english.say(said), err=True)
        sys.exit(1)
    click.echo(str(report))


def _check_release(settings: Settings, store: Store, progress: Callable[[int, int], None]) -> None:
    """Say of each indicator what would be published; exit 1 when an audit fails."""
    from portal.releasing.actions import check_release
    from portal.releasing.answers import check_in_words
    from portal.vocabularies.terms import load_terms
    from portal.vocabularies.voice import Voice

    candidate, report = check_release(store, settings, OPERATOR, now(), progress=progress)
    with store.read() as db:
        voice = Voice(load_language("en"), load_terms(db))
    lines, failed = check_in_words(voice, candidate)
    for line in lines:
        click.echo(line)
    click.echo(str(report))
    for line in failed:
        click.echo(f"The audit failed. {line}", err=True)
    if failed:
        sys.exit(1)


@portal.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def bundle(file: Path) -> None:
    """Write the public part as an offline site that opens from a USB stick.

    FILE ends in .zip. It holds the newest public data and small files of public materials, in all
    languages; two bundles of the same data are the same to the byte.
    """
    from portal.bundling.actions import bundle as bundle_

    settings, store = opened()
    with _progress("bundling") as progress:
        report = bundle_(store, settings, file, now(), progress)
    click.echo(str(report))
    if not report.fits:
        click.echo(
            "It is larger than 5 MB: a small stick or a slow line may not take it.", err=True
        )
        sys.exit(1)


@portal.group()
def index() -> None:
    """Look after the search index."""


@index.command()
def status() -> None:
    """How many documents there are and how many changes wait."""
    from portal.site_search.actions import INDEXES, lag
    from search.embedded import EmbeddedEngine

    settings, store = opened()
    engine = EmbeddedEngine(settings.search_folder)
    for name in INDEXES:
        click.echo(f"{name}: {engine.count(name)} documents")
    with store.read() as db:
        click.echo(f"waiting: {lag(db)} changes")


@index.command()
def drain() -> None:
    """Bring what waits into the index."""
    settings, store = opened()
    click.echo(f"{_drain(settings, store)} changes.")


@index.command()
def rebuild() -> None:
    """Build the index anew from the database."""
    settings, store = opened()
    click.echo(f"{_rebuild(settings, store)} documents.")


@portal.command()
def check() -> None:
    """Say how the portal is, and exit 1 when something needs a person."""
    from portal.checking import check_all

    healthy = True
    for line in check_all(read_settings()):
        healthy = healthy and line.is_well
        click.echo(f"{'ok  ' if line.is_well else 'MEND'} {line.says}")
    sys.exit(0 if healthy else 1)


@portal.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    import msgspec

    from portal.app import create_app

    settings, _store = opened()
    document = create_app(settings).openapi_schema.to_schema()
    click.echo(msgspec.json.format(msgspec.json.encode(document)).decode())


def _drain(settings: Settings, store: Store) -> int:
    from portal.site_search.actions import drain as drain_
    from search.embedded import EmbeddedEngine

    engine = EmbeddedEngine(settings.search_folder)
    return drain_(store, engine, day_of(now(), settings.timezone))


def _rebuild(settings: Settings, store: Store) -> int:
    from portal.site_search.actions import rebuild as rebuild_
    from search.embedded import EmbeddedEngine

    engine = EmbeddedEngine(settings.search_folder)
    with _progress("building the search index") as progress, store.read() as db:
        waiting = count(db, "SELECT count(*) FROM places") * 2
        return rebuild_(
            store,
            engine,
            day_of(now(), settings.timezone),
            lambda done: progress(done, max(done, waiting)),
        )


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, shown only while something takes long and a person watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
