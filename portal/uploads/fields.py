"""Fields of a DOCX: those that only count, date or refer stay; links are looked at; others go."""

import re
from typing import Any

import msgspec

from portal.uploads.markup import name_of, named
from portal.uploads.rules import refuse

SCHEMES = ("http://", "https://", "mailto:", "tel:", "#")
# security: what is named here reads nothing but the document itself
_COUNTING = frozenset(
    {
        "=", "ADVANCE", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BIBLIOGRAPHY",
        "CITATION", "COMMENTS", "COMPARE", "CREATEDATE", "DATE", "DISPLAYBARCODE", "DOCPROPERTY",
        "DOCVARIABLE", "EDITTIME", "EQ", "FILENAME", "FILESIZE", "FORMCHECKBOX", "FORMDROPDOWN",
        "FORMTEXT", "GOTOBUTTON", "HYPERLINK", "IF", "INDEX", "INFO", "KEYWORDS", "LASTSAVEDBY",
        "LISTNUM", "MERGEFIELD", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF",
        "PRINTDATE", "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ",
        "SHAPE", "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME", "TITLE", "TOA",
        "TOC", "USERADDRESS", "USERINITIALS", "USERNAME", "XE",
    }
)  # fmt: skip
_OF_PEOPLE = frozenset(
    {"AUTHOR", "FILENAME", "INFO", "LASTSAVEDBY", "TEMPLATE"}
    | {"USERADDRESS", "USERINITIALS", "USERNAME"}
)
_WORD = re.compile(r"\s*([A-Za-z]+|=)")
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"?|(\\[a-zA-Z!*@#])|([^\s"]+)')
_WITH_WORDS = ("\\l", "\\o", "\\t", "\\*", "\\@", "\\#")
# what stands where another field, or its result, is part of an instruction
_OTHER = "\0"


class _Field(msgspec.Struct):
    """A field that has begun: its instruction so far, and whether its result has begun."""

    said: str = ""
    is_result: bool = False


def check_fields(root: Any) -> None:
    """Refuse fields that fetch or run; empty those that show who wrote it, and where."""
    if named(root, "entryMacro", "exitMacro"):
        raise refuse("macro")
    open_: list[_Field] = []
    loose = _Field()
    for each in root.iter():
        name = name_of(each)
        if name == "fldChar":
            _turn(open_, _said(each, "fldCharType"))
        elif name == "fldSimple":
            _mark_other(open_)
            _check(_said(each, "instr"))
            if _word_of(_said(each, "instr")) in _OF_PEOPLE:
                _empty(each)
        elif name in ("instrText", "delInstrText"):
            (open_[-1] if open_ else loose).said += each.text or ""
        elif name == "t" and open_:
            _take_text(open_, each)
    for left in (*open_, loose):
        _check(left.said)


def _turn(open_: list[_Field], to: str) -> None:
    if to == "begin":
        _mark_other(open_)
        open_.append(_Field())
    elif to == "separate" and open_:
        open_[-1].is_result = True
    elif to == "end" and open_:
        _check(open_.pop().said)


def _mark_other(open_: list[_Field]) -> None:
    if open_ and not open_[-1].is_result:
        open_[-1].said += _OTHER


def _take_text(open_: list[_Field], text: Any) -> None:
    if not open_[-1].is_result:
        open_[-1].said += text.text or ""
    elif any(each.is_result and _word_of(each.said) in _OF_PEOPLE for each in open_):
        text.text = ""


def _empty(element: Any) -> None:
    for each in named(element, "t"):
        each.text = ""


def _said(element: Any, word: str) -> str:
    found = [value for key, value in element.attrib.items() if key.rpartition("}")[2] == word]
    return str(found[0]) if found else ""


def _word_of(said: str) -> str:
    found = _WORD.match(said)
    return found[1].upper() if found else ""


def _check(said: str) -> None:
    if not said.strip():
        return
    word = _word_of(said)
    if word not in _COUNTING:
        raise refuse("remote")
    if word == "HYPERLINK":
        _check_link(said[len("HYPERLINK") + len(said) - len(said.lstrip()) :])


def _check_link(said: str) -> None:
    # an address that is put together by other fields cannot be known
    if _OTHER in said:
        raise refuse("file_link")
    is_words = False
    for found in _PIECE.finditer(re.sub("[“”„]", '"', said)):
        quoted, switch, bare = found.groups()
        if switch:
            is_words = switch.lower() in _WITH_WORDS
            continue
        target = (bare if quoted is None else quoted).strip().casefold()
        if not is_words and target and not target.startswith(SCHEMES):
            raise refuse("file_link")
        is_words = False
