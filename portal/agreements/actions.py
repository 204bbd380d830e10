"""Agreement, consent and confirmation as they are recorded; each act makes the listing anew.

`set_…` record what an import says; everything else is a person's act and keeps to the rules.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.agreements.queries import (
    consented_to,
    find_consent,
    find_exclusions,
    find_proposal,
    others_could_agree,
    state_now,
)
from portal.agreements.rules import may_become, refusal_to_agree
from portal.changes.actions import end_waiting, forget_contacts
from portal.clock import stamp
from portal.errors import Invalid, NotFound
from portal.ethics.actions import sign_code
from portal.i18n.language import Message
from portal.links.actions import end_links
from portal.nearby.actions import refresh_listing
from portal.notices.actions import notify, notify_welcome
from portal.papers.queries import find_keepers
from portal.practitioners.actions import save_practitioner


def move(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    state: str,
    reason: str | None = None,
    **detail: int,
) -> None:
    """Take one step of the agreement; nothing when it is taken already, `Invalid` when not open."""
    now = state_now(db, practitioner_id)
    if now == state:
        return
    if not may_become(now, state):
        told = Message("Meanwhile this was changed. Look at what stands now, then decide anew.")
        raise Invalid({"all": [told]})
    about = {"practitioner_id": practitioner_id, "organisation_id": by.organisation_id}
    row = {**about, "state": state, "at": stamp(at), "by": _who(by), "reason": reason}
    _add(db, by, at, "agreement_states", row, unchanged=("state",), **detail)
    if now is not None:
        notify(db, at, "agreement_changed", practitioner_id, practitioner_id=practitioner_id)
        _tell_proposer(db, by, at, practitioner_id, "agreement_changed")


def agree(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    *,
    spoken: bool = False,
) -> None:
    """Agree as the second person; `Invalid` says why somebody cannot be that.

    `spoken`: with the practitioner, which is asked of a consent that not only she can have given.
    She saw every detail when she consented; that day counts as a confirmation if none has changed.
    """
    if state_now(db, practitioner_id) == "agreed":
        return
    proposal = find_proposal(db, practitioner_id)
    others_could = others_could_agree(db, by, today, proposal)
    refusal = refusal_to_agree(by, proposal, others_could=others_could)
    if refusal is not None:
        raise Invalid({"all": [refusal]})
    consent = find_consent(db, practitioner_id)
    # security: whoever proposed may have held the link, or written the address it went to
    if not spoken and (consent is None or consent.how != "account"):
        told = Message("Speak with the practitioner first, then tick this box.")
        raise Invalid({"spoken": [told]})
    move(db, by, at, practitioner_id, "agreed", spoken=int(spoken))
    if consent and consent.is_of_these_details:
        _count_as_confirmed(db, by, at, practitioner_id, consent.given_on)


def give_consent(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    scope: str,
    *,
    how: str,
    contact_policy: str | None = None,
    exclusions: Iterable[tuple[str, str]] = (),
    ethics_version: str | None = None,
    reference: str | None = None,
    given_on: str | None = None,
) -> None:
    """Record a practitioner's own consent: `how` it came, and where its paper is, if there is one.

    `exclusions` are added to those that stand; `given_on` is the day at `at` unless it is said.
    """
    _suspend_withdrawn(db, by, at, practitioner_id)
    day = given_on or stamp(at)[:10]
    for kind, value in exclusions:
        exclude(db, by, at, practitioner_id, kind, value)
    if contact_policy is not None:
        save_practitioner(db, by, at, practitioner_id, {"contact_policy": contact_policy})
    if ethics_version is not None:
        sign_code(db, by, at, practitioner_id, ethics_version, day)
    given = {"practitioner_id": practitioner_id, "scope": scope, "given_on": day, "by": _who(by)}
    more = {"withdrawn_on": None, "how": how, "reference": reference}
    row = {**given, **more, **consented_to(db, practitioner_id)}
    unchanged = ("scope", "given_on", "withdrawn_on", "how", "step_id", "version")
    _add(db, by, at, "consents", row, unchanged)
    if state_now(db, practitioner_id) == "agreed":
        _count_as_confirmed(db, by, at, practitioner_id, day)
    _tell_proposer(db, by, at, practitioner_id, "consent_given")


def decline(db: Database, by: Actor, at: datetime, practitioner_id: str) -> None:
    """Record that a practitioner does not want to be listed; her contact and licence are erased."""
    forget_private(db, practitioner_id)
    end_links(db, at, "consent", practitioner_id)  # a printed one ends with every step
    move(db, by, at, practitioner_id, "ended", "declined")


def forget_private(db: Database, practitioner_id: str) -> None:
    """Erase contact and licence: nobody keeps what somebody did not consent to."""
    # security: `secure_delete` overwrites them, in versions and waiting changes too
    for table in ("practitioner_contacts", "practitioner_licences"):
        db.table(table).delete_where("practitioner_id = ?", [practitioner_id])
    forget_contacts(db, practitioner_id)


def _tell_proposer(db: Database, by: Actor, at: datetime, practitioner_id: str, kind: str) -> None:
    proposer = find_proposal(db, practitioner_id).proposed_by.account_id
    if proposer is not None and proposer != by.account_id:
        notify_welcome(db, at, kind, practitioner_id, [proposer])


def _count_as_confirmed(
    db: Database, by: Actor, at: datetime, practitioner_id: str, day: str
) -> None:
    newest = _newest(db, "confirmations", practitioner_id)
    if newest is None or (newest["confirmed_on"] or "") < day:
        set_confirmation(db, by, at, practitioner_id, day)


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
    given = {"practitioner_id": practitioner_id, "scope": scope, "given_on": given_on}
    row = {**given, "by": _who(by), **consented_to(db, practitioner_id)}
    _add(db, by, at, "consents", row, unchanged=("scope", "given_on"))


def withdraw_consent(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    withdrawn_on: str,
    *,
    suspends: bool = True,
) -> None:
    """Record that the newest consent stands no longer; nothing when there is none that does.

    The one door of every withdrawal. Exclusions are kept: they protect her when she comes back,
    for which two people are needed again. An import says itself what the agreement is.
    """
    newest = _newest(db, "consents", practitioner_id)
    if newest is None or newest["withdrawn_on"] is not None:
        return
    row = {**newest, "withdrawn_on": withdrawn_on, "by": _who(by)}
    row.pop("id")
    # security: with the consent go the contacts; `secure_delete` overwrites them
    db.table("practitioner_contacts").delete_where("practitioner_id = ?", [practitioner_id])
    forget_contacts(db, practitioner_id)
    # security: an older link, lost or read by another, does not bring the consent back
    for purpose in ("consent", "confirm"):
        end_links(db, at, purpose, practitioner_id)
    end_waiting(db, by, at, practitioner_id)
    _add(db, by, at, "consents", row, unchanged=("withdrawn_on",))
    if suspends:
        _suspend_withdrawn(db, by, at, practitioner_id)
    # whoever keeps the record hears of it; what hangs on the listing is released by its own domain
    keepers = _keepers_of(db, practitioner_id)
    notify_welcome(db, at, "consent_withdrawn", practitioner_id, keepers)


def _suspend_withdrawn(db: Database, by: Actor, at: datetime, practitioner_id: str) -> None:
    """Let no agreement outlive a withdrawal, so that a new consent alone lists nobody."""
    newest = _newest(db, "consents", practitioner_id)
    if newest and newest["withdrawn_on"] and state_now(db, practitioner_id) == "agreed":
        row = {"practitioner_id": practitioner_id, "state": "suspended", "reason": "withdrawn"}
        row |= {"at": stamp(at), "by": _who(by)}
        _add(db, by, at, "agreement_states", row, unchanged=("state",))


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
    row = {"practitioner_id": practitioner_id, "kind": kind, "value": value}
    db.table("consent_exclusions").upsert(row)
    audit.record(db, by, at, "exclude", "practitioners", practitioner_id)


def set_exclusions(
    db: Database,
    by: Actor,
    at: datetime,
    practitioner_id: str,
    wanted: Iterable[tuple[str, str]],
) -> None:
    """Make these the only exclusions of a practitioner; nothing when they are already."""
    now, then = set(find_exclusions(db, practitioner_id)), set(wanted)
    for kind, value in sorted(now - then):
        db.table("consent_exclusions").delete((practitioner_id, kind, value))
        audit.record(db, by, at, "include", "practitioners", practitioner_id)
    for kind, value in sorted(then - now):
        exclude(db, by, at, practitioner_id, kind, value)


def _keepers_of(db: Database, practitioner_id: str) -> list[str]:
    rows = list(db.table("practitioners").rows_where("id = ?", [practitioner_id]))
    if not rows:
        raise NotFound
    return find_keepers(db, rows[0]["organisation_id"])


def _add(
    db: Database,
    by: Actor,
    at: datetime,
    table: str,
    row: dict[str, Any],
    unchanged: tuple[str, ...],
    **detail: int,
) -> None:
    newest = _newest(db, table, row["practitioner_id"])
    if newest and all(newest[name] == row[name] for name in unchanged):
        return
    db.table(table).insert(row)
    audit.record(db, by, at, "record", table, row["practitioner_id"], **detail)
    if table != "confirmations":
        # security: a printed link is for one proposal, and for one answer to it
        end_links(db, at, "consent_printed", row["practitioner_id"])
    refresh_listing(db, row["practitioner_id"])


def _newest(db: Database, table: str, practitioner_id: str) -> dict[str, Any] | None:
    hers = ("practitioner_id = ?", [practitioner_id])
    return next(db.table(table).rows_where(*hers, order_by="id desc", limit=1), None)


def _who(by: Actor) -> str:
    return by.account_id or by.role
