"""The file of the projects whose organisations want them published, searched before it is kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from lxml import etree  # type: ignore[import-untyped]
from sqlite_utils import Database

from portal.db import Store, as_json
from portal.donors.documents import Activity, write_activities
from portal.indicators.queries import find_versions
from portal.indicators.sight import are_people
from portal.projects.answers import missing_for_file
from portal.projects.queries import (
    find_projects_to_publish,
    find_public_owner,
    find_words_of_projects,
)
from portal.projects.registry import OTHERS, Outcome, Reached, find_outcomes
from portal.projects.rules import Given
from portal.publication.builder import build, parameters_of
from portal.publication.generations import Edition
from portal.publication.leaks import refuse_leaks
from portal.publication.ledger import Figures
from portal.publication.notes import read_notes
from portal.published import Table, text, whole
from portal.settings import Settings

_MIDNIGHT = "T00:00:00Z"

# the texts of the file as a table, so that they are searched as the public database is
_TEXTS = Table(
    name="texts",
    columns=(whole("id", "projects.id"), text("text", "projects.title", free=True)),
    select="SELECT key AS id, value AS text FROM json_each(:texts)",
    key=("id",),
)


def write_projects(store: Store, settings: Settings, edition: Edition, path: Path) -> int:
    """Write the projects' file, where there is a project for it; `Leak` when it tells too much."""
    if not edition.published_on:
        return 0
    today = date.fromisoformat(edition.published_on)
    with store.read() as db:
        found = list(_activities(db, today))
        if not found:
            return 0
        at = datetime(today.year, today.month, today.day, tzinfo=UTC)
        content = write_activities(found, settings.languages, at, today)
        _refuse(db, path, content, today, [each.project.id for each in found])
    path.write_bytes(content)
    return len(found)


def _activities(db: Database, today: date) -> Iterator[Activity]:
    for project in find_projects_to_publish(db):
        logframe = find_outcomes(db, project, OTHERS, today)
        owner = find_public_owner(db, project.organisation_id)
        if owner is None or missing_for_file(project, owner, logframe):
            continue
        yield Activity(project, owner, [_without_people(db, each) for each in logframe])


def _without_people(db: Database, outcome: Outcome) -> Outcome:
    lines = [_aims_alone(each) if _counts_people(db, each) else each for each in outcome.lines]
    return msgspec.structs.replace(outcome, lines=lines)


def _aims_alone(line: Reached) -> Reached:
    # security: how many people one organisation reached is in no release, and so was not attacked
    # together with its figures (D3, D4): what everybody reads is the target
    return msgspec.structs.replace(line, actual=Given(), baseline=Given(), baseline_year=None)


def _counts_people(db: Database, line: Reached) -> bool:
    return are_people(find_versions(db, line.code))


def _refuse(db: Database, path: Path, content: bytes, today: date, ids: list[str]) -> None:
    """Search the file for whatever is private, but for what its own projects say of themselves."""
    draft = path.with_name(".texts.db")
    codebook = read_notes().codebook()
    texts = [each for each in _texts(content) if each.strip()]
    parameters = {**parameters_of(today, Figures(), []), "texts": as_json(texts)}
    try:
        build(db, draft, parameters, codebook, (_TEXTS,))
        known = find_words_of_projects(db, ids) | {f"{today.isoformat()}{_MIDNIGHT}"}
        refuse_leaks(db, draft, parameters, codebook, (_TEXTS,), known=known)
    finally:
        for name in (draft.name, "blank.db", "draft.db"):
            draft.with_name(name).unlink(missing_ok=True)


def _texts(content: bytes) -> Iterator[str]:
    for element in etree.fromstring(content).iter():
        yield element.text or ""
        yield from map(str, element.attrib.values())
