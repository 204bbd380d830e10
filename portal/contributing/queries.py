"""Questions about what an organisation gave, for its people and for coordinators."""

from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import PUBLIC, Actor
from portal.approvals.queries import find_open
from portal.approvals.registry import find_refusal
from portal.clock import moment_of
from portal.contributing.forms import WORDS, Wanted
from portal.contributing.rules import host_of, may_edit, may_reword, stamp_of
from portal.db import column, count, fetch, fetch_one
from portal.errors import NotFound
from portal.materials.queries import FILE, MaterialFile, Work, get_work_for
from portal.materials.registry import TEXT, Text, Title
from portal.materials.rules import consent_state, keeps, standing
from portal.organisations.queries import get_organisation_for


class Given(msgspec.Struct, frozen=True):
    """A work with the state of its newest version; `reason` is why it was sent back."""

    id: str
    title: str
    titles: dict[str, str]
    kind: str
    organisation: str | None
    is_own: bool
    visibility: str
    number: int
    state: str
    reason: str | None
    since: str

    @property
    def moment(self) -> datetime:
        """Since when it is in this state."""
        return moment_of(self.since)


class Found(msgspec.Struct, frozen=True):
    """One page of them, what waits to be done first."""

    total: int
    page: int
    per_page: int
    results: list[Given]


class Content(msgspec.Struct, frozen=True):
    """A file or a link of a version; `size` in bytes, `scan` what the virus scanner said."""

    id: str
    language: str
    of_version: int
    link: str | None
    file_id: str | None
    ending: str | None
    size: int | None
    pages: int | None
    scan: str | None

    @property
    def host(self) -> str:
        """Where a link leads."""
        return host_of(self.link or "")


class Consent(msgspec.Struct, frozen=True):
    """The consent of people in a picture, and how it stands."""

    id: int
    whose: str
    given_on: str
    until: str
    reference: str | None
    ended_at: str | None
    state: str = "valid"


class Opened(msgspec.Struct, frozen=True):
    """One work as those who keep it work on it: its newest version with what is in it."""

    work: Work
    version_id: str
    number: int
    state: str
    reason: str | None
    refusal: str | None
    note: str | None
    since: str
    files: list[Content]
    texts: list[Text]
    consents: list[Consent]
    approval: str | None
    asked_by_me: bool
    published: int | None
    may_edit: bool
    may_reword: bool
    seen: str


NEWEST = """
    FROM materials AS w
    JOIN material_versions AS v ON v.material_id = w.id AND v.number =
        (SELECT max(number) FROM material_versions WHERE material_id = w.id)
    JOIN material_states_now AS s ON s.version_id = v.id
    LEFT JOIN organisations AS o ON o.id = w.organisation_id
    WHERE (w.organisation_id IS :own OR (:coordinator AND s.state = 'waiting'))
    AND (:state IS NULL OR s.state = :state)
"""


def find_given(db: Database, actor: Actor, wanted: Wanted) -> Found:
    """What one's organisation gave; coordinators see all that waits beside it."""
    asked = {**asker(actor), "state": wanted.state}
    sql = (
        """
        SELECT w.id, w.title, w.titles, w.kind, o.name AS organisation, w.visibility, v.number,
            w.organisation_id IS :own AS is_own, s.state, s.reason, s.at AS since
        """
        + NEWEST
        + """
        ORDER BY CASE s.state WHEN 'returned' THEN 0 WHEN 'draft' THEN 1 WHEN 'waiting' THEN 2
            WHEN 'withdrawn' THEN 3 ELSE 4 END, s.at DESC, w.id LIMIT :limit OFFSET :offset
        """
    )
    results = fetch(db, Given, sql, **asked, limit=wanted.per_page, offset=wanted.offset)
    total = count(db, "SELECT count(*) " + NEWEST, **asked)
    return Found(total, wanted.page, wanted.per_page, results)


def get_kept_for(db: Database, actor: Actor, material_id: str) -> Work:
    """A work this person may change; `NotFound` for everybody else, whoever may read it."""
    work = get_work_for(db, actor, material_id)
    (owner,) = column(db, "SELECT organisation_id FROM materials WHERE id = :id", id=material_id)
    if not keeps(actor, owner):
        raise NotFound
    return work


class _Newest(msgspec.Struct, frozen=True):
    """The newest version of a work."""

    version_id: str
    number: int
    note: str | None
    state: str
    reason: str | None
    since: str


def find_newest(db: Database, material_id: str) -> _Newest:
    """The newest version of a work, whatever its state."""
    sql = """
        SELECT v.id AS version_id, v.number, v.note, s.state, s.reason, s.at AS since
        FROM material_versions AS v JOIN material_states_now AS s ON s.version_id = v.id
        WHERE v.material_id = :id ORDER BY v.number DESC LIMIT 1
    """
    found = fetch_one(db, _Newest, sql, id=material_id)
    if found is None:
        raise NotFound
    return found


def get_opened_for(
    db: Database, actor: Actor, at: datetime, today: date, material_id: str
) -> Opened:
    """One work with its newest version, for those who keep it."""
    work = get_kept_for(db, actor, material_id)
    newest = find_newest(db, material_id)
    approval = find_open(db, at, "publish_material", newest.version_id)
    asked_by = column(db, "SELECT asked_by FROM approvals WHERE id = :id", id=approval)
    return Opened(
        work=work,
        version_id=newest.version_id,
        number=newest.number,
        state=newest.state,
        reason=newest.reason,
        refusal=find_refusal(db, newest.version_id) if newest.state == "returned" else None,
        note=newest.note,
        since=newest.since,
        files=find_contents(db, newest.version_id),
        texts=find_texts_of(db, newest.version_id),
        consents=find_consents(db, material_id, today),
        approval=approval,
        asked_by_me=asked_by == [actor.account_id],
        published=work.version,
        may_edit=may_edit(newest.state),
        may_reword=may_reword(find_states(db, material_id)),
        seen=stamp_of(words_of(work)),
    )


def find_campaigns(db: Database, organisation_id: str | None) -> list[Title]:
    """What a work of an organisation may belong to: its own campaigns, and those it is part of."""
    sql = """
        SELECT c.id, c.title, c.titles FROM campaigns AS c
        WHERE c.organisation_id = :own OR (c.state = 'published' AND EXISTS (
            SELECT 1 FROM campaign_organisations AS p
            WHERE p.campaign_id = c.id AND p.organisation_id = :own))
        ORDER BY c.starts_on DESC, c.id
    """
    return fetch(db, Title, sql, own=organisation_id)


def has_public_card(db: Database, organisation_id: str | None) -> bool:
    """Whether an organisation is named to everybody beside what it gives."""
    try:
        get_organisation_for(db, PUBLIC, organisation_id or "")
    except NotFound:
        return False
    return True


def words_of(work: Work) -> dict[str, object]:
    """The words of a work as a form shows them."""
    words = {name: getattr(work, name) for name in WORDS}
    return {**words, "audiences": sorted(work.audiences), "topics": sorted(work.topics)}


def find_states(db: Database, material_id: str) -> frozenset[str]:
    """The states of all versions of a work."""
    sql = """
        SELECT DISTINCT s.state FROM material_versions AS v
        JOIN material_states_now AS s ON s.version_id = v.id WHERE v.material_id = :id
    """
    return frozenset(column(db, sql, id=material_id))


def find_contents(db: Database, version_id: str) -> list[Content]:
    """The files and links of a version."""
    sql = """
        SELECT m.id, m.language, m.of_version, m.link, m.file_id, f.ending, f.size, f.pages, f.scan
        FROM material_files AS m LEFT JOIN files AS f ON f.id = m.file_id
        WHERE m.version_id = :id ORDER BY m.language, f.ending, m.id
    """
    return fetch(db, Content, sql, id=version_id)


def find_texts_of(db: Database, version_id: str) -> list[Text]:
    """The texts of a version."""
    return fetch(db, Text, TEXT + "WHERE t.version_id = :id ORDER BY t.language", id=version_id)


def find_standing(db: Database, material_id: str) -> tuple[list[MaterialFile], list[Text]]:
    """What stood in a work before it was withdrawn: of each language the newest."""
    out = "WHERE v.material_id = :id AND s.state IN ('published', 'withdrawn') "
    sql = FILE + out + "ORDER BY v.number DESC, m.id"
    files = standing(fetch(db, MaterialFile, sql, id=material_id))
    sql = TEXT + out + "ORDER BY v.number DESC"
    return files, standing(fetch(db, Text, sql, id=material_id))


def find_consents(db: Database, material_id: str, today: date) -> list[Consent]:
    """The consents of the people in a work's pictures, the newest first."""
    sql = """
        SELECT id, whose, given_on, until, reference, ended_at FROM image_consents
        WHERE material_id = :id ORDER BY id DESC
    """
    return [
        msgspec.structs.replace(
            each, state=consent_state(each.given_on, each.until, each.ended_at, today)
        )
        for each in fetch(db, Consent, sql, id=material_id)
    ]


def asker(actor: Actor) -> dict[str, object]:
    return {"own": actor.organisation_id or "", "coordinator": actor.is_coordinator}
