"""Texts that try to be more than text, in every register: Chromium shows them as they were typed.

A few of each kind of trick; what they would do is call `hurt`, which nobody defined, open a dialog,
or ask for an address that begins with `/hurt` or leads to another host.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from portal.db import Store, column
from portal.events.actions import save_event
from portal.nearby.actions import refresh_listing
from portal.organisations.actions import save_organisation
from portal.practitioners.actions import save_practitioner
from seed_data.anchors import BAYRAMALY
from tests.conftest import OPERATOR, settings_for
from tests.journeys.site import index_and_publish, serving
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world

TRICKS = (
    "<script>alert('{n}')</script>",
    "<script src=//hurt.invalid/{n}.js></script>",
    '"><img src=/hurt/{n} onerror=alert(1)>',
    "'><svg/onload=alert('{n}')>",
    "</title></textarea></option><script>alert('{n}')</script>",
    "<iframe srcdoc=\"<script>parent.alert('{n}')</script>\"></iframe>",
    '<a href="javascript:alert({n!r})">{n}</a>',
    '" autofocus onfocus="alert(1)" x="{n}',
    "<base href=//hurt.invalid/><style>body{{display:none}}</style>{n}",
    '<meta http-equiv="refresh" content="0;url=/hurt/{n}">',
    '<div hx-get="/hurt/{n}" hx-trigger="load" hx-swap="outerHTML">',
    '<div data-hx-on:load="alert(1)" data-hx-get="/hurt/{n}" data-hx-trigger="load">',
    "<template><p>{n}</template><!--",
    "{{{{ 7*7 }}}}${{7*7}}{n}<%= 7*7 %>",
    "&lt;script&gt;alert({n})&lt;/script&gt;\\u003cimg src=/hurt/{n}>",
)


def hostile(kind: str, number: int) -> str:
    """One of the tricks; every field has a text of its own."""
    return TRICKS[number].format(n=f"{kind}{number}")


@pytest.fixture(scope="module")
def planted(today: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """A site whose registers are full of tricks: its address, and the ids they stand under."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    copy_world(today, folder)
    ids = plant(folder)
    index_and_publish(folder)
    with serving(folder) as address:
        yield {"site": address, **ids}


def plant(folder: Path) -> dict[str, list[str]]:
    """Put each trick into an organisation, an event and a practitioner."""
    store, at = Store(settings_for(folder).database), datetime.now(UTC)
    with store.transaction() as db:
        ids = {
            "organisations": column(
                db,
                "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
                " ON m.organisation_id = o.id WHERE m.state = 'admitted'"
                " AND o.visibility = 'public' AND o.id NOT IN"
                " (SELECT organisation_id FROM organisation_services WHERE service = 'shelter')"
                " ORDER BY o.id",
            )[: len(TRICKS)],
            "events": column(db, "SELECT id FROM events WHERE starts_on < '2026' ORDER BY id")[
                : len(TRICKS)
            ],
            "practitioners": column(
                db,
                "SELECT l.practitioner_id FROM listings AS l JOIN practitioners AS p"
                " ON p.id = l.practitioner_id JOIN places ON places.id = p.place_id"
                " WHERE places.region = 'TM-M' ORDER BY 1",
            )[: len(TRICKS)],
        }
        for number, each in enumerate(ids["organisations"]):
            save_organisation(db, OPERATOR, at, each, organisation(number))
        for number, each in enumerate(ids["events"]):
            save_event(db, OPERATOR, at, each, event(number))
        for number, each in enumerate(ids["practitioners"]):
            save_practitioner(db, OPERATOR, at, each, {"name": hostile("person", number)})
        for each in column(db, "SELECT id FROM practitioners"):
            refresh_listing(db, each)
    store.close()
    return ids


def organisation(number: int) -> dict:
    """An organisation that means harm in each of its texts."""
    return {
        "name": hostile("name", number),
        "names": json.dumps({"ru": hostile("name-ru", number)}),
        "summary": hostile("summary", number),
        "summaries": json.dumps({"ru": hostile("summary-ru", number)}),
        "website": f"javascript:alert('site{number}')",
        "email": hostile("post", number),
        "phone": hostile("call", number),
    }


def event(number: int) -> dict:
    """The same of an event."""
    return {
        "title": hostile("title", number),
        "titles": json.dumps({"ru": hostile("title-ru", number)}),
        "summary": hostile("about", number),
        "organiser": hostile("organiser", number),
        "source": hostile("source", number),
        "evaluation": json.dumps({hostile("question", number): 50}),
    }


@pytest.fixture
def reader(browser: Browser, planted: dict) -> Iterator[Visit]:
    """A coordinator who reads it all, unharmed."""
    visit = begin(browser, planted["site"], role="coordinator")
    visit.page.add_init_script("addEventListener('error', (e) => console.error(e.message))")
    yield visit
    unharmed(visit)
    visit.page.context.close()
    assert visit.faults == []


def unharmed(visit: Visit) -> None:
    """Nothing was asked for that the page itself does not need, and nothing became an element."""
    assert [each.url for each in visit.requests if "/hurt" in each.url] == []
    planted = "[onerror], [onload], [onfocus], [hx-get], iframe, base, [http-equiv], main script"
    assert visit.page.locator(planted).count() == 0
    assert visit.page.locator("a[href^='javascript:' i]").count() == 0
    assert visit.page.locator("body").is_visible()


CARDS = [
    ("organisations", "name", "name-ru"),
    ("events", "title", "title-ru"),
    ("practitioners", "person", "person"),
]


@pytest.mark.parametrize(("register", "english", "russian"), CARDS)
def test_cards_show_what_was_typed(
    reader: Visit, planted: dict, register: str, english: str, russian: str
) -> None:
    for number, each in enumerate(planted[register]):
        language, kind = ("ru", russian) if number % 2 else ("en", english)
        reader.open(f"/{language}/{register}/{each}")
        assert reader.page.locator("h1").text_content() == hostile(kind, number)
        unharmed(reader)


@pytest.mark.parametrize("register", ["organisations", "events", "practitioners"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_lists_show_what_was_typed(
    reader: Visit, planted: dict, register: str, language: str
) -> None:
    reader.open(f"/{language}/{register}")
    seen = reader.page.locator("#results li.card h2").all_text_contents()
    field = {"organisations": "kind", "events": "kind", "practitioners": "profession"}[register]
    options = reader.page.locator(f"main select#{field} option").all()
    for value in [option.get_attribute("value") for option in options][1:]:
        reader.choose(field, str(value))
        seen += reader.page.locator("#results li.card h2").all_text_contents()
        unharmed(reader)
    kind = {row[0]: row[1:] for row in CARDS}[register][language == "ru"]
    shown = [hostile(kind, number) in seen for number in range(len(planted[register]))]
    assert shown.count(True) >= len(shown) // 2, seen


def test_answers_show_what_was_typed(reader: Visit) -> None:
    reader.open("nearby")
    reader.choose("place", BAYRAMALY)
    seen = reader.page.locator("#results li.card h3").all_text_contents()
    assert sum(hostile("person", number) in seen for number in range(len(TRICKS))) >= 3, seen
    unharmed(reader)


def test_search_marks_what_was_typed(reader: Visit) -> None:
    reader.open("search")
    for words in ("alert name0", "hurt title2", "person5 script", "&lt;script", '"><img src=x>'):
        with reader.page.expect_response(lambda answer: answer.url.endswith("/search")):
            reader.page.locator("#q").fill(words)
        expect(reader.page.locator(".htmx-request")).to_have_count(0)
        unharmed(reader)
    reader.page.locator("#q").fill("name0")
    expect(reader.page.locator("#results")).to_contain_text(hostile("name", 0))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/network/organisations", "name"),
        ("/data/network/organisations?_lang=ru", "name-ru"),
        ("/data/network/events", "title"),
        ("/data/network/organisations_by_service", "name"),
    ],
)
def test_data_pages_show_what_was_typed(reader: Visit, path: str, kind: str) -> None:
    reader.open(path)
    said = reader.page.locator("main").text_content() or ""
    assert sum(hostile(kind, number) in said for number in range(len(TRICKS))) >= 5
    unharmed(reader)


def test_data_rows_show_what_was_typed(reader: Visit, planted: dict) -> None:
    for number, each in enumerate(planted["organisations"]):
        reader.open(f"/data/network/organisations/{each}")
        said = reader.page.locator("main").text_content() or ""
        assert hostile("name", number) in said
        assert hostile("summary", number) in said
        unharmed(reader)
