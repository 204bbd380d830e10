"""A file on its way in: looked at, cleaned, drawn small, shown to the scanner; kept, or gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from portal.settings import Settings
from portal.uploads.apart import check_apart
from portal.uploads.checking import Checked
from portal.uploads.scanning import scan


class Inspected(msgspec.Struct, frozen=True):
    """A file that `actions.keep_file` may store; it is gone when the inspection ends."""

    checked: Checked
    scan: str


@contextmanager
def inspected(settings: Settings, path: Path, name: str) -> Iterator[Inspected]:
    """Look at a file somebody sent under a name; `Invalid` on `file` with the reason in words.

    Whatever was made of it in `settings.incoming` is gone afterwards; the file itself is the
    caller's. This takes seconds: call it outside of a transaction and off the event loop.
    """
    settings.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="made-", dir=settings.incoming) as made:
        checked = check_apart(path.absolute(), name, Path(made).absolute())
        # the scanner sees what was sent, not what was cleaned: there it would find more
        yield Inspected(checked, scan(settings.clamd, path))
