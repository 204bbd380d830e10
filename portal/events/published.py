"""Published: past events, and coming ones flagged open.

How many came, and what they thought, is about people: it is published only where it is quoted from
somebody's own publication (`already_published`, D0).
"""

from portal.published import ShownRows, Table, in_languages, real, text, whole

_SHOWN = "(e.open OR coalesce(e.ends_on, e.starts_on) < :today)"
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
                CASE WHEN p.origin = 'geonames' THEN p.id END AS settlement, e.organiser,
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
            real("percent", "events.evaluation"),
        ),
        select="SELECT e.id AS event, a.key AS question, a.value AS percent"
        " FROM events AS e JOIN json_each(e.evaluation) AS a WHERE "
        + _SHOWN
        + " AND "
        + _QUOTED
        + " ORDER BY e.id, a.id",
        key=("event", "question"),
        foreign_keys=(("event", "events", "id"),),
    ),
)

SHOWN_ROWS = (ShownRows("events", "id", "SELECT e.id FROM events AS e WHERE " + _SHOWN),)
