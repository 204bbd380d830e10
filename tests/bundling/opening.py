"""A bundle taken apart as somebody would who got it on a stick."""

import zipfile
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from lxml import html


@dataclass
class Stick:
    """The files of a bundle by their paths."""

    packed: bytes

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What is in the archive."""
        with zipfile.ZipFile(BytesIO(self.packed)) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def pages(self) -> dict[str, html.HtmlElement]:
        """The pages, read as a browser reads them."""
        reader = html.HTMLParser(encoding="utf-8")
        return {
            path: html.document_fromstring(body, parser=reader)
            for path, body in self.files.items()
            if path.endswith(".html")
        }

    def anchors(self, path: str) -> set[str]:
        """Where one can jump to on a page."""
        return set(self.pages[path].xpath("//@id"))

    def target(self, page: str, link: str) -> tuple[str, str]:
        """The file and the anchor that a relative link of a page leads to."""
        parts = urlsplit(link)
        path = (
            normpath(f"{dirname(page)}/{unquote(parts.path)}").lstrip("/") if parts.path else page
        )
        return path, unquote(parts.fragment)

    def unpack(self, folder: Path) -> Path:
        """The files on a disk."""
        with zipfile.ZipFile(BytesIO(self.packed)) as archive:
            archive.extractall(folder)
        return folder
