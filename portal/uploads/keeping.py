"""What is done for stored files by the clock: scanned once more, swept, looked through."""

import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from portal.actor import Actor
from portal.db import Store
from portal.files import Shelf
from portal.settings import Settings
from portal.uploads.actions import record_scan
from portal.uploads.queries import File, find_hashes, find_pending, get_file
from portal.uploads.scanning import ScannerSilent, ask

# longer than any upload takes: what is older in `incoming` was left behind
LEFT_BEHIND = timedelta(hours=1)


class Condition(msgspec.Struct, frozen=True):
    """How stored files are: how many there are, are missing or changed, wait for the scanner."""

    kept: int
    damaged: int
    waiting: int


def scan_pending(store: Store, settings: Settings, by: Actor, at: datetime) -> int:
    """Show the scanner what it has not seen; how many it has seen now.

    It is asked outside of any transaction: it may take minutes, and others want to save. The first
    silence ends the round.
    """
    if not settings.clamd:
        return 0
    shelf, done = Shelf(settings.files), 0
    with store.read() as db:
        waiting = find_pending(db)
    for file in waiting:
        if (said := _ask(settings, shelf, file)) is None:
            break
        with store.transaction() as db:
            if said and get_file(db, file.id).scan == "pending":
                record_scan(db, shelf, by, at, file.id, said)
                done += 1
    return done


def sweep(store: Store, settings: Settings, _by: Actor, _at: datetime) -> int:
    """Take away files that nothing speaks of, and what was left in `incoming`; how many.

    A file comes to the shelf inside the transaction that writes its row; this one waits for its
    end, so that nothing is swept from under it.
    """
    with store.transaction() as db:
        unlisted = list(Shelf(settings.files).find_unlisted(find_hashes(db)))
        for path in unlisted:
            path.unlink(missing_ok=True)
    return len(unlisted) + _sweep_incoming(settings.incoming)


def look_through(store: Store, settings: Settings) -> Condition:
    """Read every stored file once: a flipped bit shows."""
    shelf = Shelf(settings.files)
    with store.read() as db:
        hashes, waiting = find_hashes(db), len(find_pending(db))
    damaged = sum(not shelf.is_whole(digest) for digest in hashes)
    return Condition(len(hashes), damaged, waiting)


def _ask(settings: Settings, shelf: Shelf, file: File) -> str | None:
    """What the scanner says; None when it says nothing, "" for a file that is gone meanwhile."""
    path = shelf.path(file.hash)
    if not path.is_file():
        return ""
    try:
        return "clean" if ask(settings.clamd, path) else "infected"
    except ScannerSilent:
        return None


def _sweep_incoming(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    # the machine's own clock, since it also wrote the times of the files
    before = time.time() - LEFT_BEHIND.total_seconds()
    old = [path for path in folder.iterdir() if path.lstat().st_mtime < before]
    for path in old:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)
