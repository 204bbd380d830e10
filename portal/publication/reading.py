"""The newest public database, opened for what the portal itself makes of it: HSDS, files, bundle.

Whoever reads it here can say nothing that is not public, and says the same as the data site.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from portal.errors import Unavailable
from portal.publication.generations import (
    Edition,
    current_number,
    file_of,
    is_current_whole,
    read_edition,
)

TRIES = 3


@contextmanager
def reading(folder: Path) -> Iterator[tuple[Database, Edition]]:
    """The public database in service, read only, with its edition; one and the same to the end.

    Raises `Unavailable` before the first publication, and for a file that is not whole.
    """
    db, edition = _opened(folder)
    try:
        yield db, edition
    finally:
        db.close()


def find_edition_in_service(folder: Path) -> Edition | None:
    """The edition of the public data that everybody reads now, or None before the first."""
    number = current_number(folder)
    edition = None if number is None else read_edition(folder, number)
    return edition if edition and edition.published_on else None


def _opened(folder: Path) -> tuple[Database, Edition]:
    for _ in range(TRIES):
        number = current_number(folder)
        if number is None or not is_current_whole(folder):
            break
        path = file_of(folder, number)
        try:
            conn = sqlite3.connect(f"file:{path}?immutable=1", uri=True, check_same_thread=False)
            conn.execute("SELECT 1 FROM codebook LIMIT 1")
        except sqlite3.Error:  # an older generation may be put away at this very moment
            continue
        edition = read_edition(folder, number)
        if not edition.published_on:
            conn.close()
            break
        return Database(conn, execute_plugins=False), edition
    raise Unavailable("Nothing is published at the moment.")
