"""Pages of the data site: our own markup only, readable aloud, typed text shown as text."""

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import httpx
import pytest

from portal.actor import Actor
from portal.db import Store
from portal.publication import datasite
from portal.publication.notes import read_notes
from portal.releasing.actions import release_and_publish
from portal.settings import Settings

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
OPERATOR = Actor(role="admin", account_id="operator")

Ask = Callable[..., httpx.Response]

NOTES = read_notes()
TABLES = NOTES.tables
QUERIES = list(NOTES.queries)

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new generation is noticed at once."""
    monkeypatch.setattr(datasite, "LOOK_EVERY_SECONDS", 0.0)


class Outline(HTMLParser):
    """What our pages must not have, and must have."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        self.tags.append(tag)
        self.ids += [str(had["id"])] if "id" in had else []
        self.wrong += [name for name in had if name.startswith("on") or name == "style"]
        self.wrong += [tag] if tag in ("script", "style", "iframe") else []
        if tag == "img":
            self.wrong += [] if had.get("alt") and str(had["src"]).startswith("/data/") else [tag]
        if tag == "label":
            self.labels.add(str(had.get("for")))
        if tag in ("select", "input") and had.get("type") != "hidden":
            self.fields.append(str(had.get("id")))
        for name in ("href", "src", "action"):
            value = str(had.get(name) or "/")
            if not value.startswith(("/", "#", "mailto:", "tel:", "https://")):
                self.wrong.append(value)


@pytest.mark.parametrize(
    "path",
    [
        "/data/",
        *(f"/data/network/{table}" for table in TABLES),
        *(f"/data/network/{query}" for query in QUERIES),
        "/data/network/organisations/o-open",
        "/data/network/nothing",
    ],
)
def test_pages_hold_to_the_strict_policy_and_can_be_read_aloud(ask: Ask, path: str) -> None:
    html = ask(path).text
    outline = Outline()
    outline.feed(html)
    assert outline.wrong == []
    assert outline.tags.count("h1") == 1
    assert "main" in outline.tags
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.fields) <= outline.labels
    assert outline.tags.count("table") == outline.tags.count("caption")
    assert "/static/site.abc.css" in html
    assert "/exit" in html


def test_text_that_somebody_typed_shows_as_text(
    ask: Ask, published: Store, settings: Settings
) -> None:
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    with published.transaction() as db:
        db.table("organisations").update("o-two", {"summary": attack, "name": attack})
        db.table("organisations").update("o-open", {"website": "javascript:alert(1)"})
    release_and_publish(published, settings, OPERATOR, AT)
    for path in ("organisations", "organisations/o-two", "organisations_by_service"):
        html = ask(f"/data/network/{path}").text
        assert "<script" not in html
        assert "<img" not in html
    assert 'href="javascript' not in ask("/data/network/organisations/o-open").text
    reflected = ask('/data/network/organisations?name="><script>alert(1)</script>')
    assert "<script" not in reflected.text
