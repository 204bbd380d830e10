"""A virus scanner that is asked over a socket: clamd, by its command INSTREAM."""

import socket
import struct
from pathlib import Path

from portal.uploads.rules import refuse

_CHUNK = 256 * 1024
# a film takes its time; one that says nothing for longer is taken for down
PATIENCE_SECONDS = 30.0
_LONGEST_ANSWER = 4096


class ScannerSilent(Exception):
    """The scanner is down, slow, or says what cannot be understood: nothing is known of a file."""


def scan(address: str, path: Path) -> str:
    """`none` without a scanner, `clean`, or `pending` when it does not say; `Invalid` otherwise."""
    if not address:
        return "none"
    try:
        is_clean = ask(address, path)
    except ScannerSilent:
        return "pending"
    if not is_clean:
        raise refuse("infected")
    return "clean"


def ask(address: str, path: Path, patience: float = PATIENCE_SECONDS) -> bool:
    """Whether the scanner finds nothing in a file."""
    answer = _talk(address, path, patience)
    # security: only what is plainly clean is clean; a name that somebody chose is never in it
    if answer == "stream: OK":
        return True
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return False
    raise ScannerSilent


def does_answer(address: str) -> bool:
    """Whether a scanner is there and says so."""
    try:
        with _connect(address, 5.0) as line:
            line.sendall(b"zPING\0")
            return _read(line) == "PONG"
    except OSError:
        return False


def _talk(address: str, path: Path, patience: float) -> str:
    try:
        with _connect(address, patience) as line:
            _send(line, path)
            return _read(line)
    except OSError as error:
        raise ScannerSilent from error


def _send(line: socket.socket, path: Path) -> None:
    try:
        line.sendall(b"zINSTREAM\0")
        with path.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
        line.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # it hung up before the end, and may have said why
        return


def _connect(address: str, patience: float) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(patience)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)


def _read(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        chunk = line.recv(_LONGEST_ANSWER)
        if not chunk:
            break
        answer += chunk
    # security: one whole answer, or none: half of one may look like another
    whole, _, rest = answer.partition(b"\0")
    return whole.decode("ascii", "replace") if answer.endswith(b"\0") and not rest else ""
