"""Published: campaigns that two people let out, and that their activities were held.

How many people came is in no table (D0); what came of it is for members. At whose home people
talked is told by the region alone. Of organisations only those with a public card are named.
"""

from portal.campaigns.rules import AT_HOMES
from portal.organisations.queries import SHOWN as SHOWN_ORGANISATIONS
from portal.published import ShownRows, Table, in_languages, text

_IDS = "SELECT id FROM campaigns WHERE state = 'published'"

_ORGANISATIONS = "SELECT o.id " + SHOWN_ORGANISATIONS

_PAST = "campaign_id IN (" + _IDS + ") AND held_on < :today"

_HOMES = ", ".join("'" + code + "'" for code in sorted(AT_HOMES))

_BY_CAMPAIGN = (("campaign", "campaigns", "id"),)


def _list_of(name: str, column: str, comes_from: str, target: tuple[str, str]) -> Table:
    """What a campaign has several of: its regions, its audiences."""
    return Table(
        name=name,
        columns=(text("campaign", f"{name}.campaign_id"), text(column, comes_from)),
        select="SELECT campaign_id AS campaign, "
        + column
        + " FROM "
        + name
        + " WHERE campaign_id IN ("
        + _IDS
        + ") ORDER BY campaign_id, "
        + column,
        key=("campaign", column),
        foreign_keys=(*_BY_CAMPAIGN, (column, *target)),
        indexes=((column,),),
    )


TABLES = (
    Table(
        name="campaigns",
        columns=(
            text("id", "campaigns.id"),
            text("title", "campaigns.title", free=True),
            *in_languages("title", "campaigns.titles", "ru", "tk", "tg"),
            text("starts_on", "campaigns.starts_on"),
            text("ends_on", "campaigns.ends_on"),
            text("organisation", "campaigns.organisation_id"),
            text("summary", "campaigns.summary", free=True),
            *in_languages("summary", "campaigns.summaries", "ru", "tk", "tg"),
        ),
        select="""
            SELECT c.id, c.title, json_extract(c.titles, '$.ru') AS title_ru,
                json_extract(c.titles, '$.tk') AS title_tk,
                json_extract(c.titles, '$.tg') AS title_tg, c.starts_on, c.ends_on,
                CASE WHEN c.organisation_id IN ("""
        + _ORGANISATIONS
        + """) THEN c.organisation_id END AS organisation, c.summary,
                json_extract(c.summaries, '$.ru') AS summary_ru,
                json_extract(c.summaries, '$.tk') AS summary_tk,
                json_extract(c.summaries, '$.tg') AS summary_tg
            FROM campaigns AS c WHERE c.state = 'published' ORDER BY c.starts_on DESC, c.id
        """,
        key=("id",),
        foreign_keys=(("organisation", "organisations", "id"),),
        indexes=(("starts_on",), ("organisation",)),
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
    _list_of("campaign_regions", "region", "campaign_regions.region", ("regions", "code")),
    _list_of(
        "campaign_audiences", "audience", "campaign_audiences.audience", ("audiences", "code")
    ),
    Table(
        name="activities",
        columns=(
            text("id", "activities.id"),
            text("campaign", "activities.campaign_id"),
            text("kind", "activities.kind"),
            text("held_on", "activities.held_on"),
            text("region", "places.region"),
            text("settlement", "activities.place_id"),
        ),
        select="""
            SELECT a.id, a.campaign_id AS campaign, a.kind, a.held_on, p.region,
                CASE WHEN p.origin = 'geonames' AND a.kind NOT IN ("""
        + _HOMES
        + """) THEN p.id END AS settlement
            FROM (SELECT * FROM activities WHERE """
        + _PAST
        + """) AS a LEFT JOIN places AS p ON p.id = a.place_id
            ORDER BY a.held_on DESC, a.id
        """,
        key=("id",),
        foreign_keys=(
            *_BY_CAMPAIGN,
            ("kind", "activity_kinds", "code"),
            ("region", "regions", "code"),
            ("settlement", "settlements", "id"),
        ),
        indexes=(("campaign",), ("region",), ("held_on",)),
    ),
)

SHOWN_ROWS = (
    ShownRows("campaigns", "id", _IDS),
    ShownRows("campaign_regions", "campaign_id", _IDS),
    ShownRows("campaign_audiences", "campaign_id", _IDS),
    ShownRows("campaign_organisations", "organisation_id", _ORGANISATIONS),
    ShownRows("activities", "id", "SELECT id FROM activities WHERE " + _PAST),
    ShownRows(
        "activity_materials",
        "activity_id",
        "SELECT id FROM activities WHERE " + _PAST,
    ),
)
