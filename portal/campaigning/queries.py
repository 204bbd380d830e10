"""What the forms of campaigns offer to choose from, and how they are filled."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.campaigning.forms import LANGUAGES, Recorded
from portal.campaigns.queries import (
    Sides,
    find_used_materials,
    get_activity_row,
    get_campaign_for,
    get_sides,
)
from portal.campaigns.rules import COUNTED, keeps, may_correct, may_record
from portal.db import column
from portal.errors import Invalid, NotAllowed, NotFound
from portal.i18n.language import Message
from portal.organisations.forms import Wanted
from portal.organisations.queries import find_organisations
from portal.places.queries import Place, find_places_of, get_place, label, resolve_place, sees_local
from search.engine import Engine


def get_kept_for(db: Database, actor: Actor, today: date, campaign_id: str) -> Sides:
    """Whose a campaign is, for those who may change it; strangers get `NotFound`."""
    sides = _sides_for(db, actor, today, campaign_id)
    if not keeps(actor, sides.organisation_id):
        raise NotAllowed
    return sides


def get_joined_for(db: Database, actor: Actor, today: date, campaign_id: str) -> Sides:
    """Whose a campaign is, for those who may add activities to it."""
    sides = _sides_for(db, actor, today, campaign_id)
    if not may_record(actor, sides.organisation_id, sides.partners):
        raise NotAllowed
    return sides


def get_held_for(
    db: Database, actor: Actor, today: date, campaign_id: str, activity_id: str
) -> Sides:
    """Whose a campaign is, for those who may correct this activity of it."""
    sides = _sides_for(db, actor, today, campaign_id)
    row = get_activity_row(db, activity_id)
    if row["campaign_id"] != campaign_id:
        raise NotFound
    if not may_correct(actor, sides.organisation_id, row["organisation_id"]):
        raise NotAllowed
    return sides


def _sides_for(db: Database, actor: Actor, today: date, campaign_id: str) -> Sides:
    get_campaign_for(db, actor, today, campaign_id)
    return get_sides(db, campaign_id)


def find_partners(db: Database, actor: Actor) -> dict[str, tuple[str, dict[str, str]]]:
    """The organisations one may name beside one's own: those whose cards one sees."""
    found = find_organisations(db, actor, Wanted(per_page=100)).results
    own = actor.organisation_id
    return {each.id: (each.name, each.names) for each in found if each.id != own}


def partners_kept(db: Database, actor: Actor, campaign_id: str, named: Iterable[str]) -> list[str]:
    """The partners after a change: those named, and those whom the actor cannot see to untick."""
    seen, sides = find_partners(db, actor), get_sides(db, campaign_id)
    unseen = [each for each in sides.partners if each not in seen and each != actor.organisation_id]
    return [each for each in (*named, *unseen) if each != sides.organisation_id]


def typed_campaign(db: Database, campaign_id: str) -> dict[str, Any]:
    """The fields of the form as a campaign fills them."""
    row = db.table("campaigns").get(campaign_id)
    in_languages = {
        f"{name}_{code}": msgspec.json.decode(row[f"{many}"]).get(code, "")
        for name, many in (("title", "titles"), ("summary", "summaries"))
        for code in LANGUAGES
    }
    lists = {
        "in_regions": "SELECT region FROM campaign_regions WHERE campaign_id = :id",
        "audiences": "SELECT audience FROM campaign_audiences WHERE campaign_id = :id",
        "partners": "SELECT organisation_id FROM campaign_organisations WHERE campaign_id = :id",
    }
    return {
        "title": row["title"],
        "summary": row["summary"],
        "begins_on": row["starts_on"],
        "finishes_on": row["ends_on"],
        **in_languages,
        **{name: column(db, sql, id=campaign_id) for name, sql in lists.items()},
    }


def typed_activity(db: Database, actor: Actor, activity_id: str) -> dict[str, Any]:
    """The fields of the form as an activity fills them; a place of the network's own is typed."""
    row = get_activity_row(db, activity_id)
    same = ("kind", "held_on", *COUNTED, "given_out", "result", "materials")
    typed = {name: row[name] for name in same}
    place = _place_seen(db, actor, row["place_id"])
    if place is not None and place.id.startswith("L"):
        return {**typed, "place": label(db, place, local=True)}
    return {**typed, "settlement": place and place.id}


def find_settlements(db: Database, campaign_id: str, chosen: str | None) -> dict[str, list[Place]]:
    """The gazetteer's settlements to choose from, by region: the campaign's, and the one chosen."""
    sql = "SELECT region FROM campaign_regions WHERE campaign_id = :id ORDER BY region"
    regions = column(db, sql, id=campaign_id)
    if chosen:
        regions += column(db, "SELECT region FROM places WHERE id = :id", id=chosen)
    return {code: find_places_of(db, code, local=False) for code in dict.fromkeys(regions)}


def find_place(
    db: Database, engine: Engine, actor: Actor, form: Recorded, activity_id: str | None
) -> str | None:
    """The id of the settlement a form names; what was typed goes before what was chosen.

    A place that the actor does not see is not lost by a correction that names none.
    """
    if form.place:
        return resolve_place(db, engine, form.place, local=sees_local(actor)).id
    if form.settlement:
        try:
            return get_place(db, form.settlement, local=False).id
        except NotFound as error:
            raise Invalid({"settlement": [Message("Choose from the list.")]}) from error
    before = get_activity_row(db, activity_id)["place_id"] if activity_id else None
    return before if before and _place_seen(db, actor, before) is None else None


def keep_unseen(db: Database, actor: Actor, campaign_id: str, activity_id: str) -> list[str]:
    """The materials of an activity that the actor does not see and so cannot untick."""
    seen = {each.id for each in find_used_materials(db, actor, campaign_id)}
    return [each for each in get_activity_row(db, activity_id)["materials"] if each not in seen]


def _place_seen(db: Database, actor: Actor, place_id: str | None) -> Place | None:
    try:
        return get_place(db, place_id, local=sees_local(actor)) if place_id else None
    except NotFound:
        return None


def values_of(typed: Mapping[str, Any], name: str) -> list[str]:
    """All values of a field, whether it was sent by a form or filled from a record."""
    value = typed.get(name)
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
