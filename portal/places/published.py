"""Published: regions, and the settlements of the gazetteer; never the network's own places."""

from portal.published import ShownRows, Table, in_languages, real, text, whole

TABLES = (
    Table(
        name="regions",
        columns=(
            text("code", "regions.code"),
            text("country", "regions.country"),
            *in_languages("name", "regions.names", "en", "ru", "tk", "tg"),
        ),
        select="""
            SELECT code, country, json_extract(names, '$.en') AS name_en,
                json_extract(names, '$.ru') AS name_ru, json_extract(names, '$.tk') AS name_tk,
                json_extract(names, '$.tg') AS name_tg
            FROM regions ORDER BY position
        """,
        key=("code",),
    ),
    Table(
        name="settlements",
        columns=(
            text("id", "places.id"),
            text("name", "places.name", free=True),
            text("region", "places.region"),
            real("latitude", "places.latitude"),
            real("longitude", "places.longitude"),
            whole("population", "places.population"),
        ),
        select="""
            SELECT id, name, region, latitude, longitude, population
            FROM places WHERE origin = 'geonames' ORDER BY sort_name, id
        """,
        key=("id",),
        foreign_keys=(("region", "regions", "code"),),
        indexes=(("region",),),
    ),
)

_GAZETTEER = "SELECT id FROM places WHERE origin = 'geonames'"

SHOWN_ROWS = (
    ShownRows("places", "id", _GAZETTEER),
    ShownRows("place_names", "place_id", _GAZETTEER),
)
