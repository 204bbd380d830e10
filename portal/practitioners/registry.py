"""Who of the register may be the person that somebody is about to add."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.db import fetch
from portal.practitioners.queries import CARD, VISIBLE, Practitioner, asker
from portal.practitioners.rules import is_same_name, seems_same_name


class Settled(Practitioner, frozen=True):
    """A practitioner with the key of her settlement."""

    place_id: str


class Registered(msgspec.Struct, frozen=True):
    """Who is in the register, as far as it tells two records of one person."""

    id: str
    name: str
    organisation_id: str
    place_id: str


def find_alike(
    db: Database,
    actor: Actor,
    today: date,
    name: str,
    profession: str,
    *,
    organisation_id: str | None = None,
    place_id: str | None = None,
) -> list[Practitioner]:
    """Who may be the same person, among those whom this person may see anyway.

    The same name and profession, or a name that seems the same and one organisation or settlement.
    """
    asked = {**asker(actor, today), "profession": None, "region": None}
    sql = CARD + ", p.place_id" + VISIBLE + "ORDER BY p.sort_name, p.id"
    return [
        each
        for each in fetch(db, Settled, sql, **asked)
        if (each.profession == profession and is_same_name(each.name, name))
        or (
            (each.organisation_id == organisation_id or each.place_id == place_id)
            and seems_same_name(each.name, name)
        )
    ]


def find_registered(db: Database, actor: Actor, today: date) -> list[Registered]:
    """Everybody to compare an imported row with; an operator's file may hold all, others' not."""
    asked = {**asker(actor, today), "profession": None, "region": None}
    # security: who exports the whole register learns nothing here, anybody else only what they see
    asked["coordinator"] = actor.is_coordinator or actor.role == "admin"
    sql = "SELECT p.id, p.name, p.organisation_id, p.place_id" + VISIBLE + "ORDER BY p.id"
    return fetch(db, Registered, sql, **asked)
