"""What is sent to invite somebody, and what to do with an account."""

from typing import Annotated, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged
from portal.i18n.language import Message
from portal.invitations.rules import BELONGING_ROLES

Short = Annotated[str, msgspec.Meta(max_length=120)]
Id = Annotated[str, msgspec.Meta(max_length=60)]

# chosen on purpose, where an organisation that was forgotten is empty
NO_ORGANISATION = "none"

Invited = Literal["observer", "member", "practitioner", "coordinator", "admin"]


class Wanted(Paged, frozen=True):
    """Which people: of a role, of an organisation."""

    role: Invited | None = None
    organisation: Id | None = None


class Invite(msgspec.Struct, frozen=True):
    """Whom to invite, as what, and whether the directory is opened for a year."""

    person: Short
    role: Invited
    organisation: Id | None = None
    practitioner: Id | None = None
    directory: Literal["yes"] | None = None

    @property
    def belongs_to(self) -> str | None:
        """The organisation, if any."""
        return None if self.organisation == NO_ORGANISATION else self.organisation

    def refuse_unfit(self) -> None:
        """`Invalid` for a practitioner without a record, and whoever needs an organisation."""
        wrong = {}
        if self.role == "practitioner" and self.practitioner is None:
            told = Message("Start from the record of the practitioner: the invitation is there.")
            wrong["practitioner"] = [told]
        if self.belongs_to is None and self.role in ("coordinator", *BELONGING_ROLES):
            wrong["organisation"] = [Message("Choose the organisation of this person.")]
        if wrong:
            raise Invalid(wrong)


class Act(msgspec.Struct, frozen=True):
    """What to do with an account."""

    act: Literal["lock", "unlock", "grant", "end", "coordinator", "back"]


class Stop(msgspec.Struct, frozen=True):
    """What to do with an organisation's grant."""

    act: Literal["grant", "end"]


class Proposed(msgspec.Struct, frozen=True):
    """Who should stand in as coordinator."""

    account: Id
