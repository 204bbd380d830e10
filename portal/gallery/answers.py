"""One material as scripts read it and as its page shows it: the same Structs."""

from datetime import date
from urllib.parse import urlsplit

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import NotFound
from portal.materials.queries import (
    MaterialFile,
    Version,
    Work,
    find_files,
    find_original_version,
    find_versions_for,
    get_work_for,
    is_consent_lapsed,
)
from portal.materials.registry import (
    Downloaded,
    Text,
    Title,
    count_downloads,
    find_adaptations,
    find_campaign,
    find_consents,
    find_texts,
    find_title,
)
from portal.materials.rules import (
    consent_state,
    is_out_of_date,
    keeps,
    sees_member_materials,
)

# on a wide screen the larger picture is shown at once, when it is no heavier than this (bytes)
SHOWN_AT_ONCE = 35 * 1024


class Given(msgspec.Struct, frozen=True):
    """A file or link of the version shown: its size, its lighter version, and where it is."""

    id: str
    language: str
    ending: str | None
    size: int | None
    pages: int | None
    url: str
    link: str | None
    host: str | None
    light_url: str | None
    light_size: int | None
    out_of_date: bool


class Written(msgspec.Struct, frozen=True):
    """A text of the version shown, as markdown."""

    language: str
    body: str
    out_of_date: bool


class Consent(msgspec.Struct, frozen=True):
    """Until when the people in a picture agree; `state` is valid, ending or ended."""

    whose: str
    until: str
    state: str


class Picture(msgspec.Struct, frozen=True):
    """A look at the first page: the file it is made of, the preview's bytes and measures."""

    file: str
    size: int
    width: int | None
    height: int | None

    @property
    def is_light(self) -> bool:
        """Whether it is shown at once where the screen is wide."""
        return self.size <= SHOWN_AT_ONCE


class Record(Work, frozen=True):
    """One version of a work with all that belongs to it; `shown` is that version.

    `withheld`: somebody in a picture agrees no longer, so no file is given to this person.
    """

    shown: Version
    files: list[Given]
    texts: list[Written]
    versions: list[Version]
    original: Title | None
    adaptations: list[Title]
    campaign: Title | None
    picture: Picture | None
    consents: list[Consent]
    downloads: list[Downloaded]
    withheld: bool


def find_record(
    db: Database,
    actor: Actor,
    today: date,
    material_id: str,
    language: str,
    number: int | None = None,
) -> Record:
    """A work as of a version; of the newest that is published, or that this person may see."""
    work = get_work_for(db, actor, material_id)
    keeper = keeps(actor, work.organisation_id)
    # security: why a version was sent back is between its organisation and coordinators
    versions = [
        each if keeper else msgspec.structs.replace(each, reason=None)
        for each in find_versions_for(db, actor, material_id)
    ]
    shown = _choose(versions, work.version if number is None else number, asked=number is not None)
    newest_original = find_original_version(db, material_id, shown.number)
    files = find_files(db, material_id, shown.number)
    withheld = not keeper and is_consent_lapsed(db, material_id, today)
    return Record(
        **msgspec.structs.asdict(work),
        shown=shown,
        files=[
            _given(each, work, language, newest_original)
            for each in _sorted(files, work)
            if each.link or not withheld
        ],
        texts=[_written(each, work, newest_original) for each in _texts(db, work, shown)],
        versions=versions,
        original=find_title(db, actor, work.adapted_from) if work.adapted_from else None,
        adaptations=find_adaptations(db, actor, material_id),
        campaign=find_campaign(db, actor, work.campaign_id) if work.campaign_id else None,
        picture=None if withheld else _picture(files, work, language),
        consents=_consents(db, actor, today, work),
        downloads=count_downloads(db, material_id),
        withheld=withheld,
    )


def _choose(versions: list[Version], number: int | None, *, asked: bool) -> Version:
    for each in versions:
        if each.number == number or (number is None and not asked):
            return each
    raise NotFound


def _sorted(files: list[MaterialFile], work: Work) -> list[MaterialFile]:
    """The original's language first, then by language; the smallest of a language first."""
    return sorted(
        files, key=lambda each: (each.language != work.language, each.language, each.size or 0)
    )


def _texts(db: Database, work: Work, shown: Version) -> list[Text]:
    found = find_texts(db, work.id, shown.number)
    return sorted(found, key=lambda each: (each.language != work.language, each.language))


def _is_behind(of_version: int, language: str, work: Work, newest_original: int) -> bool:
    return language != work.language and is_out_of_date(of_version, newest_original)


def _given(each: MaterialFile, work: Work, language: str, newest_original: int) -> Given:
    address = f"/{language}/materials/{work.id}/files/{each.id}"
    return Given(
        id=each.id,
        language=each.language,
        ending=each.ending,
        size=each.size,
        pages=each.pages,
        url=each.link or address,
        link=each.link,
        host=urlsplit(each.link).hostname if each.link else None,
        light_url=f"{address}/light" if each.has_light else None,
        light_size=each.light_size,
        out_of_date=_is_behind(each.of_version, each.language, work, newest_original),
    )


def _written(each: Text, work: Work, newest_original: int) -> Written:
    behind = _is_behind(each.of_version, each.language, work, newest_original)
    return Written(each.language, each.body, behind)


def _picture(files: list[MaterialFile], work: Work, language: str) -> Picture | None:
    """That of the reader's language, else of the original, else any."""
    order = {language: 0, work.language: 1}
    for each in sorted(files, key=lambda each: order.get(each.language, 2)):
        if each.picture_size is not None:
            return Picture(each.id, each.picture_size, each.picture_width, each.picture_height)
    return None


def _consents(db: Database, actor: Actor, today: date, work: Work) -> list[Consent]:
    """For members: the public is told nothing about the people in a picture."""
    if not (sees_member_materials(actor) or keeps(actor, work.organisation_id)):
        return []
    return [
        Consent(
            each.whose,
            each.until,
            consent_state(each.given_on, each.until, each.ended_at, today),
        )
        for each in find_consents(db, work.id)
    ]
