"""Hostile files are read by a process of their own, with little memory and little time.

A parser that crashes or hangs there is a refusal in words and never takes the site down. The child
has no settings: neither the secret nor the database are within its reach by name.
"""

import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec

from portal.errors import Invalid
from portal.uploads.checking import Checked, check
from portal.uploads.previews import make_renditions
from portal.uploads.rules import MB, MOST_BYTES_OF_A_FILM, REFUSALS, refuse
from portal.uploads.sniffing import ending_of

SECONDS = 120
# how many files are read side by side, and how long others wait for their turn
_TURNS = threading.BoundedSemaphore(2)
_PATIENCE = 60
_MEMORY = 1536 * MB
_LARGEST_WRITTEN = MOST_BYTES_OF_A_FILM + 64 * MB
_PACKAGE = Path(__file__).parents[2]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Why a file was refused: a sentence of `rules.REFUSALS` and its values."""

    text: str
    values: dict[str, str | int]


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """A file that may be stored."""

    checked: Checked


def check_apart(
    path: Path, name: str, folder: Path, seconds: int = SECONDS, patience: float = _PATIENCE
) -> Checked:
    """`checking.check` and the smaller versions, in a child process; `Invalid` on `file`."""
    if not _TURNS.acquire(timeout=patience):
        raise refuse("slow", seconds=round(patience))
    try:
        return _checked_apart(path, name, folder, seconds)
    finally:
        _TURNS.release()


def _checked_apart(path: Path, name: str, folder: Path, seconds: int) -> Checked:
    # security: other accounts of the machine see what a child is called with, so not the name
    ending = "".join(each for each in ending_of(name) if each.isascii() and each.isalnum())
    place = (str(path), f"file.{ending}", str(folder))
    words = [sys.executable, "-P", "-m", "portal.uploads.apart", *place, str(seconds)]
    try:
        done = subprocess.run(  # noqa: S603  a fixed list of words, no shell
            words,
            env={"PYTHONPATH": str(_PACKAGE), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refuse("slow", seconds=seconds) from error
    try:
        answer = _ANSWER.decode(done.stdout)
    except msgspec.DecodeError as error:
        raise refuse("slow", seconds=seconds) from error
    if isinstance(answer, Refused):
        reason = next(code for code, said in REFUSALS.items() if said.text == answer.text)
        raise refuse(reason, **answer.values)
    return answer.checked


def check_and_draw(path: Path, name: str, folder: Path) -> Checked:
    """A file that may be stored with what is made of it, all written into a folder."""
    checked = check(path, name, folder)
    drawn = make_renditions(checked.path, checked.kind, folder)
    return msgspec.structs.replace(checked, renditions=drawn)


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_WRITTEN, _LARGEST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(path: Path, name: str, folder: Path) -> Refused | Taken:
    try:
        return Taken(check_and_draw(path, name, folder))
    except Invalid as error:
        (said,) = error.fields["file"]
        return msgspec.convert(said, Refused, from_attributes=True)


def _decode(wanted: type, value: Any) -> Any:
    return wanted(value)


_ANSWER: msgspec.json.Decoder[Refused | Taken] = msgspec.json.Decoder(
    Refused | Taken,
    dec_hook=_decode,
)


if __name__ == "__main__":
    _limit(int(sys.argv[4]))
    found = _answer(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    sys.stdout.buffer.write(msgspec.json.encode(found, enc_hook=str))
