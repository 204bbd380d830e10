"""How each member stands: when it renews, which charter it stands under, what it was sent back."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.charter.queries import Charter, find_version, find_versions
from portal.charter.rules import Point
from portal.clock import moment_of
from portal.db import column, fetch, fetch_one
from portal.errors import NotFound
from portal.membership.rules import renewal_due
from portal.renewals.rules import (
    Refusal,
    RenewalAnswer,
    Verdict,
    affirm_by,
    asked_to_affirm,
    brought_by,
    is_open,
    opens_on,
    stands_under,
    still_refused,
)


class Renewal(msgspec.Struct, frozen=True):
    """A renewal as it was sent, and what came of it."""

    id: str
    organisation_id: str
    due_on: date
    version: int
    sent_at: str
    sender: str | None
    decided_at: str | None
    verdict: Verdict | None
    note: str | None

    @property
    def sent(self) -> datetime:
        """When it was sent."""
        return moment_of(self.sent_at)

    @property
    def decided(self) -> datetime | None:
        """When it was decided, if it was."""
        return moment_of(self.decided_at) if self.decided_at else None


class Standing(msgspec.Struct, frozen=True):
    """How a member organisation stands today.

    `affirm_days` says of each version that brought something to affirm until when that is done.
    """

    id: str
    name: str
    names: dict[str, str]
    state: str
    state_at: str
    joined_on: date | None
    known_on: date
    founded_on: date | None
    minute: str | None
    due_on: date
    opens_on: date
    is_open: bool
    version: int | None
    newest: int | None
    asked: list[str]
    affirm_days: dict[int, date]
    refusals: list[Refusal]
    renewal: Renewal | None

    @property
    def since(self) -> datetime:
        """Since when it is in its state."""
        return moment_of(self.state_at)

    @property
    def refused(self) -> list[str]:
        """The points it has said it cannot affirm, of those that it is asked about."""
        return [each.code for each in self.refusals]

    @property
    def affirm_by(self) -> date | None:
        """Until when the first of what it is asked is to be affirmed."""
        return min(self.affirm_days.values(), default=None)

    @property
    def waits(self) -> bool:
        """Whether its renewal was sent and waits for a coordinator."""
        return self.renewal is not None and self.renewal.verdict is None

    @property
    def is_returned(self) -> bool:
        """Whether its renewal came back with a note."""
        return self.renewal is not None and self.renewal.verdict == "returned"

    @property
    def may_send(self) -> bool:
        """Whether it may send its renewal now."""
        return self.state == "admitted" and self.is_open and not self.waits

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed, and nobody but itself can mend that."""
        return self.state == "admitted" and self.due_on < today and not self.waits

    def is_late_to_affirm(self, today: date) -> bool:
        """Whether something should have been affirmed by now."""
        return self.affirm_by is not None and self.affirm_by < today


class _Row(msgspec.Struct, frozen=True):
    id: str
    name: str
    names: dict[str, str]
    state: str
    state_at: str
    joined_on: date | None
    known_on: date
    founded_on: date | None
    minute: str | None
    renewed_on: date | None
    entered: int | None
    affirmed: list[tuple[str, int]]
    refusals: list[Refusal]


# A member is one from its first admission after it was anything else but suspended. It entered
# under the version its application answers; who brought none under the one that stood when it
# joined, or, where there was none yet, under the first, which it then made with the others. What it
# renewed under it has affirmed.
_ROWS = """
    WITH known AS (
        SELECT m.organisation_id, m.state, (SELECT at FROM membership_states WHERE id = m.id)
            AS state_at,
            (SELECT min(s.id) FROM membership_states AS s
             WHERE s.organisation_id = m.organisation_id AND s.state = 'admitted'
                AND s.id > coalesce((SELECT max(e.id) FROM membership_states AS e
                    WHERE e.organisation_id = m.organisation_id
                        AND e.state NOT IN ('admitted', 'suspended')), 0)) AS first_id
        FROM membership_now AS m WHERE m.state IN ('admitted', 'suspended')
    )
    SELECT o.id, o.name, o.names, k.state, k.state_at, o.joined_on,
        substr(coalesce(f.at, k.state_at), 1, 10) AS known_on, w.founded_on, w.minute,
        (SELECT max(due_on) FROM renewals AS r
         WHERE r.organisation_id = o.id AND r.verdict = 'renewed') AS renewed_on,
        max(coalesce((SELECT max(version) FROM renewals AS r
                      WHERE r.organisation_id = o.id AND r.verdict = 'renewed'), 0),
            coalesce(a.version,
                (SELECT max(version) FROM charter_versions
                 WHERE adopted_on <= coalesce(o.joined_on, substr(f.at, 1, 10))),
                (SELECT min(version) FROM charter_versions
                 WHERE adopted_on <= substr(f.at, 1, 10)), 0)) AS entered,
        (SELECT json_group_array(json_array(code, version)) FROM affirmations
         WHERE organisation_id = o.id) AS affirmed,
        (SELECT json_group_array(json_object('code', code, 'version', version, 'at', at,
                                             'why', why))
         FROM affirmation_refusals WHERE organisation_id = o.id) AS refusals
    FROM known AS k
    JOIN organisations AS o ON o.id = k.organisation_id
    LEFT JOIN membership_states AS f ON f.id = k.first_id
    LEFT JOIN applications AS a ON a.id = f.application_id
    LEFT JOIN founders AS w ON w.organisation_id = o.id
    WHERE (:id IS NULL OR o.id = :id) ORDER BY o.sort_name, o.id
"""

_RENEWAL = """
    SELECT r.id, r.organisation_id, r.due_on, r.version, r.sent_at, a.name AS sender,
        r.decided_at, r.verdict, r.note
    FROM renewals AS r LEFT JOIN accounts AS a ON a.id = r.sent_by
"""


def find_standings(db: Database, today: date) -> list[Standing]:
    """How every member organisation stands, suspended ones included, by name.

    The days are those of a calendar and not of SQL, so they are found for all: a network has dozens
    of members, not thousands.
    """
    rows = fetch(db, _Row, _ROWS, id=None)
    charters = _charters(db)
    renewals = _latest(fetch(db, Renewal, _RENEWAL + "ORDER BY r.sent_at, r.rowid"))
    return [_standing(row, renewals.get(row.id), charters, today) for row in rows]


def get_standing(db: Database, organisation_id: str | None, today: date) -> Standing:
    """How one member organisation stands; `NotFound` for who is no member."""
    row = fetch_one(db, _Row, _ROWS, id=organisation_id) if organisation_id else None
    if row is None:
        raise NotFound
    return _standing(row, find_renewal(db, row.id), _charters(db), today)


def due_of(db: Database, organisation_id: str, today: date) -> date | None:
    """By when an organisation renews; None when it is no member."""
    try:
        return get_standing(db, organisation_id, today).due_on
    except NotFound:
        return None


def find_overdue(db: Database, today: date) -> list[Standing]:
    """Members whose day has passed and who have not sent a renewal, by name."""
    members = find_standings(db, today)
    return [each for each in members if each.is_overdue(today)]


def find_renewal(db: Database, organisation_id: str) -> Renewal | None:
    """The newest renewal of an organisation."""
    sql = _RENEWAL + "WHERE r.organisation_id = :id ORDER BY r.sent_at DESC, r.rowid DESC LIMIT 1"
    return fetch_one(db, Renewal, sql, id=organisation_id)


def find_renewals(db: Database, organisation_id: str) -> list[Renewal]:
    """All renewals of an organisation, newest first."""
    sql = _RENEWAL + "WHERE r.organisation_id = :id ORDER BY r.sent_at DESC, r.rowid DESC"
    return fetch(db, Renewal, sql, id=organisation_id)


def may_decide(db: Database, actor: Actor, renewal: Renewal) -> bool:
    """Whether somebody decides: a coordinator of another organisation, who did not send it."""
    sql = "SELECT sent_by FROM renewals WHERE id = :id"
    (sent_by,) = column(db, sql, id=renewal.id)
    is_other = actor.organisation_id != renewal.organisation_id and actor.account_id != sent_by
    return actor.is_coordinator and is_other


def find_renewal_answers(db: Database, renewal_id: str) -> dict[str, RenewalAnswer]:
    """What a renewal says of each criterion, by its code."""
    sql = "SELECT code, holds, words FROM renewal_answers WHERE renewal_id = :id"
    return {each.code: each for each in fetch(db, RenewalAnswer, sql, id=renewal_id)}


def _charters(db: Database) -> dict[int, Charter]:
    found = [find_version(db, each.version) for each in find_versions(db)]
    return {each.version: each for each in found if each is not None}


def _latest(renewals: list[Renewal]) -> dict[str, Renewal]:
    return {each.organisation_id: each for each in renewals}


def _standing(
    row: _Row, renewal: Renewal | None, charters: Mapping[int, Charter], today: date
) -> Standing:
    points = {version: each.points for version, each in charters.items()}
    affirmed: dict[str, frozenset[int]] = {}
    for code, under in row.affirmed:
        affirmed[code] = affirmed.get(code, frozenset()) | {under}
    version = stands_under(row.entered or None, points, affirmed)
    asked = asked_to_affirm(version, points, affirmed)
    due_on = renewal_due(row.joined_on or row.known_on, row.renewed_on, row.known_on)
    stands = renewal is not None and renewal.verdict != "renewed"
    return Standing(
        id=row.id,
        name=row.name,
        names=row.names,
        state=row.state,
        state_at=row.state_at,
        joined_on=row.joined_on,
        known_on=row.known_on,
        founded_on=row.founded_on,
        minute=row.minute,
        due_on=due_on,
        opens_on=opens_on(due_on),
        is_open=is_open(due_on, today),
        version=version,
        newest=max(charters, default=None),
        asked=[each.code for each in asked],
        affirm_days=_affirm_days(asked, charters, row.known_on),
        refusals=still_refused(asked, points, row.refusals),
        # an answer to an earlier year is history
        renewal=renewal if stands and renewal and renewal.due_on >= due_on else None,
    )


def _affirm_days(
    asked: list[Point], charters: Mapping[int, Charter], known_on: date
) -> dict[int, date]:
    points = {version: each.points for version, each in charters.items()}
    brought = {brought_by(each, points) for each in asked}
    days = {version: charters[version].adopted_on for version in sorted(brought)}
    return {version: affirm_by(day, known_on) for version, day in days.items() if day}
