"""Published: works for everybody, once a version of them is out, and the files of the newest one.

Nothing says who added a work or who approved it, and an organisation without a public card is not
named. The files themselves are not here; the portal hands them out.
"""

from portal.organisations.queries import SHOWN as ORGANISATION_SHOWN
from portal.published import ShownRows, Table, in_languages, text, whole

# security: the kind is asked as well, whatever the row of a screening guide says of itself
_SHOWN = """
    w.published_version IS NOT NULL AND w.visibility = 'public' AND w.kind <> 'screening_guide'
"""

_SHOWN_WORKS = "SELECT w.id FROM materials AS w WHERE " + _SHOWN

_SHOWN_VERSIONS = (
    """
    SELECT v.id FROM material_versions AS v
    JOIN material_states_now AS s ON s.version_id = v.id
    JOIN materials AS w ON w.id = v.material_id WHERE s.state = 'published' AND
"""
    + _SHOWN
)

_SHOWN_FILES = "SELECT f.file_id FROM material_files AS f WHERE f.file_id IS NOT NULL AND"
_SHOWN_FILES += " f.version_id IN (" + _SHOWN_VERSIONS + ")"

_ORGANISATION = "(SELECT o.id " + ORGANISATION_SHOWN + " AND o.id = w.organisation_id)"

# of every language the newest published version that brought files in it
_STANDING = """
    v.number = (SELECT max(n.number) FROM material_files AS nf
                JOIN material_versions AS n ON n.id = nf.version_id
                JOIN material_states_now AS ns ON ns.version_id = n.id
                WHERE n.material_id = v.material_id AND nf.language = f.language
                AND ns.state = 'published')
"""

_ORIGINAL = """
    (SELECT max(n.number) FROM material_versions AS n
     JOIN material_states_now AS ns ON ns.version_id = n.id
     WHERE n.material_id = w.id AND ns.state = 'published'
     AND (EXISTS (SELECT 1 FROM material_files AS nf
                  WHERE nf.version_id = n.id AND nf.language = w.language)
          OR EXISTS (SELECT 1 FROM material_texts AS nt
                     WHERE nt.version_id = n.id AND nt.language = w.language)))
"""


def _list_of(table: str, column: str, vocabulary: str) -> Table:
    name = "material_" + table
    return Table(
        name=name,
        columns=(text("material", f"{name}.material_id"), text(column, f"{name}.{column}")),
        select="SELECT x.material_id AS material, x."
        + column
        + " FROM "
        + name
        + " AS x WHERE x.material_id IN ("
        + _SHOWN_WORKS
        + ") ORDER BY 1, 2",
        key=("material", column),
        foreign_keys=(("material", "materials", "id"), (column, vocabulary, "code")),
        indexes=((column,),),
    )


TABLES = (
    Table(
        name="materials",
        columns=(
            text("id", "materials.id"),
            text("title", "materials.title", free=True),
            *in_languages("title", "materials.titles", "ru", "tk", "tg"),
            text("kind", "materials.kind"),
            text("language", "materials.language"),
            text("region", "materials.region"),
            text("organisation", "materials.organisation_id", because="it has a public card"),
            text("licence", "materials.licence"),
            whole("year", "materials.year"),
            text("summary", "materials.summary", free=True),
            *in_languages("summary", "materials.summaries", "ru", "tk", "tg"),
            text("adapted_from", "materials.adapted_from", because="that work is public too"),
            text("adapted_how", "materials.adapted_how", free=True),
            whole("version", "materials.published_version"),
            text("published_on", "materials.published_at"),
        ),
        select="""
            SELECT w.id, w.title, json_extract(w.titles, '$.ru') AS title_ru,
                json_extract(w.titles, '$.tk') AS title_tk,
                json_extract(w.titles, '$.tg') AS title_tg, w.kind, w.language, w.region,
                """
        + _ORGANISATION
        + """ AS organisation, w.licence, w.year, w.summary,
                json_extract(w.summaries, '$.ru') AS summary_ru,
                json_extract(w.summaries, '$.tk') AS summary_tk,
                json_extract(w.summaries, '$.tg') AS summary_tg,
                CASE WHEN w.adapted_from IN ("""
        + _SHOWN_WORKS
        + """) THEN w.adapted_from END AS adapted_from, w.adapted_how,
                w.published_version AS version, substr(w.published_at, 1, 10) AS published_on
            FROM materials AS w WHERE """
        + _SHOWN
        + " ORDER BY w.published_at DESC, w.id",
        key=("id",),
        foreign_keys=(
            ("kind", "material_kinds", "code"),
            ("region", "regions", "code"),
            ("organisation", "organisations", "id"),
            ("licence", "licences", "code"),
            ("adapted_from", "materials", "id"),
        ),
        indexes=(("kind",), ("region",), ("licence",)),
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
        name="material_files",
        columns=(
            text("id", "material_files.id"),
            text("material", "material_versions.material_id"),
            text("language", "material_files.language"),
            text("ending", "files.ending"),
            whole("size", "files.size"),
            whole("pages", "files.pages"),
            text("link", "material_files.link"),
            whole("version", "material_versions.number"),
            whole("out_of_date", "material_files.of_version"),
        ),
        select="""
            SELECT f.id, v.material_id AS material, f.language, s.ending, s.size, s.pages, f.link,
                v.number AS version,
                f.language <> w.language AND f.of_version < """
        + _ORIGINAL
        + """ AS out_of_date
            FROM material_files AS f JOIN material_versions AS v ON v.id = f.version_id
            JOIN materials AS w ON w.id = v.material_id LEFT JOIN files AS s ON s.id = f.file_id
            WHERE f.version_id IN ("""
        + _SHOWN_VERSIONS
        + ") AND "
        + _STANDING
        + " ORDER BY v.material_id, f.language, f.id",
        key=("id",),
        foreign_keys=(("material", "materials", "id"),),
        indexes=(("material",), ("language",)),
    ),
    _list_of("topics", "topic", "topics"),
    _list_of("audiences", "audience", "audiences"),
)

SHOWN_ROWS = (
    ShownRows("materials", "id", _SHOWN_WORKS),
    ShownRows("material_languages", "material_id", _SHOWN_WORKS),
    ShownRows("material_topics", "material_id", _SHOWN_WORKS),
    ShownRows("material_audiences", "material_id", _SHOWN_WORKS),
    ShownRows("material_versions", "id", _SHOWN_VERSIONS),
    ShownRows("material_files", "version_id", _SHOWN_VERSIONS),
    ShownRows("material_texts", "version_id", _SHOWN_VERSIONS),
    ShownRows("files", "id", _SHOWN_FILES),
    ShownRows("file_renditions", "file_id", _SHOWN_FILES),
)
