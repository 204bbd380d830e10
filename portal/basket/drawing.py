"""One archive of all that was chosen, made while it is sent, with whose it is and what is allowed.

Nothing in it is packed smaller: pictures and documents are so already, and an archive whose length
is known beforehand can go on where a broken download stopped. The same basket is the same bytes.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from zipstream import ZipStream  # type: ignore[import-untyped]

from portal.basket.queries import Basket, Item
from portal.basket.rules import folder_of, told_apart
from portal.files import Shelf
from portal.i18n.language import Language

CREDITS = "CREDITS.txt"

# 2020-01-01, in seconds: formats of archives know no day before 1980
_A_DAY = 1_577_836_800

Named = Callable[[str, str], str]


class Member(msgspec.Struct, frozen=True):
    """One member of the archive: a name, and a file of the shelf or a text."""

    name: str
    hash: str | None = None
    text: bytes = b""


def members_of(basket: Basket, language: Language, credits_text: str) -> list[Member]:
    """What the archive holds, the credits first."""
    found = [Member(CREDITS, text=credits_text.encode("utf-8-sig"))]
    for number, item in enumerate((each for each in basket.items if each.is_taken), start=1):
        title = language.of(item.work.title, item.work.titles)
        found += _members(item, folder_of(title, number))
    names = told_apart(each.name for each in found)
    return [
        msgspec.structs.replace(each, name=name) for each, name in zip(found, names, strict=True)
    ]


def tag_of(members: list[Member]) -> str:
    """What tells this archive from any other: its members and what is in them."""
    return hashlib.sha256(msgspec.json.encode(members)).hexdigest()


def archive_of(members: list[Member], shelf: Shelf, desk: Path) -> ZipStream:
    """The archive, of a known length; its bytes come when it is iterated over.

    Texts are laid out in the folder `desk` with one day for all: the archive writes down when a
    file was made, and has to be the same bytes when a broken download goes on.
    """
    archive = ZipStream(sized=True)
    for number, each in enumerate(members):
        path = shelf.path(each.hash) if each.hash else desk / str(number)
        if each.hash is None:
            path.write_bytes(each.text)
            os.utime(path, (_A_DAY, _A_DAY))
        archive.add_path(path, arcname=each.name)
    return archive


def beginning_at(archive: ZipStream, first: int) -> Iterator[bytes]:
    """The bytes of an archive from one on: those before it are made and dropped."""
    left = first
    for chunk in archive:
        if left < len(chunk):
            yield bytes(chunk[left:])
        left = max(left - len(chunk), 0)


def credits_of(basket: Basket, language: Language, named: Named, base_url: str) -> str:
    """Whose each work is, what its licence allows, and what it was adapted from."""
    _ = language.gettext
    taken = [item for item in basket.items if item.is_taken]
    parts = [_("Materials of the network: whose they are, and what you may do with them.")]
    for number, item in enumerate(taken, start=1):
        work = item.work
        lines = [f"{number}. {language.of(work.title, work.titles)}"]
        owner = work.organisation and language.of(work.organisation, work.organisation_names)
        owner = owner or _("an organisation of the network")
        lines += [", ".join(str(each) for each in (owner, work.year) if each)]
        lines += [f"{_('Licence')}: {named('licences', work.licence)}"]
        here = f"{base_url}/{language.code}/materials"
        if work.adapted_from:
            lines += [f"{_('Adapted from')}: {here}/{work.adapted_from}"]
        lines += [f"{named('languages', each.language)}: {each.link}" for each in item.links]
        lines += [f"{here}/{work.id}"]
        parts.append("\n".join(line for line in lines if line))
    return "\n\n".join(parts) + "\n"


def _members(item: Item, folder: str) -> Iterator[Member]:
    for file in item.files:
        yield Member(f"{folder}/{folder[3:]}_{file.language}.{file.ending}", hash=file.hash)
    for text in item.texts:
        name = f"{folder}/{folder[3:]}_{text.language}.md"
        yield Member(name, text=text.body.encode())
