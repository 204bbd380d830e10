"""A mail server of the test's own."""

from collections.abc import Iterator

import pytest

from tests.postbox import Postbox, opened_postbox


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with opened_postbox() as box:
        yield box
