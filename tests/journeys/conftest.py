"""A browser on the real site. Every journey also fails when something went wrong behind the page:
a console error, a script error, a request to another host, a report of the security policy.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import settings_for
from tests.journeys.pages import find_ids
from tests.journeys.site import build_world, serving
from tests.journeys.visits import Visit, begin
from tests.worlds import build_once, copy_world

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "var" / "journeys"
FAILED = pytest.StashKey[bool]()

# what Playwright turns off, since Chromium hears only the last list, and two pages for the address
# bar which every new window would otherwise load, for more than a page of the portal takes
WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    f"--disable-features={','.join(WITHOUT)}",
)


@pytest.fixture(scope="session")
def today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the whole demo as of now; copy it before changing anything."""
    return build_once(tmp_path_factory, "today", build_world)


@pytest.fixture(scope="session")
def site_folder(today: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the running site."""
    folder = tmp_path_factory.mktemp("site") / "data"
    copy_world(today, folder)
    return folder


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of the running site; journeys on it only read."""
    with serving(site_folder) as address:
        yield address


@pytest.fixture(scope="session")
def ids(site: str, site_folder: Path) -> dict[str, str]:
    """What stands for the ids in the addresses of examples: some are made on the site for this."""
    return find_ids(site, settings_for(site_folder))


# a module's, not the session's: while it is open, an event loop runs in the thread of the tests
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium, which calls nobody of its own accord.

    The headless shell is the same engine without the windows; it opens a page in half the time.
    """
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "The journeys need Chromium: install your distribution's package 'chromium'."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


def slug(name: str) -> str:
    """A name that a file may have."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")


Visiting = Callable[..., Visit]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    """Remember on the test that it failed, so that `visiting` can take a picture."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def visiting(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visiting]:
    """Begin visits with `width`, `script`, `language`, `role`, `scheme`; each must end clean.

    When the test fails, pictures of its pages are left in `var/journeys`.
    """
    begun: list[Visit] = []

    def start(**how: object) -> Visit:
        begun.append(begin(browser, site, **how))  # type: ignore[arg-type]
        return begun[-1]

    yield start
    if request.node.stash.get(FAILED, False):
        for number, visit in enumerate(begun):
            visit.page.screenshot(path=PICTURES / f"{slug(request.node.name)}-{number}.png")
    for visit in begun:
        visit.page.context.close()
    assert [visit.faults for visit in begun if visit.faults] == []
