"""HEAD is GET without the body, at every address: link checkers and monitors ask that way."""

from typing import Any

from litestar.types import ASGIApp, Message, Receive, Send


def answering_head(app: ASGIApp) -> ASGIApp:
    """An application that answers HEAD from its GET handlers."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        scope["method"] = "GET"
        await app(scope, receive, without_body)

    return answer
