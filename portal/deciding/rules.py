"""Which coordinator may decide on an application, what is pre-filled, and what needs a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from portal.i18n.language import Message
from portal.practitioners.rules import is_same_person
from portal.reviews.rules import bars_decision, exclusion, is_among, is_unanswered
from portal.reviews.standing import Review, Reviewer, Standing

WHY_NOT: dict[str, Message] = {
    "role": Message("Only coordinators decide."),
    "own": Message("Your own organisation asks to join: another coordinator decides."),
    "same_person": Message("You seem to be the person whom the applicant names as its contact."),
    "conflict": Message("Your organisation has declared a conflict of interest."),
    "invited": Message(
        "You made the link for the reviewer from outside: another coordinator decides."
    ),
    "reviewed": Message("You have reviewed it yourself: another coordinator decides."),
    "decided": Message("You decided on it before: another coordinator decides on the appeal."),
    "organisation": Message("Your organisation has reviewed it: another coordinator decides."),
}


class DecidedPoint(msgspec.Struct, frozen=True):
    """Whether a criterion is met, and why."""

    met: bool
    reason: str | None = None


def hindrance(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> str | None:
    """Why somebody may not decide, or None when they may.

    Who decided before the appeal, or whose organisation reviewed, decides only when no other
    coordinator is there.
    """
    if why := _always(person, standing, everybody):
        return why
    why = _while_others(person, standing)
    if why is None:
        return None
    others = [
        each
        for each in everybody
        if not is_same_person(each, person)
        and each.is_here
        and _always(each, standing, everybody) is None
        and _while_others(each, standing) is None
    ]
    return why if others else None


def reviews_decided_on(standing: Standing) -> list[Review]:
    """The reviews of the last round in which all that were needed have sent."""
    sent = [each for each in standing.standing if each.is_sent]
    last = max((each.round for each in sent), default=0)
    return [each for each in sent if each.round == last]


def may_be_decided(standing: Standing, at: datetime) -> bool:
    """Whether it waits for a decision: reviewed without a question, or left unanswered."""
    return (standing.is_open and standing.is_reviewed) or is_unanswered(standing, at)


def agreed(code: str, verdicts: Sequence[Mapping[str, str]]) -> bool | None:
    """What all reviewers say of a criterion; None where they differ, or one wants to know more."""
    said = {each.get(code) for each in verdicts}
    if said == {"met"}:
        return True
    return False if said == {"not_met"} else None


def missing_points(
    codes: Sequence[str], points: Mapping[str, DecidedPoint], verdicts: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """For each criterion that cannot be decided so what it lacks: `met`, or a `reason`.

    A reason stands beside everything that is not met, and wherever the decision differs from what
    both reviewers said.
    """
    lacks = {}
    for code in codes:
        point, both = points.get(code), agreed(code, verdicts)
        if point is None:
            lacks[code] = "met"
        elif not point.reason and (not point.met or both is False):
            lacks[code] = "reason"
    return lacks


def outcome(points: Mapping[str, DecidedPoint]) -> str:
    """All criteria met: `admitted`; else `declined`."""
    return "admitted" if all(each.met for each in points.values()) else "declined"


def _always(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> str | None:
    return bars_decision(person, standing) or exclusion(person, standing, everybody)


def _while_others(person: Reviewer, standing: Standing) -> str | None:
    if is_among(person, standing.deciders):
        return "decided"
    if person.organisation_id is None:
        return None
    reviewed = {each.organisation_id for each in standing.standing}
    return "organisation" if person.organisation_id in reviewed else None
