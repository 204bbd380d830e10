"""Files that people gave: kept under the hash of what is in them, outside every static root."""

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

_CHUNK = 1024 * 1024


class Shelf:
    """A folder of files named by their SHA-256; the same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: Path) -> str:
        """Take a copy of a file; the hash under which it stands, on disk before this returns."""
        digest = hash_of(path)
        target = self.path(digest)
        if target.exists():
            return digest
        # the mode is that of the last folder only
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        unfinished = target.with_name(f".{digest}.{os.getpid()}")
        try:
            shutil.copyfile(path, unfinished)
            unfinished.chmod(0o600)
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        _sync_folder(target.parent)
        return digest

    def free(self) -> tuple[int, int]:
        """How many bytes of its disk are free, and how many there are."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = shutil.disk_usage(self.folder)
        return found.free, found.total

    def path(self, digest: str) -> Path:
        """Where the file of a hash is, or would be."""
        return self.folder / digest[:2] / digest

    def forget(self, digest: str) -> None:
        """Take a file away; nothing when it is not there."""
        self.path(digest).unlink(missing_ok=True)

    def is_whole(self, digest: str) -> bool:
        """Whether the file is there and still what it was: a flipped bit shows."""
        path = self.path(digest)
        return path.is_file() and hash_of(path) == digest

    def find_unlisted(self, listed: Collection[str]) -> Iterator[Path]:
        """Files that nothing refers to: what an interrupted upload left behind."""
        for path in sorted(self.folder.glob("??/*")):
            if path.name not in listed:
                yield path


def hash_of(path: Path) -> str:
    """The SHA-256 of what is in a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
