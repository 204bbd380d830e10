"""How a member meets what it took on: small questions, one a responsibility."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.belonging.rules import (
    ANSWERED_WITHIN,
    LOOKED_BACK,
    PEOPLE_NEEDED,
    DirectoryNow,
    Responsibility,
    State,
    Tally,
)
from portal.clock import stamp
from portal.db import column, count, fetch
from portal.i18n.language import Message
from portal.practitioners.queries import WELCOME, asker
from portal.practitioners.rules import FRESH_DAYS
from portal.renewals.queries import Standing
from portal.reports.queries import count_on_time


class Asking(msgspec.Struct, frozen=True):
    """Of which member it is asked, by whom, and when."""

    member: Standing
    actor: Actor
    at: datetime
    today: date

    @property
    def since(self) -> str:
        """From which day on it is looked at."""
        return (self.today - LOOKED_BACK).isoformat()


Question = Callable[[Database, Asking], Responsibility]


def find_responsibilities(db: Database, asking: Asking) -> list[Responsibility]:
    """Every responsibility of a member, in their order."""
    return [question(db, asking) for question in RESPONSIBILITIES]


def details_confirmed(db: Database, asking: Asking) -> Responsibility:
    """Whether all listed practitioners have confirmed their details in the last 90 days."""
    # security: who excludes this person is not counted for them either
    sql = (
        """
        SELECT count(l.confirmed_on >= :fresh_since OR NULL), count(*) FROM listings AS l
        JOIN practitioners AS p ON p.id = l.practitioner_id
        WHERE l.organisation_id = :member AND (:coordinator OR
        """
        + WELCOME
        + ")"
    )
    fresh_since = date.fromordinal(asking.today.toordinal() - FRESH_DAYS).isoformat()
    asked = {**asker(asking.actor, asking.today), "fresh_since": fresh_since}
    found = Tally(*db.conn.execute(sql, {**asked, "member": asking.member.id}).fetchone())
    return Responsibility(
        "details",
        found.state,
        Message("Details of practitioners are confirmed"),
        Message(
            "%(done)s of %(all)s listed practitioners have confirmed in the last 90 days.",
            {"done": found.done, "all": found.all},
        )
        if found.all
        else Message("No practitioner of this organisation is listed yet."),
        ("confirmations",) if found.left and asking.actor.may_use_directory else (),
    )


def requests_answered(db: Database, asking: Asking) -> Responsibility:
    """Whether no request waits for this member longer than 48 hours: how many, never whose."""
    sql = """
        SELECT count(*) FROM request_offers AS f
        JOIN practitioners AS p ON p.id = f.practitioner_id
        WHERE p.organisation_id = :id AND f.answer IS NULL AND f.over_at IS NULL
            AND f.offered_at < :before
    """
    asked = {"id": asking.member.id, "before": stamp(asking.at - ANSWERED_WITHIN)}
    late = count(db, sql, **asked)
    ever = """
        SELECT count(*) FROM request_offers AS f
        JOIN practitioners AS p ON p.id = f.practitioner_id
        WHERE p.organisation_id = :id AND f.offered_at IS NOT NULL
    """
    state: State = "not_met" if late else "met"
    if not late and not count(db, ever, id=asking.member.id):
        state = "nothing"
    told = {
        "met": Message("No request waits longer than 48 hours for an answer."),
        "nothing": Message("Nobody of this organisation was asked yet."),
        "not_met": Message(
            "%(n)s request waits longer than 48 hours for an answer.",
            {"n": late},
            "%(n)s requests wait longer than 48 hours for an answer.",
        ),
    }
    about = Message("Requests are answered")
    return Responsibility("requests", state, about, told[state], ("requests",) if late else ())


def activities_recorded(db: Database, asking: Asking) -> Responsibility:
    """Whether every own campaign that ended within a year says what was done."""
    sql = """
        SELECT c.id, EXISTS (SELECT 1 FROM activities WHERE campaign_id = c.id) AS done
        FROM campaigns AS c WHERE c.organisation_id = :id AND c.state = 'published'
            AND c.ends_on >= :since AND c.ends_on < :today ORDER BY done, c.ends_on, c.id
    """
    found, first = _tally(db, sql, asking)
    return Responsibility(
        "activities",
        found.state,
        Message("Activities of finished campaigns are recorded"),
        Message("%(done)s of %(all)s finished campaigns say what was done.", _numbers(found))
        if found.all
        else Message("No campaign of this organisation ended within a year."),
        ("campaigns", first) if found.left else (),
    )


def evaluations_entered(db: Database, asking: Asking) -> Responsibility:
    """Whether the answers of every own event that asked something are counted."""
    sql = """
        SELECT e.id, EXISTS (
            SELECT 1 FROM evaluation_counts AS c JOIN evaluation_questions AS q
            ON q.id = c.question_id WHERE q.event_id = e.id) AS done
        FROM events AS e WHERE e.organisation_id = :id AND e.cancelled_at IS NULL
            AND coalesce(e.ends_on, e.starts_on) >= :since
            AND coalesce(e.ends_on, e.starts_on) < :today
            AND EXISTS (SELECT 1 FROM evaluation_questions WHERE event_id = e.id)
        ORDER BY done, e.starts_on, e.id
    """
    found, first = _tally(db, sql, asking)
    return Responsibility(
        "evaluations",
        found.state,
        Message("Answers of participants are entered"),
        Message("%(done)s of %(all)s past events have their answers entered.", _numbers(found))
        if found.all
        else Message("No past event of this organisation asked its participants."),
        ("events", first, "evaluation", "counts") if found.left else (),
    )


def reports_on_time(db: Database, asking: Asking) -> Responsibility:
    """Whether the quarterly reports of a year came by the day on which they were due."""
    # a few hours at the end of a day say nothing of a whole year
    found = Tally(*count_on_time(db, asking.member.id, asking.today, "UTC"))
    return Responsibility(
        "reports",
        found.state,
        Message("Quarterly reports come on time"),
        Message("%(done)s of %(all)s reports of a year came on time.", _numbers(found))
        if found.all
        else Message("No report of this organisation was due yet."),
        ("reports",) if found.left and _is_own(asking) else (),
    )


def two_people(db: Database, asking: Asking) -> Responsibility:
    """Whether at least two people of the member can sign in."""
    sql = """
        SELECT count(*) FROM accounts WHERE organisation_id = :id AND locked_at IS NULL
            AND role IN ('member', 'coordinator')
    """
    people = count(db, sql, id=asking.member.id)
    is_met = people >= PEOPLE_NEEDED
    return Responsibility(
        "people",
        "met" if is_met else "not_met",
        Message("Two people have accounts"),
        Message("%(n)s person can sign in.", {"n": people}, "%(n)s people can sign in.")
        if is_met
        else Message("Ask a coordinator to invite a second person: nobody should be alone."),
        ("people", "invite") if not is_met and asking.actor.keeps_accounts else (),
    )


def duty_phone(db: Database, asking: Asking) -> Responsibility:
    """Whether there is a telephone on which somebody of the member can be reached."""
    sql = "SELECT duty_phone FROM organisations WHERE id = :id AND trim(duty_phone) <> ''"
    has_one = bool(column(db, sql, id=asking.member.id))
    return Responsibility(
        "duty_phone",
        "met" if has_one else "not_met",
        Message("There is a duty phone"),
        Message("Members can call it.")
        if has_one
        else Message("Write down the number that is always answered."),
        () if has_one else phone_path(asking),
    )


def charter_affirmed(_db: Database, asking: Asking) -> Responsibility:
    """Whether the member stands under the whole of the newest version."""
    member, asked = asking.member, len(asking.member.asked)
    number: dict[str, int | date] = {"n": asked, "day": member.affirm_by or asking.today}
    state: State = "nothing"
    told = Message("The network has no charter yet.")
    if member.is_late_to_affirm(asking.today):
        state, told = (
            "not_met",
            Message(
                "%(n)s point was to be affirmed by %(day)s.",
                number,
                "%(n)s points were to be affirmed by %(day)s.",
            ),
        )
    elif asked:
        told = Message(
            "%(n)s point is to be affirmed by %(day)s.",
            number,
            "%(n)s points are to be affirmed by %(day)s.",
        )
    elif member.newest:
        state = "met"
        told = Message("Version %(number)s is affirmed.", {"number": str(member.newest)})
    path = ("membership", "affirm") if asked and _is_own(asking) else ()
    return Responsibility("charter", state, Message("The charter is affirmed"), told, path)


def renewal_done(_db: Database, asking: Asking) -> Responsibility:
    """Whether the membership is renewed; while renewing is open there is nothing to say yet."""
    member = asking.member
    day = {"day": member.due_on}
    state: State = "met"
    told = Message("The next renewal is due on %(day)s.", day)
    if member.waits:
        state, told = "nothing", Message("The renewal was sent and waits for a coordinator.")
    elif member.due_on < asking.today:
        state, told = "not_met", Message("The renewal was due on %(day)s.", day)
    elif member.is_open:
        state, told = "nothing", Message("Renew by %(day)s.", day)
    path = ("membership", "renewal") if member.may_send and _is_own(asking) else ()
    return Responsibility("renewal", state, Message("The membership is renewed"), told, path)


def directory_now(db: Database, actor: Actor, at: datetime) -> DirectoryNow:
    """Whether the directory is open to somebody, or a second person was asked to open it."""
    if actor.may_use_directory:
        return "open"
    sql = """
        SELECT count(*) FROM approvals WHERE kind = 'grant_directory' AND verdict IS NULL
            AND until > :now AND subject_id IN (:organisation, :account)
    """
    asked = {"organisation": actor.organisation_id, "account": actor.account_id}
    return "asked" if count(db, sql, **asked, now=stamp(at)) else "not_asked"


def phone_path(asking: Asking) -> tuple[str, ...]:
    """Where the duty phone is written down: by the member itself, or by a coordinator."""
    if _is_own(asking):
        return ("membership", "phone")
    return ("memberships", asking.member.id, "phone")


# one more is a function above and a line here
RESPONSIBILITIES: tuple[Question, ...] = (
    details_confirmed,
    requests_answered,
    activities_recorded,
    evaluations_entered,
    reports_on_time,
    two_people,
    duty_phone,
    charter_affirmed,
    renewal_done,
)


class _Done(msgspec.Struct, frozen=True):
    id: str
    done: bool


def _tally(db: Database, sql: str, asking: Asking) -> tuple[Tally, str]:
    """How many are done, and the id of one that is not."""
    days = {"since": asking.since, "today": asking.today.isoformat()}
    found = fetch(db, _Done, sql, id=asking.member.id, **days)
    left = next((each.id for each in found if not each.done), "")
    return Tally(sum(each.done for each in found), len(found)), left


def _numbers(found: Tally) -> dict[str, int]:
    return {"done": found.done, "all": found.all}


def _is_own(asking: Asking) -> bool:
    return asking.actor.organisation_id == asking.member.id
