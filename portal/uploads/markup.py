"""XML of office files: read without fetching or expanding anything, written without comments."""

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from portal.uploads.rules import refuse

# a place on a computer or the name of a file; words such as 24/7 are none
_PATH = re.compile(
    r"\\|\b[a-z]:[/\\]|^\s*[~/.]|:/|\S/\S*/\S|\.(jpe?g|png|gif|webp|bmp|tiff?|hei[cf]|svg|emf|wmf)\b",
    re.IGNORECASE,
)


def like_a_path(said: str) -> bool:
    """Whether words look like a place on a computer, or the name of a picture's file."""
    return _PATH.search(said) is not None


def parse(content: bytes) -> Any:
    """The root of an XML document; `Invalid` when it defines words of its own, or is damaged."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise refuse("damaged") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise refuse("entities")
    return root


def write(root: Any) -> bytes:
    """The bytes of an XML document."""
    written: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return written


def named(root: Any, *names: str) -> list[Any]:
    """Elements with one of these names, whatever their namespace."""
    return [each for each in root.iter() if name_of(each) in names]


def name_of(element: Any) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)


def remove(element: Any) -> None:
    """Take an element out; the text that follows it stays."""
    before, parent, text = element.getprevious(), element.getparent(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def unwrap(element: Any) -> None:
    """Take an element out, and leave what is in it in its place."""
    parent, at = element.getparent(), element.getparent().index(element)
    children = list(element)
    for place, child in enumerate(children):
        parent.insert(at + place, child)
    parent.remove(element)


def forget(element: Any, *words: str) -> None:
    """Take attributes with these names away, whatever their namespace."""
    for key in list(element.attrib):
        if etree.QName(key).localname in words:
            del element.attrib[key]
