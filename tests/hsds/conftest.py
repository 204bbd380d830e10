"""Reads HSDS as a program does: page after page, until the last one."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

KINDS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}

Records = list[dict[str, Any]]
ReadAll = Callable[..., Records]


@pytest.fixture
def read_all(visitor: TestClient) -> ReadAll:
    """All records of a list, from pages that must add up."""

    def read(path: str, per_page: int = 40, **asked: str) -> Records:
        found: Records = []
        number, is_last = 0, False
        while not is_last:
            number += 1
            query = {**asked, "page": str(number), "per_page": str(per_page)}
            answer = visitor.get(f"/hsds/{path}", params=query)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            is_last = page["last_page"]
            found += page["contents"]
            assert page["page_number"] == number
            assert page["first_page"] is (number == 1)
            assert page["size"] == len(page["contents"])
            assert page["empty"] is (page["size"] == 0)
            assert page["size"] == per_page or is_last
        assert page["total_items"] == len(found)
        assert page["total_pages"] == (number if found else 0)
        return found

    return read
