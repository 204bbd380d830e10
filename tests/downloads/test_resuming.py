"""A video of 200 MB over a line that breaks, from the real site in a process of its own."""

import hashlib
import http.client
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

from portal.db import Store, column
from portal.files import Shelf, hash_of
from portal.uploads.rules import Kind
from tests.conftest import catch_up, settings_for
from tests.downloads.shelf import publish_file
from tests.journeys.site import serving
from tests.worlds import copy_world

MEGABYTE = 1024 * 1024
SIZE = 200 * MEGABYTE
BREAKS_AFTER = 7 * MEGABYTE + 123
SLACK_KB = 48 * 1024

VIDEO = Kind("mp4", "video/mp4", ())


def test_a_broken_download_goes_on_and_is_the_same_file(world: Path, tmp_path: Path):
    folder = tmp_path / "data"
    copy_world(world, folder)
    digest, path = place_video(folder, tmp_path / "long.mp4")
    with serving(folder) as site:
        before = most_memory(folder)
        first = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
        first.request("GET", path)
        answer = first.getresponse()
        assert (answer.status, answer.headers["content-length"]) == (200, str(SIZE))
        got = hashlib.sha256(answer.read(BREAKS_AFTER))
        # a phone in a tunnel: nobody takes what comes, so nothing may pile up
        time.sleep(0.5)
        assert most_memory(folder) - before < SLACK_KB
        first.close()
        resume(site, path, answer.headers["etag"], got)
        assert got.hexdigest() == digest
        assert most_memory(folder) - before < SLACK_KB
        assert counted(folder) == [1]


def place_video(folder: Path, path: Path) -> tuple[str, str]:
    """A file of holes with something here and there, published; its hash and its address."""
    with path.open("wb") as written:
        for number in range(40):
            written.seek(number * 5 * MEGABYTE)
            written.write(b"\x00\x00\x00\x18ftypisom" + os.urandom(2000))
        written.truncate(SIZE)
    settings = settings_for(folder)
    digest = hash_of(path)
    stands_at = Shelf(settings.files).path(digest)
    stands_at.parent.mkdir(parents=True, exist_ok=True)
    stands_at.hardlink_to(path)
    store = Store(settings.database)
    material_id, entry = publish_file(store, settings, path, of=VIDEO, kind="video")
    catch_up(store, settings)  # a site that starts behind says that it is not quite well
    store.close()
    return digest, f"/en/materials/{material_id}/files/{entry}"


def resume(site: str, path: str, tag: str, got: "hashlib._Hash") -> None:
    """Ask for what is missing, as browsers and download managers do."""
    second = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    headers = {"Range": f"bytes={BREAKS_AFTER}-", "If-Range": tag, "Accept-Encoding": "gzip"}
    second.request("GET", path, headers=headers)
    answer = second.getresponse()
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {BREAKS_AFTER}-{SIZE - 1}/{SIZE}"
    while chunk := answer.read(MEGABYTE):
        got.update(chunk)
    second.close()


def most_memory(folder: Path) -> int:
    """The most memory, in kB, that the processes of the site over a folder ever held."""
    sought = f"PORTAL_DATA_DIR={folder}\0".encode()
    most = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if sought in (process / "environ").read_bytes():
                status = (process / "status").read_text()
                most += int(status.split("VmHWM:")[1].split()[0])
        except (OSError, IndexError):
            continue
    assert most
    return most


def counted(folder: Path) -> list[int]:
    """The numbers in the table of downloads, once the site has come to count."""
    store = Store(settings_for(folder).database)
    for _ in range(50):
        with store.read() as db:
            numbers = column(db, "SELECT number FROM download_counts")
        if numbers:
            break
        time.sleep(0.1)
    store.close()
    return numbers
