"""Print a card; act on behalf of a practitioner who says so on the telephone.

Two people stand behind whatever widens: the coordinator who takes the call, and she with her card.
Whoever printed the card may have seen its codes, and so takes no such call.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from portal import audit
from portal.actor import Actor
from portal.agreements.actions import give_consent, withdraw_consent
from portal.agreements.queries import state_now
from portal.capacity.actions import go_away
from portal.capacity.queries import get_kept_for, get_week
from portal.cards.forms import (
    Accepting,
    Code,
    Confirming,
    Consenting,
    Declining,
    Opening,
    Pausing,
    Said,
)
from portal.cards.queries import Card, Kept, find_card, find_code, has_consent
from portal.cards.rules import (
    CODES,
    GROUPS,
    SECOND_TAP,
    TRIES,
    asked_number,
    card_hash,
)
from portal.clock import moment_of, stamp
from portal.confirmations.actions import confirm, refuse_unseen
from portal.confirmations.queries import find_keeping_accounts
from portal.credentials.rules import random_code
from portal.db import column
from portal.errors import Invalid
from portal.ethics.queries import version_to_sign
from portal.handovers.actions import answer_open
from portal.i18n.language import Message
from portal.notices.actions import notify, notify_welcome
from portal.practitioners.rules import Person, is_same_person
from portal.requests.actions import accept, decline


class Call(msgspec.Struct, frozen=True):
    """Who takes her call, when, and who she is."""

    by: Actor
    at: datetime
    today: date
    practitioner_id: str


class Verdict(msgspec.Struct, frozen=True):
    """Whether it was done: `refused` says why not, `reference` is the code that was used up."""

    refused: str | None = None
    is_repeated: bool = False
    reference: str | None = None


def make_card(
    db: Database, secret: str, by: Actor, at: datetime, practitioner_id: str
) -> list[str]:
    """Twelve new codes in their order, shown this once; an earlier card opens nothing any more."""
    codes = [random_code(GROUPS) for _ in range(CODES)]
    card_id = f"c-{secrets.token_hex(6)}"
    db.execute(
        "UPDATE cards SET ended_at = ? WHERE practitioner_id = ? AND ended_at IS NULL",
        [stamp(at), practitioner_id],
    )
    row = {"id": card_id, "practitioner_id": practitioner_id, "made_at": stamp(at), "failures": 0}
    db.table("cards").insert({**row, "made_by": by.account_id or by.role})
    db.table("card_codes").insert_all(
        {"card_id": card_id, "number": n, "hash": card_hash(secret, card_id, n, code)}
        for n, code in enumerate(codes, start=1)
    )
    audit.record(db, by, at, "make_card", "practitioners", practitioner_id, card=card_id)
    _tell(db, by, at, at.date(), practitioner_id, "card_made", "card_made")
    return codes


def act_on_behalf(db: Database, secret: str, call: Call, said: Said) -> Verdict:
    """Do what she says; a wrong code is counted, and nothing else happens then."""
    verdict = Verdict()
    if isinstance(said, Code):
        verdict = _use_code(db, secret, call, said)
        if verdict.refused or verdict.is_repeated:
            return verdict
    if _perform(db, call, said, verdict.reference):
        _record(db, call, said, verdict.reference)
    return verdict


def _use_code(db: Database, secret: str, call: Call, said: Code) -> Verdict:
    card = find_card(db, call.practitioner_id)
    if card is None:
        return Verdict("none")
    # security: whoever printed the codes, or holds them, could act alone with them
    her = Person(name=card.name, practitioner_id=call.practitioner_id)
    if is_same_person(call.by, her):
        return Verdict("herself")
    if is_same_person(call.by, Person(card.made_by, card.made_by_name)):
        return Verdict("printer")
    kept = find_code(db, card.id, said.number)
    given = card_hash(secret, card.id, said.number, said.code)
    if kept is None or kept.used_at is not None:
        return _judge_used(call, said, kept, given)
    if card.is_locked:
        return Verdict("locked")
    # security: the portal chooses the number, so that one code seen over a shoulder opens little
    if said.number != asked_number(secret, card.id, card.unused):
        return Verdict("stale")
    if not hmac.compare_digest(kept.hash, given):
        return _count_failure(db, call, card)
    row = {"used_at": stamp(call.at), "used_by": call.by.account_id, "used_for": _purpose(said)}
    db.table("card_codes").update((card.id, said.number), row)
    db.table("cards").update(card.id, {"failures": 0})
    return Verdict(reference=f"{card.id}/{said.number}")


def _judge_used(call: Call, said: Code, kept: Kept | None, given: str) -> Verdict:
    """The second tap of a double one is thanked like the first; anything else is a replay."""
    if kept is None or kept.used_at is None:
        return Verdict("wrong")
    is_same = (
        hmac.compare_digest(kept.hash, given)
        and kept.used_for == _purpose(said)
        and kept.used_by == call.by.account_id
        and abs(call.at - moment_of(kept.used_at)) <= SECOND_TAP
    )
    return Verdict(is_repeated=True) if is_same else Verdict("used")


def _count_failure(db: Database, call: Call, card: Card) -> Verdict:
    failures = card.failures + 1
    is_over = failures >= TRIES
    row = {"failures": failures, "locked_at": stamp(call.at) if is_over else None}
    db.table("cards").update(card.id, row)
    if is_over:
        audit.record(
            db, call.by, call.at, "lock_card", "practitioners", call.practitioner_id, card=card.id
        )
    return Verdict("locked" if is_over else "wrong")


def _purpose(said: Any) -> str:
    """What a code was used for: an act, and of what."""
    about = getattr(said, "request", None)
    return f"{said.act}:{about}" if about else str(said.act)


def _consent(db: Database, call: Call, said: Consenting, _reference: str | None) -> bool:
    her = call.practitioner_id
    if state_now(db, her) not in ("proposed", "agreed", "suspended"):
        told = Message("No organisation proposes the practitioner now. Ask for a new proposal.")
        raise Invalid({"all": [told]})
    version = version_to_sign(db, her)
    if version is not None and said.ethics != version:
        told = Message("The code of ethics has to be signed too. Look at the paper.")
        raise Invalid({"ethics": [told]})
    give_consent(
        db,
        call.by,
        call.at,
        her,
        said.scope,
        how="telephone",
        contact_policy=said.contact_policy,
        ethics_version=version,
        reference=said.reference,
        given_on=call.today.isoformat(),
    )
    return True


def _confirm(db: Database, call: Call, said: Confirming, reference: str | None) -> bool:
    her = call.practitioner_id
    refuse_unseen(get_kept_for(db, call.by, call.today, her), said.seen)
    confirm(db, call.by, call.at, call.today, her, "telephone", reference)
    return True


def _accept(db: Database, call: Call, said: Accepting, _reference: str | None) -> bool:
    accept(db, call.by, call.at, said.request, call.practitioner_id)
    return True


def _decline(db: Database, call: Call, said: Declining, _reference: str | None) -> bool:
    decline(db, call.by, call.at, said.request, call.practitioner_id, said.reason)
    return True


def _open(db: Database, call: Call, said: Opening, _reference: str | None) -> bool:
    answer_open(db, call.by, call.at, call.practitioner_id, said.answer)
    return True


def _pause(db: Database, call: Call, said: Pausing, _reference: str | None) -> bool:
    before = get_week(db, call.practitioner_id)
    go_away(db, call.by, call.at, call.practitioner_id, said.period(call.today))
    return get_week(db, call.practitioner_id) != before


def _withdraw(db: Database, call: Call, _said: Said, _reference: str | None) -> bool:
    stood = has_consent(db, call.practitioner_id)
    withdraw_consent(db, call.by, call.at, call.practitioner_id, call.today.isoformat())
    return stood


# what each act does; False when it was so already
_PERFORM: dict[str, Callable[..., bool]] = {
    "consent": _consent,
    "confirm": _confirm,
    "accept": _accept,
    "decline": _decline,
    "open": _open,
    "pause": _pause,
    "withdraw": _withdraw,
}


def _perform(db: Database, call: Call, said: Said, reference: str | None) -> bool:
    return _PERFORM[said.act](db, call, said, reference)


def _record(db: Database, call: Call, said: Said, reference: str | None) -> None:
    card, _, number = (reference or "").partition("/")
    detail: dict[str, str | int | None] = {"act": said.act}
    if reference:
        detail |= {"card": card, "number": int(number)}
    if isinstance(said, Accepting | Declining):
        detail["request"] = said.request
    her = call.practitioner_id
    audit.record(db, call.by, call.at, "on_behalf", "practitioners", her, **detail)
    people = None if reference else "on_behalf_people"
    _tell(db, call.by, call.at, call.today, her, "on_behalf", people)


def _tell(
    db: Database,
    by: Actor,
    at: datetime,
    today: date,
    practitioner_id: str,
    kind: str,
    people: str | None,
) -> None:
    """Tell her; where nothing but the coordinator's word stands behind it, her organisation too."""
    notify(db, at, kind, practitioner_id, practitioner_id=practitioner_id)
    if people is None:
        return
    sql = "SELECT organisation_id FROM practitioners WHERE id = :id"
    for organisation_id in column(db, sql, id=practitioner_id):
        keeping = set(find_keeping_accounts(db, organisation_id, today)) - {by.account_id or ""}
        notify_welcome(db, at, people, practitioner_id, keeping)
