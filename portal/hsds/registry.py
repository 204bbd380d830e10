"""Which records a question finds, in the order of the register.

Every record is an organisation's public card, or what it declares there itself; a parameter picks
among those and nothing else, so that none can be narrowed down to a person.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from portal.errors import NotFound
from portal.hsds.forms import OfServices, TermsAsked
from portal.hsds.queries import (
    TAXONOMIES,
    Directory,
    Organisation,
    Service,
    Term,
    folded,
    taxonomy_id,
)
from portal.hsds.rules import is_changed_since

Worded = TypeVar("Worded", Organisation, Service, Term)


def get(directory: Directory, kind: str, record_id: str) -> Any:
    """The record of an id, or `NotFound`."""
    try:
        return directory.by_id[kind][record_id]
    except KeyError:
        raise NotFound from None


def search(found: Iterable[Worded], text: str) -> list[Worded]:
    """Those in which every word of a text begins a word, in any of the alphabets.

    A text without a letter finds nothing: a search that cannot be read is not the whole list.
    """
    if not text:
        return list(found)
    words = [f" {word}" for word in folded(text).split()]
    return [each for each in found if words and all(w in f" {each.words}" for w in words)]


def search_taxonomies(text: str) -> list[str]:
    """The code lists whose name or description has every word."""
    words = folded(text).split()
    texts = {code: folded(*said) for code, said in TAXONOMIES.items()}
    found = [code for code, said in texts.items() if words and all(w in said for w in words)]
    return found if text else list(TAXONOMIES)


def select_services(
    services: Iterable[Service], asked: OfServices, published_on: str, timezone: str
) -> list[Service]:
    """The services that somebody asks for, of an edition published on that day."""
    since = asked.changed_since(timezone)
    if since and not is_changed_since(published_on, since):
        return []
    found = search(services, asked.search)
    if asked.organization_id:
        found = [each for each in found if each.organisation.uuid == str(asked.organization_id)]
    if asked.taxonomy_term_id:
        found = [each for each in found if each.term.uuid == str(asked.taxonomy_term_id)]
    if asked.taxonomy_id and str(asked.taxonomy_id) != taxonomy_id("services"):
        found = []
    return found


def select_terms(directory: Directory, asked: TermsAsked) -> list[Term]:
    """The codes that somebody asks for; none has a parent, and all are at the top."""
    found = search(directory.terms, asked.search)
    if asked.taxonomy_id:
        wanted = str(asked.taxonomy_id)
        found = [each for each in found if taxonomy_id(each.taxonomy) == wanted]
    return [] if asked.parent_id else found
