"""The engines every test here is run with, and the table of relevance printed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search.embedded import EmbeddedEngine
from search.engine import Engine

ENGINES: dict[str, Callable[[Path], Engine]] = {"embedded": EmbeddedEngine}

RELEVANCE = pytest.StashKey[list[str]]()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, empty."""
    opened = ENGINES[request.param](tmp_path / "index")
    yield opened
    opened.close()


@pytest.fixture
def relevance_table(request: pytest.FixtureRequest) -> list[str]:
    """Lines to be printed after the tests, whether they pass or not."""
    return request.config.stash.setdefault(RELEVANCE, [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = config.stash.get(RELEVANCE, [])
    if lines:
        terminalreporter.section("relevance of search")
        terminalreporter.write_line(
            f"{'engine':12} {'queries':10} {'kind':14} {'asked':>5}"
            f"  {'first hit (floor)':17}  in the first five (floor)"
        )
        for line in lines:
            terminalreporter.write_line(line)
