"""How a version of a material becomes public, what its licence lets others do, who may see it."""

import re
from datetime import date, timedelta
from typing import Protocol, TypeVar

from portal.actor import Actor
from portal.i18n.language import Message

# a version's states and those that may follow
MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"waiting"}),
    "waiting": frozenset({"published", "returned", "draft"}),
    "returned": frozenset({"waiting"}),
    "published": frozenset({"withdrawn"}),
    "withdrawn": frozenset({"waiting"}),
}

# what is only for members whatever its form says: who knows the questions can learn the answers
MEMBERS_ONLY_KINDS = frozenset({"screening_guide"})

# Creative Commons: a licence and those under which an adaptation may be given on.
# Source: the compatibility chart of Creative Commons' own FAQ ("Can I combine material…").
ADAPTED_UNDER: dict[str, frozenset[str]] = {
    "cc_zero": frozenset({"cc_zero", "cc_by", "cc_by_sa", "cc_by_nc", "cc_by_nc_sa"}),
    "cc_by": frozenset({"cc_by", "cc_by_sa", "cc_by_nc", "cc_by_nc_sa"}),
    "cc_by_sa": frozenset({"cc_by_sa"}),
    "cc_by_nc": frozenset({"cc_by_nc", "cc_by_nc_sa"}),
    "cc_by_nc_sa": frozenset({"cc_by_nc_sa"}),
    "cc_by_nd": frozenset(),
    "cc_by_nc_nd": frozenset(),
    "ask_owner": frozenset(),
}
# what a licence lets others do, in a sentence for people who are no lawyers
ALLOWS: dict[str, Message] = {
    "cc_zero": Message("You may copy, change and give it on without asking anybody."),
    "cc_by": Message("You may copy, change and give it on, if you name the author."),
    "cc_by_sa": Message(
        "You may copy, change and give it on, if you name the author and keep the same licence."
    ),
    "cc_by_nc": Message(
        "You may copy, change and give it on, if you name the author and do not sell it."
    ),
    "cc_by_nc_sa": Message(
        "You may copy, change and give it on, if you name the author, do not sell it and keep the"
        " same licence."
    ),
    "cc_by_nd": Message(
        "You may copy and give it on unchanged, if you name the author. A translation is a change."
    ),
    "cc_by_nc_nd": Message(
        "You may copy and give it on unchanged, if you name the author and do not sell it."
        " A translation is a change."
    ),
    "ask_owner": Message("Ask its owner before you copy, print or change it."),
}

# the people in a picture are asked again in good time
CONSENT_ENDS_SOON = timedelta(days=60)


class InLanguage(Protocol):
    """A file or text of a version of a work."""

    @property
    def material_id(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def version(self) -> int: ...


Part = TypeVar("Part", bound=InLanguage)

FULL_BASKET = 50

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def may_become(state: str | None, wanted: str) -> bool:
    """Whether a version in a state may become another; a new one is a draft."""
    return wanted == "draft" if state is None else wanted in MOVES.get(state, frozenset())


def why_not_adapt(licence: str) -> Message | None:
    """Why a licence forbids giving on an adaptation, or None when it does not."""
    if licence == "ask_owner":
        return Message("Ask its owner first: its licence says so.")
    if not ADAPTED_UNDER.get(licence):
        return Message("Its licence forbids giving on a changed version (no derivatives).")
    return None


def may_carry(original: str, adapted: str) -> bool:
    """Whether an adaptation of a work under one licence may be given on under another."""
    return adapted in ADAPTED_UNDER.get(original, frozenset())


def sees_member_materials(actor: Actor) -> bool:
    """Who may read what is for members only: those of the directory, and practitioners."""
    return actor.may_use_directory or actor.role == "practitioner"


def may_contribute(actor: Actor) -> bool:
    """Who may give materials, campaigns and events: people of organisations, and coordinators."""
    return actor.organisation_id is not None and actor.role in ("member", "coordinator")


def keeps(actor: Actor, organisation_id: str | None) -> bool:
    """Who may change what an organisation gave: its people, and coordinators."""
    if actor.is_coordinator:
        return True
    return actor.role == "member" and actor.organisation_id == organisation_id is not None


def is_out_of_date(of_version: int, original_version: int) -> bool:
    """Whether a translation follows an older original than the newest one."""
    return of_version < original_version


def is_consent_valid(given_on: str, until: str, ended_at: str | None, today: date) -> bool:
    """Whether the people in a picture still agree on a day, that of the end included."""
    return ended_at is None and given_on <= today.isoformat() <= until


def consent_state(given_on: str, until: str, ended_at: str | None, today: date) -> str:
    """How it stands with the consent of the people in a picture: valid, ending or ended."""
    if not is_consent_valid(given_on, until, ended_at, today):
        return "ended"
    soon = (today + CONSENT_ENDS_SOON).isoformat()
    return "ending" if until <= soon else "valid"


def in_basket(basket: str) -> list[str]:
    """The works of a basket (`ID.ID.ID`), in the order they were put there; 50 at most."""
    ids = [each for each in basket.split(".") if _ID.fullmatch(each)]
    return list(dict.fromkeys(ids))[:FULL_BASKET]


def basket_with(basket: str, material_id: str) -> str:
    """The basket after one more was put into it, or one in it was taken out."""
    ids = in_basket(basket)
    kept = [each for each in ids if each != material_id]
    return ".".join(kept if material_id in ids else [*ids, material_id])


def standing(found: list[Part]) -> list[Part]:
    """Of files or texts, newest version first, those no newer version has in their language."""
    newest: dict[tuple[str, str], int] = {}
    for each in found:
        newest.setdefault((each.material_id, each.language), each.version)
    return [each for each in found if each.version == newest[each.material_id, each.language]]
