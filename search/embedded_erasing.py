"""Overwriting what SQLite leaves in the unused middle of its pages.

`secure_delete` overwrites deleted rows where they lie, but when SQLite spreads the rows of a full
page over its neighbours it leaves the old copies in the middle of the page, which nothing reads
and nothing overwrites: of ten thousand deleted rows some fifty stayed readable. The format of the
pages is SQLite's documented and stable one.
"""

import os
import sqlite3
import struct
from pathlib import Path

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


class Unused:
    """Overwrites the unused middle of pages of one file.

    The file is kept open: closing it would drop the locks that SQLite holds on it for the whole
    process, as POSIX has it. Close this only after the connections.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def overwrite(self, pages: set[int], page_size: int) -> None:
        """Fill the middle of these pages with zeros, in a file whose log is empty.

        No byte that means anything changes, so others may read the file meanwhile; only the one
        who may write to it may do this.
        """
        file = self._opened()
        for page in sorted(pages):
            start = (page - 1) * page_size
            begin, end = _middle(os.pread(file, page_size, start), _FILE_HEADER if page == 1 else 0)
            if begin < end:
                os.pwrite(file, bytes(end - begin), start + begin)
        os.fsync(file)

    def _opened(self) -> int:
        if self._file is not None and os.fstat(self._file).st_ino != self._path.stat().st_ino:
            self.close()
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        return self._file

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


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
