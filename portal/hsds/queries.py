"""The public database as HSDS needs it, read once an edition: organisations, services, codes.

Read through `publication.reading` alone: what is not public cannot be said here.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.hsds.rules import id_of
from portal.publication.generations import Edition
from portal.publication.reading import reading
from search.folding import fold

# the code lists that services and organisations are described by; complete, whoever uses which
TAXONOMIES = {
    "services": ("Services", "What an organisation of the network offers."),
    "organisation_kinds": ("Kinds of organisations", "What kind of organisation one is."),
}


class Term(msgspec.Struct, dict=True):
    """A code with its names in the four languages."""

    taxonomy: str
    code: str
    name_en: str
    name_ru: str | None = None
    name_tk: str | None = None
    name_tg: str | None = None

    @cached_property
    def uuid(self) -> str:
        """Its id."""
        return id_of("taxonomy_term", self.taxonomy, self.code)

    @cached_property
    def words(self) -> str:
        """Its names, folded for a search."""
        return folded(self.name_en, self.name_ru, self.name_tk, self.name_tg)


class Region(msgspec.Struct, frozen=True):
    """A region by its ISO 3166-2 code."""

    code: str
    country: str
    name_en: str


class Settlement(msgspec.Struct, frozen=True):
    """A settlement of the gazetteer."""

    id: str
    name: str
    latitude: float | None
    longitude: float | None


class Organisation(msgspec.Struct, dict=True):
    """The public card of an organisation, with the services that it declares itself."""

    id: str
    name: str
    name_ru: str | None
    name_tk: str | None
    name_tg: str | None
    summary: str | None
    summary_ru: str | None
    summary_tk: str | None
    summary_tg: str | None
    phone: str | None
    email: str | None
    website: str | None
    kind: Term
    region: Region | None
    settlement: Settlement | None
    offers: Sequence[Term] = ()

    @cached_property
    def uuid(self) -> str:
        """Its id."""
        return id_of("organization", self.id)

    @cached_property
    def services(self) -> "list[Service]":
        """What it offers, each as a service of its own."""
        return [Service(self, term) for term in self.offers]

    @cached_property
    def names(self) -> str:
        """All its names, folded for a search."""
        return folded(self.name, self.name_ru, self.name_tk, self.name_tg)

    @cached_property
    def words(self) -> str:
        """Its names and summaries, folded for a search."""
        summaries = (self.summary, self.summary_ru, self.summary_tk, self.summary_tg)
        return f"{self.names} {folded(*summaries)}"


class Service(msgspec.Struct, dict=True):
    """One service that one organisation declares."""

    organisation: Organisation
    term: Term

    @cached_property
    def uuid(self) -> str:
        """Its id."""
        return id_of("service", self.organisation.id, self.term.code)

    @cached_property
    def place_uuid(self) -> str:
        """The id of the service at the settlement of its organisation; it moves with it."""
        place = self.organisation.settlement
        where = place.id if place else ""
        return id_of("service_at_location", self.organisation.id, self.term.code, where)

    @property
    def words(self) -> str:
        """What a search looks through: not the summary, which tells of all services at once."""
        return f"{self.term.words} {self.organisation.names}"


class Directory(msgspec.Struct, dict=True):
    """All that HSDS tells of one edition."""

    edition: Edition
    organisations: list[Organisation]
    terms: list[Term]

    @cached_property
    def services(self) -> list[Service]:
        """Every declared service, in the order of the organisations."""
        return [service for one in self.organisations for service in one.services]

    @cached_property
    def placed(self) -> list[Service]:
        """Those whose organisation is in a settlement of the gazetteer."""
        return [service for service in self.services if service.organisation.settlement]

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        """Every record under its id."""
        return {
            "organization": {each.uuid: each for each in self.organisations},
            "service": {each.uuid: each for each in self.services},
            "service_at_location": {each.place_uuid: each for each in self.placed},
            "taxonomy": {taxonomy_id(code): code for code in TAXONOMIES},
            "taxonomy_term": {each.uuid: each for each in self.terms},
        }


_newest: dict[str, tuple[Path, Directory]] = {}


def find_directory(generations: Path) -> Directory:
    """The directory of the edition in service; a generation never changes, so it is read once."""
    with reading(generations) as (db, edition):
        folder, kept = _newest.get("in service", (None, None))
        if kept is not None and folder == generations and kept.edition == edition:
            return kept
        found = _read(db, edition)
    _newest["in service"] = (generations, found)
    return found


def taxonomy_id(code: str) -> str:
    """The id of a code list."""
    return id_of("taxonomy", code)


def folded(*texts: str | None) -> str:
    """Texts in one spelling for all alphabets."""
    return fold(" ".join(text for text in texts if text))


def _read(db: Database, edition: Edition) -> Directory:
    terms = [*_terms(db, "services"), *_terms(db, "organisation_kinds")]
    return Directory(edition, _organisations(db, terms), terms)


def _terms(db: Database, taxonomy: str) -> list[Term]:
    rows = db.table(taxonomy).rows_where(select="code, name_en, name_ru, name_tk, name_tg")
    return [Term(taxonomy, **row) for row in rows]


def _organisations(db: Database, terms: list[Term]) -> list[Organisation]:
    term_of = {(term.taxonomy, term.code): term for term in terms}
    services: dict[str, list[Term]] = {}
    for organisation, code in db.conn.execute(
        "SELECT organisation, service FROM organisation_services ORDER BY organisation, service"
    ):
        services.setdefault(organisation, []).append(term_of["services", code])
    found = []
    for row in db.query(_ORGANISATIONS):
        settlement, region = _settlement(row), _region(row)
        card = {name: row[name] for name in _CARD}
        kind = term_of["organisation_kinds", row["kind"]]
        offered = services.get(row["id"], ())
        found.append(
            Organisation(**card, kind=kind, region=region, settlement=settlement, offers=offered)
        )
    return found


_ORGANISATIONS = """
    SELECT o.*, r.country, r.name_en AS region_name, s.name AS settlement_name, s.latitude,
        s.longitude
    FROM organisations AS o
    LEFT JOIN regions AS r ON r.code = o.region
    LEFT JOIN settlements AS s ON s.id = o.settlement
    ORDER BY o.name, o.id
"""

_CARD = (
    "id",
    "name",
    "name_ru",
    "name_tk",
    "name_tg",
    "summary",
    "summary_ru",
    "summary_tk",
    "summary_tg",
    "phone",
    "email",
    "website",
)


def _region(row: dict[str, str | None]) -> Region | None:
    if not row["region"]:
        return None
    return Region(row["region"], row["country"] or "", row["region_name"] or row["region"])


def _settlement(row: dict[str, object]) -> Settlement | None:
    if row["settlement_name"] is None:
        return None
    return msgspec.convert(
        {
            "id": row["settlement"],
            "name": row["settlement_name"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
        },
        Settlement,
    )
