"""Questions about who completed a training, for its keeper who may use the directory."""

from collections.abc import Iterator
from datetime import date
from itertools import count

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.certificates.forms import Wanted
from portal.db import column
from portal.errors import NotAllowed, NotFound
from portal.events.queries import Kept
from portal.organising.queries import get_organised_for
from portal.organising.rules import may_certify
from portal.practitioners.forms import Wanted as WantedPeople
from portal.practitioners.queries import Practitioner, find_practitioners, get_practitioner_for
from portal.practitioners.rules import name_key


class Trainee(msgspec.Struct, frozen=True):
    """Somebody who may have completed a training, as the asker may see them."""

    id: str
    name: str
    profession: str
    organisation: str
    trained: bool


class Trainees(msgspec.Struct, frozen=True):
    """One page of people to tick."""

    total: int
    page: int
    per_page: int
    results: list[Trainee]


def get_training_for(db: Database, actor: Actor, today: date, event_id: str) -> Kept:
    """A training that people can have completed, for its keeper who may use the directory."""
    kept = get_organised_for(db, actor, today, event_id)
    if not actor.may_use_directory:
        raise NotAllowed
    if not may_certify(kept, today):
        raise NotFound
    return kept


def find_trained(db: Database, event_id: str) -> list[str]:
    """Who completed a training, whoever may see them."""
    sql = "SELECT practitioner_id FROM trainings WHERE event_id = :id ORDER BY practitioner_id"
    return column(db, sql, id=event_id)


def find_trainees(
    db: Database, actor: Actor, today: date, event_id: str, wanted: Wanted
) -> Trainees:
    """The practitioners whom this person may see, by a part of their name if one is asked for."""
    trained = set(find_trained(db, event_id))
    words = name_key(wanted.find or "").split()
    people = [
        Trainee(each.id, each.name, each.profession, each.organisation, each.id in trained)
        for each in _everybody(db, actor, today)
        if all(word in name_key(each.name) for word in words)
    ]
    shown = people[wanted.offset : wanted.offset + wanted.per_page]
    return Trainees(len(people), wanted.page, wanted.per_page, shown)


def _everybody(db: Database, actor: Actor, today: date) -> Iterator[Practitioner]:
    for number in count(1):
        found = find_practitioners(db, actor, today, WantedPeople(page=number, per_page=100))
        yield from found.results
        if number * found.per_page >= found.total:
            return


def find_certified(db: Database, actor: Actor, today: date, event_id: str) -> list[Trainee]:
    """Those who completed a training, of the people whom this person may see."""
    people = []
    for practitioner_id in find_trained(db, event_id):
        try:
            each = get_practitioner_for(db, actor, today, practitioner_id)
        except NotFound:
            continue
        people.append(Trainee(each.id, each.name, each.profession, each.organisation, True))
    return sorted(people, key=lambda each: each.name)
