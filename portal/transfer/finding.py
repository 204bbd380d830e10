"""What the texts of a file speak of: codes, settlements, organisations and district lists."""

from collections.abc import Iterable
from datetime import date

import msgspec
from rapidfuzz import fuzz, process
from sqlite_utils import Database

from portal.db import column, fetch
from portal.errors import CannotTransfer
from portal.i18n.language import Message
from portal.transfer.enclosures import Enclosures
from portal.transfer.report import WrongCell
from portal.vocabularies.terms import Terms
from search.folding import fold

MOST_SUGGESTIONS = 3
LEAST_LIKENESS = 70  # of 100: one or two letters of a usual name are wrong
MOST_CANDIDATES = 10
FEWEST_LETTERS = 3


class Named(msgspec.Struct, frozen=True):
    """One name of a settlement or an organisation."""

    id: str
    name: str


_PLACES = "SELECT id, name FROM places"
_PLACE_NAMES = "SELECT place_id AS id, folded AS name FROM place_names"
_ORGANISATIONS = """
    SELECT id, name FROM organisations
    UNION SELECT o.id, other.value AS name FROM organisations AS o, json_each(o.names) AS other
"""


class Finder:
    """Everything a file can name, read once at the start of an import."""

    def __init__(
        self, db: Database, terms: Terms, today: date, enclosures: Enclosures | None = None
    ) -> None:
        self.today = today
        self._enclosures = enclosures
        self._terms = terms
        self._places = {place.id: place.name for place in fetch(db, Named, _PLACES)}
        self._by_name = _grouped(fetch(db, Named, _PLACE_NAMES))
        self._organisations = set(column(db, "SELECT id FROM organisations"))
        self._by_organisation_name = _grouped(fetch(db, Named, _ORGANISATIONS))
        self._regions = set(column(db, "SELECT code FROM regions"))
        self._records = {
            "campaigns": set(column(db, "SELECT id FROM campaigns")),
            "materials": set(column(db, "SELECT id FROM materials")),
            "indicators": set(column(db, "SELECT code FROM indicators")),
            "projects": set(column(db, "SELECT code FROM projects")),
        }
        self._districts = set(column(db, "SELECT DISTINCT district FROM place_districts"))

    def codes(self, vocabulary: str) -> list[str]:
        """The codes of a list."""
        try:
            return self._terms.codes(vocabulary)
        except KeyError as error:
            raise CannotTransfer(
                Message("The code lists are not loaded yet. Run “portal seed” first.")
            ) from error

    def expect_places(self, named: Iterable[tuple[str, str]]) -> None:
        """Let settlements of the file itself, as (id, name), be named before they are saved."""
        for place_id, name in named:
            self._places[place_id] = name
            ids = self._by_name.setdefault(fold(name), [])
            if name and place_id not in ids:
                ids.append(place_id)

    @property
    def enclosures(self) -> Enclosures:
        """The files beside the table."""
        assert self._enclosures is not None
        return self._enclosures

    def expect_records(self, kind: str, ids: Iterable[str]) -> None:
        """Let records of the file itself be named before they are saved."""
        self._records[kind] |= set(ids)

    def record(self, kind: str, text: str) -> str:
        """The key of a campaign, a material, an indicator or a project from its key."""
        if text in self._records[kind]:
            return text
        said = Message("There is no record with this id in %(kind)s. Import it first.")
        raise WrongCell(Message(said.text, {"kind": kind}))

    def knows_place(self, place_id: str) -> bool:
        """Whether there is a settlement with this id."""
        return place_id in self._places

    def knows_region(self, code: str) -> bool:
        """Whether there is a region with this code."""
        return code in self._regions

    def knows_country(self, code: str) -> bool:
        """Whether any region is one of this country."""
        return len(code) == 2 and any(each.startswith(f"{code}-") for each in self._regions)

    def place(self, text: str) -> str:
        """The id of a settlement from its id or any of its names."""
        if text in self._places:
            return text
        found = self._by_name.get(fold(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise WrongCell(
                Message(
                    "Several settlements are called so. Write the id of one: %(candidates)s.",
                    {"candidates": self._listed(found)},
                )
            )
        raise self._unknown_place(text)

    def organisation(self, text: str) -> str:
        """The id of an organisation from its id or its exact name."""
        if text in self._organisations:
            return text
        found = self._by_organisation_name.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise WrongCell(
                Message(
                    "Several organisations are called so. Write the id of one: %(candidates)s.",
                    {"candidates": ", ".join(found[:MOST_CANDIDATES])},
                )
            )
        raise WrongCell(
            Message("No organisation has this id or exact name. Import the organisations first.")
        )

    def area(self, text: str) -> tuple[str, str]:
        """What a part of `districts` means: a settlement, a region or a district list."""
        if text in self._places:
            return "place", text
        if text in self._regions:
            return "region", text
        if text in self._districts:
            return "district", text
        near = _nearest(text, sorted(self._districts))
        if not near:
            raise WrongCell(
                Message(
                    "“%(part)s” is no settlement id, region code or district list of the network.",
                    {"part": text},
                )
            )
        raise WrongCell(
            Message(
                "“%(part)s” is no settlement id, region code or district list of the network."
                " Perhaps: %(candidates)s.",
                {"part": text, "candidates": "; ".join(near)},
            )
        )

    def _unknown_place(self, text: str) -> WrongCell:
        near = _nearest(fold(text), list(self._by_name))
        ids = dict.fromkeys(place_id for name in near for place_id in self._by_name[name])
        if not ids:
            return WrongCell(
                Message("No settlement of this id or name is known. Write its GeoNames id.")
            )
        return WrongCell(
            Message(
                "No settlement of this id or name is known. Perhaps: %(candidates)s.",
                {"candidates": self._listed(list(ids)[:MOST_SUGGESTIONS])},
            )
        )

    def _listed(self, ids: list[str]) -> str:
        return ", ".join(f"{self._places[each]} ({each})" for each in ids[:MOST_CANDIDATES])


def _grouped(names: Iterable[Named]) -> dict[str, list[str]]:
    by_name: dict[str, list[str]] = {}
    for each in names:
        ids = by_name.setdefault(each.name, [])
        if each.id not in ids:
            ids.append(each.id)
    return by_name


def _nearest(text: str, known: list[str]) -> list[str]:
    """What begins like the text, then what is spelled nearly like it."""
    begins = [name for name in known if len(text) >= FEWEST_LETTERS and name.startswith(text)]
    alike = process.extract(text, known, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=5)
    near = [name for name, _likeness, _position in alike]
    return list(dict.fromkeys([*sorted(begins, key=len), *near]))[:MOST_SUGGESTIONS]
