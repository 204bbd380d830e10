"""DOCX and PPTX: no programs, nothing fetched, nobody's name, all changes accepted."""

import re
from pathlib import Path
from typing import Any

from portal.uploads.archives import pack, unpack
from portal.uploads.fields import SCHEMES, check_fields
from portal.uploads.markup import forget, like_a_path, name_of, named, parse, remove, unwrap, write
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
_FAR_WORD = re.compile(r"\s*([a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)
# what may lead to an address outside, by the identity of the relation
_LINKING = frozenset({"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"})
_ADDED = re.compile(r"(^|/)(customUI|webextensions?|taskpanes?|userCustomization)", re.IGNORECASE)
_ADDED_KINDS = re.compile(
    r"webextension|taskpane|extensibility|keyMapCustomizations|attachedToolbars"
)
# parts of people and their remarks, whatever they are called: by what they hold, or its type
_OF_PEOPLE = frozenset(
    {
        "comments", "commentsEx", "commentsIds", "commentsExtensible", "people", "person",
        "personList", "cmLst", "cmAuthorLst", "authorLst", "threadedComments", "presenceInfo",
        "tagLst", "DocTasks", "Tasks",
    }
)  # fmt: skip
_TYPE_OF_PEOPLE = re.compile(r"comment|people|person|\bauthors?\b", re.IGNORECASE)
_PROGRAM = re.compile(r"ppaction://(program|macro|ole)", re.IGNORECASE)
_GONE = (
    "del", "moveFrom", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
    "moveToRangeEnd", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tcPrChange",
    "trPrChange", "tblGridChange", "numberingChange", "rsids", "docId", "cmAuthorLst",
    "custDataLst", "docVars", "mailMerge", "attachedSchema", "saveThroughXslt",
)  # fmt: skip
# parts that speak of the document: who made it, when, for which firm, with what
_PROPERTIES = re.compile(r".*(core-properties|extended-properties|custom-properties).*")


def clean_ooxml(path: Path, target: Path, ending: str) -> None:
    """Write a DOCX or PPTX anew into a file."""
    parts = unpack(path, ending.upper())
    if any(_MACRO.search(name) for name in parts):
        raise refuse("macro")
    if any(_EMBEDDED.search(name) or _ADDED.search(name) for name in parts):
        raise refuse("embedded")
    _check_types(parts, ending)
    gone = _gone(parts)
    kept = {name: content for name, content in parts.items() if name.casefold() not in gone}
    first = {_TYPES: kept.pop(_TYPES)}
    cleaned = [
        (name, _clean(name, content, gone, _far(name, parts)))
        for name, content in {**first, **kept}.items()
    ]
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


def _gone(parts: dict[str, bytes]) -> set[str]:
    """The names, in small letters, of parts that are not kept."""
    gone = {name.casefold() for name in parts if _DROPPED.match(name)}
    for each in parse(parts[_TYPES]):
        if _TYPE_OF_PEOPLE.search(each.get("ContentType", "")):
            gone.add(each.get("PartName", "").lstrip("/").casefold())
    for name, content in parts.items():
        is_read = name.lower().endswith(".xml") and name.casefold() not in gone
        if is_read and name_of(parse(content)) in _OF_PEOPLE:
            gone.add(name.casefold())
    for name in list(gone):
        folder, _, last = name.rpartition("/")
        gone.add(f"{folder}/_rels/{last}.rels".lstrip("/"))
    return gone


def _far(name: str, parts: dict[str, bytes]) -> set[str]:
    """Under which identities a part knows addresses outside of the document."""
    folder, _, last = name.casefold().rpartition("/")
    wanted = f"{folder}/_rels/{last}.rels".lstrip("/")
    found = next((content for other, content in parts.items() if other.casefold() == wanted), None)
    if found is None:
        return set()
    return {each.get("Id", "") for each in parse(found) if _is_outside(each)}


def _is_outside(relation: Any) -> bool:
    return str(relation.get("TargetMode", "Internal")).strip().casefold() != "internal"


def _clean(name: str, content: bytes, gone: set[str], far: set[str]) -> bytes:
    if not name.lower().endswith(_XML):
        return clean_part(name, content)
    root = parse(content)
    if name == _TYPES:
        _drop_from(root, "PartName", gone)
    elif name.lower().endswith(".rels"):
        _check_relations(root)
        _drop_from(root, "Target", gone, name)
    elif _PROPERTIES.match(root.tag):
        del root[:]
    else:
        _check_content(root, far)
        _forget_in(root)
        # as it is written: what has gone may have stood between two halves of a field
        check_fields(root)
    return write(root)


def _drop_from(root: Any, attribute: str, gone: set[str], name: str = "") -> None:
    """Take out what speaks of parts that are gone."""
    folder = name.rpartition("_rels/")[0]
    for each in list(root):
        said = _absolute(folder, each.get(attribute, ""))
        if not _is_outside(each) and (_DROPPED.match(said) or said.casefold() in gone):
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
        if _ADDED_KINDS.search(each.get("Type", "")):
            raise refuse("embedded")
        if _is_outside(each):
            if kind != "hyperlink":
                raise refuse("remote")
            if not each.get("Target", "").strip().casefold().startswith(SCHEMES):
                raise refuse("file_link")
        elif _FAR_WORD.match(each.get("Target", "")):
            raise refuse("remote")


def _check_content(root: Any, far: set[str]) -> None:
    if named(root, "OLEObject", "altChunk", "oleObj", "control"):
        raise refuse("embedded")
    for each in root.iter():
        if any(_PROGRAM.search(value) for value in each.values()):
            raise refuse("macro")
        for key, value in each.attrib.items():
            word = key.rpartition("}")[2]
            is_link = word == "id" and name_of(each) in _LINKING
            if "}" in key and value in far and not is_link:
                raise refuse("remote")
            if word in ("src", "sourceFileName") and _FAR_WORD.match(value):
                raise refuse("remote")


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
        if name_of(each) in ("docPr", "cNvPr"):
            _forget_path(each)


def _forget_path(element: Any) -> None:
    for word, instead in (("name", "picture"), ("descr", ""), ("title", "")):
        if like_a_path(element.get(word, "")):
            element.set(word, instead)


def _is_of_words(element: Any) -> bool:
    return "wordprocessingml" in element.tag
