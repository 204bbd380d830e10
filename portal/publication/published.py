"""Published: the dates of the releases, and the counts of the newest one after disclosure control.

There are no totals: a total minus the visible cells would give a withheld one away.
"""

from portal.published import Table, text, whole

TABLES = (
    Table(
        name="releases",
        columns=(
            whole("number", "releases.number"),
            text("released_on", "releases.released_on"),
            whole("rolled_back", "release_states.state", because="D11"),
        ),
        select="""
            SELECT json_extract(value, '$.number') AS number,
                json_extract(value, '$.released_on') AS released_on,
                json_extract(value, '$.rolled_back') AS rolled_back
            FROM json_each(:releases)
        """,
        key=("number",),
    ),
    Table(
        name="practitioner_counts",
        columns=(
            text("region", "released_counts.region"),
            text("profession", "released_counts.profession"),
            whole("practitioners", "released_counts.practitioners"),
            text("flag", "released_counts.flag"),
            text("home_visits", "released_counts.home_visits"),
        ),
        select="""
            SELECT json_extract(value, '$.region') AS region,
                json_extract(value, '$.profession') AS profession,
                json_extract(value, '$.practitioners') AS practitioners,
                json_extract(value, '$.flag') AS flag,
                json_extract(value, '$.home_visits') AS home_visits
            FROM json_each(:cells) ORDER BY region, profession
        """,
        key=("region", "profession"),
        foreign_keys=(("region", "regions", "code"), ("profession", "professions", "code")),
        indexes=(("profession",),),
    ),
)

SHOWN_ROWS = ()
