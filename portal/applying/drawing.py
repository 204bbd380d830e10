"""What stands in the fields of an applicant's forms."""

from collections.abc import Mapping
from typing import Any

from portal.applications.queries import Application
from portal.places.queries import get_place, label
from portal.web.receiving import Asked
from portal.web.site import site_of


class Sheet:
    """What stands in the fields of a form: what was typed, or what is stored."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self.ticked = {name: list(values) for name, values in fields.items()}
        self.texts = {name: values[-1] for name, values in self.ticked.items() if values}


def stored_organisation(request: Asked, found: Application) -> dict[str, list[str]]:
    """Who applies, as the fields of its form."""
    place = None
    if found.place_id is not None:
        with site_of(request).store.read() as db:
            place = label(db, get_place(db, found.place_id, local=False), local=False)
    row: dict[str, Any] = {
        "applicant": found.name,
        "kind": found.kind,
        "place": place,
        "about": found.summary,
        "website": found.website,
        "office_phone": found.phone,
        **{f"applicant_{code}": name for code, name in found.names.items()},
    }
    return {name: [value] for name, value in row.items() if value} | {"services": found.services}


def stored_contact(found: Application) -> dict[str, list[str]]:
    """The contact, as the fields of its form."""
    names = ("contact_name", "contact_work", "contact_phone")
    return {name: [value] for name in names if (value := getattr(found, name))}
