"""Cells that name other records: regions, organisations, campaigns, materials; and languages."""

import re
from collections.abc import Callable, Mapping

from portal.i18n.language import Message
from portal.transfer.cells import Cell, several
from portal.transfer.finding import Finder
from portal.transfer.report import WrongCell

_LINK = re.compile(r"https://[^\s<>\";=]+(=[^\s<>\";]*)?")


def region() -> Cell:
    """The code of a region."""
    return Cell(_region)


def regions() -> Cell:
    """Codes of regions."""
    return _each(_region)


def record(kind: str) -> Cell:
    """The id of one campaign or material."""
    return Cell(lambda text, finder: finder.record(kind, text))


def records(kind: str) -> Cell:
    """Ids of several."""
    return _each(lambda text, finder: finder.record(kind, text))


def organisations() -> Cell:
    """Organisations by id or exact name, in their order: the first one leads."""
    return _each(lambda text, finder: finder.organisation(text))


def languages() -> Cell:
    """Languages of a work, that of the original first."""

    def read(text: str, finder: Finder) -> list[str]:
        known = finder.codes("languages")
        for part in several(text):
            if part not in known:
                said = Message("Choose one of: %(choices)s.", {"choices": ", ".join(known)})
                raise WrongCell(said)
        return several(text)

    return Cell(read, in_order, empty=[], is_json=True)


def links() -> Cell:
    """Addresses of the web by language: `ru=https://…;tk=https://…`."""

    def read(text: str, finder: Finder) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in several(text):
            language, _equals, address = part.partition("=")
            known = language in finder.codes("languages") and language not in found
            if not known or not _LINK.fullmatch(address):
                raise WrongCell(
                    Message("Write each address as language=https://…, every language once.")
                )
            found[language] = address
        return found

    return Cell(read, _links_text, empty={}, is_json=True)


def in_order(codes: list[str]) -> str:
    """Languages as a cell says them: the first stays the first, the others are sorted."""
    return ";".join([*codes[:1], *sorted(set(codes[1:]) - set(codes[:1]))])


def _links_text(found: Mapping[str, str]) -> str:
    return ";".join(f"{language}={found[language]}" for language in sorted(found))


def _region(text: str, finder: Finder) -> str:
    if finder.knows_region(text):
        return text
    raise WrongCell(Message("Write the code of a region, for example TM-M or TJ-SU."))


def _each(read: Callable[[str, Finder], str]) -> Cell:
    def read_all(text: str, finder: Finder) -> list[str]:
        return list(dict.fromkeys(read(part, finder) for part in several(text)))

    return Cell(read_all, ";".join, empty=[], is_json=True)
