"""Forms that carry files: read piece by piece, each file into a folder that nobody is served from.

Nothing of a body is read before it is known who sends it (`web.guards.not_forged`); nothing of a
file is stored before the form's own token was seen; and nothing stays when it is over.
"""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, aclosing, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

import msgspec
from anyio import fail_after, move_on_after
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from portal.errors import Forged, Invalid, PortalError, TooOften
from portal.i18n.language import Message
from portal.web import forgery
from portal.web.page import actor_of
from portal.web.site import site_of

# all that is typed into one form; the text of a practice note is the longest
FIELD_BYTES = 256 * 1024
MOST_PARTS = 200
MOST_FILES = 5

# what is still taken in of a body that is refused: a browser that sends hears nothing meanwhile
DRAINED_BYTES = 64 * 1024 * 1024
DRAINED_SECONDS = 10

# a sender of whom nothing more comes is given up; and how many bodies one person may send at once
SILENT_SECONDS = 60
MOST_AT_ONCE = 2

Asked = Request[Any, Any, Any]

_sending: Counter[str] = Counter()


class Incoming(msgspec.Struct, frozen=True):
    """A file as it came: its field, what the sender calls it, where it stands for now."""

    field: str
    name: str
    path: Path
    size: int


class Received(msgspec.Struct, frozen=True):
    """What a form brought: every field with all its values, and the files."""

    fields: dict[str, list[str]]
    files: list[Incoming]


def receiving(most_bytes: int, *, by_link: bool = False) -> dict[str, Any]:
    """The keyword arguments of a handler that calls `receive`: it alone takes large bodies.

    `by_link` is for handlers that nobody signs in for: they look at the link of the address first.
    """
    opt = {"reads_body": True, **({"signs_in": True} if by_link else {})}
    return {"opt": opt, "request_max_body_size": most_bytes + FIELD_BYTES}


@asynccontextmanager
async def receive(
    request: Asked, most_bytes: int, *, holder: str | None = None
) -> AsyncIterator[Received]:
    """The fields and files of a form; the files are gone when the block ends.

    `holder` names what a link stands for that was found good: knowing the link proves what a form's
    token proves otherwise.

    `Forged` when the token of the form does not come before everything else; 413 at once when the
    body is announced as too large, or as soon as it has grown so (by `most_bytes` a file);
    `Invalid` on `file` when it was cut off.
    """
    actor = actor_of(request)
    with _one_of_few(holder or str(actor.account_id)), ExitStack() as until_over:
        folder = site_of(request).settings.incoming
        intake = _Intake(folder, actor.csrf, until_over)
        # security: whoever calls with a holder has looked at the link, before a byte is read
        intake.is_ours = holder is not None
        intake.try_token(request.headers.get("x-csrf-token", ""))
        line = _Line(request)
        try:
            await _read(request, intake, most_bytes)
        except (PortalError, RequestEntityTooLarge):
            # nothing follows a body's end until the sender has had the answer
            if not line.is_over:
                await drain(request)
            raise
        yield Received(intake.fields, intake.files)


@contextmanager
def _one_of_few(account_id: str) -> Iterator[None]:
    """Let one person send only so much at a time, whatever the line: memory and disk are shared."""
    if _sending[account_id] >= MOST_AT_ONCE:
        raise TooOften(timedelta(seconds=30))
    _sending[account_id] += 1
    try:
        yield
    finally:
        _sending[account_id] -= 1
        if not _sending[account_id]:
            del _sending[account_id]


class _Line:
    """What a request is read from, and whether the last of it has come."""

    def __init__(self, request: Asked) -> None:
        self.is_over = False
        self._receive = request.receive
        request.receive = self._next

    async def _next(self) -> Any:
        event: Any = await self._receive()
        self.is_over = not event.get("more_body", False)
        return event


class _Intake:
    """What has come so far."""

    def __init__(self, folder: Path, token: str, until_over: ExitStack) -> None:
        self.folder, self.token, self.until_over = folder, token, until_over
        self.fields: dict[str, list[str]] = {}
        self.files: list[Incoming] = []
        self.is_ours = False
        self._typed = 0
        self._part: MultipartSegment | None = None
        self._text = bytearray()
        self._file: BinaryIO | None = None
        self._path = folder

    def try_token(self, sent: str) -> None:
        """Whether a token is that of a page which this very session was shown."""
        self.is_ours = self.is_ours or forgery.matches(sent, self.token)

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """The head of a part, a piece of it, or its end."""
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._file is not None:
            self._file.write(event)
        else:
            self._typed += len(event)
            if self._typed > FIELD_BYTES:
                raise RequestEntityTooLarge
            self._text += event

    def put(self, name: str, text: str) -> None:
        """A field with its value; the token first."""
        if name == "csrf":
            self.try_token(text)
        if not self.is_ours:
            raise Forged
        self.fields.setdefault(name, []).append(text)

    def _begin(self, part: MultipartSegment) -> None:
        # security: not a byte is stored for a page that is not ours
        if not self.is_ours and part.name != "csrf":
            raise Forged
        self._part, self._text, self._file = part, bytearray(), None
        if part.filename:
            self._file = self._open()

    def _open(self) -> BinaryIO:
        if not self.is_ours:
            raise Forged
        if len(self.files) >= MOST_FILES:
            raise RequestEntityTooLarge
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = self.folder / secrets.token_hex(16)
        self.until_over.callback(self._path.unlink, missing_ok=True)
        self._path.touch(0o600, exist_ok=False)
        return self.until_over.enter_context(self._path.open("wb"))

    def _end(self) -> None:
        part = self._part
        if part is None or part.filename == "":
            return  # a file that nobody chose
        name = part.name or ""
        if self._file is None:
            self.put(name, _decoded(self._text))
            return
        self._file.close()
        self.files.append(Incoming(name, str(part.filename), self._path, part.size))


async def _read(request: Asked, intake: _Intake, most_bytes: int) -> None:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == "multipart/form-data":
        await _read_parts(request, intake, options.get("boundary", ""), most_bytes)
    elif kind == "application/x-www-form-urlencoded":
        await _read_pairs(request, intake)
    if not intake.is_ours:
        raise Forged


async def _read_parts(request: Asked, intake: _Intake, boundary: str, most_bytes: int) -> None:
    try:
        parser = PushMultipartParser(
            boundary, max_segment_size=most_bytes, max_segment_count=MOST_PARTS, strict=True
        )
        async with aclosing(request.stream()) as pieces:
            while (piece := await _next(pieces)) is not None:
                for event in parser.parse(piece) if piece else ():
                    intake.take(event)
        parser.close()
    except ParserLimitReached as error:
        raise RequestEntityTooLarge from error
    except (MultipartError, InternalServerException) as error:
        raise _not_whole() from error


async def _next(pieces: AsyncIterator[bytes]) -> bytes | None:
    """The next piece, or None after the last; who has gone silent has not sent it whole."""
    try:
        with fail_after(SILENT_SECONDS):
            return await anext(pieces, None)
    except TimeoutError as error:
        raise _not_whole() from error


async def _read_pairs(request: Asked, intake: _Intake) -> None:
    body = bytearray()
    try:
        async with aclosing(request.stream()) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) > FIELD_BYTES:
                    raise RequestEntityTooLarge
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARTS
        )
    except (ValueError, InternalServerException) as error:
        raise _not_whole() from error
    # a small body is read whole, wherever its token stands
    intake.try_token(dict(pairs).get("csrf", ""))
    for name, text in pairs:
        intake.put(name, text)


async def drain(request: Asked) -> None:
    """Take in some of what is still being sent: most browsers listen only when they have sent."""
    left = DRAINED_BYTES
    with move_on_after(DRAINED_SECONDS):
        while left > 0 and request.is_connected:
            event: Any = await request.receive()
            left -= len(event.get("body", b""))
            if event["type"] == "http.disconnect" or not event.get("more_body", False):
                return


def _decoded(text: bytes | bytearray) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise _not_whole() from error


def _not_whole() -> Invalid:
    return Invalid({"file": [Message("This did not arrive whole. Send it once more.")]})
