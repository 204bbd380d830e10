"""How a version of a material becomes public, what its licence lets others do, who may see it."""

from datetime import date

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
