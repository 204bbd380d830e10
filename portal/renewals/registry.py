"""What waits for a member of its own membership, and for coordinators of others'."""

from datetime import date, datetime

from sqlite_utils import Database

from portal.actor import Actor
from portal.i18n.language import Message
from portal.membership.rules import AFFIRM_WITHIN
from portal.renewals.queries import Standing, find_standings
from portal.waiting import Waiting


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Lines of `/work`: renew, affirm; for coordinators what is overdue and what to look at."""
    if actor.role not in ("member", "coordinator"):
        return []
    members = [each for each in find_standings(db, today) if each.state == "admitted"]
    own = [each for each in members if each.id == actor.organisation_id]
    lines = [line for each in own for line in (_renew(each), _affirm(each)) if line]
    if actor.is_coordinator:
        others = [each for each in members if each.id != actor.organisation_id]
        lines += _overdue(members, today) + _to_look_at(others) + _to_speak_with(others)
    return lines


def _renew(member: Standing) -> Waiting | None:
    if not member.may_send:
        return None
    if member.is_returned and member.renewal:
        says = Message("Your organisation's renewal came back with a note: send it anew.")
        since = member.renewal.decided_at or member.renewal.sent_at
    else:
        says = Message("Renew your organisation's membership.")
        since = member.opens_on.isoformat()
    return Waiting("confirm", says, ("membership", "renewal"), since, member.due_on.isoformat())


def _affirm(member: Standing) -> Waiting | None:
    if member.affirm_by is None or set(member.refused) == set(member.asked):
        return None
    says = Message("Affirm what changed in the charter.")
    since = (member.affirm_by - AFFIRM_WITHIN).isoformat()
    path = ("membership", "affirm")
    return Waiting("confirm", says, path, since, member.affirm_by.isoformat())


def _overdue(members: list[Standing], today: date) -> list[Waiting]:
    late = sorted(each.due_on for each in members if each.is_overdue(today))
    if not late:
        return []
    says = Message(
        "%(n)s member has not renewed its membership.",
        {"n": len(late)},
        "%(n)s members have not renewed their membership.",
    )
    return [Waiting("check", says, ("memberships",), late[0].isoformat())]


def _to_speak_with(members: list[Standing]) -> list[Waiting]:
    """Until it has affirmed or renewed, a member that cannot affirm something waits for a talk."""
    return [
        Waiting(
            "check",
            Message(
                "A member cannot affirm %(n)s point of the charter: speak with it.",
                {"n": len(each.refusals)},
                "A member cannot affirm %(n)s points of the charter: speak with it.",
            ),
            ("memberships", each.id),
            min(refusal.at for refusal in each.refusals),
            about=(each.name,),
        )
        for each in members
        if each.refusals
    ]


def _to_look_at(members: list[Standing]) -> list[Waiting]:
    says = Message("A renewal says that a criterion does not hold any more: look at it.")
    return [
        Waiting(
            "approve",
            says,
            ("memberships", each.id, "renewal"),
            each.renewal.sent_at,
            about=(each.name,),
        )
        for each in members
        if each.waits and each.renewal
    ]
