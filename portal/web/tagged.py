"""A text that is asked for again and again: sent once, then `304 Not Modified` while it is so."""

import hashlib
from typing import Any

from litestar import Request, Response


def answer_tagged(request: Request[Any, Any, Any], body: bytes, media_type: str) -> Response[bytes]:
    """The bytes with their ETag, or nothing but 304 where the asker has them already."""
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Vary": "Cookie"}
    known = request.headers.get("if-none-match", "").replace("W/", "")
    if headers["ETag"] in [each.strip() for each in known.split(",")]:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
