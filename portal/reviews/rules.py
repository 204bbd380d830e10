"""Who may review an application, how many are needed, and what comes of their answers.

Two people of different admitted organisations review, one vote an organisation. Where fewer than
two organisations are without a conflict, somebody from outside takes the place that is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from portal.applications.rules import names_contact
from portal.clock import moment_of
from portal.i18n.language import Message
from portal.membership.rules import may_become
from portal.practitioners.rules import Somebody, is_same_person
from portal.reviews.standing import NEEDED, Review, Reviewer, Standing

REVIEW_WITHIN = timedelta(days=14)
OUTSIDE_GOOD_FOR = timedelta(days=14)
PURPOSE = "outside_review"

# an applicant who does not answer for so long may be declined
ANSWER_WITHIN = timedelta(days=60)

# who was not here for so long cannot be counted on
GONE_AFTER = timedelta(days=30)

CLOSED = ("admitted", "declined", "left")
TAKEN_IN = ("applicant", "under_review")

VERDICTS = ("met", "more", "not_met")
WITH_NOTE = ("more", "not_met")
MOST_NOTE = 2000

# of a file that may be handed on: scanned, or no scanner is set up
SAFE_SCANS = ("none", "clean")

WHY_NOT: dict[str, Message] = {
    "closed": Message("This application is not being reviewed now."),
    "no_member": Message("Only people of member organisations review applications."),
    "own": Message("Your own organisation asks to join: somebody else reviews it."),
    "same_person": Message("You seem to be the person whom the applicant names as its contact."),
    "conflict": Message("Your organisation has declared a conflict of interest."),
    "earlier": Message(
        "Your organisation has reviewed this before: other people review the appeal."
    ),
    "before": Message("You reviewed or decided on this before: other people review the appeal."),
    "twice": Message("You seem to be the person who reviews it already: two people are needed."),
    "taken": Message("Somebody of your organisation reviews it already: one vote an organisation."),
    "full": Message("It has all the reviewers it needs."),
    "decides": Message("You are the only coordinator who could decide: somebody else reviews."),
}


def exclusion(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> str | None:
    """What keeps somebody away from what an applicant wrote, whatever their role.

    Whom the applicant names as its contact is its own word: nobody but the last coordinator who
    could decide comes by that.
    """
    if why := _stands_aside(person, standing):
        return why
    if not names_contact(standing.contact_name, person.name):
        return None
    is_last = person.role == "coordinator" and not is_left(person, standing, everybody)
    return None if is_last else "same_person"


def disqualified(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> str | None:
    """Why somebody may not review this application at all, or None."""
    if person.role not in ("member", "coordinator") or not person.is_member:
        return "no_member"
    if why := exclusion(person, standing, everybody):
        return why
    if person.organisation_id in standing.earlier:
        return "earlier"
    before = [each for each in standing.reviews if not each.is_appeal]
    is_known = is_among(person, before) or is_among(person, standing.deciders)
    return "before" if standing.is_appeal and is_known else None


def hindrance(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> str | None:
    """Why somebody may not take a review now, or None when they may."""
    if standing.state not in TAKEN_IN or standing.closed_at is not None:
        return "closed"
    if why := disqualified(person, standing, everybody):
        return why
    if person.organisation_id in {each.organisation_id for each in standing.taken}:
        return "taken"
    # security: two accounts do not make two people
    if is_among(person, standing.taken):
        return "twice"
    if len(standing.taken) >= NEEDED:
        return "full"
    return "decides" if _is_last_coordinator(person, standing, everybody) else None


def bars_decision(person: Reviewer, standing: Standing) -> str | None:
    """Why somebody may not decide, whoever else is there; the contact's name aside."""
    if person.role != "coordinator" or not person.may_read:
        return "role"
    if why := _stands_aside(person, standing):
        return why
    if is_among(person, [each for each in standing.reviews if each.ended_at is None]):
        return "reviewed"
    # security: nobody admits by a review whose link they made and could have used themselves
    makers = [each.invited_by for each in standing.standing if each.invited_by is not None]
    return "invited" if is_among(person, makers) else None


def is_left(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> bool:
    """Whether, without this person, a coordinator is left who can decide."""
    return any(
        each.is_here
        and bars_decision(each, standing) is None
        and not names_contact(standing.contact_name, each.name)
        and not is_same_person(each, person)
        for each in everybody
    )


def count_possible(standing: Standing, everybody: Sequence[Reviewer]) -> int:
    """How many people of different organisations have taken a review or could, up to those needed.

    Somebody with an account in each of two organisations is one.
    """
    taken = {each.organisation_id for each in standing.taken if each.organisation_id}
    missing, could = NEEDED - len(taken), list[Reviewer]()
    for person in everybody if missing > 0 else ():
        if person.organisation_id in taken or is_among(person, standing.taken):
            continue
        if disqualified(person, standing, everybody) is not None:
            continue
        if _is_last_coordinator(person, standing, everybody):
            continue
        could.append(person)
        if missing == 1 or any(_are_two(person, each) for each in could):
            return NEEDED
    return len(taken) + min(len(could), 1)


def outside_missing(standing: Standing, everybody: Sequence[Reviewer]) -> int:
    """How many places only somebody from outside can take, and nobody is invited for yet."""
    if standing.state not in TAKEN_IN or standing.closed_at is not None:
        return 0
    places = NEEDED - count_possible(standing, everybody)
    invited = len([each for each in standing.taken if each.is_outside])
    return max(0, min(places - invited, NEEDED - len(standing.taken)))


def waits_for_link(standing: Standing, everybody: Sequence[Reviewer], at: datetime) -> bool:
    """Whether a link has to be made: for a place open for 7 days, or for the questions anew."""
    again = any(
        each.is_outside and not each.is_sent and each.asked is not None for each in standing.taken
    )
    if again and standing.state == "under_review":
        return True
    return at >= standing.opens_outside and outside_missing(standing, everybody) > 0


def may_invite(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> bool:
    """Who may make a link: a coordinator, while another one is left who can decide.

    Where there is no such coordinator an administrator makes it.
    """
    if person.role == "coordinator":
        return is_left(person, standing, everybody)
    return person.role == "admin" and not any(
        each.role == "coordinator"
        and each.is_here
        and exclusion(each, standing, everybody) is None
        and is_left(each, standing, everybody)
        for each in everybody
    )


def may_be_released(review: Review, at: datetime) -> bool:
    """Whether a coordinator may free the place of a reviewer who does not send.

    One from outside at once; one of a member after 14 days, or when they cannot come any more.
    """
    if review.is_sent or review.ended_at is not None:
        return False
    late = at - moment_of(review.taken_at) >= REVIEW_WITHIN
    return review.is_outside or review.is_gone or late


def reads_answers(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> bool:
    """Who sees what an applicant wrote: its reviewers while it is open, and coordinators."""
    if not person.may_read or exclusion(person, standing, everybody) is not None:
        return False
    if person.role == "coordinator":
        return True
    return standing.is_open and standing.of_account(person.account_id) is not None


def may_apply_anew(state: str | None, *, is_applying: bool) -> bool:
    """Whether an organisation of the register may be the one that applies: no member may."""
    return may_become(state, "applicant") and not is_applying


def missing_verdicts(
    codes: Sequence[str], verdicts: Mapping[str, str], notes: Mapping[str, str]
) -> dict[str, str]:
    """For each criterion that cannot be sent yet what it lacks: the `verdict` or the `note`."""
    lacks = {
        code: "verdict"
        if not verdicts.get(code)
        else "note"
        if verdicts[code] in WITH_NOTE and not notes.get(code)
        else ""
        for code in codes
    }
    return {code: what for code, what in lacks.items() if what}


def asked_about(verdicts: Iterable[Mapping[str, str]]) -> set[str]:
    """The criteria about which any of the reviewers wants to know more."""
    return {code for each in verdicts for code, said in each.items() if said == "more"}


def is_unanswered(standing: Standing, at: datetime) -> bool:
    """Whether the applicant has let the question for more lie for 60 days."""
    waits = standing.state == "more_information" and standing.is_open
    return waits and at - moment_of(standing.state_at) >= ANSWER_WITHIN


def asked_at(standing: Standing) -> str:
    """Since when reviewers are wanted: it was sent, or an appeal was."""
    return standing.state_at if standing.is_appeal else standing.submitted_at


def due(stamped: str) -> datetime:
    """By when a review or a decision is best given."""
    return moment_of(stamped) + REVIEW_WITHIN


def is_among(person: Somebody, people: Iterable[Somebody]) -> bool:
    """Whether one of these is the same person, by whichever account."""
    return any(is_same_person(person, each) for each in people)


def _stands_aside(person: Reviewer, standing: Standing) -> str | None:
    if person.organisation_id is not None and person.organisation_id == standing.organisation_id:
        return "own"
    return "conflict" if person.organisation_id in standing.conflicts else None


def _are_two(one: Reviewer, other: Reviewer) -> bool:
    return one.organisation_id != other.organisation_id and not is_same_person(one, other)


def _is_last_coordinator(
    person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]
) -> bool:
    """Whoever reviews does not decide: somebody has to be left who can."""
    return person.role == "coordinator" and not is_left(person, standing, everybody)
