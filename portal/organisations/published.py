"""Published: the public cards of organisations, by the very condition of the public list."""

from portal.organisations.queries import SHOWN
from portal.published import ShownRows, Table, in_languages, text

_IDS = "SELECT o.id " + SHOWN

TABLES = (
    Table(
        name="organisations",
        columns=(
            text("id", "organisations.id"),
            text("name", "organisations.name", free=True),
            *in_languages("name", "organisations.names", "ru", "tk", "tg"),
            text("kind", "organisations.kind"),
            text("region", "places.region"),
            text("settlement", "organisations.place_id"),
            text("summary", "organisations.summary", free=True),
            *in_languages("summary", "organisations.summaries", "ru", "tk", "tg"),
            text("phone", "organisations.phone"),
            text("email", "organisations.email"),
            text("website", "organisations.website"),
            text("joined_on", "organisations.joined_on"),
            text("founding_on", "founders.founded_on"),
        ),
        select="""
            SELECT o.id, o.name, json_extract(o.names, '$.ru') AS name_ru,
                json_extract(o.names, '$.tk') AS name_tk, json_extract(o.names, '$.tg') AS name_tg,
                o.kind, p.region, CASE WHEN p.origin = 'geonames' THEN p.id END AS settlement,
                o.summary, json_extract(o.summaries, '$.ru') AS summary_ru,
                json_extract(o.summaries, '$.tk') AS summary_tk,
                json_extract(o.summaries, '$.tg') AS summary_tg,
                o.phone, o.email, o.website, o.joined_on,
                (SELECT founded_on FROM founders WHERE organisation_id = o.id) AS founding_on
            """
        + SHOWN
        + "ORDER BY o.sort_name, o.id",
        key=("id",),
        foreign_keys=(
            ("kind", "organisation_kinds", "code"),
            ("region", "regions", "code"),
            ("settlement", "settlements", "id"),
        ),
        indexes=(("region",), ("kind",)),
        search=(
            "name",
            "name_ru",
            "name_tk",
            "name_tg",
            "summary",
            "summary_ru",
            "summary_tk",
            "summary_tg",
        ),
    ),
    Table(
        name="organisation_services",
        columns=(
            text("organisation", "organisation_services.organisation_id"),
            text("service", "organisation_services.service"),
        ),
        select="SELECT organisation_id AS organisation, service FROM organisation_services"
        " WHERE organisation_id IN (" + _IDS + ") ORDER BY organisation_id, service",
        key=("organisation", "service"),
        foreign_keys=(("organisation", "organisations", "id"), ("service", "services", "code")),
        indexes=(("service",),),
    ),
)

SHOWN_ROWS = (
    ShownRows("organisations", "id", _IDS),
    ShownRows("organisation_services", "organisation_id", _IDS),
    ShownRows("founders", "organisation_id", _IDS),
)
