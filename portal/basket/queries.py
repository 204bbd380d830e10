"""What is in a basket for whoever asks: works they may see, with files they may be given."""

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.basket.forms import Chosen
from portal.downloads.queries import get_stored_for
from portal.errors import NotFound
from portal.materials.queries import MaterialFile, Work, find_files, get_work_for
from portal.materials.registry import Text, find_texts


class Item(msgspec.Struct, frozen=True):
    """One work of a basket as it is published: its files, links and texts, of one language or all.

    `size` in bytes, of its files and texts together.
    """

    work: Work
    files: list[MaterialFile]
    links: list[MaterialFile]
    texts: list[Text]
    size: int

    @property
    def is_taken(self) -> bool:
        """Whether there is anything of it in the language that was chosen."""
        return bool(self.files or self.links or self.texts)


class Basket(msgspec.Struct, frozen=True):
    """All that was chosen; `missing` works are not there, or not for this person."""

    items: list[Item]
    languages: list[str]
    size: int
    missing: int


def find_basket(db: Database, actor: Actor, today: date, chosen: Chosen) -> Basket:
    """What was chosen, in the order in which it was."""
    whole = [item for each in chosen.item if (item := _find_item(db, actor, today, each))]
    items = [_in_language(item, chosen.language) for item in whole]
    return Basket(
        items=items,
        languages=sorted({part.language for item in whole for part in _parts(item)}),
        size=sum(item.size for item in items),
        missing=len(chosen.item) - len(whole),
    )


def _find_item(db: Database, actor: Actor, today: date, material_id: str) -> Item | None:
    try:
        work = get_work_for(db, actor, material_id)
    except NotFound:
        return None
    if work.version is None:
        return None
    found = find_files(db, work.id, work.version)
    files = [each for each in found if each.file_id and _is_given(db, actor, today, each)]
    links = [each for each in found if each.link]
    return _item(work, files, links, find_texts(db, work.id, work.version))


def _is_given(db: Database, actor: Actor, today: date, file: MaterialFile) -> bool:
    """The same question as at its own address: an archive is no way round it."""
    try:
        get_stored_for(db, actor, today, file.material_id, file.id)
    except NotFound:
        return False
    return True


def _in_language(item: Item, language: str | None) -> Item:
    if language is None:
        return item
    return _item(
        item.work,
        [each for each in item.files if each.language == language],
        [each for each in item.links if each.language == language],
        [each for each in item.texts if each.language == language],
    )


def _item(
    work: Work, files: list[MaterialFile], links: list[MaterialFile], texts: list[Text]
) -> Item:
    size = sum(each.size or 0 for each in files) + sum(len(t.body.encode()) for t in texts)
    return Item(work, files, links, texts, size)


def _parts(item: Item) -> Iterable[MaterialFile | Text]:
    return [*item.files, *item.links, *item.texts]
