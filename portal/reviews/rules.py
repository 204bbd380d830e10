"""Who may review an application, how many are needed, and what comes of their answers.

Two people of different admitted organisations review, one vote an organisation. Where fewer than
two organisations are without a conflict, somebody from outside takes the place that is missing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from portal.clock import moment_of
from portal.i18n.language import Message
from portal.practitioners.rules import Person, is_same_person

NEEDED = 2
REVIEW_WITHIN = timedelta(days=14)
OUTSIDE_GOOD_FOR = timedelta(days=14)
PURPOSE = "outside_review"

# an applicant who does not answer for so long may be declined
ANSWER_WITHIN = timedelta(days=60)

# who was not here for so long cannot be counted on
GONE_AFTER = timedelta(days=30)

OPEN = ("applicant", "under_review", "more_information")
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
    "taken": Message("Somebody of your organisation reviews it already: one vote an organisation."),
    "full": Message("It has all the reviewers it needs."),
    "decides": Message("You are the only coordinator who could decide: somebody else reviews."),
}


class Review(msgspec.Struct, frozen=True):
    """Who has taken a review; without an organisation it is somebody's from outside."""

    id: str
    round: int
    is_appeal: bool
    account_id: str | None
    organisation_id: str | None
    organisation: str | None
    taken_at: str
    submitted_at: str | None
    ended_at: str | None
    is_gone: bool
    # of a later round: the criteria that are looked at anew; None: all
    asked: list[str] | None = None

    @property
    def is_sent(self) -> bool:
        """Whether the verdicts are handed in, and locked."""
        return self.submitted_at is not None

    @property
    def is_outside(self) -> bool:
        """Whether it is somebody's from outside the network."""
        return self.organisation_id is None


class Reviewer(msgspec.Struct, frozen=True):
    """Somebody with an account who might review or decide."""

    account_id: str | None
    name: str
    role: str
    organisation_id: str | None
    practitioner_id: str | None = None
    is_member: bool = False
    is_here: bool = True

    @property
    def may_read(self) -> bool:
        """Whether the list of applications is open: to members and to coordinators."""
        is_coordinator = self.role == "coordinator"
        return (self.role == "member" or is_coordinator) and (
            self.is_member or (is_coordinator and self.organisation_id is None)
        )


class Standing(msgspec.Struct, frozen=True):
    """One application as its reviews stand: nothing of what was written."""

    id: str
    organisation_id: str | None
    name: str
    names: dict[str, str]
    kind: str | None
    region: str | None
    contact_name: str | None
    state: str
    state_at: str
    submitted_at: str
    closed_at: str | None
    is_appeal: bool
    round: int
    reviews: list[Review]
    conflicts: list[str]

    @property
    def is_open(self) -> bool:
        """Whether anything about it may still be said."""
        return self.state in OPEN and self.closed_at is None

    @property
    def taken(self) -> list[Review]:
        """The reviews of the present round."""
        return [each for each in self.standing if each.round == self.round]

    @property
    def standing(self) -> list[Review]:
        """The reviews that count, of the appeal where there is one."""
        return [
            each
            for each in self.reviews
            if each.ended_at is None and each.is_appeal == self.is_appeal
        ]

    @property
    def is_reviewed(self) -> bool:
        """Whether all that are needed have sent: only now does anybody see what they said."""
        return (
            self.state == "under_review"
            and len(self.taken) >= NEEDED
            and all(each.is_sent for each in self.taken)
        )

    @property
    def earlier(self) -> set[str]:
        """The organisations that reviewed before the appeal."""
        return {
            each.organisation_id
            for each in self.reviews
            if self.is_appeal and not each.is_appeal and each.organisation_id
        }

    def of_account(self, account_id: str | None) -> Review | None:
        """Somebody's own review of the present round."""
        mine = [each for each in self.taken if each.account_id and each.account_id == account_id]
        return mine[0] if mine else None


def exclusion(person: Reviewer, standing: Standing) -> str | None:
    """What keeps somebody away from what an applicant wrote, whatever their role."""
    if person.organisation_id is not None and person.organisation_id == standing.organisation_id:
        return "own"
    if is_same_person(person, Person(name=standing.contact_name or "")):
        return "same_person"
    return "conflict" if person.organisation_id in standing.conflicts else None


def disqualified(person: Reviewer, standing: Standing) -> str | None:
    """Why somebody may not review this application at all, or None."""
    if person.role not in ("member", "coordinator") or not person.is_member:
        return "no_member"
    if why := exclusion(person, standing):
        return why
    return "earlier" if person.organisation_id in standing.earlier else None


def hindrance(person: Reviewer, standing: Standing, everybody: Sequence[Reviewer]) -> str | None:
    """Why somebody may not take a review now, or None when they may."""
    if standing.state not in TAKEN_IN or standing.closed_at is not None:
        return "closed"
    if why := disqualified(person, standing):
        return why
    if person.organisation_id in {each.organisation_id for each in standing.taken}:
        return "taken"
    if len(standing.taken) >= NEEDED:
        return "full"
    return "decides" if _is_last_coordinator(person, standing, everybody) else None


def count_possible(standing: Standing, everybody: Sequence[Reviewer]) -> int:
    """How many organisations have taken a review or could: counted up to those needed."""
    possible = {each.organisation_id for each in standing.taken if each.organisation_id}
    for person in everybody:
        if len(possible) >= NEEDED:
            break
        if person.organisation_id in possible or disqualified(person, standing) is not None:
            continue
        if not _is_last_coordinator(person, standing, everybody):
            possible.add(str(person.organisation_id))
    return len(possible)


def outside_missing(standing: Standing, everybody: Sequence[Reviewer]) -> int:
    """How many places only somebody from outside can take, and nobody is invited for yet."""
    if standing.state not in TAKEN_IN or standing.closed_at is not None:
        return 0
    places = NEEDED - count_possible(standing, everybody)
    invited = len([each for each in standing.taken if each.is_outside])
    return max(0, min(places - invited, NEEDED - len(standing.taken)))


def may_be_released(review: Review, at: datetime) -> bool:
    """Whether a coordinator may free the place of a reviewer who does not send.

    One from outside at once; one of a member after 14 days, or when they cannot come any more.
    """
    if review.is_sent or review.ended_at is not None:
        return False
    late = at - moment_of(review.taken_at) >= REVIEW_WITHIN
    return review.is_outside or review.is_gone or late


def reads_answers(person: Reviewer, standing: Standing) -> bool:
    """Who sees what an applicant wrote: its reviewers while it is open, and coordinators."""
    if not person.may_read or exclusion(person, standing) is not None:
        return False
    if person.role == "coordinator":
        return True
    return standing.is_open and standing.of_account(person.account_id) is not None


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


def due(stamped: str) -> datetime:
    """By when a review or a decision is best given."""
    return moment_of(stamped) + REVIEW_WITHIN


def _is_last_coordinator(
    person: Reviewer, standing: Standing, everybody: Collection[Reviewer]
) -> bool:
    """Whoever reviews does not decide: somebody has to be left who can."""
    if person.role != "coordinator":
        return False
    reviewing = {each.account_id for each in standing.standing}
    return not any(
        each.role == "coordinator"
        and each.is_here
        and each.account_id != person.account_id
        and each.account_id not in reviewing
        and exclusion(each, standing) is None
        for each in everybody
    )
