"""The command line: `portal …`, also `python -m portal`.

Exit 0 when it worked, 1 when something needs a person, 2 when it could not be done at all.
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.clock import day_of, now
from portal.clockwork import jobs
from portal.db import Store, is_out_of_space
from portal.errors import PortalError
from portal.i18n.language import load_language
from portal.indexing import bring_current, build, index
from portal.inviting import user
from portal.issuing import bundle, publish
from portal.opening import OPERATOR, opened
from portal.progress import progress_of
from portal.schemas import MIGRATIONS
from portal.settings import read_settings

if TYPE_CHECKING:
    from portal.transfer.report import CellError


@click.group()
@click.version_option(package_name="network-portal")
def portal() -> None:
    """Run and look after the network's portal."""


portal.add_command(user)
portal.add_command(jobs)
portal.add_command(publish)
portal.add_command(bundle)
portal.add_command(index)


def main() -> None:
    """Run a command; what went wrong is said in one plain sentence."""
    # security: whatever is written from here on is for this account of the machine alone
    os.umask(0o077)
    try:
        portal(prog_name="portal")
    except PortalError as error:
        click.echo(str(error) or type(error).__name__, err=True)
        sys.exit(2)
    except (OSError, sqlite3.OperationalError) as error:
        if not is_out_of_space(error):
            raise
        click.echo("The disk is full or cannot be written; nothing was half-written.", err=True)
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
    with progress_of("seeding") as progress:
        seed_facts(store, settings, OPERATOR, at)
        if demo:
            seed_demo(store, settings, OPERATOR, at, progress)
            seed_life(store, settings, OPERATOR, at)
    build(settings, store)
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
    with progress_of(f"importing {kind}") as progress:
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
    # what must be mended, else what may be there already, which hinders nothing
    _tell(report.errors or report.doubts)
    if report.errors:
        click.echo(f"Nothing was imported: {len(report.errors)} cells need mending.", err=True)
        sys.exit(1)
    if not dry_run:
        bring_current(settings, store)
        republish_registers(store, settings, OPERATOR, at)
    click.echo(
        f"{report.rows} rows: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged." + (" Dry run: nothing was saved." if dry_run else "")
    )


def _tell(cells: "list[CellError]") -> None:
    english = load_language("en")
    for cell in cells:
        click.echo(f"row {cell.row}, {cell.column}: {english.say(cell.message)}", err=True)


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
