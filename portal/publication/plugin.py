"""Our one plugin of Datasette: it hands its templates the words that `DataSite` prepared."""

from typing import Any

from datasette import hookimpl  # type: ignore[import-untyped]

WORDS = "portal.words"


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(request: Any) -> dict[str, Any]:
    """What the templates say beside the rows."""
    words: dict[str, Any] = request.scope.get(WORDS, {}) if request else {}
    return words
