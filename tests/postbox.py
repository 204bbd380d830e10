"""A mail server that a test can make refuse, hang or die; it speaks enough SMTP for one letter."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass
class Postbox:
    """What came in, and how the server behaves."""

    listening: socket.socket
    letters: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    hangs_at: str = ""

    @property
    def port(self) -> int:
        return self.listening.getsockname()[1]

    def url(self, host: str = "127.0.0.1", user: str = "") -> str:
        return f"smtp://{user}{host}:{self.port}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who accepts
        self.listening.close()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _from = self.listening.accept()
                with peer, contextlib.suppress(OSError), peer.makefile("rb") as lines:
                    self._talk(peer, lines)

    def _talk(self, peer: socket.socket, lines: Any) -> None:
        peer.sendall(b"220 post\r\n")
        while line := lines.readline():
            self.said.append(line.decode().strip())
            verb = line.split(maxsplit=1)[0].decode().upper().strip()
            if verb == self.hangs_at:
                lines.read()  # says nothing until the other one hangs up
                return
            if verb in self.refuses:
                peer.sendall(f"{self.refuses[verb]}\r\n".encode())
            elif verb == "EHLO":
                peer.sendall(b"250-post\r\n250 AUTH PLAIN\r\n")
            elif verb == "AUTH":
                peer.sendall(b"235 come in\r\n")
            elif verb == "DATA":
                peer.sendall(b"354 go on\r\n")
                self._take(lines)
                peer.sendall(b"250 kept\r\n")
            else:
                peer.sendall(b"221 bye\r\n" if verb == "QUIT" else b"250 fine\r\n")

    def _take(self, lines: Any) -> None:
        body = b"".join(iter(lines.readline, b".\r\n"))
        self.letters.append(message_from_bytes(body, policy=default))


@contextlib.contextmanager
def opened_postbox(host: str = "127.0.0.1") -> Iterator[Postbox]:
    """A server on a free port of this machine, until the test is over."""
    box = Postbox(socket.create_server((host, 0)))
    thread = threading.Thread(target=box.serve, daemon=True)
    thread.start()
    yield box
    box.close()
    thread.join(5)
