"""PDF: refused when it does anything, written anew with nothing but its pages."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from portal.uploads.drawn import forget_in_picture, forget_remarks
from portal.uploads.rules import refuse

_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/GoToR": "launch",
    "/GoToE": "launch",
    "/SubmitForm": "form",
    "/ImportData": "form",
    "/Rendition": "rich",
    "/Thread": "launch",
    "/Movie": "rich",
    "/Sound": "rich",
    "/RichMediaExecute": "rich",
    "/GoTo3DView": "rich",
}
_KEYS = {
    "/JS": "script",
    "/JavaScript": "script",
    "/XFA": "form",
    "/EmbeddedFiles": "attached",
    "/EF": "attached",
    "/AF": "attached",
    "/Collection": "attached",
    "/RichMediaContent": "rich",
    "/RichMediaSettings": "rich",
}
_ANNOTATIONS = {
    "/RichMedia": "rich",
    "/Movie": "rich",
    "/Screen": "rich",
    "/Sound": "rich",
    "/3D": "rich",
    "/FileAttachment": "attached",
}
_TRACES = (
    "/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/CreatorInfo", "/SpiderInfo", "/Perms",
    "/Legal", "/DSS", "/Threads",
)  # fmt: skip
# annotations that are part of what is printed; all others lose their words, notes go altogether
_SHOWN = frozenset({"/Link", "/Widget", "/FreeText"})
_NOTES = frozenset({"/Text", "/Popup"})
_MARKS = ("/T", "/M", "/CreationDate", "/NM", "/Subj", "/RC", "/Popup", "/IRT")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
# what a link or a step may do; and where in a PDF such steps stand
_TAKEN = frozenset(
    {"/GoTo", "/URI", "/Named", "/Hide", "/SetOCGState", "/Trans", "/ResetForm", "/NOP"}
)
_STEPS = ("/A", "/PA", "/Next", "/OpenAction")
_NAMED = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/Print", "/GoBack"})
# how a PDF may name a file
_FILES = ("/F", "/UF", "/DOS", "/Unix", "/Mac")
_ABOUT = ("/Author", "/Creator", "/Producer", "/CreationDate", "/ModDate", "/Company", "/Manager")
_SIGNATURES = frozenset({"/Sig", "/DocTimeStamp"})


def clean_pdf(path: Path, target: Path) -> int:
    """Write a PDF anew into a file; the number of its pages."""
    _refuse_more_than_a_pdf(path)
    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                raise refuse("encrypted")
            # an address that all others begin with: they are looked at as if there were none
            if "/URI" in pdf.Root:
                del pdf.Root["/URI"]
            _look_at(pdf)
            _forget_traces(pdf)
            pdf.save(target, deterministic_id=True, linearize=True)
        with pikepdf.open(target, attempt_recovery=False) as written:
            pages = len(written.pages)
            if zipfile.is_zipfile(target):
                raise refuse("polyglot", kind="PDF")
            if not pages or written.check_pdf_syntax():
                raise refuse("damaged")
    except pikepdf.PasswordError as error:
        raise refuse("encrypted") from error
    except pikepdf.PdfError as error:
        raise refuse("damaged") from error
    return pages


def _refuse_more_than_a_pdf(path: Path) -> None:
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - 1024))
        last = opened.read().rstrip(b"\0\t\r\n\f ")
    if zipfile.is_zipfile(path):
        raise refuse("polyglot", kind="PDF")
    if b"%%EOF" not in last:
        raise refuse("cut")
    if not last.endswith(b"%%EOF"):
        raise refuse("polyglot", kind="PDF")


def _look_at(pdf: Pdf) -> None:
    for each in _dictionaries(pdf):
        if reason := _harm_in(each):
            raise refuse(reason)


def _dictionaries(pdf: Pdf) -> Iterator[Any]:
    """Every dictionary of a PDF, those of streams and those inside others included."""
    waiting: list[Any] = [*pdf.objects, pdf.trailer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Array):
            waiting += [inner for inner in found if _is_direct(inner)]
        elif isinstance(found, Dictionary | Stream):
            yield found
            waiting += [found[key] for key in list(found.keys()) if _is_direct(found[key])]


def _is_direct(found: Any) -> bool:
    return isinstance(found, Array | Dictionary) and not found.is_indirect


def _harm_in(found: Any) -> str | None:
    keys = set(found.keys())
    for key, why in _KEYS.items():
        if key in keys:
            return why
    done = _ACTIONS.get(_word(found, "/S")) or _ANNOTATIONS.get(_word(found, "/Subtype"))
    if done:
        return done
    if (kind := _word(found, "/Type")) == "/EmbeddedFile":
        return "attached"
    if kind == "/Filespec" or _names_a_file(found, keys):
        return "launch"
    if "/AA" in keys:
        return "by_itself"
    if "/OpenAction" in keys and (harm := _harm_at_once(found["/OpenAction"])):
        return harm
    steps = (_harm_of_step(found.get(key)) for key in _STEPS)
    return next((harm for harm in steps if harm), None) or _harm_of_address(found.get("/URI"))


def _names_a_file(found: Any, keys: set[str]) -> bool:
    """Whether a dictionary or stream names a file, or takes its content from another one."""
    if isinstance(found, Stream) and keys & {"/F", "/Ref", "/OPI"}:
        return True
    is_named = any(isinstance(found.get(key), pikepdf.String) for key in _FILES)
    return is_named or isinstance(found.get("/FS"), Name) or _is_place_of_file(found.get("/F"))


def _is_place_of_file(found: Any) -> bool:
    return isinstance(found, Dictionary) and any(key in found for key in (*_FILES, "/FS", "/EF"))


def _harm_of_step(said: Any) -> str | None:
    """What is wrong with steps: only those that are known to be harmless may be there."""
    for each in said if isinstance(said, Array) else [said]:
        word = each.get("/S") if isinstance(each, Dictionary) else None
        if word is not None and str(word) not in _TAKEN:
            return _ACTIONS.get(str(word), "launch")
        if str(word) == "/Named" and _word(each, "/N") not in _NAMED:
            return "launch"
    return None


def _harm_of_address(uri: Any) -> str | None:
    if uri is None or isinstance(uri, Dictionary | Stream):
        # not an address, but something that has its name
        return None
    said = str(uri).strip().casefold()
    if isinstance(uri, pikepdf.String) and said.startswith(_SCHEMES):
        return None
    return "script" if said.lstrip("/").startswith("javascript") else "launch"


def _word(found: Any, key: str) -> str:
    value = found.get(key)
    return str(value) if isinstance(value, Name) else ""


def _harm_at_once(action: Object) -> str | None:
    """What is wrong with what a PDF does when it is opened: it may go to a page."""
    is_place = isinstance(action, Array | Name | pikepdf.String)
    if is_place or (isinstance(action, Dictionary) and _word(action, "/S") == "/GoTo"):
        return None
    return _ACTIONS.get(_word(action, "/S"), "by_itself")


def _forget_traces(pdf: Pdf) -> None:
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    for page in pdf.pages:
        if "/Annots" in page:
            shown = [each for each in page["/Annots"] if _word(each, "/Subtype") not in _NOTES]
            page["/Annots"] = Array(shown)
        if "/B" in page:
            # which articles it belongs to; they name their authors
            del page["/B"]
    for each in _dictionaries(pdf):
        _forget_in(each)
        if isinstance(each, Stream):
            forget_in_picture(each)
    forget_remarks(pdf)


def _forget_in(found: Any) -> None:
    unwanted = set(_TRACES)
    kind = _word(found, "/Subtype")
    if "/Rect" in found and kind not in _SHOWN:
        unwanted |= {*_MARKS, "/Contents"}
    elif kind in ("/FreeText", "/Link"):
        unwanted |= set(_MARKS)
    unwanted |= {key for key in _ABOUT if isinstance(found.get(key), pikepdf.String)}
    if "/ByteRange" in found or _word(found, "/Type") in _SIGNATURES:
        # a signature: it names its signer, and does not fit what is written anew
        unwanted |= set(found.keys())
    if _word(found, "/FT") == "/Sig":
        unwanted |= {"/V", "/DV", "/SV", "/Lock"}
    for key in unwanted & set(found.keys()):
        del found[key]
