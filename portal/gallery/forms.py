"""The filters of the gallery, and what the page of one material understands."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from portal.forms import Paged, read_form, refuse_unknown
from portal.vocabularies.terms import Terms

# filter → the vocabulary of its codes; organisations and campaigns are no vocabularies
VOCABULARIES = {
    "kind": "material_kinds",
    "language": "languages",
    "audience": "audiences",
    "topic": "topics",
    "region": "regions",
    "licence": "licences",
}

_Basket = Annotated[str, msgspec.Meta(max_length=2100)]


class Wanted(Paged, frozen=True):
    """The filters of the gallery; the basket goes along in the address and is stored nowhere."""

    per_page: Annotated[int, msgspec.Meta(ge=1, le=100)] = 12
    q: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    kind: str | None = None
    language: str | None = None
    audience: str | None = None
    topic: str | None = None
    region: str | None = None
    licence: str | None = None
    organisation: str | None = None
    campaign: str | None = None
    basket: _Basket = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are set, by name; the search word is none of them."""
        names = (*VOCABULARIES, "organisation", "campaign")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    @property
    def kept(self) -> dict[str, object]:
        """What a link to the same list carries, its page apart."""
        size = self.per_page if self.per_page != 12 else None
        return {"q": self.q, **self.chosen, "per_page": size, "basket": self.basket}


class Opened(msgspec.Struct, frozen=True):
    """What the page of one material understands: a text's language, and the basket."""

    text: str | None = None
    basket: _Basket = ""


def read_filters(submitted: Mapping[str, Any], terms: Terms) -> Wanted:
    """The filters, or `Invalid` naming the field whose code is not known."""
    wanted = read_form(Wanted, submitted)
    chosen = wanted.chosen
    refuse_unknown(
        {
            name: (chosen.get(name), terms.codes(vocabulary))
            for name, vocabulary in VOCABULARIES.items()
        }
    )
    return wanted
