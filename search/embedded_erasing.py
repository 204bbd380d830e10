"""Overwriting what SQLite leaves in the unused middle of its pages.

`secure_delete` overwrites deleted rows where they lie, but when SQLite spreads the rows of a full
page over its neighbours it leaves the old copies in the middle of the page, which nothing reads
and nothing overwrites: of ten thousand deleted rows some fifty stayed readable. The format of the
pages is SQLite's documented and stable one.
"""

import os
import sqlite3
import struct
import threading
from pathlib import Path
from typing import ClassVar

_LOG_HEADER, _FRAME_HEADER = 32, 24
_FILE_HEADER = 100
_LEAVES, _INTERIORS = (10, 13), (2, 5)  # kinds of pages; no other page begins with these bytes
_CELLS_AND_START = struct.Struct(">HH")


def pages_in(log: Path, page_size: int) -> set[int]:
    """The pages a write-ahead log holds, numbered from 1."""
    if not log.exists():
        return set()
    frame = _FRAME_HEADER + page_size
    with log.open("rb") as file:
        return {
            int.from_bytes(os.pread(file.fileno(), 4, start))
            for start in range(_LOG_HEADER, log.stat().st_size - frame + 1, frame)
        }


Identity = tuple[int, int]  # of a file, whatever its name: device and inode


class Unused:
    """Overwrites the unused middle of pages of one file.

    The file is kept open as long as anyone in this process uses it: to close it would drop the
    locks that SQLite holds on it for the whole process, as POSIX has it. Close this only after
    the connections.
    """

    _opened: ClassVar[dict[Identity, tuple[int, int]]] = {}  # how many use a file, its descriptor
    _opening: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine: Identity | None = None

    def overwrite(self, pages: set[int], page_size: int) -> None:
        """Fill the middle of these pages with zeros, in a file whose log is empty.

        No byte that means anything changes, so others may read the file meanwhile; only the one
        who may write to it may do this.
        """
        file = self.hold()
        for page in sorted(pages):
            start = (page - 1) * page_size
            begin, end = _middle(os.pread(file, page_size, start), _FILE_HEADER if page == 1 else 0)
            if begin < end:
                os.pwrite(file, bytes(end - begin), start + begin)
        os.fsync(file)

    def hold(self) -> int:
        """Keep the file open for as long as connections to it are; its descriptor."""
        stat = self._path.stat()
        wanted = (stat.st_dev, stat.st_ino)
        if self._mine != wanted:  # another file has taken the old one's place
            self.close()
            with self._opening:
                users, file = self._opened.get(wanted, (0, -1))
                file = file if users else os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
                self._opened[wanted] = (users + 1, file)
                self._mine = wanted
        return self._opened[wanted][1]

    def close(self) -> None:
        """Let go of the file."""
        with self._opening:
            users, file = self._opened.pop(self._mine, (0, -1)) if self._mine else (0, -1)
            if self._mine and users > 1:
                self._opened[self._mine] = (users - 1, file)
            elif users:
                os.close(file)
            self._mine = None


def _middle(page: bytes, header: int) -> tuple[int, int]:
    """Where the unused middle of a page begins and ends, if it holds anything but zeros."""
    if len(page) <= header or page[header] not in (*_LEAVES, *_INTERIORS):
        return 0, 0
    cells, content = _CELLS_AND_START.unpack_from(page, header + 3)
    begin = header + (12 if page[header] in _INTERIORS else 8) + 2 * cells
    end = content or 65_536
    return (begin, end) if any(page[begin:end]) else (0, 0)


def page_size_of(db: sqlite3.Connection) -> int:
    """The bytes of a page of this database."""
    return int(db.execute("PRAGMA page_size").fetchone()[0])
