"""What is asked of the gap: whose visits, where, and how far a recruit would travel."""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from portal.coverage.rules import Wanted
from portal.forms import Paged, read_form, refuse_unknown
from portal.vocabularies.terms import Terms


class GapWanted(Paged, frozen=True):
    """The filters; a list is of settlements that nobody reaches, or exactly one person."""

    profession: str = "psychologist"
    language: str | None = None
    gender: str | None = None
    region: str | None = None
    reached_by: Literal["nobody", "one"] = "nobody"

    @property
    def visits(self) -> Wanted:
        """Whose home visits are looked for."""
        return Wanted(self.profession, self.language, self.gender)


class RecruitWanted(GapWanted, frozen=True):
    """The same, and how many kilometres a recruit would travel."""

    reach: Literal["10", "20", "40", "80"] = "40"


class ListWanted(GapWanted, frozen=True):
    """The same as a file to take away."""

    format: Literal["csv", "xlsx"] = "csv"


class MapWanted(GapWanted, frozen=True):
    """The same on a map of one country."""

    country: str = ""


T = TypeVar("T", bound=GapWanted)

_CODES = (
    ("profession", "professions"),
    ("language", "languages"),
    ("gender", "genders"),
    ("region", "regions"),
)


def read_wanted(shape: type[T], submitted: Mapping[str, Any], terms: Terms) -> T:
    """The filters as they were sent; `Invalid` names each that cannot be used."""
    form = read_form(shape, submitted)
    refuse_unknown({name: (getattr(form, name), terms.codes(of)) for name, of in _CODES})
    return form
