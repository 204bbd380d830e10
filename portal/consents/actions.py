"""What follows from a practitioner's answer."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.actions import decline, give_consent, set_exclusions, withdraw_consent
from portal.agreements.queries import find_exclusions
from portal.changes.rules import POLICIES
from portal.consents.forms import Choice
from portal.consents.queries import LastChoice, find_last_choice, get_record
from portal.errors import Invalid
from portal.ethics.queries import version_to_sign
from portal.i18n.language import Message


def answer(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    choice: Choice,
    how: str,
) -> None:
    """Do what the practitioner has chosen; the same answer twice changes nothing."""
    before = find_last_choice(db, practitioner_id) if how == "printed" else None
    if before is not None and choice.answer != "give":
        told = Message("Withdraw from your account or by telephone; a printed link cannot do it.")
        raise Invalid({"all": [told]})
    if before is not None:
        choice = narrower(choice, before)
    if choice.answer == "give":
        _give(db, by, at, today, practitioner_id, choice, how)
    elif get_record(db, practitioner_id).consent_on is not None:
        withdraw_consent(db, by, at, practitioner_id, today.isoformat())
    elif choice.answer == "decline":
        decline(db, by, at, practitioner_id)


def narrower(choice: Choice, before: LastChoice) -> Choice:
    """By a printed link nothing of an earlier choice is widened: whoever printed it may hold it."""
    policies = (choice.contact_policy, before.contact_policy or POLICIES[-1])
    return msgspec.structs.replace(
        choice,
        scope=before.scope if before.scope == "members" else choice.scope,
        contact_policy=max(policies, key=POLICIES.index),
    )


def _give(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    choice: Choice,
    how: str,
) -> None:
    if not get_record(db, practitioner_id).is_open:
        told = Message("No organisation proposes you now. Ask yours to propose you again.")
        raise Invalid({"all": [told]})
    version = version_to_sign(db, practitioner_id)
    if version is not None and choice.ethics is None:
        raise Invalid({"ethics": [Message("Read the code of ethics and sign it.")]})
    # security: whoever holds a printed link was shown none, and takes none away
    if how != "printed":
        kept = [pair for pair in find_exclusions(db, practitioner_id) if pair[0] == "account"]
        set_exclusions(db, by, at, practitioner_id, [*choice.exclusions, *kept])
    give_consent(
        db,
        by,
        at,
        practitioner_id,
        choice.scope,
        how=how,
        contact_policy=choice.contact_policy,
        exclusions=choice.exclusions if how == "printed" else (),
        ethics_version=choice.ethics if version is not None else None,
        given_on=today.isoformat(),
    )
