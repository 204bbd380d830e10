"""ODT: no programs, nothing fetched, nobody's name, all changes accepted."""

import re
from pathlib import Path
from typing import Any

from portal.uploads.archives import pack, unpack
from portal.uploads.markup import forget, like_a_path, name_of, named, parse, remove, write
from portal.uploads.parts import clean_part
from portal.uploads.rules import KINDS, refuse

_MIMETYPE = "mimetype"
_MANIFEST = "META-INF/manifest.xml"
_DROPPED = re.compile(
    r"Thumbnails/|Configurations2/|ObjectReplacements/|META-INF/(?!manifest\.xml)|manifest\.rdf"
    r"|layout-cache|Basic/|Dialogs/|(.*/)?meta\.xml"
)
# a document without macros may still name its empty library
_LIBRARY = re.compile(r"(Basic|Dialogs)/(script|dialog)-l[bc]\.xml")
_SCRIPTS = re.compile(r"(Basic|Dialogs|Scripts)/.*[^/]$")
_PICTURE = re.compile(r"(Pictures|media|Media|Fonts)/")
_XML = re.compile(r"(.*/)?(content|styles|settings|meta|manifest)\.xml")
_EMPTY_META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office='
    b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>'
)
_GONE = ("annotation", "annotation-end", "tracked-changes", "change", "change-start", "change-end",
         "creator", "initial-creator", "printed-by")  # fmt: skip
# fields that show who wrote it, and where: their words go
_OF_PEOPLE = re.compile(r"author-(name|initials)|sender-.*|file-name|template-name")
_FETCHED = re.compile(r"\b(DDE|WEBSERVICE|FILTERXML|EXTERNAL|HYPERLINK)\b|file:|://", re.IGNORECASE)
_FORM_SOURCES = ("datasource", "image-data", "target-location", "connection-resource")
_EMBEDDED = ("object-ole", "applet", "plugin", "floating-frame")
_FAR = (
    "dde-source", "dde-connection-decl", "dde-connection", "connection-resource", "section-source",
    "database-display", "database-next", "database-row-select", "database-source-sql",
    "database-source-query", "database-source-table", "cell-range-source", "submission",
)  # fmt: skip
_LINKS = ("a",)
_SCHEMES = ("http://", "https://", "mailto:", "tel:", "#")
_SETTINGS = re.compile(
    r"Printer|Print.*Setup|CurrentDatabase|DataSource|Rsid|Password|RedlineProtectionKey"
)


def clean_odt(path: Path, target: Path) -> None:
    """Write an ODT anew into a file."""
    parts = unpack(path, "ODT")
    for name in parts:
        if _SCRIPTS.match(name) and not _LIBRARY.fullmatch(name):
            raise refuse("macro")
    if parts.get(_MIMETYPE, b"").strip() != KINDS["odt"].media_type.encode():
        raise refuse("not_its_ending", ending="odt")
    if "content.xml" not in parts or _MANIFEST not in parts:
        raise refuse("damaged")
    _refuse_locked(parse(parts[_MANIFEST]))
    kept = {name: content for name, content in parts.items() if not _DROPPED.match(name)}
    kept.pop(_MIMETYPE)
    cleaned = [(name, _clean(name, content, kept)) for name, content in kept.items()]
    mimetype = (_MIMETYPE, KINDS["odt"].media_type.encode())
    meta = [("meta.xml", _EMPTY_META)] if "meta.xml" in parts else []
    pack(target, [mimetype, *cleaned, *meta], frozenset({_MIMETYPE}))


def _refuse_locked(manifest: Any) -> None:
    if named(manifest, "encryption-data"):
        raise refuse("encrypted")


def _clean(name: str, content: bytes, kept: dict[str, bytes]) -> bytes:
    if _PICTURE.match(name):
        return clean_part(name, content)
    if not _XML.fullmatch(name):
        raise refuse("embedded")
    root = parse(content)
    if name == _MANIFEST:
        _keep_listed(root, kept)
        return write(root)
    _check(root, kept)
    _forget_people(root)
    for each in named(root, *_GONE):
        if each.getparent() is not None:
            remove(each)
    for each in named(root, "config-item"):
        if any(_SETTINGS.search(value) for value in each.values()):
            remove(each)
    for each in root.iter():
        forget(each, "rsid", "paragraph-rsid")
    return write(root)


def _forget_people(root: Any) -> None:
    for each in root.iter():
        name = name_of(each)
        if _OF_PEOPLE.fullmatch(name) and ":text:1.0" in each.tag:
            each.text = ""
            del each[:]
        elif name in ("title", "desc") and like_a_path(each.text or ""):
            each.text = ""
        for key, value in each.attrib.items():
            if key.endswith("drawing:1.0}name") and like_a_path(value):
                each.set(key, "picture")


def _keep_listed(manifest: Any, kept: dict[str, bytes]) -> None:
    for each in named(manifest, "file-entry"):
        path = next((each.get(key) for key in each.attrib if key.endswith("}full-path")), "")
        is_folder = path.endswith("/") and not _DROPPED.match(path)
        if path not in kept and path != "meta.xml" and not is_folder:
            remove(each)


def _check(root: Any, kept: dict[str, bytes]) -> None:
    inside = {name.casefold() for name in kept}
    for each in root.iter():
        name = name_of(each)
        if name in ("event-listener", "script"):
            raise refuse("macro")
        if name in _EMBEDDED:
            raise refuse("embedded")
        if name in _FAR:
            raise refuse("remote")
        for key, value in each.attrib.items():
            word = key.rpartition("}")[2]
            if word == "href":
                _check_link(name, value.strip().casefold(), inside)
            elif (word == "formula" and _FETCHED.search(value)) or (
                word in _FORM_SOURCES and value.strip()
            ):
                raise refuse("remote")


def _check_link(name: str, target: str, inside: set[str]) -> None:
    if name in _LINKS:
        if not target.startswith(_SCHEMES):
            raise refuse("file_link")
        return
    path = target.removeprefix("./")
    is_inside = path in inside or any(each.startswith(f"{path}/") for each in inside)
    if path and not path.startswith(("#", "objectreplacements/")) and not is_inside:
        raise refuse("remote")
