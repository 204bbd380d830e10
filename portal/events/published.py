"""Published: past events and coming ones flagged open, with their programme.

How many came, and what they thought, is about people: it is published only where it is quoted from
somebody's own publication (`already_published`, D0).
"""

from portal.events.queries import PUBLIC
from portal.organisations.queries import SHOWN as ORGANISATION_SHOWN
from portal.published import ShownRows, Table, in_languages, real, text, whole

_SHOWN = PUBLIC
_QUOTED = "e.already_published"

TABLES = (
    Table(
        name="events",
        columns=(
            text("id", "events.id"),
            text("title", "events.title", free=True),
            *in_languages("title", "events.titles", "ru", "tk", "tg"),
            text("kind", "events.kind"),
            text("starts_on", "events.starts_on"),
            text("ends_on", "events.ends_on"),
            text("region", "places.region"),
            text("settlement", "events.place_id"),
            text("organiser", "events.organiser", free=True),
            whole("participants", "events.participants", because="D0: quoted, with its source"),
            text("summary", "events.summary", free=True),
            *in_languages("summary", "events.summaries", "ru", "tk", "tg"),
            text("source", "events.source", free=True),
        ),
        select="""
            SELECT e.id, e.title, json_extract(e.titles, '$.ru') AS title_ru,
                json_extract(e.titles, '$.tk') AS title_tk,
                json_extract(e.titles, '$.tg') AS title_tg,
                e.kind, e.starts_on, e.ends_on, p.region,
                CASE WHEN p.origin = 'geonames' THEN p.id END AS settlement,
                coalesce(e.organiser, (SELECT o.name """
        + ORGANISATION_SHOWN
        + """ AND o.id = e.organisation_id)) AS organiser,
                CASE WHEN """
        + _QUOTED
        + """ THEN e.participants END AS participants, e.summary,
                json_extract(e.summaries, '$.ru') AS summary_ru,
                json_extract(e.summaries, '$.tk') AS summary_tk,
                json_extract(e.summaries, '$.tg') AS summary_tg, e.source
            FROM events AS e LEFT JOIN places AS p ON p.id = e.place_id WHERE """
        + _SHOWN
        + " ORDER BY e.starts_on DESC, e.id",
        key=("id",),
        foreign_keys=(
            ("kind", "event_kinds", "code"),
            ("region", "regions", "code"),
            ("settlement", "settlements", "id"),
        ),
        indexes=(("region",), ("starts_on",)),
        search=(
            "title",
            "title_ru",
            "title_tk",
            "title_tg",
            "summary",
            "summary_ru",
            "summary_tk",
            "summary_tg",
        ),
    ),
    Table(
        name="event_evaluations",
        columns=(
            text("event", "events.id"),
            text("question", "events.evaluation", free=True),
            *in_languages("question", "events.evaluation_words", "ru", "tk", "tg"),
            real("percent", "events.evaluation"),
        ),
        select="""
            SELECT e.id AS event, a.key AS question, json_extract(w.value, '$.ru') AS question_ru,
                json_extract(w.value, '$.tk') AS question_tk,
                json_extract(w.value, '$.tg') AS question_tg, a.value AS percent
            FROM events AS e JOIN json_each(e.evaluation) AS a
            LEFT JOIN json_each(e.evaluation_words) AS w ON w.key = a.key WHERE """
        + _SHOWN
        + " AND "
        + _QUOTED
        + " ORDER BY e.id, a.id",
        key=("event", "question"),
        foreign_keys=(("event", "events", "id"),),
    ),
    Table(
        name="event_sessions",
        columns=(
            text("id", "event_sessions.id"),
            text("event", "event_sessions.event_id"),
            whole("day", "event_sessions.day"),
            text("starts_at", "event_sessions.starts_at"),
            text("ends_at", "event_sessions.ends_at"),
            text("title", "event_sessions.title", free=True),
            *in_languages("title", "event_sessions.titles", "ru", "tk", "tg"),
            text("organisation", "organisations.name", free=True),
        ),
        select="""
            SELECT s.id, s.event_id AS event, s.day, s.starts_at, s.ends_at, s.title,
                json_extract(s.titles, '$.ru') AS title_ru,
                json_extract(s.titles, '$.tk') AS title_tk,
                json_extract(s.titles, '$.tg') AS title_tg,
                (SELECT o.name """
        + ORGANISATION_SHOWN
        + """ AND o.id = s.organisation_id) AS organisation
            FROM event_sessions AS s JOIN events AS e ON e.id = s.event_id WHERE """
        + _SHOWN
        + " ORDER BY s.event_id, s.day, s.starts_at, s.id",
        key=("id",),
        foreign_keys=(("event", "events", "id"),),
        indexes=(("event",),),
    ),
)

SHOWN_ROWS = (
    ShownRows("events", "id", "SELECT e.id FROM events AS e WHERE " + _SHOWN),
    ShownRows(
        "event_sessions",
        "id",
        "SELECT s.id FROM event_sessions AS s JOIN events AS e ON e.id = s.event_id WHERE "
        + _SHOWN,
    ),
)
