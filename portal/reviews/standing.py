"""How an application stands: who reviews it, who stands aside, who might review or decide."""

from datetime import datetime, timedelta

import msgspec

from portal.clock import moment_of
from portal.practitioners.rules import Person

NEEDED = 2
OPEN = ("applicant", "under_review", "more_information")

# so long is it waited for people here before somebody from outside may take a place
OUTSIDE_AFTER = timedelta(days=7)


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
    name: str = ""
    practitioner_id: str | None = None
    # of one from outside: who made the link
    invited_by: Person | None = None

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
    appealed_at: str | None = None
    deciders: list[Person] = []

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
    def may_be_bound(self) -> bool:
        """Whether it may still become another organisation's: nobody has begun to review it."""
        return self.state == "applicant" and self.closed_at is None and not self.reviews

    @property
    def is_reviewed(self) -> bool:
        """Whether all that are needed have sent: only now does anybody see what they said."""
        return (
            self.state == "under_review"
            and len(self.taken) >= NEEDED
            and all(each.is_sent for each in self.taken)
        )

    @property
    def opens_outside(self) -> datetime:
        """From when somebody from outside may take a place that nobody here can."""
        return moment_of(self.appealed_at or self.submitted_at) + OUTSIDE_AFTER

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
