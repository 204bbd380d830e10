"""`portal jobs …`: the clocked work, which a served portal also does by itself."""

import sys

import click

from portal.clock import now
from portal.db import Store
from portal.digests.rules import next_after
from portal.errors import Misconfigured
from portal.i18n.language import load_language
from portal.jobs.actions import DIGESTS, run_digests, run_due, run_job
from portal.jobs.queries import Run, find_last_run
from portal.jobs.registry import JOBS
from portal.jobs.rules import next_due
from portal.opening import OPERATOR, opened
from portal.settings import Settings


@click.group()
def jobs() -> None:
    """Do the clocked work, and see how it stands."""


@jobs.command()
@click.argument("name", metavar="NAME", required=False)
def run(name: str | None) -> None:
    """Run what is due, or the job NAME at once."""
    settings, store = opened()
    runs = (
        run_due(store, settings, OPERATOR, now()) if name is None else _one(settings, store, name)
    )
    for each in runs:
        click.echo(f"{each.name}: {_how(each)}")
    if not runs:
        click.echo("Nothing is due.")
    sys.exit(1 if any(each.failed for each in runs) else 0)


@jobs.command()
def status() -> None:
    """When each job ran last, how it ended, and when it is due."""
    settings, store = opened()
    english, at = load_language("en"), now()
    with store.read() as db:
        for job in JOBS:
            last = find_last_run(db, job.name)
            due = next_due(last.started, job.every, failed=last.failed > 0) if last else at
            click.echo(_line(job.name, last, english.moment(max(due, at), settings.timezone)))
        due = next_after(at, settings.timezone)
        last = find_last_run(db, DIGESTS)
        click.echo(_line(DIGESTS, last, english.moment(due, settings.timezone)))


def _one(settings: Settings, store: Store, name: str) -> list[Run]:
    at, known = now(), {job.name: job for job in JOBS}
    if name == DIGESTS:
        done = run_digests(store, settings, OPERATOR, at)
    elif name in known:
        done = run_job(store, settings, OPERATOR, at, known[name], now=True)
    else:
        raise Misconfigured(f"There is no job {name}; there are {', '.join([*known, DIGESTS])}.")
    return [done] if done else []


def _line(name: str, last: Run | None, due: str) -> str:
    ran = f"{last.started_at}, {_how(last)}" if last else "never ran"
    return f"{name}: {ran}; next {due}"


def _how(run: Run) -> str:
    return f"{run.done} done" + (f", {run.failed} failed" if run.failed else "")
