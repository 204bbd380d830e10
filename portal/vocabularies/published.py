"""Published: the code lists that other published tables speak in, with names in four languages."""

from portal.published import Table, in_languages, text


def _code_list(table: str, vocabulary: str) -> Table:
    return Table(
        name=table,
        columns=(
            text("code", "terms.code"),
            *in_languages("name", "terms.names", "en", "ru", "tk", "tg"),
        ),
        select="""
            SELECT code, json_extract(names, '$.en') AS name_en,
                json_extract(names, '$.ru') AS name_ru, json_extract(names, '$.tk') AS name_tk,
                json_extract(names, '$.tg') AS name_tg
            FROM terms WHERE vocabulary = '"""
        + vocabulary
        + "' ORDER BY position",
        key=("code",),
    )


TABLES = (
    _code_list("services", "services"),
    _code_list("professions", "professions"),
    _code_list("organisation_kinds", "organisation_kinds"),
    _code_list("event_kinds", "event_kinds"),
    _code_list("material_kinds", "material_kinds"),
    _code_list("audiences", "audiences"),
    _code_list("topics", "topics"),
    _code_list("licences", "licences"),
    _code_list("activity_kinds", "activity_kinds"),
    _code_list("charter_kinds", "charter_kinds"),
    _code_list("charter_fields", "charter_fields"),
    _code_list("charter_text_states", "charter_text_states"),
    _code_list("indicator_sources", "indicator_sources"),
    _code_list("indicator_kinds", "indicator_kinds"),
    _code_list("indicator_units", "indicator_units"),
    _code_list("indicator_directions", "directions"),
    _code_list("frequencies", "frequencies"),
    _code_list("release_levels", "release_levels"),
    _code_list("level_reasons", "level_reasons"),
)

SHOWN_ROWS = ()
