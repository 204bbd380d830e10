"""Run the site with granian."""

import socket

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from portal.engines import refuse_master_key
from portal.errors import Misconfigured
from portal.settings import LOOPBACK, Settings, refuse_unsafe


def serve_site(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it; refuses what would be unsafe."""
    refuse_unsafe(settings)
    _refuse_readable_by_others(settings)
    if settings.meilisearch_url and not settings.is_demo:
        refuse_master_key(settings)
    if settings.is_demo and host not in LOOPBACK:
        raise Misconfigured("The demo listens on this machine only: leave --host as it is.")
    host = "127.0.0.1" if host == "localhost" else host
    _refuse_taken_port(host, port)
    click.echo(f"The portal is at http://localhost:{port} (Ctrl-C ends it).")
    if settings.is_demo:
        click.echo("This is the demo: every person and organisation in it is invented.")
    Granian(
        "portal.app:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


def _refuse_readable_by_others(settings: Settings) -> None:
    if settings.is_demo:
        return
    # security: other accounts of the machine must read neither the registers nor the index
    for path in (settings.database, *settings.search_folder.glob("*")):
        if path.exists() and path.stat().st_mode & 0o077:
            raise Misconfigured(f"Others can read {path}: chmod 600 it.")
    for folder in (settings.files, settings.incoming):
        if folder.exists() and folder.stat().st_mode & 0o077:
            raise Misconfigured(f"Others can read {folder}: chmod 700 it.")


def _refuse_taken_port(host: str, port: int) -> None:
    """Two servers on one port would share its visitors without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            said = f"Port {port} of {host} cannot be used: {error.strerror}."
            raise Misconfigured(said) from error
