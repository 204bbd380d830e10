"""Generations of the public database: `generations/<n>/public.db`, and `current`, which holds n.

A generation is written beside the others and never changed; then the pointer is replaced at once.
Killed at any moment, the one before stays in service.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec

from portal.errors import Unavailable

KEPT = 3

FILE = "public.db"
DIGEST = "public.db.sha256"
POINTER = "current"
EDITION = "edition.json"


class Edition(msgspec.Struct, frozen=True):
    """Which state of the public data a generation is; all days are those of the network's zone.

    `release` and `released_on` are those of the figures in it, None before the first release;
    `figures` is their fingerprint.
    """

    number: int
    published_on: str
    release: int | None = None
    released_on: str | None = None
    figures: str = ""

    @property
    def version(self) -> str:
        """The data version, as pages, files and citations name it: release, then edition."""
        return f"{self.release or 0}.{self.number}"


@contextmanager
def drafting(folder: Path) -> Iterator[Path]:
    """An empty folder to build in, for one publisher at a time; what is left in it is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / ".draft"
    with open(folder / "lock", "a") as lock:
        _lock(lock.fileno())
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def next_number(folder: Path) -> int:
    """The number of the generation that is built next; stands while `drafting` holds its lock."""
    return max(_numbers(folder), default=0) + 1


def install(folder: Path, draft: Path, edition: Edition) -> int:
    """Make a built draft the current generation; its number."""
    number = edition.number
    (draft / EDITION).write_bytes(msgspec.json.encode(edition))
    _sync(draft / EDITION)
    _write(draft / DIGEST, digest_of(draft / FILE))
    _sync(draft / FILE)
    _sync(draft)
    os.replace(draft, folder / str(number))
    _sync(folder)
    _write(folder / ".current", str(number))
    os.replace(folder / ".current", folder / POINTER)
    _sync(folder)
    _forget_old(folder, number)
    return number


def is_current_whole(folder: Path) -> bool:
    """Whether there is a current generation, with the bytes it was published with."""
    number = current_number(folder)
    if number is None:
        return False
    try:
        file = folder / str(number) / FILE
        found = file.stat()
        return _is_whole_as_seen(file, found.st_mtime_ns, found.st_size)
    except OSError:
        return False


@lru_cache(maxsize=8)
def _is_whole_as_seen(file: Path, _mtime_ns: int, _size: int) -> bool:
    # anybody may ask for the site's health: a large file is read once, not at every question
    return is_whole(file)


def current_number(folder: Path) -> int | None:
    """The number in the pointer file; None while there is none."""
    try:
        return int((folder / POINTER).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def file_of(folder: Path, number: int) -> Path:
    """The public database of a generation."""
    return folder / str(number) / FILE


def read_edition(folder: Path, number: int) -> Edition:
    """The edition of a generation; of one that says no sense of itself only the number is known.

    It is then one of no day: nothing is read from it, and the next round publishes anew.
    """
    try:
        said = (folder / str(number) / EDITION).read_bytes()
        edition = msgspec.json.decode(said, type=Edition)
        for day in (edition.published_on, edition.released_on):
            date.fromisoformat(day or "2000-01-01")
    except (OSError, ValueError, msgspec.MsgspecError):
        return Edition(number, published_on="")
    return msgspec.structs.replace(edition, number=number)


def is_whole(path: Path) -> bool:
    """Whether a public database still has the bytes it was published with, where that is known."""
    try:
        said = path.with_name(DIGEST).read_text(encoding="ascii").strip()
    except OSError:
        return True
    return said == digest_of(path)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _numbers(folder: Path) -> list[int]:
    return [int(each.name) for each in folder.iterdir() if each.name.isdecimal()]


def _forget_old(folder: Path, current: int) -> None:
    for number in sorted(_numbers(folder))[:-KEPT]:
        if number != current:
            shutil.rmtree(folder / str(number), ignore_errors=True)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Unavailable("Another publication is under way; try again when it is done.") from error


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="ascii")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
