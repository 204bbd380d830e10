"""What the data site says when it does not answer: a plain page, or JSON for programs."""

import json
from typing import Any

from portal.i18n.language import Language

CODES = {400: "invalid", 404: "not_found", 405: "method_not_allowed", 429: "too_many", 500: "error"}


def said(language: Language, status: int) -> tuple[str, str]:
    """A title and what to do."""
    _ = language.gettext
    known = {
        400: (
            _("The data site does not answer this question."),
            _("It runs its own reviewed questions only. Choose a table or a question."),
        ),
        404: (
            _("There is nothing at this address."),
            _("Choose a table or a question from the list."),
        ),
        405: (_("This address does not do that."), _("The data can be read, not changed.")),
        429: (
            _("That was too often. Wait a little and try again."),
            _("Whoever needs all the data takes a whole table as CSV, or the whole file."),
        ),
        500: (_("Something went wrong on our side."), _("Try again in a while.")),
    }
    down = (
        _("The published data cannot be shown at the moment."),
        _("Nothing is lost, and the rest of the site works. Try again in a while."),
    )
    return known.get(status, down)


def as_json(status: int, title: str) -> str:
    """The same for programs."""
    error = {"code": CODES.get(status, "unavailable"), "message": title, "fields": {}}
    return json.dumps({"error": error}, ensure_ascii=False)


def wants_json(scope: Any) -> bool:
    """By the end of the address, or by what the request accepts."""
    path = str(scope.get("path", "")).rstrip("/")
    accepts = next((v for k, v in scope["headers"] if k.lower() == b"accept"), b"")
    return path.endswith(".json") or b"application/json" in accepts
