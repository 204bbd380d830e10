"""A stored file is given whole or in parts, boxed in, under a name of our own."""

import hashlib
import os
from pathlib import Path
from urllib.parse import unquote

import pytest
from litestar.testing import TestClient

from portal.actor import Actor
from portal.db import Store
from portal.downloads.rules import file_name, may_be_given
from portal.files import Shelf
from portal.settings import Settings
from portal.web.giving import Part, Unsatisfiable, attachment, part_of
from portal.web.headers import SANDBOX
from tests.conftest import LANGUAGES
from tests.downloads.shelf import publish_file

BYTES = b"%PDF-1.7\n" + bytes(range(256)) * 2000


@pytest.fixture
def leaflet(tmp_path: Path) -> Path:
    path = tmp_path / "Leaflet by Aygul, final (2).pdf"
    path.write_bytes(BYTES)
    return path


@pytest.fixture
def address(store: Store, settings: Settings, leaflet: Path) -> str:
    material_id, entry = publish_file(store, settings, leaflet)
    return f"/en/materials/{material_id}/files/{entry}"


def tag(body: bytes = BYTES) -> str:
    return f'"{hashlib.sha256(body).hexdigest()}"'


def test_a_visitor_gets_the_whole_file(client: TestClient, address: str):
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer.headers["content-length"] == str(len(BYTES))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"] == tag()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-cache"
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language(client: TestClient, address: str, language: str):
    assert client.get(address.replace("/en/", f"/{language}/")).content == BYTES


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"Range": "bytes=10-"}, 206),
        ({"If-None-Match": tag()}, 304),
        ({"Range": f"bytes={len(BYTES)}-"}, 416),
    ],
)
def test_whatever_is_answered_is_boxed_in(
    client: TestClient, address: str, asked: dict, status: int
):
    answer = client.get(address, headers=asked)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == SANDBOX
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    if status < 300:
        assert answer.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=5-9", 5, 9),
        ("bytes=100-", 100, len(BYTES) - 1),
        ("bytes=-7", len(BYTES) - 7, len(BYTES) - 1),
        ("bytes=3-99999999", 3, len(BYTES) - 1),
        ("Bytes=5-9", 5, 9),
    ],
)
def test_a_part_is_given(client: TestClient, address: str, asked: str, first: int, last: int):
    answer = client.get(address, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, BYTES[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(BYTES)}"
    assert answer.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-9", "bytes=9-5", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=", "x" * 500],
)
def test_several_parts_or_nonsense_are_the_whole(client: TestClient, address: str, asked: str):
    answer = client.get(address, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, BYTES)


@pytest.mark.parametrize("asked", [f"bytes={len(BYTES)}-", "bytes=99999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(client: TestClient, address: str, asked: str):
    answer = client.get(address, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(BYTES)}"


@pytest.mark.parametrize("known", [tag(), f'W/{tag()}, "other"', f'"other", {tag()}', "*"])
def test_who_has_it_already_gets_nothing(client: TestClient, address: str, known: str):
    answer = client.get(address, headers={"If-None-Match": known, "Range": "bytes=5-9"})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag()


def test_who_has_another_gets_this_one(client: TestClient, address: str):
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_download_goes_on_while_the_file_is_the_same(client: TestClient, address: str):
    answer = client.get(address, headers={"Range": "bytes=1000-", "If-Range": tag()})
    assert (answer.status_code, answer.content) == (206, BYTES[1000:])


@pytest.mark.parametrize("only_if", ['"other"', f"W/{tag()}", "Wed, 25 Nov 2026 00:00:00 GMT"])
def test_it_begins_anew_when_the_file_is_another(client: TestClient, address: str, only_if: str):
    answer = client.get(address, headers={"Range": "bytes=1000-", "If-Range": only_if})
    assert (answer.status_code, answer.content) == (200, BYTES)


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=10-19"}])
def test_packing_leaves_files_alone(client: TestClient, address: str, asked: dict):
    plain = client.get(address, headers={"Accept-Encoding": "identity", **asked})
    packed = client.get(address, headers={"Accept-Encoding": "gzip", **asked})
    assert "content-encoding" not in packed.headers
    assert packed.content == plain.content
    assert packed.headers["content-length"] == str(len(plain.content))


def test_head_tells_the_length_and_reads_nothing(
    client: TestClient, address: str, settings: Settings
):
    vast = 100 * 1024**3
    os.truncate(Shelf(settings.files).path(tag().strip('"')), vast)
    answer = client.head(address)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(vast)
    part = client.head(address, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["content-length"]) == (206, "10")


def test_a_file_that_the_disk_lost_is_said_in_words(
    client: TestClient, address: str, settings: Settings
):
    Shelf(settings.files).forget(tag().strip('"'))
    answer = client.get(address)
    assert answer.status_code == 503
    assert "down for a moment" in answer.text
    assert "sandbox" not in answer.headers["content-security-policy"]


def test_the_senders_name_is_nowhere(client: TestClient, address: str):
    answer = client.get(address)
    assert "Aygul" not in str(answer.headers)
    assert 'filename="You can say no (en).pdf"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("title", "language", "plain", "whole"),
    [
        ("Ту танҳо нестӣ", "tg", "Tu tanho nesti (tg).pdf", "Ту танҳо нестӣ (tg).pdf"),
        ("Sen ýeke däl", "tk", "Sen yeke dal (tk).pdf", "Sen ýeke däl (tk).pdf"),
        ('A "b"\r\nSet-Cookie: c=d', "en", "A b Set-Cookie c=d (en).pdf", None),
        ("../../etc/passwd", "en", "etc passwd (en).pdf", None),
        ("\u202efdp.exe", "en", "fdp.exe (en).pdf", None),
        ("  ...  ", "en", "material (en).pdf", "material (en).pdf"),
    ],
)
def test_names_of_any_script_and_of_none(
    client: TestClient,
    store: Store,
    settings: Settings,
    leaflet: Path,
    title: str,
    language: str,
    plain: str,
    whole: str | None,
):
    material_id, entry = publish_file(store, settings, leaflet, language=language, title=title)
    answer = client.get(f"/en/materials/{material_id}/files/{entry}")
    said = answer.headers["content-disposition"]
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert said.split('filename="')[1].split('"')[0] == plain.replace("=", "_")
    assert unquote(said.split("filename*=UTF-8''")[1]) == (whole or plain)
    assert said.count('"') == 2
    assert said.isprintable()


def test_a_name_is_short_and_says_that_it_is_light():
    assert file_name("м" * 300, "ru", "pdf", is_light=True) == "м" * 60 + " (ru light).pdf"
    assert len(attachment(file_name("м" * 300, "ru", "pdf"))) < 800


def test_parts_of_an_empty_file():
    assert part_of(None, 0) is None
    assert part_of("bytes=0-", 10) == Part(0, 9)
    for asked in ("bytes=0-", "bytes=-5"):
        with pytest.raises(Unsatisfiable):
            part_of(asked, 0)


def test_an_infected_file_is_given_to_nobody():
    coordinator = Actor("coordinator", "a")
    assert may_be_given(coordinator, None, "pending", None)
    assert not may_be_given(coordinator, None, "infected", "2026-01-01T00:00:00Z")
