"""The records of HSDS, made of the public database.

HSDS has one language: English where there is a text in it. The name in the language of the
organisation's country is the alternative one, and a code's description is its names in the others.
All dates are those of the edition, never of a row, so that nobody learns when one was changed.
"""

from typing import Any

import msgspec

from portal.hsds.queries import TAXONOMIES, Directory, Organisation, Service, Term, taxonomy_id
from portal.hsds.rules import id_of, mail_address, moment_of_day, web_address
from portal.hsds.schema import (
    HsdsAttribute,
    HsdsListedService,
    HsdsLocation,
    HsdsOrganization,
    HsdsPhone,
    HsdsService,
    HsdsServiceArea,
    HsdsServiceAtLocation,
    HsdsServiceOrganization,
    HsdsServicePlace,
    HsdsTaxonomy,
    HsdsTaxonomyTerm,
)

OTHERS = ("ru", "tk", "tg")
OF_COUNTRY = {"TM": "tk", "TJ": "tg"}


class Teller(msgspec.Struct, frozen=True):
    """Tells the records of one edition, for the site at `base_url`."""

    directory: Directory
    base_url: str
    timezone: str

    @property
    def assured_on(self) -> str | None:
        """The day on which the edition was made and checked; None while it is not known."""
        return self.directory.edition.published_on or None

    @property
    def last_modified(self) -> str | None:
        """The same as a moment."""
        return moment_of_day(self.directory.edition.published_on, self.timezone)

    def taxonomy(self, code: str) -> HsdsTaxonomy:
        """A code list; the data site shows it at its address."""
        name, says = TAXONOMIES[code]
        return HsdsTaxonomy(taxonomy_id(code), name, says, f"{self.base_url}/data/network/{code}")

    def term(self, term: Term) -> HsdsTaxonomyTerm:
        """A code of a list."""
        return HsdsTaxonomyTerm(
            id=term.uuid,
            code=term.code,
            name=term.name_en,
            description=_in_other_languages(term),
            taxonomy=TAXONOMIES[term.taxonomy][0],
            taxonomy_id=taxonomy_id(term.taxonomy),
            language="en",
            taxonomy_detail=self.taxonomy(term.taxonomy),
        )

    def organization_in_short(self, one: Organisation) -> HsdsOrganization:
        """An organisation as lists have it."""
        return HsdsOrganization(**self._card(one))

    def organization(self, one: Organisation) -> HsdsOrganization:
        """An organisation with all that is known of it, its services in short."""
        services = [self._in_short(each) for each in one.services]
        return HsdsOrganization(**self._card(one), **self._more(one), services=services)

    def organization_with_services(self, one: Organisation) -> HsdsOrganization:
        """The same with all that is known of its services."""
        services = [self._unowned(each) for each in one.services]
        return HsdsOrganization(**self._card(one), **self._more(one), services=services)

    def service_in_short(self, service: Service) -> HsdsListedService:
        """A service as lists have it, with the organisation in short."""
        short = HsdsServiceOrganization(**self._card(service.organisation))
        return HsdsListedService(**self._facts(service), organization=short)

    def service_by_date(self, service: Service) -> HsdsListedService:
        """What `minimal` asks for: the id, and the day of the last change under the name there."""
        return HsdsListedService(id=service.uuid, modified_date=self.last_modified)

    def service(self, service: Service) -> HsdsService:
        """A service with all that is known of it."""
        full = self._whole(service.organisation)
        nested = self._nested(service)
        return HsdsService(
            **self._facts(service), **nested, organization=full, service_at_locations=_at(service)
        )

    def place_in_short(self, service: Service) -> HsdsServiceAtLocation:
        """A service at the settlement of its organisation, as lists have it."""
        return self._place(service, self.service_in_short(service))

    def place(self, service: Service) -> HsdsServiceAtLocation:
        """The same with all that is known of the service."""
        whole = HsdsListedService(
            **self._facts(service),
            **self._nested(service),
            organization=self._whole(service.organisation),
        )
        return self._place(service, whole)

    def _place(self, service: Service, told: HsdsListedService) -> HsdsServiceAtLocation:
        (place,) = _at(service)
        location = place.location or location_of(service.organisation)[0]
        return HsdsServiceAtLocation(
            id=place.id,
            service_id=place.service_id,
            location_id=place.location_id,
            location=location,
            service=told,
        )

    def _whole(self, one: Organisation) -> HsdsServiceOrganization:
        return HsdsServiceOrganization(**self._card(one), **self._more(one))

    def _in_short(self, service: Service) -> HsdsListedService:
        return HsdsListedService(**self._facts(service))

    def _unowned(self, service: Service) -> HsdsListedService:
        """A service inside its organisation, which it need not name again."""
        return HsdsListedService(
            **self._facts(service), **self._nested(service), service_at_locations=_at(service)
        )

    def _card(self, one: Organisation) -> dict[str, Any]:
        return {
            "id": one.uuid,
            "name": one.name,
            "description": _described(one),
            "alternate_name": _own_name(one, one.name, one.name_tk, one.name_tg),
            "email": mail_address(one.email),
            "website": web_address(one.website),
            "uri": f"{self.base_url}/en/organisations/{one.id}",
        }

    def _more(self, one: Organisation) -> dict[str, Any]:
        kind = self._attribute(one.uuid, "organization", one.kind)
        return {"phones": _phones(one), "locations": [*location_of(one)], "attributes": [kind]}

    def _facts(self, service: Service) -> dict[str, Any]:
        one, term = service.organisation, service.term
        return {
            "id": service.uuid,
            "organization_id": one.uuid,
            "name": term.name_en,
            "alternate_name": _own_name(one, term.name_en, term.name_tk, term.name_tg),
            "description": f"{term.name_en}, as {one.name} itself declares it.",
            "email": mail_address(one.email),
            "status": "active",
            "assured_date": self.assured_on,
            "last_modified": self.last_modified,
        }

    def _nested(self, service: Service) -> dict[str, Any]:
        return {
            "phones": _phones(service.organisation),
            "service_areas": [*_areas(service)],
            "attributes": [self._attribute(service.uuid, "service", service.term)],
        }

    def _attribute(self, link_id: str, entity: str, term: Term) -> HsdsAttribute:
        return HsdsAttribute(
            id=id_of("attribute", link_id, term.taxonomy, term.code),
            link_id=link_id,
            taxonomy_term_id=term.uuid,
            link_entity=entity,
            taxonomy_term=self.term(term),
        )


def location_of(one: Organisation) -> list[HsdsLocation]:
    """The settlement of an organisation, when the gazetteer has it; else nothing is said of it."""
    place = one.settlement
    if place is None:
        return []
    return [
        HsdsLocation(
            id=id_of("location", one.id, place.id),
            location_type="physical",
            organization_id=one.uuid,
            name=place.name,
            description="The settlement of the organisation. No street address is published; the"
            " coordinates are those of the settlement.",
            latitude=place.latitude,
            longitude=place.longitude,
            external_identifier=place.id,
            external_identifier_type="GeoNames",
        )
    ]


def _at(service: Service) -> list[HsdsServicePlace]:
    return [
        HsdsServicePlace(
            id=service.place_uuid,
            service_id=service.uuid,
            location_id=location.id,
            location=location,
        )
        for location in location_of(service.organisation)
    ]


def _areas(service: Service) -> list[HsdsServiceArea]:
    region = service.organisation.region
    if region is None:
        return []
    return [
        HsdsServiceArea(
            id=id_of("service_area", service.organisation.id, service.term.code, region.code),
            service_id=service.uuid,
            name=region.name_en,
            description=f"The region of the organisation, ISO 3166-2 {region.code}.",
            extent=region.code,
            extent_type="text",
        )
    ]


def _phones(one: Organisation) -> list[HsdsPhone]:
    if not one.phone:
        return []
    owner = one.uuid
    return [HsdsPhone(id_of("phone", one.id), owner, one.phone, "voice")]


def _described(one: Organisation) -> str:
    summaries = (one.summary, one.summary_ru, one.summary_tk, one.summary_tg)
    return next((each for each in summaries if each), one.kind.name_en)


def _own_name(one: Organisation, name: str, name_tk: str | None, name_tg: str | None) -> str | None:
    """A name in the language of the organisation's country, where it is another one."""
    language = OF_COUNTRY.get(one.region.country if one.region else "")
    found = {"tk": name_tk, "tg": name_tg, None: None}[language]
    return found if found and found != name else None


def _in_other_languages(term: Term) -> str:
    names = zip(OTHERS, (term.name_ru, term.name_tk, term.name_tg), strict=True)
    return ", ".join(f"{name} ({code})" for code, name in names if name) or term.name_en
