"""A handful of requests in every state, so that the demo's people have something to answer."""

import json
from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor
from portal.clock import day_of
from portal.db import column
from portal.nearby.queries import find_match, find_nearby
from portal.nearby.rules import Wish
from portal.places.queries import Place, get_place
from portal.requests.actions import accept, cancel, create, decline
from portal.requests.rules import Wanted
from portal.visits.actions import complete, expire
from portal.visits.rules import Outcome

KEY = "demo-request-"
FEWEST = 5
NOTE = "Second entrance, the lift does not work."


def seed_requests(db: Database, at: datetime, timezone: str) -> None:
    """Requests of the demo's member, and some that wait for the demo's practitioner; once."""
    if column(db, "SELECT id FROM requests WHERE form_key LIKE :key LIMIT 1", key=KEY + "%"):
        return
    today = day_of(at, timezone)
    member, other = _members(db, today)
    found = _where_people_come(db, member, today)
    if found is not None:
        _Asking(db, at, today, timezone, member, *found).ask_for_all_states()
    practitioner = _practitioner(db, today)
    if practitioner.practitioner_id is not None and other is not None:
        _ask_her(db, at, today, timezone, other, practitioner)


class _Asking:
    """One asker at one settlement, with those who come there."""

    def __init__(
        self,
        db: Database,
        at: datetime,
        today: date,
        timezone: str,
        asker: Actor,
        place: Place,
        people: list[str],
    ) -> None:
        self.db, self.at, self.today, self.timezone = db, at, today, timezone
        self.asker, self.place, self.people = asker, place, people
        self.made = 0

    def ask_for_all_states(self) -> None:
        """One in each state; the accepted one is for the day after tomorrow."""
        one, two, three, four, five = self.people[:FEWEST]
        self.ask(6)
        self.ask(4, (one, two))
        taken = self.ask(2, (three,), note=NOTE)
        accept(self.db, _as(three), self.at, taken, three)
        cancel(self.db, self.asker, self.at, self.ask(9))
        refused = self.ask(5, (four,))
        decline(self.db, _as(four), self.at, refused, four, "no_time")
        cancel(self.db, self.asker, self.at, refused, nobody=True)
        self.ask(1, before=9, mode="phone")
        expire(self.db, self.asker, self.at, self.today)
        made = self.ask(2, (five,), before=6)
        accept(self.db, _as(five), self.at - timedelta(days=5), made, five)
        visited = Outcome("visited", self.today - timedelta(days=4))
        complete(self.db, self.asker, self.at, made, visited)

    def ask(
        self,
        days: int,
        people: tuple[str, ...] = (),
        *,
        before: int = 0,
        mode: str = "home",
        note: str | None = None,
    ) -> str:
        """A request made some days before, for a day that many days after it was made."""
        self.made += 1
        made_on = self.today - timedelta(days=before)
        wanted = Wanted(
            profession="psychologist",
            mode=mode,
            region=self.place.region,
            wished_on=made_on + timedelta(days=days),
            timezone=self.timezone,
            form_key=f"{KEY}{self.asker.account_id}-{self.made}",
            accompaniment="asker",
            travel_cost="shared" if mode == "home" else "none",
            place_id=self.place.id,
            part="morning",
            age_group="adult",
            note=note,
        )
        at = self.at - timedelta(days=before)
        return create(self.db, self.asker, at, wanted, people)


def _ask_her(
    db: Database, at: datetime, today: date, timezone: str, asker: Actor, practitioner: Actor
) -> None:
    """Two requests to the demo's practitioner: one waits for her answer, one she has accepted."""
    own = str(practitioner.practitioner_id)
    sql = "SELECT place_id, profession, modes FROM practitioners WHERE id = ?"
    place_id, profession, modes = db.conn.execute(sql, [own]).fetchone()
    asking = _Asking(db, at, today, timezone, asker, get_place(db, place_id, local=True), [])
    for days in (3, 5):
        mode = _mode_for(asking, profession, json.loads(modes), own, today + timedelta(days=days))
        if mode is not None:
            made = _ask_one(asking, days, mode, profession, own)
            if days == 5:
                accept(db, practitioner, at, made, own)


def _mode_for(
    asking: _Asking, profession: str, modes: list[str], own: str, day: date
) -> str | None:
    """How she can be asked for that day: at home where she goes to her own settlement."""
    for mode in modes:
        wish = msgspec.structs.replace(_wish(asking.place, day), mode=mode, profession=profession)
        match = find_match(asking.db, asking.asker, wish, asking.today, own)
        if match is not None and match.visits_left != 0:
            return mode
    return None


def _ask_one(asking: _Asking, days: int, mode: str, profession: str, own: str) -> str:
    wanted = Wanted(
        profession=profession,
        mode=mode,
        region=asking.place.region,
        wished_on=asking.today + timedelta(days=days),
        timezone=asking.timezone,
        form_key=f"{KEY}{asking.asker.account_id}-her-{days}-{mode}",
        accompaniment="asker",
        travel_cost="asker" if mode == "home" else "none",
        place_id=asking.place.id,
        part="afternoon",
        note=NOTE if mode == "home" else None,
    )
    return create(asking.db, asking.asker, asking.at, wanted, (own,))


def _where_people_come(db: Database, asker: Actor, today: date) -> tuple[Place, list[str]] | None:
    """A settlement to which enough psychologists come on the days that are asked for."""
    sql = (
        "SELECT place_id FROM listings GROUP BY place_id ORDER BY count(*) DESC, place_id LIMIT 30"
    )
    for place_id in column(db, sql):
        place = get_place(db, place_id, local=True)
        come = [
            {
                each.id
                for each in find_nearby(
                    db, asker, _wish(place, today + timedelta(days=n)), today
                ).matches
                if each.visits_left != 0
            }
            for n in (-4, 2, 4, 5)
        ]
        people = sorted(set.intersection(*come))
        if len(people) >= FEWEST:
            return place, people
    return None


def _wish(place: Place, day: date) -> Wish:
    return Wish(
        place.id,
        place.country,
        place.latitude,
        place.longitude,
        (day,),
        profession="psychologist",
        age_group="adult",
        limit=100,
    )


def _members(db: Database, today: date) -> tuple[Actor, Actor | None]:
    """The demo's member, and one of another organisation."""
    own = _actor(db, find_or_make_demo_account(db, "member", None, today))
    sql = """
        SELECT o.id FROM organisations AS o JOIN membership_now AS m ON m.organisation_id = o.id
        WHERE m.state = 'admitted' AND o.directory_until IS NOT NULL AND o.id <> :own
            AND o.kind = 'ngo' ORDER BY o.id LIMIT 1
    """
    for another in column(db, sql, own=own.organisation_id):
        return own, _actor(db, find_or_make_demo_account(db, "member", another, today))
    return own, None


def _practitioner(db: Database, today: date) -> Actor:
    return _actor(db, find_or_make_demo_account(db, "practitioner", None, today))


def _actor(db: Database, account_id: str) -> Actor:
    sql = """
        SELECT a.role, a.organisation_id, o.kind, a.practitioner_id
        FROM accounts AS a LEFT JOIN organisations AS o ON o.id = a.organisation_id WHERE a.id = ?
    """
    role, organisation, kind, practitioner = db.conn.execute(sql, [account_id]).fetchone()
    return Actor(role, account_id, "", organisation, kind, practitioner, True)


def _as(practitioner_id: str) -> Actor:
    return Actor("practitioner", practitioner_id=practitioner_id)
