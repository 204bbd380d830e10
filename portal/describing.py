"""The tables of the README, written by cog from what the code says of itself."""

import click

from portal.cli import portal
from portal.settings import SETTINGS
from portal.transfer.actions import KINDS
from portal.transfer.columns import LANGUAGES


def commands() -> str:
    """The command line as a table."""
    rows = [f"| `{usage}` | {says} |" for usage, says in _leaves(portal, "portal")]
    return "\n".join(["| command | does |", "| --- | --- |", *rows, ""])


def settings() -> str:
    """The settings as a table."""
    rows = [f"| `{s.variable}` | {_shown(s.default)} | {s.says} |" for s in SETTINGS]
    return "\n".join(["| variable | default | is |", "| --- | --- | --- |", *rows, ""])


def columns() -> str:
    """What each kind of file has for columns, those of languages once."""
    rows = []
    for kind in KINDS.values():
        suffixes = {f"{name}_{each}" for name in kind.header for each in LANGUAGES}
        names = [
            f"{name} ✎" if f"{name}_{LANGUAGES[0]}" in kind.header else name
            for name in kind.header
            if name not in suffixes
        ]
        rows.append(f"| {kind.name} | {', '.join(names)} |")
    return "\n".join(["| kind | columns |", "| --- | --- |", *rows, ""])


def _leaves(command: click.Command, path: str) -> list[tuple[str, str]]:
    if isinstance(command, click.Group):
        return [
            leaf
            for name in sorted(command.commands)
            for leaf in _leaves(command.commands[name], f"{path} {name}")
        ]
    return [(" ".join([path, *map(_usage, command.params)]), command.get_short_help_str(120))]


def _usage(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        value = "" if parameter.is_flag else f" {(parameter.name or '').upper()}"
        return f"[{parameter.opts[0]}{value}]"
    return parameter.make_metavar(click.Context(portal))


def _shown(default: str) -> str:
    return f"`{default}`" if default else "–"
