"""What is in a basket: the works stand in the address, and nowhere else."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from portal.errors import Invalid
from portal.forms import read_form, refuse_unknown
from portal.i18n.language import Message
from portal.materials.rules import FULL_BASKET
from portal.vocabularies.terms import Terms

Id = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,40}$")]


class Chosen(msgspec.Struct, frozen=True):
    """The ids of works, and perhaps one language of their files."""

    item: list[Id] = []
    language: Annotated[str, msgspec.Meta(max_length=20)] | None = None


def read_chosen(query: Mapping[str, list[str]], terms: Terms) -> Chosen:
    """What an address says is in the basket, each work once; `Invalid` for more than fit."""
    chosen = read_form(Chosen, query)
    refuse_unknown({"language": (chosen.language, terms.codes("languages"))})
    ids = list(dict.fromkeys(chosen.item))
    if len(ids) > FULL_BASKET:
        most = {"most": FULL_BASKET}
        raise Invalid({"item": [Message("A basket holds at most %(most)s materials.", most)]})
    return msgspec.structs.replace(chosen, item=ids)
