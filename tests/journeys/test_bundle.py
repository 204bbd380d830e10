"""The bundle from a stick, in Chromium without any network."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from portal.bundling.actions import bundle
from portal.db import Store
from portal.i18n.language import load_language
from portal.organisations.actions import save_organisation
from portal.publication.actions import publish
from search.folding import fold_words
from tests.bundling.opening import Stick
from tests.conftest import LANGUAGES, OPERATOR, settings_for
from tests.journeys.test_access import AXE, HEADED, RULES, WRONG
from tests.journeys.visits import REPORT_VIOLATIONS
from tests.worlds import copy_world

HARMFUL = "«Зарра» </script><img src=/hurt onerror=alert(1)>"

NAMES = (
    *("Хуҷанд", "Худжанд", "Khujand", "Aşgabat", "Ашгабат", "Ashgabat", "Türkmenabat"),
    *("Туркменабад", "Daşoguz", "Дашогуз", "Qo‘rg‘ontepa", "Қӯрғонтеппа", "Kurgan-Tyube"),
    *("«Ak säher» zenanlar merkezi", "Созмони ҷамъиятии «Роҳи сафед»", "объезд", "d’Aşgabat"),
    *("ŞÇÄŽŇÖÜÝ", "ЩЪЫЬЭЮЯЁ", "Хорог-1", "ШКОЛА_42", "Straße", "й", "İstanbul", "x" * 60),
    *("shch tsch dzh dj kh", "a'b 'c' d''e", "  ", "Мары́", "№ 7", "日本 Мары", "آشغابات", ""),
)

CLEAN = """() => document.querySelectorAll("main script, main img, [onerror]").length"""


@pytest.fixture(scope="module")
def stick(today: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the unpacked bundle, one name of which means harm; its file:// address."""
    folder = tmp_path_factory.mktemp("stick")
    copy_world(today, folder / "data")
    settings, at = settings_for(folder / "data"), datetime.now(UTC)
    store = Store(settings.database)
    with store.transaction() as db:
        whole = {"name": HARMFUL, "names": json.dumps({"ru": HARMFUL}), "summary": HARMFUL}
        (other,) = db.execute(
            "SELECT o.id FROM organisations AS o JOIN membership_now AS m"
            " ON m.organisation_id = o.id JOIN places AS p ON p.id = o.place_id"
            " WHERE m.state = 'admitted' AND o.visibility = 'public' AND p.region = 'TJ-SU'"
            " AND o.id NOT IN (SELECT organisation_id FROM organisation_services"
            " WHERE service = 'shelter') LIMIT 1"
        ).fetchone()
        save_organisation(db, OPERATOR, at, other, whole)
    publish(store, settings, OPERATOR, at)
    bundle(store, settings, folder / "bundle.zip", at)
    store.close()
    unpacked = Stick((folder / "bundle.zip").read_bytes()).unpack(folder / "site")
    return unpacked.as_uri()


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A small telephone that is cut off: whatever is no file on the stick is a fault."""
    yield from cut_off(browser, script=True)


@pytest.fixture
def without_script(browser: Browser) -> Iterator[BrowserContext]:
    """The same, scripts turned off."""
    yield from cut_off(browser, script=False)


def cut_off(browser: Browser, *, script: bool) -> Iterator[BrowserContext]:
    faults: list[str] = []

    def only_files(route: Route) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            faults.append(route.request.url)
            route.abort()

    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=script
    )
    context.set_default_timeout(5_000)
    context.set_offline(True)
    context.route("**/*", only_files)
    context.add_init_script(REPORT_VIOLATIONS)
    context.on("console", lambda said: faults.append(f"{said.type}: {said.text}"))
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    yield context
    context.close()
    assert faults == []


def test_an_organisation_is_found_by_its_name_in_another_alphabet(
    offline: BrowserContext, stick: str
) -> None:
    page = offline.new_page()
    page.goto(f"{stick}/index.html")
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Search", exact=True).first.click()
    page.locator("#q").fill("ак сахер")
    found = page.locator("#found a").first
    expect(found).to_contain_text("Ak säher")
    found.click()
    target = page.locator(":target")
    expect(target.locator("h2")).to_contain_text("Ak säher")
    expect(target.locator("a[href^='tel:']")).to_be_visible()
    page.get_by_role("link", name="Русский").click()
    assert page.locator("html").get_attribute("lang") == "ru"
    assert page.url.endswith("/ru/o-tm-s.html")
    page.get_by_role("link", name=load_language("ru").gettext("Exit this page")).click()
    assert page.url.endswith("/ru/out.html")


def test_without_script_it_is_found_among_all_names(
    without_script: BrowserContext, stick: str
) -> None:
    page = without_script.new_page()
    page.goto(f"{stick}/tk/find.html")
    expect(page.locator("#q")).to_be_hidden()
    page.locator("main a[href='az.html']").click()
    page.get_by_role("link", name="A", exact=True).click()
    page.get_by_role("link", name="«Ak säher» zenanlar merkezi").click()
    expect(page.locator(":target h2")).to_have_text("«Ak säher» zenanlar merkezi")


def test_names_are_folded_as_in_the_portal(offline: BrowserContext, stick: str) -> None:
    page = offline.new_page()
    for code in LANGUAGES:
        page.goto(f"{stick}/{code}/find.html")
        folded = page.evaluate("(names) => names.map((name) => fold(name))", list(NAMES))
        letters = [name for name in NAMES if "日" not in name]
        assert dict(zip(NAMES, folded, strict=True)) | {"日本 Мары": ["mari"]} == {
            **{name: fold_words(name) for name in letters},
            "日本 Мары": ["mari"],
        }
        for asked in ("хорог", "Khorog", "Хоруғ"):
            page.locator("#q").fill(asked)
            assert page.locator("#said").inner_text()
        rows = page.evaluate("INDEX.map((row) => [row[0], row[3]])")
        for title, keys in rows:
            assert set(page.evaluate("fold", title)) <= set(keys.split(" ")), title


def test_a_name_that_means_harm_is_only_read(offline: BrowserContext, stick: str) -> None:
    page = offline.new_page()
    page.goto(f"{stick}/ru/find.html")
    page.locator("#q").fill("zarra")
    found = page.locator("#found a", has_text="Зарра")
    expect(found).to_have_text(HARMFUL)
    assert page.evaluate(CLEAN) == 0
    found.click()
    expect(page.locator(":target h2")).to_have_text(HARMFUL)
    assert page.evaluate(CLEAN) == 0
    page.goto(f"{stick}/en/az.html")
    assert page.evaluate(CLEAN) == 0


def look_at(page: Page, language: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    assert page.evaluate(HEADED)["language"] == language
    assert page.evaluate(WRONG, RULES) == [], page.url


@pytest.mark.parametrize(
    ("path", "language"),
    [
        *(("index", "en"), ("tg/index", "tg"), ("ru/o-tm-s", "ru"), ("tk/visits", "tk")),
        *(("en/mat", "en"), ("en/n-28", "en"), ("ru/book", "ru"), ("tk/find", "tk")),
        *(("tg/az", "tg"), ("en/out", "en")),
    ],
)
def test_axe_finds_nothing_and_pages_fit_a_telephone(
    browser: Browser, stick: str, path: str, language: str
) -> None:
    # the policy lets no script in but the bundle's own: axe is brought past it
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{stick}/{path}.html")
    page.add_script_tag(path=AXE)
    if path.endswith("find"):
        page.locator("#q").fill("ашгабат")
        expect(page.locator("#found li").first).to_be_visible()
    look_at(page, language)
    context.close()
