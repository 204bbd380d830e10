"""In the demo somebody without e-mail holds a card and has used it, and some have a monthly cap."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.capacity.queries import get_kept_for
from portal.cards.actions import Call, act_on_behalf, make_card
from portal.cards.forms import Confirming
from portal.cards.queries import find_card
from portal.cards.rules import asked_number
from portal.confirmations.rules import seen_details
from portal.db import fetch
from portal.practitioners.actions import save_practitioner

CAPPED = 20
MONTHLY_CAP = 12


class Holder(msgspec.Struct, frozen=True):
    """Somebody without e-mail, and the day on which the world says that she confirmed."""

    id: str
    confirmed_on: date


def seed_cards(db: Database, secret: str, by: Actor, at: datetime) -> None:
    """A card in use; seeding again changes nothing."""
    for holder in _holders(db):
        if find_card(db, holder.id) is None:
            _use_a_card(db, secret, by, holder)
    for practitioner_id in _without_cap(db):
        save_practitioner(db, by, at, practitioner_id, {"monthly_cap": MONTHLY_CAP})


def _holders(db: Database) -> list[Holder]:
    sql = """
        SELECT l.practitioner_id AS id, l.confirmed_on FROM listings AS l
        LEFT JOIN practitioner_contacts AS c ON c.practitioner_id = l.practitioner_id
        WHERE c.email IS NULL AND l.practitioner_id NOT IN
            (SELECT practitioner_id FROM accounts WHERE practitioner_id IS NOT NULL)
        ORDER BY l.practitioner_id LIMIT 2
    """
    return fetch(db, Holder, sql)


def _use_a_card(db: Database, secret: str, by: Actor, holder: Holder) -> None:
    """On the very day of her confirmation: so it is the same confirmation, and none is added."""
    on = holder.confirmed_on
    at = datetime.combine(on, time(9), tzinfo=UTC)
    codes = make_card(db, secret, by, at - timedelta(days=7), holder.id)
    taking = Actor(role="coordinator", account_id="demo-coordinator")
    card = find_card(db, holder.id)
    number = card and asked_number(secret, card.id, card.unused)
    if number:
        seen = seen_details(get_kept_for(db, taking, on, holder.id))
        said = Confirming(number, codes[number - 1], "confirm", seen)
        act_on_behalf(db, secret, Call(taking, at, on, holder.id), said)


def _without_cap(db: Database) -> list[str]:
    sql = """
        SELECT id FROM (SELECT id, monthly_cap FROM practitioners
                        WHERE weekly_visits >= 4 ORDER BY id LIMIT ?)
        WHERE monthly_cap IS NULL
    """
    return [row[0] for row in db.execute(sql, [CAPPED])]
