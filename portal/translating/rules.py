"""Who may say that a translation is right: somebody else than whoever wrote it."""

from collections.abc import Iterable

import msgspec

from portal.charter.rules import Piece
from portal.practitioners.rules import Somebody, is_same_person


class Translation(msgspec.Struct, frozen=True):
    """A field of a point in a language: its words, their state, and who wrote them.

    `is_behind`: the original was decided anew since; `change` says how, where that is known.
    """

    field: str
    language: str
    original: str
    text: str
    state: str
    account_id: str | None = None
    name: str = ""
    practitioner_id: str | None = None
    is_behind: bool = False
    change: list[Piece] = []


def to_check(translations: Iterable[Translation], by: Somebody) -> list[Translation]:
    """The unchecked ones that this person did not write, with whichever account."""
    return [
        each for each in translations if each.state == "unchecked" and not is_same_person(each, by)
    ]


def words_of(translations: Iterable[Translation]) -> dict[str, str]:
    """The words by field."""
    return {each.field: each.text for each in translations}
