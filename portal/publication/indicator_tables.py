"""Published: what indicators mean, and their figures as they were released.

Definitions are read as they stand; figures come from the release in force alone, so that nothing
counted moves between releases (D11). `all` stands for a whole, never an empty cell.
"""

from portal.published import Column, Table, in_languages, real, text, whole

_LANGUAGES = ("en", "ru", "tk", "tg")

_NAMES = """
    json_extract(names, '$.en') AS name_en, json_extract(names, '$.ru') AS name_ru,
    json_extract(names, '$.tk') AS name_tk, json_extract(names, '$.tg') AS name_tg
"""

_WHOLE = "'All' AS name_en, 'Все' AS name_ru, 'Hemmesi' AS name_tk, 'Ҳама' AS name_tg"


def _texts(name: str, stored: str) -> str:
    return ", ".join(
        "json_extract(v." + stored + ", '$." + code + "') AS " + name + "_" + code
        for code in _LANGUAGES
    )


def _parts(table: str, vocabulary: str) -> Table:
    """A code list that figures are told apart by, with the whole in front."""
    return Table(
        name=table,
        columns=(text("code", "terms.code"), *in_languages("name", "terms.names", *_LANGUAGES)),
        select="SELECT 'all' AS code, "
        + _WHOLE
        + " UNION ALL SELECT * FROM (SELECT code, "
        + _NAMES
        + " FROM terms WHERE vocabulary = '"
        + vocabulary
        + "' ORDER BY position)",
        key=("code",),
    )


AREAS = Table(
    name="areas",
    columns=(
        text("code", "regions.code"),
        text("kind", "regions.code"),
        *in_languages("name", "regions.names", *_LANGUAGES),
    ),
    select="SELECT 'all' AS code, 'network' AS kind, 'The whole network' AS name_en,"
    " 'Вся сеть' AS name_ru, 'Tutuş tor' AS name_tk, 'Тамоми шабака' AS name_tg"
    " UNION ALL SELECT * FROM (SELECT code, 'country' AS kind, "
    + _NAMES
    + " FROM terms WHERE vocabulary = 'countries' AND code IN (SELECT country FROM regions)"
    " ORDER BY position)"
    " UNION ALL SELECT * FROM (SELECT code, 'region' AS kind, "
    + _NAMES
    + " FROM regions ORDER BY position)",
    key=("code",),
)

# Of each indicator the version that holds on the day.
_NEWEST = """
    FROM indicators AS i JOIN indicator_versions AS v ON v.code = i.code AND v.version =
        (SELECT max(w.version) FROM indicator_versions AS w
         WHERE w.code = i.code AND (w.starts <= :today OR w.version = 1))
    ORDER BY i.position, i.code
"""

INDICATORS = Table(
    name="indicators",
    columns=(
        text("code", "indicators.code"),
        *in_languages("title", "indicator_versions.titles", *_LANGUAGES),
        *in_languages("description", "indicator_versions.descriptions", *_LANGUAGES),
        *in_languages("verification", "indicator_versions.verification", *_LANGUAGES),
        text("source", "indicators.source"),
        text("kind", "indicator_versions.kind"),
        text("unit", "indicator_versions.unit"),
        text("direction", "indicator_versions.direction"),
        text("frequency", "indicator_versions.frequency"),
        whole("counts_people", "indicator_versions.counts_people"),
        whole("version", "indicator_versions.version"),
        text("ended_on", "indicators.ended_on"),
    ),
    select="SELECT i.code, "
    + _texts("title", "titles")
    + ", "
    + _texts("description", "descriptions")
    + ", "
    + _texts("verification", "verification")
    + ", i.source, v.kind, v.unit, v.direction, v.frequency, v.counts_people, v.version, i.ended_on"
    + _NEWEST,
    key=("code",),
    foreign_keys=(
        ("source", "indicator_sources", "code"),
        ("kind", "indicator_kinds", "code"),
        ("unit", "indicator_units", "code"),
        ("direction", "indicator_directions", "code"),
        ("frequency", "frequencies", "code"),
    ),
    search=("title_en", "title_ru", "title_tk", "title_tg"),
)

VERSIONS = Table(
    name="indicator_versions",
    columns=(
        text("indicator", "indicator_versions.code"),
        whole("version", "indicator_versions.version"),
        text("starts_on", "indicator_versions.starts"),
        *in_languages("description", "indicator_versions.descriptions", *_LANGUAGES),
    ),
    select="SELECT v.code AS indicator, v.version, v.starts AS starts_on, "
    + _texts("description", "descriptions")
    + " FROM indicator_versions AS v ORDER BY v.code, v.version",
    key=("indicator", "version"),
    foreign_keys=(("indicator", "indicators", "code"),),
)

TARGETS = Table(
    name="indicator_targets",
    columns=(
        text("indicator", "indicator_targets.code"),
        text("area", "indicator_targets.region"),
        text("period", "indicator_targets.period"),
        real("target", "indicator_targets.target"),
    ),
    select="""
        SELECT code AS indicator, iif(region = '', 'all', region) AS area,
            iif(period = '', 'all', period) AS period, target
        FROM indicator_targets WHERE target IS NOT NULL ORDER BY code, region, period
    """,
    key=("indicator", "area", "period"),
    foreign_keys=(("indicator", "indicators", "code"), ("area", "areas", "code")),
)


def _of_release(table: str, name: str, kind: type, *, free: bool = False) -> Column:
    return Column(name, kind, f"{table}.{name}", free=free)


_CELL = ("indicator", "period", "area", "sex", "age_group", "form")

FIGURES = Table(
    name="figures",
    columns=(
        *(_of_release("released_figures", name, str) for name in _CELL),
        _of_release("released_figures", "version", int),
        _of_release("released_figures", "value", float),
        _of_release("released_figures", "numerator", int),
        _of_release("released_figures", "denominator", int),
        _of_release("released_figures", "band", str),
        _of_release("released_figures", "flag", str),
        _of_release("released_figures", "source", str, free=True),
    ),
    select="SELECT "
    + ", ".join(
        "json_extract(value, '$." + name + "') AS " + name
        for name in (
            *_CELL,
            *("version", "value", "numerator", "denominator", "band", "flag", "source"),
        )
    )
    + " FROM json_each(:figures)",
    key=_CELL,
    foreign_keys=(
        ("indicator", "indicators", "code"),
        ("area", "areas", "code"),
        ("sex", "sexes", "code"),
        ("age_group", "age_groups", "code"),
        ("form", "exploitation_forms", "code"),
    ),
    indexes=(("period",), ("area",)),
)

_LEVEL = ("indicator", "position", "level", "is_published", "cells", "withheld", "why")

LEVELS = Table(
    name="figure_levels",
    columns=tuple(
        _of_release("released_levels", name, str if name in ("indicator", "level", "why") else int)
        for name in _LEVEL
    ),
    select="SELECT "
    + ", ".join("json_extract(value, '$." + name + "') AS " + name for name in _LEVEL)
    + " FROM json_each(:levels)",
    key=("indicator", "position"),
    foreign_keys=(
        ("indicator", "indicators", "code"),
        ("level", "release_levels", "code"),
        ("why", "level_reasons", "code"),
    ),
)

TABLES = (
    AREAS,
    _parts("sexes", "sexes"),
    _parts("age_groups", "result_age_groups"),
    _parts("exploitation_forms", "exploitation_forms"),
    INDICATORS,
    VERSIONS,
    TARGETS,
    FIGURES,
    LEVELS,
)

SHOWN_ROWS = ()
