"""What the demo's organisations want and have answered, once."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from portal.db import count
from portal.desk.actions import answer_wish, close_wish, wish
from portal.desk.forms import Answer, Wish
from portal.transfer.demo_contacts import demo_actor

# the organisation of a member that is not the demo's own
ANOTHER = "another"

# days ago, of which organisation, what, and the answers: after how many days, whose, which words
Told = tuple[int, str | None, str]
WISHES: tuple[tuple[int, str | None, Wish, tuple[Told, ...], bool], ...] = (
    (
        40,
        None,
        Wish("0" * 15 + "1", "leaflet", "tg", "safe_migration", "families_of_migrants"),
        ((2, ANOTHER, "We have one in Russian and can have it translated by spring."),),
        True,
    ),
    (
        21,
        ANOTHER,
        Wish("0" * 15 + "2", "presentation", "ru", "labour_rights", "students"),
        ((6, None, "Ours has 18 slides. We are giving it to the portal this week."),),
        True,
    ),
    (
        6,
        None,
        Wish(
            "0" * 15 + "3",
            "poster",
            "tk",
            "child_labour",
            "teachers",
            "For school corridors, readable from three steps away.",
        ),
        ((3, ANOTHER, "There is a poster in Russian that may be adapted."),),
        False,
    ),
    (2, ANOTHER, Wish("0" * 15 + "4", "audio", "tg", "safe_migration", "youth"), (), False),
)


def seed_desk(db: Database, at: datetime, timezone: str) -> None:
    """Wishes of the last weeks: two that are closed, one with an answer, one without."""
    if count(db, "SELECT count(*) FROM wishes"):
        return
    for days, whose, wanted, told, is_found in WISHES:
        made = at - timedelta(days=days, hours=2)
        asker = demo_actor(db, at, timezone, "member", whose)
        wish_id = wish(db, asker, made, wanted)
        for after, who, words in told:
            answerer = demo_actor(db, at, timezone, "member", who)
            answer_wish(db, answerer, made + timedelta(days=after), wish_id, Answer(words=words))
        if is_found:
            close_wish(db, asker, made + timedelta(days=10), wish_id, "found")
