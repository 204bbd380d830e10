"""The shapes of Open Referral HSDS 3.0, as far as the network has something to say in them.

What is not known is left out, for the standard knows no null: no languages, no schedules, no
contacts of persons, no streets. The English names of fields are those of the standard.
"""

from typing import Literal

import msgspec

Active = Literal["active"]


class HsdsBase(msgspec.Struct, frozen=True):
    """Which standard is spoken here, and where its addresses are described."""

    version: str
    profile: str
    openapi_url: str


class HsdsTaxonomy(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the network's code lists."""

    id: str
    name: str
    description: str
    uri: str | None = None


class HsdsTaxonomyTerm(msgspec.Struct, frozen=True, omit_defaults=True):
    """One code of a list; its names in the other languages are its description."""

    id: str
    code: str
    name: str
    description: str
    taxonomy: str
    taxonomy_id: str
    language: str
    taxonomy_detail: HsdsTaxonomy | None = None


class HsdsAttribute(msgspec.Struct, frozen=True, omit_defaults=True):
    """The code that says what kind of service or organisation something is."""

    id: str
    link_id: str
    taxonomy_term_id: str
    link_entity: str
    taxonomy_term: HsdsTaxonomyTerm


class HsdsPhone(msgspec.Struct, frozen=True, omit_defaults=True):
    """A telephone number of an organisation, never of a person."""

    id: str
    organization_id: str
    number: str
    type: str


class HsdsLocation(msgspec.Struct, frozen=True, omit_defaults=True):
    """The settlement of an organisation: no street, and the coordinates are the settlement's."""

    id: str
    location_type: Literal["physical"]
    organization_id: str
    name: str
    description: str
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str | None = None
    external_identifier_type: str | None = None


class HsdsServiceArea(msgspec.Struct, frozen=True, omit_defaults=True):
    """The region of a service, by its ISO 3166-2 code."""

    id: str
    service_id: str
    name: str
    description: str
    extent: str
    extent_type: Literal["text"]


class HsdsServiceOrganization(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An organisation of the network as its services name it; lists stay empty in short answers."""

    id: str
    name: str
    description: str
    alternate_name: str | None = None
    email: str | None = None
    website: str | None = None
    uri: str | None = None
    phones: list[HsdsPhone] = []
    locations: list[HsdsLocation] = []
    attributes: list[HsdsAttribute] = []


class HsdsServicePlace(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """That a service is given where its organisation is."""

    id: str
    service_id: str
    location_id: str
    location: HsdsLocation | None = None


class HsdsListedService(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A service in a list; of `minimal` lists only its id and `modified_date` are left."""

    id: str
    modified_date: str | None = None
    organization_id: str | None = None
    name: str | None = None
    alternate_name: str | None = None
    description: str | None = None
    email: str | None = None
    status: Active | None = None
    assured_date: str | None = None
    last_modified: str | None = None
    organization: HsdsServiceOrganization | None = None
    phones: list[HsdsPhone] = []
    service_areas: list[HsdsServiceArea] = []
    service_at_locations: list[HsdsServicePlace] = []
    attributes: list[HsdsAttribute] = []


class HsdsService(HsdsListedService, frozen=True, omit_defaults=True, kw_only=True):
    """A service with all that is known of it."""

    organization_id: str
    name: str
    description: str
    status: Active
    organization: HsdsServiceOrganization


class HsdsOrganization(HsdsServiceOrganization, frozen=True, omit_defaults=True, kw_only=True):
    """An organisation with its services."""

    services: list[HsdsListedService] = []


class HsdsServiceAtLocation(HsdsServicePlace, frozen=True, omit_defaults=True, kw_only=True):
    """A service at the settlement of its organisation, with both."""

    location: HsdsLocation
    service: HsdsListedService


class HsdsPage(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a list an answer stands."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool


class HsdsServicePage(HsdsPage, frozen=True, kw_only=True):
    """Services, a page of them."""

    contents: list[HsdsListedService]


class HsdsOrganizationPage(HsdsPage, frozen=True, kw_only=True):
    """Organisations, a page of them."""

    contents: list[HsdsOrganization]


class HsdsServiceAtLocationPage(HsdsPage, frozen=True, kw_only=True):
    """Services at places, a page of them."""

    contents: list[HsdsServiceAtLocation]


class HsdsTaxonomyPage(HsdsPage, frozen=True, kw_only=True):
    """Code lists, a page of them."""

    contents: list[HsdsTaxonomy]


class HsdsTaxonomyTermPage(HsdsPage, frozen=True, kw_only=True):
    """Codes, a page of them."""

    contents: list[HsdsTaxonomyTerm]
