"""Who may agree to what somebody else asked for: never the asker, never who is concerned.

Two people add, release or widen; one hides, stops or locks. An administrator whose session was not
opened by a passkey needs another administrator beside them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from portal.actor import Actor
from portal.i18n.language import Coded, Message
from portal.indicators.queries import Definition
from portal.practitioners.rules import is_same_person

OPEN_FOR = timedelta(days=30)
TAKEN_WITHIN = timedelta(days=7)
REVIEW_AFTER = timedelta(days=7)
REVIEW_GOOD_FOR = timedelta(days=7)
ACTING_FOR = timedelta(days=30)
A_YEAR = timedelta(days=365)
# who has not signed in for so long cannot be counted on to agree
GONE_AFTER = timedelta(days=30)

KEEPERS = ("coordinator", "admin")

# a demo session stands for a passkey, so that one person can try an administrator's work
STRONG = frozenset({"passkey", "demo"})


class Rule(msgspec.Struct, frozen=True):
    """Who may ask for a kind of act, who may agree, and what their two have to be."""

    asks: tuple[str, ...]
    agrees: tuple[str, ...]
    needs_coordinator: bool = True
    may_be_reviewed: bool = True
    # who is told at once; anybody else who may agree finds it among what waits
    tells: tuple[str, ...] = ("member", "coordinator", "admin")


GIVERS = ("member", "coordinator")

# what is made public: any two organisations carry it, and somebody outside could not see it yet
_PUBLISH = Rule(
    GIVERS, GIVERS, needs_coordinator=False, may_be_reviewed=False, tells=("coordinator",)
)

# what members may see among what waits, beside their own: it is theirs to agree to
OPEN_TO_MEMBERS = ("acting", "publish_material", "publish_campaign", "publish_event")

RULES: dict[str, Rule] = {
    "invite": Rule(KEEPERS, KEEPERS),
    "grant_directory": Rule(("coordinator",), KEEPERS),
    "unlock": Rule(KEEPERS, KEEPERS, needs_coordinator=False),
    "role": Rule(KEEPERS, KEEPERS),
    "export": Rule(("coordinator",), ("coordinator",), may_be_reviewed=False),
    "acting": Rule(("member",), ("member",), needs_coordinator=False),
    "way_back": Rule(("admin",), ("admin",), needs_coordinator=False),
    "publish_material": _PUBLISH,
    "publish_campaign": _PUBLISH,
    "publish_event": _PUBLISH,
    "adopt_charter": Rule(("coordinator",), ("coordinator",), may_be_reviewed=False),
    "readmit": Rule(("coordinator",), KEEPERS),
    "founder": Rule(("coordinator",), KEEPERS),
    "open_indicator": Rule(("coordinator",), ("coordinator",), may_be_reviewed=False),
    "publish_release": Rule(
        ("coordinator",), ("coordinator",), may_be_reviewed=False, tells=("coordinator",)
    ),
}

SAYS: dict[str, Message] = {
    "invite": Message("An invitation waits for a second person."),
    "grant_directory": Message("A year's access to the directory waits for a second person."),
    "unlock": Message("Unlocking an account waits for a second person."),
    "role": Message("Making somebody a coordinator waits for a second person."),
    "export": Message("Taking a register out as a file waits for a second person."),
    "acting": Message("An acting coordinator waits for a second organisation."),
    "way_back": Message("The way back to an account waits for a second person."),
    "publish_material": Message("A material waits for a second person to publish it."),
    "publish_campaign": Message("A campaign waits for a second person to publish it."),
    "publish_event": Message("An event waits for a second person to publish it."),
    "adopt_charter": Message("A new version of the charter waits for a second coordinator."),
    "readmit": Message("Ending a suspension waits for a second person."),
    "founder": Message("Recording a founding member waits for a second person."),
    "open_indicator": Message(
        "Opening the figures of an indicator waits for a second coordinator."
    ),
    "publish_release": Message("A release of the figures waits for a second coordinator."),
}

WHY_NOT: dict[str, Message] = {
    "asker": Message("You asked for this yourself: somebody else has to agree."),
    "spoken": Message("You have agreed; one more person is needed."),
    "same_person": Message(
        "You and the person who asked seem to be the same person, with two accounts."
    ),
    "concerned": Message("This concerns you: somebody else has to agree."),
    "organisation": Message("You belong to the organisation that asks: another one has to agree."),
    "no_member": Message("Only people of member organisations may agree to this."),
    "asker_gone": Message("Whoever asked may not ask for this any more: nothing comes of it."),
}


class Side(msgspec.Struct, frozen=True):
    """Somebody who asks, agrees, or is concerned."""

    account_id: str
    role: str
    name: str = ""
    organisation_id: str | None = None
    practitioner_id: str | None = None
    signed_by: str | None = None
    is_gone: bool = False
    is_member: bool = False

    @property
    def is_weak(self) -> bool:
        """An administrator whose session somebody with a stolen password could have opened."""
        return self.role == "admin" and self.signed_by not in STRONG


def side_of(actor: Actor, *, is_member: bool) -> Side:
    """The side of whoever is signed in."""
    return Side(
        account_id=str(actor.account_id),
        role=actor.role,
        name=actor.name,
        organisation_id=actor.organisation_id,
        practitioner_id=actor.practitioner_id,
        signed_by=signed_by(actor),
        is_member=is_member,
    )


def signed_by(actor: Actor) -> str:
    """By what the session was opened; unknown counts as weak."""
    return str(getattr(actor, "signed_by", ""))


def hindrance(kind: str, asker: Side, second: Side, concerned: Sequence[Side]) -> str | None:
    """Why this person may not agree (`role`: not their matter at all), or None when they may."""
    if second.role not in RULES[kind].agrees:
        return "role"
    if second.account_id == asker.account_id:
        return "asker"
    if asker.is_gone:
        return "asker_gone"
    if is_same_person(asker, second):
        return "same_person"
    if any(is_same_person(each, second) for each in concerned):
        return "concerned"
    if kind == "acting" and not second.is_member:
        return "no_member"
    return "organisation" if is_same_organisation(asker, second) else None


def is_same_organisation(one: Side, other: Side) -> bool:
    """Both of one organisation; who belongs to none was made by an operator and is of no other."""
    return one.organisation_id is not None and one.organisation_id == other.organisation_id


def is_enough(kind: str, asker: Side, voices: Sequence[Side]) -> bool:
    """Whether these voices carry what was asked.

    Weak ones count only where two administrators take part; else it must stand without them.
    """
    strong = [each for each in voices if not each.is_weak]
    return _stands(kind, asker, voices) or _stands(kind, asker, strong)


def _stands(kind: str, asker: Side, voices: Sequence[Side]) -> bool:
    everybody = [asker, *voices]
    admins = [each for each in everybody if each.role == "admin"]
    if not voices or (any(each.is_weak for each in admins) and len(admins) < 2):
        return False
    coordinators = [each for each in everybody if each.role == "coordinator"]
    return bool(coordinators) or not RULES[kind].needs_coordinator


def may_be_reviewed(kind: str, asked: datetime, at: datetime, eligible: int) -> bool:
    """After 7 days in which nobody was there who could agree, somebody from outside may."""
    return RULES[kind].may_be_reviewed and at - asked >= REVIEW_AFTER and eligible == 0


def needs_second_admin(actor: Actor) -> bool:
    """Whether an act that one coordinator may do alone takes this administrator another one."""
    return actor.role == "admin" and signed_by(actor) not in STRONG


def next_verdict(kind: str, asker: Side, voices: Sequence[Side], said: str) -> str | None:
    """One refusal refuses; approvals carry it when they are enough; None: it stays open."""
    if said == "refused":
        return "refused"
    return "approved" if is_enough(kind, asker, voices) else None


def definition_asked(stored: Definition, detail: Mapping[str, Any]) -> Definition:
    """What a second person agrees to of an indicator: a version, or its texts that wait."""
    texts = json.loads(detail.get("texts") or "{}")
    return msgspec.structs.replace(stored, **texts)


def about(
    detail: Mapping[str, Any], for_organisation: str | None, subject: str | None
) -> tuple[Coded | str, ...]:
    """What is asked for, in a code, and for which organisation; nobody is named.

    What is to be published is called by its title.
    """
    if "look" in detail and subject:
        return (subject,)
    role = detail.get("role")
    organisation = subject if detail.get("of") == "organisation" else for_organisation
    told = (Coded("account_roles", role) if role else None, organisation)
    return tuple(each for each in told if each)
