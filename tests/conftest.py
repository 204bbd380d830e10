"""The cast and the stage of every test: the demo's invented world on a Monday morning."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from msgspec.structs import replace as replace_settings

from portal.actor import Actor
from portal.app import furnish, make_frame, make_site
from portal.clock import Clock
from portal.db import Store
from portal.engines import open_engines
from portal.indexes.actions import drain, find_positions, rebuild, retire
from portal.publication.actions import republish_registers
from portal.releasing.actions import release_and_publish
from portal.schemas import MIGRATIONS
from portal.settings import Settings, read_settings
from portal.transfer.seed import seed_demo, seed_facts, seed_life
from tests.worlds import build_once, copy_world, is_unspoilt

MOMENT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
OPERATOR = Actor(role="admin", account_id="operator")
LANGUAGES = ("en", "ru", "tk", "tg")
JSON = {"Accept": "application/json"}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}

# the name under which tests, in whatever process, record the lines of the table of relevance
RELEVANCE = "relevance"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of relevance."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    recorded = [each for report in reports for each in report.user_properties]
    lines = [line for name, line in recorded if name == RELEVANCE]
    if lines:
        terminalreporter.section("relevance of search")
        terminalreporter.write_line(
            f"{'engine':12} {'queries':10} {'kind':14} {'asked':>5}"
            f"  {'first hit (floor)':17}  in the first five (floor)"
        )
    for line in lines:
        terminalreporter.write_line(str(line))


def settings_for(folder: Path) -> Settings:
    """The demo's settings over a folder."""
    return read_settings(
        {
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_ENV": "demo",
            "PORTAL_HOTLINE": "TM=+993 00 0000;TJ=+992 000 0000",
        }
    )


# the frames of sites that have closed, by their settings without the folder
FRAMES: defaultdict[str, list[Litestar]] = defaultdict(list)


@contextmanager
def browsing(
    settings: Settings, clock: Clock = lambda: MOMENT, address: str = "http://127.0.0.1"
) -> Iterator[TestClient]:
    """A browser on a site over these settings.

    The frame is that of a site which has closed, if there is one: to register its hundreds of
    handlers takes longer than most tests. All that a site remembers is in what furnishes it; its
    templates it may share, for they are the same everywhere and take long to compile.
    """
    site = make_site(settings, Store(settings.database), clock)
    closed = FRAMES[repr(replace_settings(settings, data_dir=Path()))]
    if closed:
        frame = closed.pop()
        site = replace(site, templates=frame.state.site.templates)
    else:
        frame = make_frame(settings)
    furnish(frame, site)
    with TestClient(frame, base_url=address) as opened:
        yield opened
    closed.append(frame)


def build_demo(folder: Path) -> None:
    """The whole demo, indexed and published."""
    settings = settings_for(folder)
    store = Store(settings.database)
    store.migrate(MIGRATIONS)
    seed_facts(store, settings, OPERATOR, MOMENT)
    seed_demo(store, settings, OPERATOR, MOMENT)
    engines = open_engines(settings)
    rebuild(store, engines.embedded, TODAY)
    retire(store, [find_positions(store, engines.embedded)])
    engines.close()
    release_and_publish(store, settings, OPERATOR, MOMENT)
    store.close()


def catch_up(store: Store, settings: Settings) -> None:
    """Do what a site does when it opens, lest each site over a copy do it anew."""
    engines = open_engines(settings)
    drain(store, engines.embedded, TODAY, patience=20.0)
    retire(store, [find_positions(store, engines.embedded)])
    engines.close()
    republish_registers(store, settings, OPERATOR, MOMENT)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with the whole demo in it; copy it before changing anything."""
    folder = build_once(tmp_path_factory, "world", build_demo)
    yield folder
    assert is_unspoilt(folder)


@pytest.fixture
def settings(world: Path, tmp_path: Path) -> Settings:
    """The demo's settings over a copy of the world that the test may change."""
    folder = tmp_path / "data"
    copy_world(world, folder)
    return settings_for(folder)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The main database of that copy."""
    opened = Store(settings.database)
    yield opened
    opened.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A browser that nobody has signed in with, on a site the test may change."""
    with browsing(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def lived(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same world after people have been at work in it; copy it as well."""

    def build(folder: Path) -> None:
        copy_world(world, folder)
        settings = settings_for(folder)
        store = Store(settings.database)
        seed_life(store, settings, OPERATOR, MOMENT)
        catch_up(store, settings)
        store.close()

    return build_once(tmp_path_factory, "lived", build)


@pytest.fixture(scope="session")
def shared(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One more copy, in which people have been at work, for all tests that only read."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    copy_world(lived, folder)
    return folder


@pytest.fixture(scope="session")
def reading(shared: Path) -> Iterator[TestClient]:
    """One site for all tests that only read."""
    with browsing(settings_for(shared)) as opened:
        yield opened


@pytest.fixture
def visitor(reading: TestClient) -> Iterator[TestClient]:
    """The public."""
    reading.cookies.clear()
    yield reading
    reading.cookies.clear()


SignIn = Callable[..., TestClient]


@pytest.fixture
def as_role(visitor: TestClient) -> SignIn:
    """Sign the shared browser in as one of the demo's people."""

    def sign_in(role: str, organisation: str = "") -> TestClient:
        visitor.cookies.clear()
        form = {"role": role, "organisation": organisation}
        answer = visitor.post("/demo/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return visitor

    return sign_in


@pytest.fixture
def member(as_role: SignIn) -> TestClient:
    """A member with directory access."""
    return as_role("member")


@pytest.fixture
def coordinator(as_role: SignIn) -> TestClient:
    """A coordinator."""
    return as_role("coordinator")
