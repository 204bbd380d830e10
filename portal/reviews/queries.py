"""Questions about reviews: what waits to be reviewed, how it stands, what was said."""

from datetime import date

import msgspec
from sqlite_utils import Database

from portal.accounts.queries import ROLE_NOW
from portal.actor import Actor
from portal.applications.queries import Evidence, find_evidence, get_application
from portal.charter.queries import find_version
from portal.charter.rules import Point
from portal.db import as_json, count, fetch, fetch_one
from portal.errors import NotAllowed, NotFound
from portal.organisations.queries import Alike, find_alike
from portal.organisations.rules import is_namesake
from portal.reviews.forms import Filters
from portal.reviews.rules import CLOSED, GONE_AFTER, may_apply_anew, reads_answers
from portal.reviews.standing import OPEN, Reviewer, Standing


class Said(msgspec.Struct, frozen=True):
    """What one review says of one criterion."""

    review_id: str
    code: str
    verdict: str
    note: str | None


class Conflicted(msgspec.Struct, frozen=True):
    """An organisation that stands aside, and why."""

    organisation: str
    reason: str


class Earlier(msgspec.Struct, frozen=True):
    """What was decided of an organisation when it applied before."""

    at: str
    verdict: str


class Namesakes(msgspec.Struct, frozen=True):
    """Organisations called like one that applies: it may be one of `known`.

    `others` have the very same name, and are members or apply already.
    """

    known: list[Alike] = []
    others: list[Alike] = []


# a round begins whenever the applicant is asked for more, and anew with an appeal
_STANDING = """
    SELECT a.id, a.organisation_id, a.name, coalesce(a.names, '{}') AS names, a.kind, p.region,
        a.contact_name, s.state, s.at AS state_at, a.submitted_at, a.closed_at,
        EXISTS (SELECT 1 FROM appeals WHERE application_id = a.id) AS is_appeal,
        (SELECT max(at) FROM appeals WHERE application_id = a.id) AS appealed_at,
        1 + (SELECT count(*) FROM membership_states AS m
             WHERE m.application_id = a.id AND m.state = 'more_information' AND m.id > coalesce(
                 (SELECT min(id) FROM membership_states WHERE application_id = a.id
                  AND state = 'declined'
                  AND EXISTS (SELECT 1 FROM appeals WHERE application_id = a.id)), 0)) AS round,
        (SELECT json_group_array(json_object('id', r.id, 'round', r.round,
             'is_appeal', r.is_appeal, 'asked', json(r.asked), 'account_id', r.account_id,
             'organisation_id', r.organisation_id, 'organisation', o.name,
             'taken_at', r.taken_at, 'submitted_at', r.submitted_at, 'ended_at', r.ended_at,
             'is_gone', r.account_id IS NOT NULL AND (w.id IS NULL OR w.locked_at IS NOT NULL
                 OR coalesce(n.state, '') <> 'admitted'
                 OR w.organisation_id IS NOT r.organisation_id),
             'name', coalesce(w.name, ''), 'practitioner_id', w.practitioner_id,
             'invited_by', json(CASE WHEN r.invited_by IS NULL THEN 'null' ELSE
                 json_object('account_id', r.invited_by, 'name', coalesce(v.name, ''),
                     'practitioner_id', v.practitioner_id) END)))
         FROM (SELECT * FROM reviews WHERE application_id = a.id ORDER BY taken_at, id) AS r
         LEFT JOIN organisations AS o ON o.id = r.organisation_id
         LEFT JOIN accounts AS w ON w.id = r.account_id
         LEFT JOIN accounts AS v ON v.id = r.invited_by
         LEFT JOIN membership_now AS n ON n.organisation_id = r.organisation_id) AS reviews,
        (SELECT json_group_array(organisation_id) FROM conflicts
         WHERE application_id = a.id) AS conflicts,
        (SELECT json_group_array(json_object('account_id', d."by", 'name', coalesce(w.name, ''),
             'practitioner_id', w.practitioner_id))
         FROM decisions AS d LEFT JOIN accounts AS w ON w.id = d."by"
         WHERE d.application_id = a.id) AS deciders
    FROM applications AS a
    JOIN membership_states AS s ON s.id =
        (SELECT max(id) FROM membership_states WHERE application_id = a.id)
    LEFT JOIN places AS p ON p.id = a.place_id
    WHERE a.submitted_at IS NOT NULL
"""

_IN_STATE = " AND s.state IN (SELECT value FROM json_each(:states))"


def find_queue(
    db: Database, actor: Actor, today: date, wanted: Filters
) -> tuple[int, list[Standing]]:
    """How many applications there are in a state, and one page of them, the oldest first.

    What is decided is for coordinators alone: nobody else needs to know who was declined.
    """
    me = find_reviewer(db, actor, today)
    if not me.may_read:
        raise NotAllowed
    states = OPEN if wanted.state == "open" else (wanted.state,)
    hidden = () if me.role == "coordinator" else CLOSED
    asked = as_json([each for each in states if each not in hidden])
    total = count(db, "SELECT count(*) FROM (" + _STANDING + _IN_STATE + ")", states=asked)
    sql = _STANDING + _IN_STATE + " ORDER BY a.submitted_at, a.id LIMIT :limit OFFSET :offset"
    paged = {"limit": wanted.per_page, "offset": wanted.offset}
    return total, fetch(db, Standing, sql, states=asked, **paged)


def find_open(db: Database) -> list[Standing]:
    """Every application that is not decided."""
    sql = _STANDING + _IN_STATE + " AND a.closed_at IS NULL ORDER BY a.submitted_at, a.id"
    return fetch(db, Standing, sql, states=as_json(OPEN))


def get_standing(db: Database, application_id: str) -> Standing:
    """How one application stands, whoever asks; `NotFound` when it was not sent."""
    found = fetch_one(db, Standing, _STANDING + " AND a.id = :id", id=application_id)
    if found is None:
        raise NotFound
    return found


def get_standing_for(db: Database, actor: Actor, today: date, application_id: str) -> Standing:
    """How an application stands, for whoever may know of it; strangers get `NotFound`."""
    standing, me = get_standing(db, application_id), find_reviewer(db, actor, today)
    if not me.may_read or not (standing.is_open or me.role == "coordinator"):
        raise NotFound
    return standing


def get_readable_for(db: Database, actor: Actor, today: date, application_id: str) -> Standing:
    """The same for whoever may read what was written; nobody else learns whether it is there."""
    standing = get_standing(db, application_id)
    # security: what an applicant says and shows is for its reviewers and coordinators alone
    me, everybody = find_reviewer(db, actor, today), find_reviewers(db, today)
    if not reads_answers(me, standing, everybody):
        raise NotFound
    return standing


def get_evidence(db: Database, application_id: str, evidence_id: str) -> Evidence:
    """One file of one application: an id of another application's file finds nothing."""
    for each in find_evidence(db, application_id):
        if each.id == evidence_id:
            return each
    raise NotFound


def find_criteria(db: Database, application_id: str) -> list[Point]:
    """The criteria of the version that an application answers."""
    version = get_application(db, application_id).version
    charter = find_version(db, version) if version is not None else None
    return charter.criteria if charter else []


def find_said(db: Database, application_id: str) -> dict[str, dict[str, Said]]:
    """What every review says, by review and criterion, those not sent included."""
    sql = """
        SELECT s.review_id, s.code, s.verdict, s.note FROM review_answers AS s
        JOIN reviews AS r ON r.id = s.review_id
        WHERE r.application_id = :id ORDER BY r.taken_at, r.id, s.code
    """
    found: dict[str, dict[str, Said]] = {}
    for each in fetch(db, Said, sql, id=application_id):
        found.setdefault(each.review_id, {})[each.code] = each
    return found


def find_conflicts(db: Database, application_id: str) -> list[Conflicted]:
    """Which organisations stand aside, and why; for coordinators."""
    sql = """
        SELECT o.name AS organisation, c.reason FROM conflicts AS c
        JOIN organisations AS o ON o.id = c.organisation_id
        WHERE c.application_id = :id ORDER BY c.at, o.name
    """
    return fetch(db, Conflicted, sql, id=application_id)


def find_namesakes(db: Database, standing: Standing) -> Namesakes:
    """Which organisations of the register an applicant may be, while that can still be said."""
    bound = "SELECT count(*) FROM applications WHERE id = :id AND bound_at IS NOT NULL"
    if not standing.may_be_bound or count(db, bound, id=standing.id):
        return Namesakes()
    names = [standing.name, *standing.names.values()]
    alike = find_alike(db, str(standing.organisation_id), names)
    known = [each for each in alike if may_apply_anew(each.state, is_applying=each.is_applying)]
    others = [each for each in alike if each not in known and is_namesake(each.called, names)]
    return Namesakes(known, others)


def find_earlier(db: Database, standing: Standing) -> list[Earlier]:
    """The decisions on earlier applications of the same organisation: when, and what came of it."""
    sql = """
        SELECT d.at, d.verdict FROM decisions AS d
        JOIN applications AS a ON a.id = d.application_id
        WHERE a.organisation_id = :organisation AND a.id <> :id ORDER BY d.at DESC, d.rowid DESC
    """
    return fetch(db, Earlier, sql, organisation=standing.organisation_id, id=standing.id)


_REVIEWER = (
    "SELECT a.id AS account_id, a.name, "
    + ROLE_NOW
    + """ AS role, a.organisation_id, a.practitioner_id,
        coalesce(m.state, '') = 'admitted' AS is_member,
        coalesce(a.seen_on, :today) >= :since AS is_here
    FROM accounts AS a LEFT JOIN membership_now AS m ON m.organisation_id = a.organisation_id
    WHERE a.locked_at IS NULL
    """
)


def find_reviewers(db: Database, today: date) -> list[Reviewer]:
    """Everybody who might review or decide: members and coordinators who are not locked."""
    sql = "SELECT * FROM (" + _REVIEWER + ") WHERE role IN ('member', 'coordinator')"
    return fetch(db, Reviewer, sql + " ORDER BY account_id", **_days(today))


def find_reviewer(db: Database, actor: Actor, today: date) -> Reviewer:
    """Whoever asks, as the rules see them."""
    sql = _REVIEWER + " AND a.id = :me"
    nobody = Reviewer(None, "", "visitor", None)
    return fetch_one(db, Reviewer, sql, me=actor.account_id, **_days(today)) or nobody


def _days(today: date) -> dict[str, str]:
    return {"today": today.isoformat(), "since": (today - GONE_AFTER).isoformat()}
