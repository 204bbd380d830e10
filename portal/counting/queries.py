"""The named questions behind what the portal counts itself, and what they count in a quarter.

Whoever nothing is known of makes no zero: a question that finds nothing gives no cell.
"""

from collections.abc import Callable

from sqlite_utils import Database

from portal.actor import PUBLIC
from portal.campaigns.registry import HELD as ACTIVITIES
from portal.campaigns.registry import Held, count_activities, sum_participants
from portal.campaigns.rules import COUNTED as CAME
from portal.clock import day_of, moment_of
from portal.counting.rules import Came, Known, Piece, Span, as_pieces
from portal.coverage.queries import find_reach
from portal.db import as_json, count, fetch
from portal.evaluations.queries import count_useful
from portal.events.registry import HELD as TRAININGS
from portal.events.registry import count_trainings, sum_trained
from portal.events.rules import TRAININGS as TRAINING_KINDS
from portal.indicators.locks import quarters_of
from portal.indicators.periods import Period
from portal.materials.registry import total_downloads
from portal.practitioners.queries import LISTED, asker
from portal.reports.queries import find_expected, find_reports
from portal.reports.rules import is_on_time

Ask = Callable[[Database, Span], list[Piece]]


def ask_rows(sql: str, **fixed: object) -> Ask:
    """A counter that is one SQL text: of each region and part a row."""
    return lambda db, span: fetch(db, Piece, sql, **asked_of(span), **fixed)


def asked_of(span: Span) -> dict[str, object]:
    """The parameters that every question here may use."""
    # nobody's exclusions matter: the public is none of those who can be excluded
    nobody = asker(PUBLIC, span.today)
    return {**nobody, **span.asked, "kinds": as_json(TRAINING_KINDS), **_EVERY}


# what the questions of other rooms can be narrowed to
_EVERY = {"kind": None, "region": None, "organisation": None, "until": None}


def ask_members(db: Database, span: Span) -> list[Piece]:
    """Member organisations of the last day, by the region of their seat."""
    sql = """
        SELECT coalesce(p.region, '') AS region, count(*) AS numerator
        FROM organisations AS o LEFT JOIN places AS p ON p.id = o.place_id
        WHERE o.id IN (SELECT value FROM json_each(:ids)) GROUP BY 1
    """
    ids = [each.id for each in find_expected(db, span.period, span.timezone)]
    return fetch(db, Piece, sql, ids=as_json(ids))


def ask_regions(db: Database, span: Span) -> list[Piece]:
    """How many regions have one."""
    regions = {each.region for each in ask_members(db, span)} - {""}
    return [Piece(numerator=float(len(regions)))] if regions else []


_LISTED = (
    "FROM listings AS l LEFT JOIN places AS p ON p.id = l.place_id WHERE "
    + LISTED
    + " AND (:profession IS NULL OR l.profession = :profession) GROUP BY 1, 2"
)

PRACTITIONERS = (
    "SELECT coalesce(p.region, '') AS region, coalesce(l.gender, 'unknown') AS sex,"
    " count(*) AS numerator " + _LISTED
)

CONFIRMED = (
    "SELECT coalesce(p.region, '') AS region, '' AS sex,"
    " sum(l.confirmed_on >= :fresh) AS numerator, count(*) AS denominator " + _LISTED
)


def ask_reach(profession: str) -> Ask:
    """Of how many people in each region somebody of a profession travels to how many."""

    def ask(db: Database, span: Span) -> list[Piece]:
        return [
            Piece(each.region, numerator=each.reached, denominator=each.population)
            for each in find_reach(db, span.today, profession)
            if each.population
        ]

    return ask


# what survives when a request is forgotten: its region, the days it waited, how it ended
PROMPT = """
    sum(coalesce(answered_in_48h, 0)) AS numerator, count(*) AS denominator
    FROM requests WHERE created_at >= :since AND created_at < :before
    AND (answered_in_48h IS NOT NULL OR (ended_at IS NULL AND created_at < :prompt))
"""

PROMPT_ANSWERS = "SELECT region, " + PROMPT + " GROUP BY region"

# of a visit that was made the wished day is the day on which it was
VISITS = """
    FROM requests WHERE outcome = 'visited' AND mode = 'home'
    AND wished_on BETWEEN :first AND :last
    AND (:organisation IS NULL OR organisation_id = :organisation)
"""

CONSULTATIONS = "SELECT region, count(*) AS numerator " + VISITS + " GROUP BY region"

DAYS_TO_VISIT = (
    """
    WITH waited AS (
        SELECT days_waited AS days, row_number() OVER (ORDER BY days_waited) AS number,
            count(*) OVER () AS all_of_them
    """
    + VISITS
    + """
        AND days_waited IS NOT NULL)
    SELECT avg(days) AS numerator FROM waited
    WHERE number IN ((all_of_them + 1) / 2, (all_of_them + 2) / 2) HAVING count(*) > 0
    """
)

HELD_ACTIVITIES = (
    "SELECT coalesce(p.region, '') AS region, count(*) AS numerator " + ACTIVITIES + " GROUP BY 1"
)

CAME_TO_ACTIVITIES = (
    "coalesce(p.region, '') AS region, NULL AS everybody, sum(a.women) AS women,"
    " sum(a.men) AS men, sum(a.girls) AS girls, sum(a.boys) AS boys " + ACTIVITIES
)

AT_ACTIVITIES = "SELECT " + CAME_TO_ACTIVITIES + " GROUP BY 1"

_REGION = "(SELECT region FROM places WHERE id = e.place_id)"

HELD_TRAININGS = (
    "SELECT coalesce(" + _REGION + ", '') AS region, count(*) AS numerator " + TRAININGS
) + " GROUP BY 1"

CAME_TO_TRAININGS = (
    "coalesce(" + _REGION + ", '') AS region, sum(e.participants) AS everybody,"
    " sum(e.women) AS women, sum(e.men) AS men, sum(e.girls) AS girls, sum(e.boys) AS boys "
) + TRAININGS

AT_TRAININGS = "SELECT " + CAME_TO_TRAININGS + " GROUP BY 1"


def ask_people(sql: str) -> Ask:
    """A counter of people who came, from rows of who they were."""

    def ask(db: Database, span: Span) -> list[Piece]:
        came = fetch(db, Came, sql, **{**asked_of(span), **held_within(span)})
        return [piece for each in came for piece in as_pieces(each, CAME)]

    return ask


def held_within(span: Span) -> dict[str, object]:
    """The days as the questions about campaigns call them."""
    return {"since": span.asked["first"], "until": span.asked["last"]}


def ask_activities(db: Database, span: Span) -> list[Piece]:
    """Activities of published campaigns, by the region of the settlement."""
    return fetch(db, Piece, HELD_ACTIVITIES, **{**asked_of(span), **held_within(span)})


# a work counts once, when its first version was published, and while it still is
PUBLISHED = """
    FROM materials AS w JOIN (
        SELECT v.material_id AS id, min(s.at) AS at FROM material_versions AS v
        JOIN material_states AS s ON s.version_id = v.id AND s.state = 'published'
        GROUP BY v.material_id
    ) AS first ON first.id = w.id
    WHERE first.at >= :since AND first.at < :before AND w.published_version IS NOT NULL
    AND (:organisation IS NULL OR w.organisation_id = :organisation)
"""

SHARED = "SELECT count(*) AS numerator " + PUBLISHED + " HAVING count(*) > 0"

ADAPTED = (
    "SELECT count(*) AS numerator "
    + PUBLISHED
    + " AND w.adapted_from IS NOT NULL HAVING count(*) > 0"
)


def ask_downloads(db: Database, span: Span) -> list[Piece]:
    """Downloads of files of materials; they are kept by month."""
    asked = span.asked
    number = total_downloads(db, str(asked["month"]), str(asked["month_after"]))
    return [Piece(numerator=number)] if number else []


def ask_useful(db: Database, span: Span) -> list[Piece]:
    """Answers that call trainings useful, of all answers."""
    good, answers = count_useful(db, span.period.first, span.period.last)
    return [Piece(numerator=good, denominator=answers)] if answers else []


def ask_on_time(db: Database, span: Span) -> list[Piece]:
    """Reports that came in time, of all that were owed; of a year those of its quarters."""
    on_time = owed = 0
    for quarter in quarters_of(span.period):
        expected = {each.id for each in find_expected(db, quarter, span.timezone)}
        owed += len(expected)
        for each in find_reports(db, period=quarter.code):
            day = day_of(moment_of(each.handed_in_at), span.timezone) if each.handed_in_at else None
            on_time += each.organisation_id in expected and is_on_time(quarter, day)
    return [Piece(numerator=on_time, denominator=owed)] if owed else []


def find_known(db: Database, organisation_id: str, quarter: Period, timezone: str) -> list[Known]:
    """What the portal counts of one organisation in a quarter, for its report; no zeros."""
    span = Span(quarter, quarter.last, timezone)
    asked = {**asked_of(span), "organisation": organisation_id}
    held = Held(quarter.first, quarter.last, organisation=organisation_id)
    days = (quarter.first, quarter.last, organisation_id)
    numbers = {
        "campaign_activities": count_activities(db, held),
        "campaign_participants": sum_participants(db, held) or 0,
        "trainings": count_trainings(db, *days),
        "people_trained": sum_trained(db, *days),
        "consultations": count(db, "SELECT count(*) " + VISITS, **asked),
        "materials_shared": count(db, "SELECT count(*) " + PUBLISHED, **asked),
    }
    return [Known(name, float(number)) for name, number in numbers.items() if number]
