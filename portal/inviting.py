"""`portal user …`: invite people, lock and unlock their accounts."""

from datetime import datetime

import click

from portal.accounts.actions import lock as lock_
from portal.accounts.actions import unlock as unlock_
from portal.clock import now
from portal.db import Store
from portal.errors import Invalid, Misconfigured
from portal.i18n.language import load_language
from portal.invitations.actions import Wanted, invite_again, withdraw
from portal.invitations.actions import invite as invite_
from portal.invitations.letters import mail_invitation
from portal.invitations.queries import find_address, is_taken
from portal.invitations.rules import GOOD_FOR, INVITED_ROLES
from portal.membership.actions import keep_locked
from portal.membership.queries import refuse_out_account
from portal.opening import OPERATOR, opened
from portal.settings import Settings


@click.group()
def user() -> None:
    """Look after people's accounts."""


@user.command()
@click.argument("name", metavar="NAME")
@click.option("--role", type=click.Choice(INVITED_ROLES), help="What the person may do.")
@click.option("--organisation", help="Id of the organisation the person belongs to.")
@click.option("--practitioner", help="Id of the practitioner's own record.")
@click.option("--again", is_flag=True, help="The way back to an account: ends its sessions.")
def invite(
    name: str, role: str | None, organisation: str | None, practitioner: str | None, again: bool
) -> None:
    """Print an invitation link: it opens once, within 72 hours."""
    if again == bool(role):
        raise Misconfigured("Say either --role (a new account) or --again (the way back to one).")
    settings, store = opened()
    at = now()
    try:
        with store.transaction() as db:
            if again:
                code = invite_again(db, OPERATOR, at, name)
            else:
                wanted = Wanted(name, str(role), organisation, practitioner)
                code = invite_(db, OPERATOR, at, wanted)
    except Invalid as problem:
        raise Misconfigured(_said(problem)) from problem
    _print(settings, code, at)
    _mail(settings, store, name, code, at)


@user.command()
@click.argument("name", metavar="NAME")
def lock(name: str) -> None:
    """Lock an account: its sessions and open invitations end at once."""
    _settings, store = opened()
    at = now()
    with store.transaction() as db:
        withdrawn = withdraw(db, OPERATOR, at, name)
        if not withdrawn or is_taken(db, name):
            keep_locked(db, lock_(db, OPERATOR, at, name))
    click.echo(f"Locked; {withdrawn} open invitations ended.")


@user.command()
@click.argument("name", metavar="NAME")
def unlock(name: str) -> None:
    """Let a locked account sign in again."""
    _settings, store = opened()
    try:
        with store.transaction() as db:
            refuse_out_account(db, unlock_(db, OPERATOR, now(), name))
    except Invalid as problem:
        raise Misconfigured(_said(problem)) from problem
    click.echo("Unlocked.")


def _said(problem: Invalid) -> str:
    english = load_language("en")
    return " ".join(
        f"{field}: {english.say(each)}" for field, said in problem.fields.items() for each in said
    )


def _print(settings: Settings, code: str, at: datetime) -> None:
    until = load_language("en").moment(at + GOOD_FOR, settings.timezone)
    click.echo(f"{settings.base_url}/join/{code}")
    click.echo(f"It opens once, until {until}. Hand it over in person, or print it.")


def _mail(settings: Settings, store: Store, name: str, code: str, at: datetime) -> None:
    with store.read() as db:
        address, language = find_address(db, name)
    known = language if language in settings.languages else settings.languages[0]
    went = mail_invitation(settings, load_language(str(known)), address, code, at)
    if went:
        click.echo("It was also sent by e-mail.")
    elif went is False:
        click.echo("It could not be sent by e-mail.", err=True)
    elif address and settings.smtp_url:
        click.echo("It was not sent by e-mail: nothing is, between 20:00 and 08:00.")
