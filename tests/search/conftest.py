"""The engines every test here is run with, and the lines of the table of relevance."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from search.embedded import EmbeddedEngine
from search.engine import Engine
from tests.conftest import RELEVANCE

ENGINES: dict[str, Callable[[Path], Engine]] = {"embedded": EmbeddedEngine}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, empty."""
    opened = ENGINES[request.param](tmp_path / "index")
    yield opened
    opened.close()


@pytest.fixture
def relevance(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Adds a line to the table that is printed after the tests, whether they pass or not."""
    return partial(record_property, RELEVANCE)
