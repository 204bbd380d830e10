"""Published: the adopted versions of the charter with their points, in the languages they have.

Who wrote, checked and when is in no table, nor is the minute; of a draft there is not a word.
"""

from portal.published import ShownRows, Table, in_languages, text, whole

_ADOPTED = "SELECT version FROM charter_versions WHERE adopted_on IS NOT NULL"

_BY_VERSION = (("version", "charter_versions", "version"),)

TABLES = (
    Table(
        name="charter_versions",
        columns=(
            whole("version", "charter_versions.version"),
            text("adopted_on", "charter_versions.adopted_on"),
            *in_languages("note", "charter_versions.notes", "en", "ru", "tk", "tg"),
        ),
        select="""
            SELECT version, adopted_on, json_extract(notes, '$.en') AS note_en,
                json_extract(notes, '$.ru') AS note_ru, json_extract(notes, '$.tk') AS note_tk,
                json_extract(notes, '$.tg') AS note_tg
            FROM charter_versions WHERE adopted_on IS NOT NULL ORDER BY version
        """,
        key=("version",),
    ),
    Table(
        name="charter_points",
        columns=(
            whole("version", "charter_points.version"),
            text("code", "charter_points.code"),
            text("kind", "charter_points.kind"),
            whole("position", "charter_points.position"),
            whole("asks_file", "charter_points.asks_file"),
        ),
        select="SELECT version, code, kind, position, asks_file FROM charter_points"
        " WHERE version IN (" + _ADOPTED + ") ORDER BY version, kind, position",
        key=("version", "code"),
        foreign_keys=(*_BY_VERSION, ("kind", "charter_kinds", "code")),
        indexes=(("kind",),),
    ),
    Table(
        name="charter_texts",
        columns=(
            whole("version", "charter_texts.version"),
            text("code", "charter_texts.code"),
            text("field", "charter_texts.field"),
            text("language", "charter_texts.language"),
            text("text", "charter_texts.text", free=True),
            text("state", "charter_texts.state"),
        ),
        select="SELECT version, code, field, language, text, state FROM charter_texts"
        " WHERE version IN (" + _ADOPTED + ") ORDER BY version, code, field, language",
        key=("version", "code", "field", "language"),
        foreign_keys=(
            *_BY_VERSION,
            ("field", "charter_fields", "code"),
            ("state", "charter_text_states", "code"),
        ),
        indexes=(("language",), ("state",)),
        search=("text",),
    ),
)

SHOWN_ROWS = (
    ShownRows("charter_versions", "version", _ADOPTED),
    ShownRows("charter_points", "version", _ADOPTED),
    ShownRows("charter_texts", "version", _ADOPTED),
)
