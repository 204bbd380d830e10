"""Questions about translations of the charter: what is there, in which state, and whose it is."""

from datetime import datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.approvals.queries import find_open
from portal.charter.queries import Charter, find_before, find_version, get_version_for
from portal.charter.rules import Point, words_changed
from portal.db import fetch
from portal.errors import NotFound
from portal.translating.rules import Translation


class _Written(msgspec.Struct, frozen=True):
    code: str
    field: str
    account_id: str
    name: str
    practitioner_id: str | None
    is_behind: bool


_AUTHORS = """
    SELECT t.code, t.field, t.by AS account_id, coalesce(a.name, '') AS name, a.practitioner_id,
        t.state = 'unchecked' AND t.at < o.at AS is_behind
    FROM charter_texts AS t JOIN charter_texts AS o ON o.version = t.version AND o.code = t.code
        AND o.field = t.field AND o.state = 'original'
    LEFT JOIN accounts AS a ON a.id = t.by
    WHERE t.version = :version AND t.language = :language
"""


class TranslationsOfPoint(msgspec.Struct, frozen=True):
    """A point with what there is of it in one language, and since when its originals changed."""

    point: Point
    fields: list[Translation]
    since: int | None = None

    @property
    def is_behind(self) -> bool:
        """Whether an original was decided anew since its translation."""
        return any(each.is_behind for each in self.fields)


def get_translated_for(db: Database, actor: Actor, version: int) -> Charter:
    """A version whose translations this person may mend: any, for coordinators."""
    if not actor.is_coordinator:
        raise NotFound
    return get_version_for(db, actor, version)


def find_translations(db: Database, charter: Charter, language: str) -> list[TranslationsOfPoint]:
    """Of each point the fields that were decided in another language."""
    sql = fetch(db, _Written, _AUTHORS, version=charter.version, language=language)
    authors = {(each.code, each.field): each for each in sql}
    return [
        TranslationsOfPoint(point, _fields(point, language, authors)) for point in charter.points
    ]


def get_translations(
    db: Database, charter: Charter, language: str, code: str
) -> TranslationsOfPoint:
    """Those of one point; `NotFound` for one that was decided in this very language."""
    for each in find_translations(db, charter, language):
        if each.point.code == code and each.fields:
            return _compared(db, charter.version, each) if each.is_behind else each
    raise NotFound


def is_still(db: Database, at: datetime, charter: Charter) -> bool:
    """Whether a draft waits for a second coordinator, who must not agree to other words."""
    if charter.adopted_on is not None:
        return False
    return find_open(db, at, "adopt_charter", str(charter.version)) is not None


def _compared(db: Database, version: int, found: TranslationsOfPoint) -> TranslationsOfPoint:
    """With what the originals were in the adopted version before, word by word."""
    since = find_before(db, version)
    before = find_version(db, since) if since is not None else None
    old = (
        next((each for each in before.points if each.code == found.point.code), None)
        if before
        else None
    )
    if old is None:
        return found
    fields = [_changed(each, old, found.point) if each.is_behind else each for each in found.fields]
    return TranslationsOfPoint(found.point, fields, since)


def _changed(translation: Translation, old: Point, new: Point) -> Translation:
    was, now = old.texts.get(translation.field), new.texts[translation.field]
    if was is None or was.language != now.language or was.original == now.original:
        return translation
    change = words_changed(was.original, now.original)
    return msgspec.structs.replace(translation, change=change)


def _fields(
    point: Point, language: str, authors: dict[tuple[str, str], _Written]
) -> list[Translation]:
    found = []
    for field, text in point.texts.items():
        if text.language == language:
            continue
        author = authors.get((point.code, field))
        who = msgspec.structs.astuple(author)[2:] if author else ()
        words, state = text.others.get(language, ""), text.state(language)
        found.append(Translation(field, language, text.original, words, state, *who))
    return found
