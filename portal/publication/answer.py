"""What Datasette answers, on its way out: our headers only, gzipped, and only what is good."""

import logging
import zlib
from typing import Any

from portal.publication.spreadsheet import Harmless

log = logging.getLogger("portal.data")

KEPT_HEADERS = (b"content-type", b"content-disposition")

_GZIP = 31


class Answer:
    """Passes a good answer on as it comes; of any other only the status is kept, in `refused`."""

    def __init__(
        self,
        send: Any,
        headers: list[tuple[bytes, bytes]],
        *,
        gzipped: bool,
        bodiless: bool,
        sheet: str = "",
    ) -> None:
        self.refused: int | None = None
        self.begun = False
        self._send = send
        self._headers = headers
        self._packer = zlib.compressobj(6, wbits=_GZIP) if gzipped and not bodiless else None
        self._bodiless = bodiless
        self._sheet = Harmless() if sheet else None
        self._file = sheet

    async def __call__(self, message: Any) -> None:
        """One ASGI message of Datasette."""
        if message["type"] == "http.response.start":
            await self._start(message["status"], message["headers"])
        elif self.refused is None:
            further = bool(message.get("more_body"))
            body = self._packed(message.get("body", b""), further=further)
            await self._send({"type": message["type"], "body": body, "more_body": further})

    async def _start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        if status != 200:
            # a redirect would lead out of the mount, and none of our links needs one
            self.refused = 404 if status < 400 else status
            return
        kept = [(name, value) for name, value in headers if name.lower() in KEPT_HEADERS]
        if self._file:  # Datasette calls a sheet plain text
            named = f'attachment; filename="{self._file}.csv"'.encode("ascii")
            kept = [(b"content-type", b"text/csv; charset=utf-8"), (b"content-disposition", named)]
        packed = [(b"content-encoding", b"gzip")] if self._packer else []
        self.begun = True
        await self._send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*kept, *packed, *self._headers],
            }
        )

    def _packed(self, body: bytes, *, further: bool) -> bytes:
        if self._bodiless:
            return b""
        if self._sheet:
            body = self._sheet.take(body, further=further)
        if self._packer is None:
            return body
        return self._packer.compress(body) + (b"" if further else self._packer.flush())


async def ask(app: Any, scope: Any, receive: Any, answer: Answer) -> int | None:
    """Let Datasette answer. None when it did, else the status of what it refused, unsent."""
    try:
        await app(scope, receive, answer)
    except Exception:
        if answer.begun:
            raise
        log.exception("unforeseen error of the data site")
        return 500
    return answer.refused
