"""The gallery: what is published, by filters with counts, newest first."""

from litestar.testing import TestClient

from tests.conftest import JSON, PARTIAL
from tests.materials.stage import Stage


def test_page_block_and_json_say_the_same(client: TestClient, stage: Stage) -> None:
    work = stage.work("en", "ru")
    (found,) = client.get("/en/materials", headers=JSON).json()["results"]
    page = client.get("/en/materials").text
    block = client.get("/en/materials", headers=PARTIAL).text
    assert found["id"] == work
    assert found["languages"] == ["en", "ru"]
    assert work in page
    assert work in block
    assert "<html" in page
    assert "<html" not in block
    print(page)
    print(client.get(f"/en/materials/{work}").text)
    print(client.get(f"/en/materials/{work}/print").text)
    print(client.get(f"/en/materials/feed").text)
