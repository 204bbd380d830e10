"""A virus scanner for tests: clamd's words over a real socket, spoken well or badly."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# the harmless file by which scanners are tried, in two pieces so that no scanner finds this one
EICAR = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR"
    rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
)

Answer = Callable[[bytes], bytes | None]


def honest(content: bytes) -> bytes:
    """What clamd says of a file."""
    return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"


@contextmanager
def scanner(answer: Answer = honest, most_bytes: int | None = None) -> Iterator[str]:
    """A scanner on this machine; its address. It hangs up on a file that is too large for it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, answer, most_bytes))
        thread.start()
        host, port = listening.getsockname()
        yield f"{host}:{port}"
        with socket.create_connection((host, port)) as last:
            last.sendall(b"zEND\0")
        thread.join()


def _serve(listening: socket.socket, answer: Answer, most_bytes: int | None) -> None:
    while True:
        line, _address = listening.accept()
        with line, line.makefile("rb") as said:
            command = _word(said.read)
            if command == b"zEND":
                return
            if command == b"zPING":
                line.sendall(b"PONG\0")
                continue
            content = _stream(said.read, most_bytes)
            told = b"INSTREAM size limit exceeded. ERROR\0" if content is None else answer(content)
            if told is not None:
                line.sendall(told)
            else:
                said.read()


def _word(read: Callable[[int], bytes]) -> bytes:
    word = b""
    while (letter := read(1)) not in (b"\0", b""):
        word += letter
    return word


def _stream(read: Callable[[int], bytes], most_bytes: int | None) -> bytes | None:
    content = b""
    while length := struct.unpack(">I", read(4))[0]:
        content += read(length)
        if most_bytes is not None and len(content) > most_bytes:
            return None
    return content
