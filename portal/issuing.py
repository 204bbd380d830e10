"""`portal publish` and `portal bundle`: what leaves the portal for everybody."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from portal.clock import now
from portal.db import Store
from portal.errors import Invalid
from portal.i18n.language import load_language
from portal.opening import OPERATOR, opened
from portal.progress import progress_of
from portal.settings import Settings


@click.command()
@click.option("--check", is_flag=True, help="Build, audit and report only.")
@click.option("--registers", is_flag=True, help="Keep the figures of the last release.")
def publish(check: bool, registers: bool) -> None:
    """Publish a release that two people agreed to, else the registers with figures unchanged.

    In the demo today's figures are released at once. What fails the audit, or the search for
    private values, is not published.
    """
    from portal.exporting.actions import write_files
    from portal.publication.leaks import Leak
    from portal.releasing.actions import publish_what_is_due

    settings, store = opened()
    try:
        with progress_of("publishing") as progress:
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
    if report.generation and (files := write_files(settings, store)):
        click.echo(f"{files} files to download.")


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


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def bundle(file: Path) -> None:
    """Write the public part as an offline site that opens from a USB stick.

    FILE ends in .zip. It holds the newest public data and small files of public materials, in all
    languages; two bundles of the same data are the same to the byte.
    """
    from portal.bundling.actions import bundle as bundle_

    settings, store = opened()
    with progress_of("bundling") as progress:
        report = bundle_(store, settings, file, now(), progress)
    click.echo(str(report))
    if not report.fits:
        click.echo(
            "It is larger than 5 MB: a small stick or a slow line may not take it.", err=True
        )
        sys.exit(1)
