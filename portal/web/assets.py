"""Our few static files, kept in memory under names that carry their hash, gzipped beforehand.

A changed file has a changed name, so browsers may keep each for a year.
"""

import gzip
import hashlib
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from portal.errors import NotFound

FOLDER = Path(__file__).parent / "static"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}


class Asset(msgspec.Struct, frozen=True):
    """One file as it is sent."""

    media_type: str
    body: bytes
    gzipped: bytes


class Assets:
    """Every file below a folder, by logical name and by hashed name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._names: dict[str, str] = {}
        self._files: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in TYPES and path.is_file() and not path.is_symlink():
                self._add(path)

    def has(self, name: str) -> bool:
        """Whether there is such a file: htmx is fetched at set-up, pages work without it."""
        return name in self._names

    def address(self, name: str) -> str:
        """Where `site.css` is today; KeyError when there is no such file."""
        return f"/static/{self._names[name]}"

    def find(self, hashed_name: str) -> Asset:
        """The file of a hashed name."""
        try:
            return self._files[hashed_name]
        except KeyError:
            raise NotFound from None

    def _add(self, path: Path) -> None:
        body = path.read_bytes()
        digest = hashlib.sha256(body).hexdigest()[:12]
        hashed = f"{path.stem}.{digest}{path.suffix}"
        self._names[path.name] = hashed
        packed = gzip.compress(body, mtime=0)
        self._files[hashed] = Asset(TYPES[path.suffix], body, packed)


@get("/static/{name:str}", sync_to_thread=False, include_in_schema=False)
def static_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """One asset: kept for a year, 304 when the browser has it."""
    asset: Asset = request.app.state.site.assets.find(name)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{name}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.gzipped, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)
