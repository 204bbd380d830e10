"""Files that a table names: found beside it, looked at before anything is locked, then kept.

In a cell, and in what is stored, contents are said as `ru.pdf:<SHA-256>`: what a path means depends
on the folder, and what a file is does not.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType

import msgspec
from sqlite_utils import Database

from portal.actor import Actor
from portal.errors import Invalid
from portal.files import Shelf, hash_of
from portal.i18n.language import Message, load_language
from portal.settings import Settings
from portal.texts import clean, has_control_characters
from portal.transfer.report import WrongCell
from portal.uploads.actions import keep_file
from portal.uploads.intake import Inspected, inspected

TEXT = "md"
LONGEST_TEXT = 20_000

Inspect = Callable[[Settings, Path, str], AbstractContextManager[Inspected]]

OUTSIDE = Message(
    "Write where the file is, from the table's own folder and with “/”, for example"
    " files/poster_ru.pdf. It must lie in that folder."
)


class Content(msgspec.Struct, frozen=True, order=True):
    """What a work has in a language: a file, or a text of its own, by the hash of what is in it."""

    language: str
    ending: str
    hash: str

    def __str__(self) -> str:
        return f"{self.language}.{self.ending}:{self.hash}"


class Enclosures:
    """The files beside one table; what was made of them is gone when the import ends."""

    def __init__(self, settings: Settings, folder: Path, inspect: Inspect = inspected) -> None:
        self._settings = settings
        self._inspect = inspect
        self._folder = folder
        self._shelf = Shelf(settings.files)
        self._made = ExitStack()
        self._looks: dict[Path, Inspected | str | WrongCell] = {}
        self._brought: dict[str, Inspected | str] = {}
        self._problems: dict[str, WrongCell] = {}
        self._put: set[str] = set()

    def __enter__(self) -> "Enclosures":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._made.close()

    def look_ahead(self, named: Iterable[tuple[Sequence[str], str]]) -> None:
        """Look at the files that are not stored yet; what is wrong is said by `meant` later.

        Each row's paths stand beside what is stored. Done before the database is locked, because
        looking takes seconds, and several at a time.
        """
        wanted: dict[Path, None] = {}
        for parts, stored in named:
            for part in parts:
                with suppress(WrongCell):
                    path = self._find(part)
                    if not _is_stored(path, stored):
                        wanted[path] = None
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self._look_quietly, wanted))

    def meant(
        self,
        text: str,
        parts: Sequence[str],
        languages: Sequence[str],
        known: Sequence[str],
        stored: str,
    ) -> str:
        """A cell's paths as contents; a cell that cannot be used as it stands, for `read`."""
        try:
            found = [self._content(part, languages, known, stored) for part in parts]
        except WrongCell as wrong:
            self._problems[text] = wrong
            return text
        return as_cell(found)

    def read(self, text: str) -> list[Content]:
        """The contents of a cell; `WrongCell` with what is wrong with a file it names."""
        if text in self._problems:
            raise self._problems[text]
        return contents(text)

    def text(self, digest: str) -> str | None:
        """A text that was brought, by its hash."""
        found = self._brought.get(digest)
        return found if isinstance(found, str) else None

    def keep(self, db: Database, by: Actor, at: datetime, digest: str) -> str:
        """Store a file that was brought; its id."""
        found = self._brought[digest]
        assert isinstance(found, Inspected)
        hashes = {hash_of(path) for path in _paths(found)}
        self._put |= {each for each in hashes if not self._shelf.path(each).exists()}
        return keep_file(db, self._shelf, by, at, found.checked, scan=found.scan)

    @contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Take back from the shelf what an import put there that does not come to its end.

        To be left before the transaction is: as long as it holds, nobody else can want the files.
        """
        try:
            yield
        except BaseException:
            for digest in self._put:
                self._shelf.forget(digest)
            raise

    def _content(
        self, part: str, languages: Sequence[str], known: Sequence[str], stored: str
    ) -> Content:
        path = self._find(part)
        language = _language_of(part, languages, known)
        if _is_stored(path, stored):
            ending = path.suffix.lower().lstrip(".").replace("jpeg", "jpg")
            return Content(language, ending, hash_of(path))
        look = self._look(path)
        if isinstance(look, str):
            content = Content(language, TEXT, text_hash(look))
        else:
            content = Content(language, look.checked.kind.ending, hash_of(look.checked.path))
        self._brought[content.hash] = look
        return content

    def _find(self, part: str) -> Path:
        """The file of a path; `WrongCell` for what is not there, or not inside the folder."""
        given = PurePosixPath(part)
        # security: an import reads no other file of the machine
        if given.is_absolute() or ".." in given.parts or "\\" in part or ":" in part:
            raise WrongCell(OUTSIDE)
        if has_control_characters(part):
            raise WrongCell(OUTSIDE)
        try:
            found = (self._folder / given).resolve(strict=True)
        except OSError as error:
            raise WrongCell(_there_is_no(part)) from error
        if not found.is_relative_to(self._folder.resolve()):
            raise WrongCell(OUTSIDE)
        if not found.is_file():
            raise WrongCell(_there_is_no(part))
        return found

    def _look(self, path: Path) -> Inspected | str:
        if path not in self._looks:
            try:
                self._looks[path] = self._looked(path)
            except WrongCell as wrong:
                self._looks[path] = wrong
        look = self._looks[path]
        if isinstance(look, WrongCell):
            raise look
        return look

    def _look_quietly(self, path: Path) -> None:
        with suppress(WrongCell):
            self._look(path)

    def _looked(self, path: Path) -> Inspected | str:
        if path.suffix.lower() == f".{TEXT}":
            return _read_text(path)
        try:
            look = self._made.enter_context(self._inspect(self._settings, path, path.name))
        except Invalid as refused:
            reason = next(iter(refused.fields.values()))[0]
            raise WrongCell(_about(path.name, reason)) from refused
        if look.scan == "infected":
            raise WrongCell(_about(path.name, Message("The virus scanner finds it harmful.")))
        if look.scan == "pending":
            said = Message("The virus scanner does not answer. Import again when it does.")
            raise WrongCell(_about(path.name, said))
        return look


def contents(text: str) -> list[Content]:
    """The contents that a cell says."""
    split = [part.partition(":") for part in text.split(";") if part]
    return [
        Content(*name.split(".", 1), digest)  # type: ignore[call-arg]
        for name, _colon, digest in split
    ]


def as_cell(found: Sequence[Content]) -> str:
    """Contents as a cell says them, each once, in a fixed order."""
    return ";".join(str(each) for each in sorted(set(found)))


def text_hash(body: str) -> str:
    """The hash of a text, whatever its line ends."""
    return hashlib.sha256(clean(body).encode()).hexdigest()


def _paths(look: Inspected) -> list[Path]:
    return [look.checked.path, *(each.path for each in look.checked.renditions)]


def _is_stored(path: Path, stored: str) -> bool:
    if path.suffix.lower() == f".{TEXT}":
        return False
    return f":{hash_of(path)}" in stored


def _read_text(path: Path) -> str:
    try:
        body = clean(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        said = Message("This text is not UTF-8. Save it as UTF-8.")
        raise WrongCell(_about(path.name, said)) from error
    if not body or len(body) > LONGEST_TEXT or has_control_characters(body):
        said = Message(
            "Write a text of 1 to %(most)s characters, without any that cannot be seen.",
            {"most": LONGEST_TEXT},
        )
        raise WrongCell(_about(path.name, said))
    return body


def _language_of(part: str, languages: Sequence[str], known: Sequence[str]) -> str:
    """The language at the end of the file's name, else the only one that the work has."""
    _stem, line, suffix = PurePosixPath(part).stem.rpartition("_")
    if line and suffix in known:
        return suffix
    if len(languages) == 1:
        return languages[0]
    said = Message("Write the language at the end of the file's name, for example poster_ru.pdf.")
    raise WrongCell(_about(PurePosixPath(part).name, said))


def _there_is_no(part: str) -> Message:
    return _about(part, Message("This file is not beside the table. Look at its name and folder."))


def _about(name: str, reason: Message | str) -> Message:
    """A reason that names the file: a cell can hold several. Operators are spoken to in English."""
    english = load_language("en")
    return Message("%(name)s: %(reason)s", {"name": name, "reason": english.say(reason)})
