"""The demo's looks at contacts, and reports of wrong details in each state, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from portal.accounts.actions import find_or_make_demo_account
from portal.actor import Actor, Role
from portal.clock import day_of
from portal.contacts.actions import look, record_look
from portal.contacts.forms import Wanted
from portal.contacts.rules import Given
from portal.db import column, count, fetch_one
from portal.errors import NotFound
from portal.practitioners.queries import LISTED, asker
from portal.tickets.actions import answer, report
from portal.tickets.forms import Answered, Wrong
from portal.tickets.rules import Reply

# days ago, who looked, and what for; all of them in the morning of the network
LOOKS: tuple[tuple[int, Role, str], ...] = (
    (33, "member", "invite"),
    (12, "coordinator", "member_business"),
    (5, "member", "consultation"),
    (5, "member", "clarify"),
)
# one day on which somebody looked more than one does, at many others
UNUSUAL_DAYS_AGO = 2
UNUSUAL_LOOKS = 12

# days ago, who reports, which register, field, what is wrong, and who says what became of it
Told = tuple[Role, Reply, str | None]
REPORTS: tuple[tuple[int, Role, str, str, str, Told | None], ...] = (
    (20, "coordinator", "practitioners", "languages", "wrong_language", ("member", "mended", None)),
    (9, "member", "practitioners", "place", "moved", ("coordinator", "kept", "is_temporary")),
    (4, "member", "organisations", "duty_phone", "no_answer", ("coordinator", "seen", None)),
    (1, "coordinator", "practitioners", "contact", "no_answer", None),
)


def seed_contacts(db: Database, at: datetime, timezone: str) -> None:
    """Looks of the last weeks, once."""
    if count(db, "SELECT count(*) FROM contact_looks"):
        return
    people = {role: demo_actor(db, at, timezone, role) for role in ("member", "coordinator")}
    her = demo_actor(db, at, timezone, "practitioner").practitioner_id
    for number, (days, role, purpose) in enumerate(LOOKS):
        moment = _morning(at, timezone, days) + timedelta(minutes=7 * number)
        # she was listed then, whether or not she is today
        shown: Given = "contact" if number else "duty"
        record_look(db, people[role], moment, timezone, str(her), Wanted(purpose), shown)
    member, start = people["member"], _morning(at, timezone, UNUSUAL_DAYS_AGO)
    for number, each in enumerate(_listed_for(db, member, at, timezone)[:UNUSUAL_LOOKS]):
        moment = start + timedelta(minutes=3 * number)
        look(db, member, moment, timezone, each, Wanted("consultation"))


def seed_tickets(db: Database, at: datetime, timezone: str) -> None:
    """Reports that are open, seen, mended, and kept as it is; those about records of our own."""
    if count(db, "SELECT count(*) FROM tickets"):
        return
    member = demo_actor(db, at, timezone, "member")
    people = {"member": member, "coordinator": demo_actor(db, at, timezone, "coordinator")}
    today = day_of(at, timezone)
    cards = {
        "practitioners": _listed_of(db, member, at, timezone),
        "organisations": [str(member.organisation_id)],
    }
    for days, role, kind, field, problem, told in REPORTS:
        for card_id in cards[kind][:1]:
            moment = _morning(at, timezone, days)
            wrong = Wrong(field, problem)
            ticket_id = report(db, people[role], moment, today, kind, card_id, wrong)
            if told:
                by, state, reason = told
                later = moment + timedelta(hours=5)
                answer(db, people[by], later, today, ticket_id, Answered(state, reason))


def demo_actor(
    db: Database, at: datetime, timezone: str, role: Role, organisation: str | None = None
) -> Actor:
    """One of the demo's people, as the site would know them signed in."""
    account_id = find_or_make_demo_account(db, role, organisation, day_of(at, timezone))
    sql = """
        SELECT a.id AS account_id, a.role, a.name, a.organisation_id, a.practitioner_id,
            o.kind AS organisation_kind, 1 AS directory_access
        FROM accounts AS a LEFT JOIN organisations AS o ON o.id = a.organisation_id
        WHERE a.id = :id
    """
    found = fetch_one(db, Actor, sql, id=account_id)
    if found is None:
        raise NotFound
    return found


def _listed_for(db: Database, actor: Actor, at: datetime, timezone: str) -> list[str]:
    sql = "SELECT l.practitioner_id FROM listings AS l WHERE " + LISTED
    return column(db, sql + " ORDER BY l.practitioner_id", **asker(actor, day_of(at, timezone)))


def _listed_of(db: Database, actor: Actor, at: datetime, timezone: str) -> list[str]:
    """Those of the person's own organisation who are listed."""
    own = "SELECT id FROM practitioners WHERE organisation_id = :organisation"
    theirs = set(column(db, own, organisation=actor.organisation_id))
    return [each for each in _listed_for(db, actor, at, timezone) if each in theirs]


def _morning(at: datetime, timezone: str, days: int) -> datetime:
    """Ten o'clock of the network's day so many days ago."""
    return at.astimezone(ZoneInfo(timezone)).replace(hour=10, minute=0) - timedelta(days=days)
