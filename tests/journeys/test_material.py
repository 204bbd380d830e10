"""A poster on its way: given by one organisation, agreed to by another, found by everybody."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from portal.settings import Settings
from tests.conftest import settings_for
from tests.journeys.site import serving
from tests.journeys.visits import Visit, begin
from tests.worlds import copy_world

TITLE = "Ask twice, then travel"
STEPS = 5
TOO_LARGE = 201 * 1024 * 1024


@pytest.fixture(scope="module")
def stage(
    today: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Settings, Path]]:
    """A running site that these journeys may change, and a folder for what they upload."""
    folder = tmp_path_factory.mktemp("giving") / "data"
    copy_world(today, folder)
    with serving(folder) as address:
        yield address, settings_for(folder), folder.parent


def poster(folder: Path) -> Path:
    """A picture that says who took it."""
    exif = Image.Exif()
    exif[0x013B] = "Somebody"
    path = folder / "poster.jpg"
    Image.new("RGB", (800, 1100), "teal").save(path, exif=exif)
    return path


def fill(giver: Visit, title: str = TITLE) -> None:
    """What is needed, and no more."""
    giver.page.fill("#title", title)
    giver.page.select_option("#kind", "poster")
    giver.page.select_option("#language", "ru")
    giver.page.select_option("#licence", "cc_by_sa")
    giver.page.check("input[name=pictures][value=no]")


def give(giver: Visit, folder: Path, title: str = TITLE) -> str:
    """From the gallery to a poster that waits for a second person; its id."""
    giver.open("materials")
    giver.steps.acts.clear()
    giver.follow("Give a material")
    giver.page.set_input_files("#file", poster(folder))
    fill(giver, title)
    giver.press("Send for a second look")
    expect(giver.page.locator("main")).to_contain_text("Waits for a second person")
    assert len(giver.steps) <= STEPS, giver.steps.acts
    return giver.page.url.rsplit("/", 1)[1]


def agree(second: Visit, title: str) -> None:
    """Somebody of another organisation looks at it, downloads it, and agrees."""
    second.open("work")
    second.page.locator("li.card", has_text=title).get_by_role("link").first.click()
    second.follow("What is to be published")
    expect(second.page.locator("h1")).to_have_text(title)
    with second.page.expect_download() as download:
        second.page.get_by_role("link", name="Download").first.click()
    assert b"Somebody" not in Path(download.value.path()).read_bytes()
    second.page.go_back()
    second.press("I agree")
    expect(second.page.locator("main")).to_contain_text("Agreed")


def find(visitor: Visit, work: str, title: str) -> None:
    """Everybody finds it in the gallery."""
    visitor.open("materials")
    expect(visitor.page.locator("main")).to_contain_text(title)
    visitor.open(f"materials/{work}")
    expect(visitor.page.locator("h1")).to_have_text(title)


def carry_home(visitor: Visit, folder: Path) -> None:
    """Into the basket, and home as one file; the picture tells nothing of who took it."""
    visitor.follow("Put into the basket")
    visitor.page.locator("main").get_by_role("link", name="In the basket").first.click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Download all as one file").click()
    path = folder / "basket.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as opened:
        pictures = [name for name in opened.namelist() if name.endswith(".jpg")]
        assert len(pictures) == 1
        assert b"Somebody" not in opened.read(pictures[0])


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_poster_goes_from_one_organisation_to_everybody(
    browser: Browser, stage: tuple[str, Settings, Path], script: bool
) -> None:
    site, settings, folder = stage
    title = f"{TITLE}, {'quickly' if script else 'plainly'}"
    begun = {"width": 320, "script": script}
    giver = begin(browser, site, role="member", **begun)
    second = begin(browser, site, role="member", organisation="another", **begun)
    visitor = begin(browser, site, **begun)
    work = give(giver, folder, title)
    visitor.open(f"materials/{work}", 404)
    agree(second, title)
    find(visitor, work, title)
    carry_home(visitor, folder)
    assert [each for each in settings.incoming.iterdir() if each.is_file()] == []
    for visit in (giver, second, visitor):
        assert visit.is_clean() == []
        visit.page.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_r10_a_file_that_is_refused_costs_no_typed_word(
    browser: Browser, stage: tuple[str, Settings, Path], script: bool
) -> None:
    site, settings, folder = stage
    giver = begin(browser, site, width=320, script=script, role="member")
    giver.expected |= {422, 413}
    wrong = folder / "poster.pdf"
    wrong.write_bytes(b"#!/bin/sh\n")
    giver.open("contribute/new")
    giver.page.set_input_files("#file", wrong)
    fill(giver)
    giver.press("Send for a second look")
    expect(giver.page.locator("#file-wrong")).to_be_visible()
    expect(giver.page.locator("#title")).to_have_value(TITLE)
    large = folder / "film.mp4"
    with large.open("wb") as file:
        file.truncate(TOO_LARGE)
    giver.page.set_input_files("#file", large)
    giver.press("Send for a second look")
    expect(giver.page.locator("h1")).to_contain_text("too large", timeout=60_000)
    large.unlink()
    assert [each for each in settings.incoming.iterdir() if each.is_file()] == []
    assert giver.is_clean() == []
    giver.page.context.close()
