"""DOCX and PPTX: no programs, nothing fetched, nobody's name, all changes accepted."""

import re
from pathlib import Path
from typing import Any

from portal.uploads.archives import pack, unpack
from portal.uploads.markup import forget, name_of, named, parse, remove, unwrap, write
from portal.uploads.parts import clean_part
from portal.uploads.rules import refuse

_TYPES = "[Content_Types].xml"
_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
_XML = (".xml", ".rels", ".vml")
_DROPPED = re.compile(
    r"customXml/|docProps/(thumbnail|custom)|_xmlsignatures/|[^/]+/printerSettings/"
    r"|word/(comments[^/]*|people)\.xml|word/_rels/(comments[^/]*|people)\.xml\.rels"
    r"|ppt/(commentAuthors|authors)\.xml|ppt/comments/|ppt/tags/|docMetadata/|package/services/metadata/",
    re.IGNORECASE,
)
_MACRO = re.compile(r"vba(Project|Data)|macrosheets/|macroEnabled|/attachedToolbars", re.IGNORECASE)
_EMBEDDED = re.compile(r"/(embeddings|activeX|ctrlProps)/|oleObject", re.IGNORECASE)
_INSIDE = ("oleObject", "package", "control", "aFChunk", "activeXControlBinary")
_FAR = ("attachedTemplate", "externalLink", "externalLinkPath", "subDocument", "frame")
_SCHEMES = ("http://", "https://", "mailto:", "tel:", "#")
_FETCHING = re.compile(r"\b(DDE|DDEAUTO|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DATABASE)\b", re.I)
_PROGRAM = re.compile(r"ppaction://(program|macro|ole)", re.IGNORECASE)
_GONE = (
    "del", "moveFrom", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
    "moveToRangeEnd", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tcPrChange",
    "trPrChange", "tblGridChange", "numberingChange", "rsids", "docId", "cmAuthorLst",
    "custDataLst",
)  # fmt: skip
# parts that speak of the document: who made it, when, for which firm, with what
_PROPERTIES = re.compile(r".*(core-properties|extended-properties|custom-properties).*")


def clean_ooxml(path: Path, target: Path, ending: str) -> None:
    """Write a DOCX or PPTX anew into a file."""
    parts = unpack(path, ending.upper())
    if any(_MACRO.search(name) for name in parts):
        raise refuse("macro")
    if any(_EMBEDDED.search(name) for name in parts):
        raise refuse("embedded")
    _check_types(parts, ending)
    kept = {name: content for name, content in parts.items() if not _DROPPED.match(name)}
    first = {_TYPES: kept.pop(_TYPES)}
    cleaned = [(name, _clean(name, content)) for name, content in {**first, **kept}.items()]
    pack(target, cleaned, frozenset())


def _check_types(parts: dict[str, bytes], ending: str) -> None:
    main, wanted = _MAIN[ending]
    if _TYPES not in parts or main not in parts or "_rels/.rels" not in parts:
        raise refuse("damaged")
    said = [each.get("ContentType", "") for each in parse(parts[_TYPES])]
    if any(_MACRO.search(each) for each in said):
        raise refuse("macro")
    if not any(each.endswith(wanted) for each in said):
        raise refuse("not_its_ending", ending=ending)


def _clean(name: str, content: bytes) -> bytes:
    if not name.lower().endswith(_XML):
        return clean_part(name, content)
    root = parse(content)
    if name == _TYPES:
        _drop_from(root, "PartName")
    elif name.lower().endswith(".rels"):
        _check_relations(root)
        _drop_from(root, "Target", name)
    elif _PROPERTIES.match(root.tag):
        del root[:]
    else:
        _check_content(root)
        _forget_in(root)
    return write(root)


def _drop_from(root: Any, attribute: str, name: str = "") -> None:
    """Take out what speaks of parts that are gone."""
    folder = name.rpartition("_rels/")[0]
    for each in list(root):
        said = each.get(attribute, "")
        if each.get("TargetMode") != "External" and _DROPPED.match(_absolute(folder, said)):
            root.remove(each)


def _absolute(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts: list[str] = []
    for each in (folder + target).split("/"):
        if each == "..":
            parts = parts[:-1]
        else:
            parts.append(each)
    return "/".join(parts)


def _check_relations(root: Any) -> None:
    for each in root:
        kind = each.get("Type", "").rpartition("/")[2]
        if kind in _INSIDE:
            raise refuse("embedded")
        if kind in _FAR:
            raise refuse("remote")
        if _MACRO.search(kind):
            raise refuse("macro")
        if each.get("TargetMode", "Internal").casefold() != "internal":
            if kind != "hyperlink":
                raise refuse("remote")
            if not each.get("Target", "").strip().casefold().startswith(_SCHEMES):
                raise refuse("file_link")


def _check_content(root: Any) -> None:
    if named(root, "OLEObject", "altChunk", "oleObj", "control"):
        raise refuse("embedded")
    fields = "".join(each.text or "" for each in named(root, "instrText"))
    fields += " ".join(str(value) for each in named(root, "fldSimple") for value in each.values())
    if _FETCHING.search(fields):
        raise refuse("remote")
    for each in root.iter():
        if any(_PROGRAM.search(value) for value in each.values()):
            raise refuse("macro")


def _forget_in(root: Any) -> None:
    for each in named(root, *_GONE):
        if each.getparent() is not None:
            remove(each)
    for each in named(root, "ins", "moveTo"):
        if each.getparent() is not None and _is_of_words(each):
            unwrap(each)
    for each in root.iter():
        for key in list(each.attrib):
            if "}rsid" in key:
                del each.attrib[key]
        forget(each, "author", "initials", "userId", "providerId", "href")
        if name_of(each) == "cNvPr" and "/picture" in each.tag:
            each.set("name", "picture")


def _is_of_words(element: Any) -> bool:
    return "wordprocessingml" in element.tag
