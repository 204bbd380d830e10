"""Every page can be used by everybody: axe, keyboard, narrow screens, slow lines."""

from collections.abc import Callable, Iterator
from itertools import product as product_of

import pytest
from playwright.sync_api import Browser, Request

from seed_data.anchors import BAYRAMALY
from tests.conftest import LANGUAGES
from tests.journeys.conftest import PICTURES, ROOT, Visiting
from tests.journeys.pages import EVERYBODY, EXAMPLES, path_of
from tests.journeys.sampling import Row, others, product, sample
from tests.journeys.visits import Visit, begin

AXE = ROOT / "tests/journeys/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]

KB = 1024
MOST_HTML, MOST_CSS, MOST_AT_FIRST, MOST_REQUESTS = 14 * KB, 6 * KB, 50 * KB, 5

People = Callable[..., Visit]

SAMPLE, OTHERS, PRODUCT = sample(), others(), product()


@pytest.fixture(scope="module")
def people(browser: Browser, site: str) -> Iterator[People]:
    """One visit for each role, kept open, and one more with axe: a sample has many pages.

    Axe is there before every page: the browser is sent it once.
    """
    begun: dict[tuple[str, bool], Visit] = {}

    def one(role: str, with_axe: bool) -> Visit:
        if (role, with_axe) not in begun:
            visit = begin(browser, site, role=None if role == "visitor" else role)
            if with_axe:
                visit.page.add_init_script(path=AXE)
            begun[role, with_axe] = visit
        return begun[role, with_axe]

    yield one
    for visit in begun.values():
        visit.page.context.close()


def look_at(visit: Visit, row: Row, ids: dict[str, str]) -> None:
    """Open a page as the row says; nothing may go wrong behind it, and it keeps to its budget."""
    visit.page.emulate_media(color_scheme=row.scheme)  # type: ignore[arg-type]
    visit.page.set_viewport_size({"width": row.width, "height": 800})
    visit.requests.clear()
    visit.expected = set()
    visit.open(path_of(row.page, row.language, ids), EXAMPLES[row.page].status)
    assert visit.faults == []
    document = next(each for each in visit.requests if each.resource_type == "document")
    size = document.sizes()["responseBodySize"]
    note("html", row.language, row.page, size)
    assert size <= MOST_HTML
    headed = visit.page.evaluate(HEADED)
    assert headed["language"] == row.language
    assert headed["title"]
    assert len(headed["heads"]) == 1
    assert headed["heads"][0]


def overflow_of(visit: Visit) -> int:
    """By how many pixels the page is wider than the screen."""
    return visit.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


HEADED = """() => ({
  language: document.documentElement.lang,
  title: document.title.trim(),
  heads: [...document.querySelectorAll("h1")].map((each) => each.innerText.trim()),
})"""

# axe's whole account of a page is long, and only what is wrong is looked at
WRONG = """async (tags) => {
  const found = await axe.run({runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map((each) => [each.id, each.nodes.map((node) => node.html)]);
}"""


def nothing_is_wrong(visit: Visit, row: Row, ids: dict[str, str]) -> None:
    """The page of a row is right, axe finds nothing, and it fits: a phone in any case."""
    look_at(visit, row, ids)
    assert overflow_of(visit) <= 0
    assert visit.page.evaluate(WRONG, RULES) == []
    if row.width != 320:
        visit.page.set_viewport_size({"width": 320, "height": 800})
        assert overflow_of(visit) <= 0


@pytest.mark.parametrize("row", SAMPLE, ids=str)
def test_axe_finds_nothing_and_the_page_fits_a_phone_and_its_budget(
    people: People, row: Row, ids: dict[str, str]
) -> None:
    nothing_is_wrong(people(row.role, with_axe=True), row, ids)


@pytest.mark.parametrize("row", OTHERS, ids=str)
def test_the_page_fits_a_phone_and_its_budget_in_every_other_language(
    people: People, row: Row, ids: dict[str, str]
) -> None:
    visit = people(row.role, with_axe=False)
    look_at(visit, row, ids)
    assert overflow_of(visit) <= 0


@pytest.mark.sweep
@pytest.mark.parametrize("page", EXAMPLES)
def test_axe_finds_nothing_for_anybody_in_any_language(
    people: People, page: str, ids: dict[str, str]
) -> None:
    for row in (each for each in PRODUCT if each.page == page):
        nothing_is_wrong(people(row.role, with_axe=True), row, ids)


def test_the_sample_meets_everybody_in_every_language() -> None:
    for page, example in EXAMPLES.items():
        rows = [row for row in SAMPLE if row.page == page]
        assert {row.role for row in rows} == set(example.roles)
        assert {row.width for row in rows} == {320, 1280}
        assert {row.scheme for row in rows} == {"light", "dark"}
    assert {(row.page, row.language) for row in SAMPLE + OTHERS} == set(
        product_of(EXAMPLES, LANGUAGES)
    )
    everybody = {*EVERYBODY, "observer"}
    assert {(row.role, row.language) for row in SAMPLE} == set(product_of(everybody, LANGUAGES))


def note(*figures: object) -> None:
    """Keep a measured figure where people can look it up afterwards."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (PICTURES / "figures.tsv").open("a", encoding="utf-8") as table:
        table.write("\t".join(map(str, figures)) + "\n")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (None, ""),
        (None, "organisations"),
        (None, "/data/network/organisations"),
        ("member", f"nearby?place={BAYRAMALY}&limit=20"),
    ],
)
def test_a_first_visit_is_light(
    visiting: Visiting, role: str | None, path: str, language: str
) -> None:
    visit = visiting(role=role, language=language, width=320)
    visit.open(path)
    visit.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    visit.page.wait_for_load_state("networkidle")
    if "limit=20" in path:
        assert visit.page.locator("#results li.card").count() == 20
        assert visit.page.locator("#results figure img").evaluate("e => e.naturalWidth") > 0
    sizes = [on_the_wire(each) for each in visit.requests]
    note("first visit", language, path, sum(sizes), len(sizes))
    assert len(sizes) <= MOST_REQUESTS, [each.url for each in visit.requests]
    assert sum(sizes) <= MOST_AT_FIRST
    css = next(each for each in visit.requests if each.resource_type == "stylesheet")
    note("css", css.sizes()["responseBodySize"])
    assert css.sizes()["responseBodySize"] <= MOST_CSS


def on_the_wire(request: Request) -> int:
    """The bytes of an answer as they came, headers included."""
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


FOCUSABLE = """() => {
  const able = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
  const seen = [...document.querySelectorAll(able)].filter((e) => e.checkVisibility());
  seen.forEach((e, n) => { e.dataset.tabStop = n; });
  return seen.length;
}"""

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const seen = box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth
    && box.bottom > 0 && box.top < innerHeight;
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {stop: e.dataset.tabStop, seen, ring, html: e.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("role", "path"), [(None, ""), ("member", f"nearby?place={BAYRAMALY}")])
def test_everything_is_reached_by_tab_and_shows_it(
    visiting: Visiting, role: str | None, path: str, width: int
) -> None:
    visit = visiting(role=role, width=width)
    visit.open(path)
    visit.page.wait_for_load_state("load")
    visit.page.bring_to_front()
    stops = visit.page.evaluate(FOCUSABLE)
    reached: list[str] = []
    faults = []
    for _ in range(2 * stops + 10):
        visit.page.keyboard.press("Tab")
        focused = visit.page.evaluate(FOCUSED)
        if focused and not (focused["seen"] and focused["ring"]):
            visit.page.wait_for_timeout(200)  # a busy machine scrolls and draws a little later
            focused = visit.page.evaluate(FOCUSED)
        if focused is None:
            break
        reached.append(focused["stop"])
        if not (focused["seen"] and focused["ring"]):
            faults.append(focused)
    assert faults == []
    assert sorted(set(map(int, reached))) == list(range(stops))
    # a date has three parts, each a stop; otherwise the order is that of the page
    assert reached == sorted(reached, key=int)
