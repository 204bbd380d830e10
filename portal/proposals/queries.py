"""What waits for a person about proposals, consents and papers."""

from datetime import date, datetime, timedelta

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.agreements.queries import CONSENTED_SINCE
from portal.db import column, fetch
from portal.i18n.language import Message, Value
from portal.papers.queries import Ending, find_ending
from portal.practitioners.queries import WELCOME, asker
from portal.waiting import Waiting

LOOKS_BACK = timedelta(days=90)


class _Waiting(msgspec.Struct, frozen=True):
    """A proposal that waits."""

    id: str
    name: str
    since: str


_NEWEST = (
    """
    FROM practitioners AS p
    JOIN agreement_states AS now ON now.id =
        (SELECT max(id) FROM agreement_states WHERE practitioner_id = p.id)
    LEFT JOIN accounts AS proposer ON proposer.id = now.by
    LEFT JOIN consents AS consent ON consent.withdrawn_on IS NULL AND consent.id =
        (SELECT max(id) FROM consents WHERE practitioner_id = p.id) AND
    """
    + CONSENTED_SINCE
)

# whoever excludes the asker is not among them: nobody learns that she was proposed
_TO_AGREE = (
    "SELECT p.id, p.name, max(consent.given_on, substr(now.at, 1, 10)) AS since"
    + _NEWEST
    + """
    WHERE now.state = 'proposed' AND consent.id IS NOT NULL AND p.ethics_signed_on IS NOT NULL
    AND :directory AND p.id IS NOT :self AND now.by IS NOT :account
    AND p.organisation_id IS NOT :own AND now.organisation_id IS NOT coalesce(:own, '')
    AND (proposer.organisation_id IS NULL OR proposer.organisation_id IS NOT :own)
    AND (:coordinator OR """
    + WELCOME
    + ") ORDER BY since, p.sort_name, p.id"
)

_UNANSWERED = (
    "SELECT p.id, p.name, now.at AS since"
    + _NEWEST
    + """
    WHERE now.state = 'proposed' AND consent.id IS NULL
    AND (p.id IS :self OR (:directory AND p.organisation_id IS :own AND """
    + WELCOME
    + ")) ORDER BY since, p.sort_name, p.id"
)


def find_waiting(db: Database, actor: Actor, _at: datetime, today: date) -> list[Waiting]:
    """Proposals to agree to, consents not given yet, licences of one's own people that end."""
    asked = asker(actor, today)
    waiting = [
        Waiting(
            kind="agreement",
            says=Message("Agree to the listing of %(name)s, or leave it.", {"name": each.name}),
            path=("practitioners", each.id, "agreement"),
            since=each.since,
        )
        for each in fetch(db, _Waiting, _TO_AGREE, **asked)
    ]
    waiting += [_unanswered(actor, each) for each in fetch(db, _Waiting, _UNANSWERED, **asked)]
    return waiting + [_ending(actor, each, today) for each in _own_endings(db, actor, today)]


def _unanswered(actor: Actor, each: _Waiting) -> Waiting:
    if each.id == actor.practitioner_id:
        says = Message("Your organisation proposes you: read what goes to whom, and answer.")
        return Waiting("consent", says, ("practitioners", each.id, "consent"), each.since)
    says = Message("%(name)s has not answered yet. You can send a new link.", {"name": each.name})
    return Waiting("consent", says, ("practitioners", each.id, "agreement"), each.since)


def _own_endings(db: Database, actor: Actor, today: date) -> list[Ending]:
    sql = """
        SELECT p.id FROM practitioners AS p WHERE p.id IS :self
        OR (:directory AND p.organisation_id = :own AND (:coordinator OR """
    own = set(column(db, sql + WELCOME + "))", **asker(actor, today)))
    found = find_ending(db, today, since=today - LOOKS_BACK)
    return [each for each in found if each.practitioner_id in own]


def _ending(actor: Actor, each: Ending, today: date) -> Waiting:
    values: dict[str, Value] = {"name": each.name, "day": each.expires_on}
    says = (
        Message("The licence of %(name)s has ended: %(day)s.", values)
        if each.expires_on < today
        else Message("The licence of %(name)s ends: %(day)s.", values)
    )
    page = "edit" if each.practitioner_id == actor.practitioner_id else "agreement"
    path = ("practitioners", each.practitioner_id, page)
    return Waiting("licence", says, path, each.expires_on.isoformat(), each.expires_on.isoformat())
