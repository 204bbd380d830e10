"""The contact sheet: one small picture for a page of the gallery, and no way to guess at works."""

from io import BytesIO
from pathlib import Path

import pytest
from litestar.testing import TestClient
from PIL import Image, ImageDraw

from portal.db import Store
from portal.downloads.drawing import HEIGHT, MOST_BYTES, WIDTH, draw_sheet
from portal.downloads.queries import Tile
from portal.settings import Settings
from portal.uploads.rules import Kind
from tests.downloads.shelf import publish_file

PNG = Kind("png", "image/png", ())


@pytest.fixture
def posters(store: Store, settings: Settings, tmp_path: Path) -> list[str]:
    """Twelve works for everybody, each with a poster of its own."""
    return [publish_file(store, settings, poster(tmp_path, n), of=PNG)[0] for n in range(12)]


def poster(folder: Path, number: int) -> Path:
    """A picture with shapes and detail."""
    path = folder / f"{number}.png"
    drawn = Image.effect_noise((50, 66), 40).resize((150, 200)).convert("RGB")
    pen = ImageDraw.Draw(drawn)
    for step in range(8):
        left = (number * 13 + step * 21) % 100
        box = (left, step * 24, left + 40, step * 24 + 20)
        pen.ellipse(box, fill=(step * 30, number * 20, 160))
    drawn.save(path)
    return path


def sheet(client: TestClient, *ids: str, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/en/materials/sheet?of={'.'.join(ids)}", headers=named)


def tile(body: bytes, number: int) -> Image.Image:
    with Image.open(BytesIO(body)) as opened:
        left, top = number % 4 * WIDTH, number // 4 * HEIGHT
        whole = opened.convert("RGB")
    # a little inside: webp lets colours run across an edge
    return whole.crop((left + 16, top + 16, left + WIDTH - 16, top + HEIGHT - 16))


def is_blank(found: Image.Image) -> bool:
    return all(high - low < 12 for low, high in found.getextrema())


def test_twelve_tiles_are_one_small_picture(client: TestClient, posters: list[str]):
    answer = sheet(client, *posters)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert len(answer.content) <= MOST_BYTES
    with Image.open(BytesIO(answer.content)) as opened:
        assert opened.size == (4 * WIDTH, 3 * HEIGHT)
    assert not any(is_blank(tile(answer.content, number)) for number in range(12))


def test_it_may_be_kept_for_a_moment_and_asked_for_again(client: TestClient, posters: list[str]):
    answer = sheet(client, *posters[:2])
    assert answer.headers["cache-control"] == "public, max-age=60"
    again = sheet(client, *posters[:2], if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert sheet(client, *posters[1:3]).headers["etag"] != answer.headers["etag"]


def test_what_is_hidden_looks_as_what_is_not_there(
    client: TestClient, store: Store, settings: Settings, tmp_path: Path, posters: list[str]
):
    path = poster(tmp_path, 20)
    hidden = [
        publish_file(store, settings, path, of=PNG, visibility="members")[0],
        publish_file(store, settings, path, of=PNG, state="waiting")[0],
        publish_file(store, settings, path, of=PNG, state="withdrawn")[0],
    ]
    nothing = sheet(client, posters[0], "m-nothing")
    assert not is_blank(tile(nothing.content, 0))
    assert is_blank(tile(nothing.content, 1))
    for material_id in hidden:
        assert sheet(client, posters[0], material_id).content == nothing.content


def test_members_see_theirs_and_keep_nothing(
    client: TestClient, store: Store, settings: Settings, tmp_path: Path
):
    path = poster(tmp_path, 21)
    material_id, _ = publish_file(store, settings, path, of=PNG, visibility="members")
    client.post("/demo/sign-in", data={"role": "coordinator", "organisation": ""})
    answer = sheet(client, material_id)
    assert answer.headers["cache-control"] == "no-store"
    assert not is_blank(tile(answer.content, 0))


def test_a_work_without_a_picture_has_a_sign(
    client: TestClient, store: Store, settings: Settings, tmp_path: Path
):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 no picture of this can be made")
    ids = [
        publish_file(store, settings, path, **work)[0]
        for work in ({"kind": "video"}, {"kind": "practice_note"})
    ]
    answer = sheet(client, *ids)
    first, second = tile(answer.content, 0), tile(answer.content, 1)
    assert not is_blank(first)
    assert not is_blank(second)
    assert first.tobytes() != second.tobytes()


@pytest.mark.parametrize(
    "kind", ["poster", "leaflet", "video", "audio", "presentation", "screening_guide", "new_kind"]
)
def test_each_kind_has_a_sign(tmp_path: Path, kind: str):
    assert not is_blank(tile(draw_sheet(tmp_path, (Tile(kind),)), 0))


def test_a_thumbnail_that_the_disk_lost_leaves_the_sign(tmp_path: Path):
    assert draw_sheet(tmp_path, (Tile("video", "0" * 64),)) == draw_sheet(
        tmp_path, (Tile("video"),)
    )


def test_not_more_than_twelve(client: TestClient):
    with Image.open(BytesIO(sheet(client, *["m"] * 40).content)) as opened:
        assert opened.size == (4 * WIDTH, 3 * HEIGHT)


@pytest.mark.parametrize("query", ["", "?of=", f"?of={'m' * 700}", "?of=m-1&colour=red"])
def test_what_cannot_be_asked(client: TestClient, query: str):
    assert client.get(f"/en/materials/sheet{query}").status_code == 422
