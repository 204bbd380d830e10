"""Invite somebody; accept an invitation; come back with one."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.accounts.actions import end_all_of
from portal.accounts.queries import find_account_id, get_account
from portal.accounts.rules import folded_name
from portal.actor import Actor
from portal.clock import stamp
from portal.credentials.actions import (
    Verdict,
    judge_phone,
    set_authenticator,
    set_password,
    use_code,
)
from portal.credentials.rules import code_hash, key_of, new_salt, random_code
from portal.db import column, count
from portal.errors import Invalid, NotFound
from portal.i18n.language import Message
from portal.invitations.queries import Invitation, find_invitation, find_wanted, is_taken
from portal.invitations.rules import GROUPS, refuse_without_organisation
from portal.membership.queries import refuse_out, refuse_out_account

A_YEAR = timedelta(days=365)


class Wanted(msgspec.Struct, frozen=True):
    """Whom somebody wants to invite."""

    name: str
    role: str
    organisation_id: str | None = None
    practitioner_id: str | None = None
    directory: bool | None = None


def invite(db: Database, by: Actor, at: datetime, wanted: Wanted, called: str | None = None) -> str:
    """A new invitation and its code, which is told this once; an open one of this name ends.

    `called` is the person's own name, where the invitation's is only an address.
    """
    refuse_impossible(db, wanted)
    withdraw(db, by, at, wanted.name)
    email = folded_name(wanted.name) if "@" in wanted.name else None
    row = {**msgspec.structs.asdict(wanted), "directory": _is_granted(db, wanted)}
    return _add(db, by, at, {**row, "kind": "first", "email": email, "called": called})


def _is_granted(db: Database, wanted: Wanted) -> bool:
    """An operator's invitation grants members the directory by itself, but not state bodies."""
    if wanted.directory is not None:
        return wanted.directory
    rows = db.table("organisations").rows_where("id = ?", [wanted.organisation_id])
    return wanted.role == "member" and all(row["kind"] != "state" for row in rows)


def refuse_impossible(db: Database, wanted: Wanted) -> None:
    """`Invalid` or `NotFound` when nobody could be invited so."""
    refuse_without_organisation(wanted.role, wanted.organisation_id)
    _refuse_unknown(db, wanted)
    refuse_out(db, wanted.role, wanted.organisation_id, field="organisation")
    if is_taken(db, wanted.name):
        raise Invalid({"name": [Message("This name is taken. Choose another.")]})


def want(db: Database, at: datetime, wanted: Wanted) -> str:
    """Keep whom somebody wants to invite until a second person agrees; its id."""
    refuse_impossible(db, wanted)
    its_id = f"w-{secrets.token_hex(6)}"
    row = {**msgspec.structs.asdict(wanted), "directory": bool(wanted.directory)}
    row |= {"id": its_id, "wanted_at": stamp(at)}
    db.table("wanted_invitations").insert(row)
    return its_id


def invite_wanted(db: Database, by: Actor, at: datetime, wanted_id: str) -> str:
    """Invite whom a second person agreed to; the code is made now and told this once."""
    found = find_wanted(db, wanted_id)
    if found is None:
        raise NotFound
    row = msgspec.structs.asdict(found)
    forget_wanted(db, row.pop("id"))
    return invite(db, by, at, Wanted(**row))


def forget_wanted(db: Database, wanted_id: str) -> None:
    """Nothing is left of somebody who is not to be invited after all."""
    db.table("wanted_invitations").delete_where("id = ?", [wanted_id])


def invite_again(db: Database, by: Actor, at: datetime, name: str) -> str:
    """The way back to an account: its sessions end, the second factor is still asked for."""
    account = get_account(db, find_account_id(db, name))
    refuse_out_account(db, account.id)
    withdraw(db, by, at, account.sign_in_name)
    end_all_of(db, by, at, account.id)
    row = {"name": account.sign_in_name, "role": account.role, "account_id": account.id}
    return _add(db, by, at, {**row, "kind": "return"})


def withdraw(db: Database, by: Actor, at: datetime, name: str) -> int:
    """End every open invitation of a name; how many there were."""
    sql = """
        SELECT id FROM invitations
        WHERE ended_at IS NULL
            AND (name IN (:name, :folded) OR email = :folded OR sign_in_name = :folded)
    """
    ended = column(db, sql, name=name, folded=folded_name(name))
    for invitation_id in ended:
        _end(db, invitation_id, at)
        audit.record(db, by, at, "withdraw", "invitations", invitation_id)
    return len(ended)


def _refuse_unknown(db: Database, wanted: Wanted) -> None:
    for table, wanted_id in (
        ("organisations", wanted.organisation_id),
        ("practitioners", wanted.practitioner_id),
    ):
        if wanted_id is not None and not list(db.table(table).rows_where("id = ?", [wanted_id])):
            raise NotFound(f"There is no {wanted_id} among the {table}.")


def _add(db: Database, by: Actor, at: datetime, row: dict[str, Any]) -> str:
    code, its_id = random_code(GROUPS), f"i-{secrets.token_hex(6)}"
    made = {"id": its_id, "hash": code_hash(code), "made_at": stamp(at)}
    db.table("invitations").insert({**row, **made})
    audit.record(db, by, at, "invite", "invitations", its_id, role=row["role"])
    return code


def _end(db: Database, invitation_id: str, at: datetime) -> None:
    forgotten = {"password": None, "salt": None, "picture": None}
    db.table("invitations").update(invitation_id, {"ended_at": stamp(at), **forgotten})


def choose(db: Database, at: datetime, code: str, name: str, hashed: str) -> str:
    """Keep the chosen name and password until the phone is set up; the picture's own key."""
    invitation = get_invitation(db, code, at)
    if is_taken(db, name):
        raise Invalid({"name": [Message("This name is taken. Choose another.")]})
    salt = invitation.salt or new_salt()
    row = {"sign_in_name": name, "password": hashed, "salt": salt}
    db.table("invitations").update(invitation.id, row)
    return new_picture(db, at, code)


def come_back(
    db: Database, secret: str, at: datetime, link: str, code: str, hashed: str
) -> tuple[Verdict, str | None]:
    """Set another password after a right code; the picture's key when a phone is to be set up.

    A code of the phone shows that the phone is still there. A printed one may be all that is left:
    only then is another phone set up, and the password waits for that.
    """
    invitation = get_invitation(db, link, at)
    account_id = str(invitation.account_id)
    before = _unused(db, account_id)
    verdict = use_code(db, secret, account_id, code, at)
    if not verdict.is_right:
        return verdict, None
    if _unused(db, account_id) < before:
        row = {"password": hashed, "salt": new_salt()}
        db.table("invitations").update(invitation.id, row)
        return verdict, new_picture(db, at, link)
    _finish(db, at, invitation, account_id, hashed)
    return verdict, None


def _unused(db: Database, account_id: str) -> int:
    sql = "SELECT count(*) FROM recovery_codes WHERE account_id = :id AND used_at IS NULL"
    return count(db, sql, id=account_id)


def new_picture(db: Database, at: datetime, code: str) -> str:
    """The key of a picture of the phone's key; the picture opens once."""
    invitation = get_invitation(db, code, at)
    if not invitation.waits_for_phone:
        raise NotFound
    picture = random_code(GROUPS)
    db.table("invitations").update(invitation.id, {"picture": code_hash(picture)})
    return picture


def take_picture(db: Database, at: datetime, code: str, picture: str) -> Invitation:
    """Use up the key of a picture; `NotFound` when it was used, or another one was made."""
    invitation = get_invitation(db, code, at)
    taken = db.execute(
        "UPDATE invitations SET picture = NULL WHERE id = ? AND picture = ?",
        [invitation.id, code_hash(picture)],
    )
    if taken.rowcount != 1:
        raise NotFound
    return invitation


def accept(
    db: Database, secret: str, at: datetime, link: str, code: str
) -> tuple[Verdict, str | None]:
    """Make the account (or give it its new phone) once the phone shows the right code; its id."""
    invitation = get_invitation(db, link, at)
    if invitation.salt is None or invitation.password is None:
        raise NotFound
    verdict, step = judge_phone(key_of(secret, invitation.salt), code, at, 0)
    if not verdict.is_right:
        return verdict, None
    account_id = invitation.account_id or _make_account(db, at, invitation)
    by = Actor(account_id=account_id)
    set_authenticator(db, by, at, account_id, invitation.salt, step)
    _finish(db, at, invitation, account_id, invitation.password)
    return verdict, account_id


def _make_account(db: Database, at: datetime, invitation: Invitation) -> str:
    if is_taken(db, str(invitation.sign_in_name)):
        raise Invalid({"name": [Message("This name is taken. Choose another.")]})
    account_id = f"a-{secrets.token_hex(6)}"
    row = {
        "id": account_id,
        "sign_in_name": invitation.sign_in_name,
        "email": invitation.email,
        "name": invitation.called or invitation.name,
        "role": invitation.role,
        "organisation_id": invitation.organisation_id,
        "practitioner_id": invitation.practitioner_id,
        "directory_until": (at + A_YEAR).date().isoformat() if invitation.directory else None,
    }
    db.table("accounts").insert(row)
    return account_id


def _finish(
    db: Database, at: datetime, invitation: Invitation, account_id: str, hashed: str
) -> None:
    by = Actor(account_id=account_id)
    set_password(db, by, at, account_id, hashed)
    end_all_of(db, by, at, account_id)
    _end(db, invitation.id, at)
    db.table("invitations").update(invitation.id, {"account_id": account_id})
    audit.record(db, by, at, "accept", "invitations", invitation.id)


def get_invitation(db: Database, code: str, at: datetime) -> Invitation:
    """The good invitation of a link, or `NotFound`."""
    found = find_invitation(db, code, at)
    if found is None:
        raise NotFound
    return found
