"""A project as somebody may see it: its logframe, and the records that it pays for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigns.queries import find_activities_for, get_campaign_for
from portal.db import fetch
from portal.errors import NotFound
from portal.events.queries import get_event_for
from portal.i18n.language import Language, Message
from portal.materials.queries import get_work_for
from portal.projects.queries import Linked, Owner, Project, find_linked
from portal.projects.registry import Outcome, audience_of, find_outcomes
from portal.projects.rules import (
    CODE,
    COUNTED,
    LEVELS,
    LINK_KINDS,
    SECTORS,
    STATUSES,
    Status,
    may_keep,
)


class LinkShown(msgspec.Struct, frozen=True):
    """A record that a project pays for, as far as somebody may see it."""

    kind: str
    record_id: str
    title: str
    titles: dict[str, str]
    address: str
    on: str | None = None
    # of an activity, which has no title of its own
    activity_kind: str | None = None


class ProjectShown(Project, frozen=True, kw_only=True):
    """One project with its logframe and what was done with its money."""

    state: Status
    logframe: list[Outcome]
    links: list[LinkShown]


class _Held(msgspec.Struct, frozen=True):
    campaign_id: str
    title: str
    titles: dict[str, str]
    held_on: str
    kind: str


def words_of(language: Language) -> dict[str, dict[str, str]]:
    """The words of the codes of a project, for templates."""
    lists: dict[str, Mapping[Any, Message]] = {
        "statuses": STATUSES,
        "levels": LEVELS,
        "counted_words": COUNTED,
        "link_kinds": LINK_KINDS,
        "sectors": SECTORS,
    }
    return {name: in_words(language, words) for name, words in lists.items()}


def in_words(language: Language, words: Mapping[Any, Message]) -> dict[str, str]:
    """Codes with their words in a language."""
    return {code: language.say(message) for code, message in words.items()}


def show_project(db: Database, actor: Actor, found: Project, today: date) -> ProjectShown:
    """A project with its logframe and links, as far as somebody may see them."""
    known = msgspec.structs.asdict(found)
    if found.organisation is None and not may_keep(actor, found.organisation_id):
        # security: whoever may not know of the organisation learns neither its id nor where it is
        known |= {"organisation_id": None, "regions": []}
    return ProjectShown(
        **known,
        state=found.status(today),
        logframe=find_outcomes(db, found, audience_of(actor, found), today),
        links=find_links_for(db, actor, today, found.id),
    )


def find_links_for(db: Database, actor: Actor, today: date, project_id: str) -> list[LinkShown]:
    """What was done with a project's money, of records that this person may see."""
    shown = []
    for each in find_linked(db, project_id):
        try:
            shown.append(_shown(db, actor, today, each))
        except NotFound:
            continue
    return shown


def _shown(db: Database, actor: Actor, today: date, link: Linked) -> LinkShown:
    if link.kind == "event":
        event = get_event_for(db, actor, today, link.record_id)
        said = (event.title, event.titles, f"events/{event.id}", event.starts_on)
        return LinkShown(link.kind, link.record_id, *said)
    if link.kind == "material":
        work = get_work_for(db, actor, link.record_id)
        return LinkShown(link.kind, work.id, work.title, work.titles, f"materials/{work.id}")
    if link.kind == "campaign":
        card = get_campaign_for(db, actor, today, link.record_id)
        where = f"campaigns/{card.id}"
        return LinkShown(link.kind, card.id, card.title, card.titles, where, card.starts_on)
    return _activity(db, actor, today, link)


def _activity(db: Database, actor: Actor, today: date, link: Linked) -> LinkShown:
    sql = """
        SELECT c.id AS campaign_id, c.title, c.titles, a.held_on, a.kind
        FROM activities AS a JOIN campaigns AS c ON c.id = a.campaign_id WHERE a.id = :id
    """
    for each in fetch(db, _Held, sql, id=link.record_id):
        campaign = get_campaign_for(db, actor, today, each.campaign_id)
        if link.record_id in {a.id for a in find_activities_for(db, actor, today, campaign.id)}:
            said = (each.title, each.titles, f"campaigns/{campaign.id}", each.held_on, each.kind)
            return LinkShown(link.kind, link.record_id, *said)
    raise NotFound


def missing_for_file(
    project: Project, owner: Owner | None, logframe: Iterable[Outcome]
) -> list[str]:
    """The fields that a complete IATI file needs and that are empty.

    `owner` is the organisation where everybody may know of it: the file names it to all.
    """
    needed = {
        "project_code": CODE.fullmatch(project.code),
        "description": project.description,
        "donor": project.donor,
        "begins_on": project.starts_on,
        "countries": project.countries,
        "reporter_ref": project.reporter_ref,
        "reporter_type": project.reporter_type,
        "organisation": owner,
        "indicator": [each for each in logframe if each.lines],
    }
    return [name for name, value in needed.items() if not value]
