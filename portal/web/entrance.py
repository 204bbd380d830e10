"""What is looked at before any address: a Host that cannot be one, and HEAD.

HEAD is GET without the body, at every address: link checkers and monitors ask that way.
"""

import re
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send

_HOST = re.compile(rb"([0-9A-Za-z.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
_LARGEST_PORT = 65535


def entrance(app: ASGIApp) -> ASGIApp:
    """An application that refuses impossible hosts and answers HEAD from its GET handlers."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_possible(scope):
            await _refuse(send)
        elif scope["type"] == "http" and scope["method"] == "HEAD":
            asked: Any = {**scope, "method": "GET", "is_head": True}
            await app(asked, receive, _without_body(send))
        else:
            await app(scope, receive, send)

    return answer


def is_possible(scope: Any) -> bool:
    """Whether there is one Host and it is a name or an address, perhaps with a port."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return False
    found = _HOST.fullmatch(hosts[0])
    return found is not None and int((found.group(2) or b":0")[1:]) <= _LARGEST_PORT


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": b"This is no host.", "more_body": False})


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return send_head
