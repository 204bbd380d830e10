"""What is sent to invite somebody, and what to do with an account."""

from typing import Annotated, Literal

import msgspec

from portal.errors import Invalid
from portal.forms import Paged
from portal.i18n.language import Message

Short = Annotated[str, msgspec.Meta(max_length=120)]
Id = Annotated[str, msgspec.Meta(max_length=60)]

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

    def refuse_unfit(self) -> None:
        """`Invalid` for a practitioner without a record, and a coordinator of no organisation."""
        wrong = {}
        if self.role == "practitioner" and self.practitioner is None:
            wrong["practitioner"] = [Message("Write the id that ends the record's address.")]
        if self.role == "coordinator" and self.organisation is None:
            wrong["organisation"] = [Message("Coordinators belong to different organisations.")]
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
