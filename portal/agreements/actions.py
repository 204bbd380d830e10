"""Agreement, consent and confirmation as they are recorded; each act makes the listing anew."""

from datetime import datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.changes.actions import forget_contacts
from portal.clock import stamp
from portal.nearby.actions import refresh_listing


def set_agreement(
    db: Database, by: Actor, at: datetime, practitioner_id: str, state: str | None
) -> None:
    """Record an agreement state as an operator's act; nothing when it is the present one.

    None says that the state is not known any more, which unlists.
    """
    row = {"practitioner_id": practitioner_id, "state": state, "at": stamp(at), "by": _who(by)}
    _add(db, by, at, "agreement_states", row, unchanged=("state",))


def set_consent(
    db: Database, by: Actor, at: datetime, practitioner_id: str, scope: str, given_on: str
) -> None:
    """Record a practitioner's consent, which somebody has on signed paper."""
    row = {
        "practitioner_id": practitioner_id,
        "scope": scope,
        "given_on": given_on,
        "by": _who(by),
    }
    _add(db, by, at, "consents", row, unchanged=("scope", "given_on"))


def withdraw_consent(
    db: Database, by: Actor, at: datetime, practitioner_id: str, withdrawn_on: str
) -> None:
    """Record that the newest consent stands no longer; nothing when there is none that does."""
    newest = _newest(db, "consents", practitioner_id)
    if newest and newest["withdrawn_on"] is None:
        row = {**newest, "withdrawn_on": withdrawn_on, "by": _who(by)}
        row.pop("id")
        # security: with the consent go the contacts; `secure_delete` overwrites them
        db.table("practitioner_contacts").delete_where("practitioner_id = ?", [practitioner_id])
        forget_contacts(db, practitioner_id)
        _add(db, by, at, "consents", row, unchanged=("withdrawn_on",))


def set_confirmation(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    confirmed_on: str | None,
    *,
    how: str | None = None,
    reference: str | None = None,
) -> None:
    """Record that the details were confirmed on a day; None: that it is not known when.

    `how` a person did it (an import does not say), and by which link or code of a card.
    """
    row = {"practitioner_id": practitioner_id, "confirmed_on": confirmed_on, "by": _who(by)}
    said = {"how": how, "reference": reference}
    unchanged = ("confirmed_on", "by", *said) if how else ("confirmed_on",)
    row |= {**said, "at": stamp(at)}
    _add(db, by, at, "confirmations", row, unchanged=unchanged)


def exclude(
    db: Database, by: Actor, at: datetime, practitioner_id: str, kind: str, value: str
) -> None:
    """Record whom a practitioner does not want to be found by: organisation, its kind, an account.

    The audit says that an exclusion was made, not of whom.
    """
    db.table("consent_exclusions").upsert(
        {"practitioner_id": practitioner_id, "kind": kind, "value": value}
    )
    audit.record(db, by, at, "exclude", "practitioners", practitioner_id)


def _add(
    db: Database,
    by: Actor,
    at: datetime,
    table: str,
    row: dict[str, Any],
    unchanged: tuple[str, ...],
) -> None:
    newest = _newest(db, table, row["practitioner_id"])
    if newest and all(newest[name] == row[name] for name in unchanged):
        return
    db.table(table).insert(row)
    audit.record(db, by, at, "record", table, row["practitioner_id"])
    refresh_listing(db, row["practitioner_id"])


def _newest(db: Database, table: str, practitioner_id: str) -> dict[str, Any] | None:
    rows = db.table(table).rows_where(
        "practitioner_id = ?", [practitioner_id], order_by="id desc", limit=1
    )
    return next(rows, None)


def _who(by: Actor) -> str:
    return by.account_id or by.role
