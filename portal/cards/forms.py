"""What is typed while she is on the telephone."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import msgspec

from portal.capacity.forms import read_away
from portal.capacity.rules import Period, end_of_week
from portal.cards.rules import ACTS, CODES
from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.vocabularies.terms import Terms

Short = Annotated[str, msgspec.Meta(max_length=60)]
Number = Annotated[int, msgspec.Meta(ge=1, le=CODES)]


class Code(msgspec.Struct, frozen=True):
    """A code of the card, and the number that was asked for when the form was shown."""

    number: Number
    code: Short


class Consenting(Code, frozen=True):
    """She consents; the paper that she signed is kept outside, `reference` says where."""

    act: Literal["consent"]
    scope: Short
    contact_policy: Short
    reference: Short
    ethics: Short | None = None


class Confirming(Code, frozen=True):
    """Her details are right and she takes visits; `seen` marks those that were read to her."""

    act: Literal["confirm"]
    seen: Short


class Accepting(Code, frozen=True):
    """She takes a request on."""

    act: Literal["accept"]
    request: Short


class Declining(Code, frozen=True):
    """She does not, and no reason is one."""

    act: Literal["decline"]
    request: Short
    reason: Short


class Opening(Code, frozen=True):
    """Whether another organisation may propose her, now that hers is not in the network."""

    act: Literal["open"]
    answer: Literal["yes", "no"]


class Pausing(msgspec.Struct, frozen=True):
    """No visits from today: until Sunday, or until a day."""

    act: Literal["pause"]
    ends_on: date | None = None

    def period(self, today: date) -> Period:
        """The absence."""
        ends_on = self.ends_on or end_of_week(today)
        return read_away({"starts_on": today.isoformat(), "ends_on": ends_on.isoformat()}, today)


class Withdrawing(msgspec.Struct, frozen=True):
    """Her consent ends."""

    act: Literal["withdraw"]


Said = Consenting | Confirming | Accepting | Declining | Opening | Pausing | Withdrawing

SHAPES: dict[str, type[Said]] = {
    "consent": Consenting,
    "confirm": Confirming,
    "accept": Accepting,
    "decline": Declining,
    "open": Opening,
    "pause": Pausing,
    "withdraw": Withdrawing,
}


class Search(msgspec.Struct, frozen=True):
    """Part of a name."""

    who: Annotated[str, msgspec.Meta(max_length=100)] | None = None


def read_said(sent: Mapping[str, str], terms: Terms) -> Said:
    """What she said, as the form of its act; `Invalid` when there is no such act."""
    shape = SHAPES.get(sent.get("act", ""))
    if shape is None:
        choices = ", ".join(ACTS)
        raise Invalid({"act": [Message("Choose one of: %(choices)s.", {"choices": choices})]})
    said = read_form(shape, sent)
    if isinstance(said, Declining):
        refuse_unknown({"reason": (said.reason, terms.codes("decline_reasons"))})
    if isinstance(said, Consenting):
        policies = terms.codes("contact_policies")
        refuse_unknown(
            {
                "scope": (said.scope, terms.codes("consent_scopes")),
                "contact_policy": (said.contact_policy, policies),
            }
        )
    return said
