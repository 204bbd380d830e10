"""From which state of the agreement to which, who may take the step, and who can mend a listing.

One person is enough to hide (suspend, end); two are needed to list, and again after a suspension:
one proposes anew, another of another organisation agrees.
"""

import msgspec

from portal.actor import Actor
from portal.i18n.language import Message
from portal.practitioners.rules import Person, is_same_person

MOVES: dict[str | None, tuple[str, ...]] = {
    None: ("proposed",),
    "proposed": ("agreed", "ended"),
    "agreed": ("suspended", "ended"),
    "suspended": ("proposed", "ended"),
    "ended": ("proposed",),
}

REASONS: dict[str, tuple[str, ...]] = {
    "suspended": ("own_wish", "absence", "licence", "complaint", "details"),
    "ended": ("own_wish", "left", "conduct", "mistake"),
}


def may_become(now: str | None, wanted: str) -> bool:
    """Whether the agreement may go from one state to the other."""
    return wanted in MOVES.get(now, ())


class Proposal(msgspec.Struct, frozen=True):
    """Whom it is about, and from where the proposal that waits came."""

    practitioner: Person
    organisation_ids: frozenset[str]
    proposed_by: Person
    is_consented: bool
    is_signed: bool


def may_keep(actor: Actor, organisation_id: str) -> bool:
    """Whether somebody keeps the papers: a coordinator, or a member of her own organisation."""
    if actor.is_coordinator:
        return True
    return actor.may_use_directory and actor.organisation_id == organisation_id


def refusal_to_agree(
    actor: Actor, proposal: Proposal, *, others_could: bool = True
) -> Message | None:
    """Why this person cannot be the second who agrees; None when they can.

    A coordinator of the proposing organisation agrees only when nobody else could: a network of
    three must not come to a stop.
    """
    if not proposal.is_consented:
        return Message("The practitioner has not consented yet.")
    if not proposal.is_signed:
        return Message("The practitioner has not signed the code of ethics yet.")
    if is_same_person(actor, proposal.practitioner):
        return Message("Nobody agrees to their own listing.")
    if is_same_person(actor, proposal.proposed_by):
        return Message("You proposed this practitioner yourself. A second person has to agree.")
    is_same = actor.organisation_id in proposal.organisation_ids
    if is_same and (others_could or not actor.is_coordinator):
        return Message(
            "Your organisation proposed this practitioner. Somebody of another organisation"
            " has to agree."
        )
    return None


def refusal_to_print(state: str | None, *, has_answered: bool) -> Message | None:
    """Why no link may be shown to whoever would hand it over; None when one may.

    Whoever holds a printed link can answer it, so it opens nothing of what was answered already.
    """
    if state == "proposed" and not has_answered:
        return None
    return Message(
        "A link is printed only for a proposal that is not answered yet. The practitioner answers"
        " from the account; or end the agreement and propose again."
    )


# what keeps somebody out of the list, and who can mend it how
MENDS: dict[str, Message] = {
    "agreement": Message(
        "The agreement is not in force. The organisation proposes, and another organisation or a"
        " coordinator agrees."
    ),
    "consent": Message(
        "There is no consent. The practitioner gives it by a link or from the account; the"
        " organisation can send or print a new link."
    ),
    "ethics": Message(
        "The code of ethics is not signed. The practitioner signs it on the page of the consent."
    ),
    "confirmation": Message(
        "The details were never confirmed. The practitioner confirms them, or a coordinator after"
        " a call."
    ),
    "confirmation_old": Message(
        "The details were confirmed more than 180 days ago. The practitioner confirms them, or a"
        " coordinator after a call."
    ),
    "licence": Message(
        "The licence has ended. The practitioner or the organisation enters the new end."
    ),
    "membership": Message(
        "The organisation is not an admitted member now. A coordinator can say what is open."
    ),
}


def to_mend(unlisted: list[str], state: str | None, *, confirms: bool) -> list[str]:
    """What of the reasons somebody has to mend; a consent to these very details confirms them."""
    if state == "proposed" and confirms:
        return [code for code in unlisted if code != "confirmation"]
    return unlisted
