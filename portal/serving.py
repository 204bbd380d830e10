"""Run the site with granian."""

import os

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portal.errors import Misconfigured
from portal.settings import Settings, refuse_unsafe

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve_site(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it; refuses what would be unsafe."""
    refuse_unsafe(settings)
    _refuse_readable_by_others(settings)
    if settings.is_demo and host not in LOOPBACK:
        raise Misconfigured("The demo listens on this machine only: leave --host as it is.")
    click.echo(f"The portal is at http://localhost:{port} (Ctrl-C ends it).")
    if settings.is_demo:
        click.echo("This is the demo: every person and organisation in it is invented.")
    Granian(
        "portal.app:create_app",
        factory=True,
        address="127.0.0.1" if host == "localhost" else host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


def _refuse_readable_by_others(settings: Settings) -> None:
    if settings.is_demo or not settings.database.exists():
        return
    # security: other accounts of the machine must not read the registers
    if os.stat(settings.database).st_mode & 0o077:
        raise Misconfigured(f"Others can read {settings.database}: chmod 600 it.")
