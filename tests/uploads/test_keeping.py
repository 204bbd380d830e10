"""Kept, held back, scanned again, swept, looked through: nothing is lost or left over."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from portal.actor import Actor
from portal.checking import check_all
from portal.db import Store, column
from portal.errors import Invalid, Misconfigured
from portal.files import Shelf
from portal.i18n.language import load_language
from portal.jobs.actions import run_job
from portal.jobs.registry import JOBS
from portal.serving import serve_site
from portal.settings import Settings
from portal.uploads import actions
from portal.uploads.actions import forget_file, keep_file, release_file
from portal.uploads.checking import Checked, Rendition
from portal.uploads.keeping import look_through, scan_pending, sweep
from portal.uploads.queries import get_file
from portal.uploads.rules import KINDS
from tests.conftest import MOMENT, OPERATOR
from tests.test_cli import run_here
from tests.uploads import making
from tests.uploads.scanner import EICAR, scanner

MEMBER = Actor(role="member", account_id="a-1", organisation_id="o-1")
Keep = Callable[..., str]


@pytest.fixture
def shelf(settings: Settings) -> Shelf:
    return Shelf(settings.files)


@pytest.fixture
def keep(store: Store, shelf: Shelf, tmp_path: Path) -> Keep:
    def kept(scan: str = "none", content: bytes = b"a poster", by: Actor = MEMBER) -> str:
        path, small = tmp_path / "clean.png", tmp_path / "small.webp"
        path.write_bytes(content)
        small.write_bytes(content + b" small")
        drawn = [Rendition("thumbnail", small, "image/webp", 9, 9)]
        checked = Checked(path, KINDS["png"], width=9, height=9, renditions=drawn)
        with store.transaction() as db:
            return keep_file(db, shelf, by, MOMENT, checked, scan=scan)

    return kept


def names(settings: Settings) -> set[str]:
    return {path.name for path in settings.files.glob("??/*")}


def scan_of(store: Store, file_id: str) -> str:
    with store.read() as db:
        return get_file(db, file_id).scan


def test_files_are_for_the_portal_alone(keep: Keep, settings: Settings) -> None:
    keep()
    assert settings.files.stat().st_mode & 0o777 == 0o700
    for path in settings.files.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_a_site_whose_files_others_read_does_not_start(settings: Settings) -> None:
    strict = msgspec.structs.replace(settings, env="production", secret="0123456789abcdef" * 2)
    for path in (settings.database, *settings.search_folder.glob("*")):
        path.chmod(0o600)
    settings.files.mkdir(exist_ok=True)
    settings.files.chmod(0o755)
    with pytest.raises(Misconfigured, match=r"Others can read .*files: chmod 700"):
        serve_site(strict, "127.0.0.1", 0, 1)


def test_a_file_that_waits_for_the_scanner_is_not_released(store: Store, keep: Keep) -> None:
    file_id = keep("pending")
    with pytest.raises(Invalid), store.transaction() as db:
        release_file(db, OPERATOR, MOMENT, file_id)
    with store.read() as db:
        assert get_file(db, file_id).released_at is None


def test_an_organisation_has_its_fill(
    store: Store, keep: Keep, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_BYTES_OF_AN_ORGANISATION", 20)
    keep(content=b"0123456789")
    keep(content=b"0123456789")
    with pytest.raises(Invalid) as refused:
        keep(content=b"1")
    assert "fill all" in load_language("en").say(refused.value.fields["file"][0])
    keep(content=b"1", by=OPERATOR)
    keep(content=b"1", by=Actor(role="member", account_id="a-2", organisation_id="o-2"))


def test_a_file_kept_twice_is_forgotten_once(
    store: Store, keep: Keep, shelf: Shelf, settings: Settings
) -> None:
    before = names(settings)
    first, second = keep(), keep()
    with store.transaction() as db:
        forget_file(db, shelf, OPERATOR, MOMENT, first)
    assert len(names(settings) - before) == 2
    with store.transaction() as db:
        forget_file(db, shelf, OPERATOR, MOMENT, second)
    assert names(settings) == before


def test_what_an_aborted_save_leaves_is_swept_and_nothing_else(
    store: Store, keep: Keep, shelf: Shelf, settings: Settings, tmp_path: Path
) -> None:
    keep()
    before = names(settings)
    lost = tmp_path / "lost"
    lost.write_bytes(b"lost")
    # a file like it, whose small picture is gone meanwhile
    gone = Rendition("thumbnail", tmp_path / "gone", "image/webp")
    broken = Checked(lost, KINDS["png"], renditions=[gone])
    with pytest.raises(FileNotFoundError), store.transaction() as db:
        keep_file(db, shelf, MEMBER, MOMENT, broken, scan="none")
    (settings.files / "ab").mkdir(exist_ok=True)
    (settings.files / "ab" / f".{'ab' * 32}.17").write_bytes(b"half")
    assert len(names(settings)) == len(before) + 2
    assert sweep(store, settings, OPERATOR, MOMENT) == 2
    assert names(settings) == before
    assert sweep(store, settings, OPERATOR, MOMENT) == 0


def test_what_was_left_on_its_way_in_is_swept_after_an_hour(
    store: Store, settings: Settings
) -> None:
    settings.incoming.mkdir(mode=0o700, exist_ok=True)
    running, left, made = (settings.incoming / name for name in ("running", "left", "made-1"))
    running.write_bytes(b"1")
    left.write_bytes(b"1")
    made.mkdir()
    (made / "clean.pdf").write_bytes(b"1")
    for old in (left, made):
        os.utime(old, (time.time() - 3700, time.time() - 3700))
    assert sweep(store, settings, OPERATOR, MOMENT) == 2
    assert [path.name for path in settings.incoming.iterdir()] == ["running"]


def test_the_clock_scans_what_waited(store: Store, keep: Keep, settings: Settings) -> None:
    clean = keep("pending", making.jpeg())
    infected = keep("pending", b"a poster and " + EICAR)
    unscanned = keep("none", b"as it was")
    with scanner() as address:
        with_scanner = with_clamd(settings, address)
        assert scan_pending(store, with_scanner, OPERATOR, MOMENT) == 2
        assert scan_pending(store, with_scanner, OPERATOR, MOMENT) == 0
    assert [scan_of(store, each) for each in (clean, infected, unscanned)] == [
        "clean",
        "infected",
        "none",
    ]
    with store.transaction() as db:
        release_file(db, OPERATOR, MOMENT, clean)


def test_an_infected_file_is_gone_and_is_never_released(
    store: Store, keep: Keep, settings: Settings, shelf: Shelf
) -> None:
    before = names(settings)
    file_id = keep("pending", EICAR)
    with scanner() as address:
        scan_pending(store, with_clamd(settings, address), OPERATOR, MOMENT)
    assert names(settings) == before
    with pytest.raises(Invalid) as refused, store.transaction() as db:
        release_file(db, OPERATOR, MOMENT, file_id)
    assert "harmful" in load_language("en").say(refused.value.fields["all"][0])
    assert look_through(store, settings).damaged == 0
    with store.transaction() as db:
        forget_file(db, shelf, OPERATOR, MOMENT, file_id)


def test_a_scanner_that_says_nothing_changes_nothing(
    store: Store, keep: Keep, settings: Settings
) -> None:
    file_id = keep("pending")
    assert scan_pending(store, settings, OPERATOR, MOMENT) == 0
    assert scan_pending(store, with_clamd(settings, "127.0.0.1:1"), OPERATOR, MOMENT) == 0
    with scanner(lambda _content: b"garbage\0") as address:
        assert scan_pending(store, with_clamd(settings, address), OPERATOR, MOMENT) == 0
    assert scan_of(store, file_id) == "pending"


def test_the_clock_has_both(store: Store, settings: Settings, keep: Keep) -> None:
    keep("pending")
    jobs = {job.name: job for job in JOBS}
    with scanner() as address:
        ready = with_clamd(settings, address)
        run = run_job(store, ready, OPERATOR, MOMENT, jobs["scan-files"])
        assert run is not None
        assert (run.done, run.failed) == (1, 0)
        assert run_job(store, ready, OPERATOR, MOMENT, jobs["scan-files"]) is None
        later = MOMENT + timedelta(minutes=10)
        assert run_job(store, ready, OPERATOR, later, jobs["scan-files"]) is not None
    assert run_job(store, settings, OPERATOR, MOMENT, jobs["files-sweep"]) is not None
    with store.read() as db:
        assert column(db, "SELECT count(*) FROM job_runs WHERE name = 'files-sweep'") == [1]


def said(settings: Settings, word: str) -> tuple[bool, str]:
    return next((each.is_well, each.says) for each in check_all(settings) if word in each.says)


def test_the_check_finds_a_flipped_byte_and_a_missing_file(
    store: Store, keep: Keep, settings: Settings, shelf: Shelf
) -> None:
    file_id = keep()
    is_well, well = said(settings, "stored files")
    assert is_well
    assert "are what they were" in well
    with store.read() as db:
        path = shelf.path(get_file(db, file_id).hash)
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)
    is_well, ill = said(settings, "stored files")
    assert not is_well
    assert ill.startswith("1 of ")
    path.unlink()
    assert said(settings, "stored files")[1].startswith("1 of ")
    done = run_here(settings.data_dir, "check")
    assert done.returncode == 1
    assert "missing or changed" in done.stdout


def test_the_check_says_how_the_scanner_is(store: Store, keep: Keep, settings: Settings) -> None:
    assert said(settings, "virus scanner") == (
        True,
        "There is no virus scanner, and 0 files wait for one.",
    )
    keep("pending")
    assert not said(settings, "virus scanner")[0]
    is_well, ill = said(with_clamd(settings, "127.0.0.1:1"), "virus scanner")
    assert not is_well
    assert "does not answer, and 1 files wait" in ill
    with scanner() as address:
        assert said(with_clamd(settings, address), "virus scanner")[0]


def with_clamd(settings: Settings, address: str) -> Settings:
    return msgspec.structs.replace(settings, clamd=address)
