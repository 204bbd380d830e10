"""Which organisation of the register an applicant is, said by somebody who has looked."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.errors import Invalid
from portal.forms import read_form
from portal.i18n.language import Message


class Bound(msgspec.Struct, frozen=True):
    """The chosen organisation; `sure` when both were compared."""

    organisation: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    sure: bool = False


def read_bound(sent: Mapping[str, Any]) -> str:
    """The organisation that was chosen; `Invalid` names all that is wrong."""
    form = read_form(Bound, sent)
    wrong = {}
    if form.organisation is None:
        wrong["organisation"] = [Message("Choose one of the organisations.")]
    if not form.sure:
        wrong["sure"] = [Message("Say that you have compared the two.")]
    if wrong or form.organisation is None:
        raise Invalid(wrong)
    return form.organisation
