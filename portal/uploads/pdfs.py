"""PDF: refused when it does anything, written anew with nothing but its pages."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from portal.uploads.films import blank, boxes
from portal.uploads.images import segments
from portal.uploads.rules import refuse

_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/GoToR": "launch",
    "/GoToE": "launch",
    "/SubmitForm": "form",
    "/ImportData": "form",
    "/Rendition": "rich",
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
    "/Legal", "/DSS",
)  # fmt: skip
# annotations that are part of what is printed; all others lose their words, notes go altogether
_SHOWN = frozenset({"/Link", "/Widget", "/FreeText"})
_NOTES = frozenset({"/Text", "/Popup"})
_MARKS = ("/T", "/M", "/CreationDate", "/NM", "/Subj", "/RC", "/Popup", "/IRT")
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
# APP0 and APP14 of a JPEG say how to read its colours; all other notes in it go
_READ_BY = frozenset({0xE0, 0xEE})


def clean_pdf(path: Path, target: Path) -> int:
    """Write a PDF anew into a file; the number of its pages."""
    _refuse_more_than_a_pdf(path)
    try:
        with pikepdf.open(path) as pdf:
            if pdf.is_encrypted:
                raise refuse("encrypted")
            _look_at(pdf)
            _forget_traces(pdf)
            pdf.save(target, deterministic_id=True, linearize=True)
        with pikepdf.open(target, attempt_recovery=False) as written:
            pages = len(written.pages)
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
    if _word(found, "/Type") == "/Filespec" or (isinstance(found, Stream) and "/F" in keys):
        return "launch"
    if "/AA" in keys:
        return "by_itself"
    if "/OpenAction" in keys and (harm := _harm_at_once(found["/OpenAction"])):
        return harm
    uri = found.get("/URI")
    if isinstance(uri, pikepdf.String):
        said = str(uri).strip().casefold()
        if ":" in said.split("/")[0] and not said.startswith(_SCHEMES):
            return "script" if said.startswith("javascript") else "launch"
    return None


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
    for each in _dictionaries(pdf):
        _forget_in(each)
        if isinstance(each, Stream):
            _forget_in_picture(each)


def _forget_in(found: Any) -> None:
    unwanted = set(_TRACES)
    kind = _word(found, "/Subtype")
    if "/Rect" in found and kind not in _SHOWN:
        unwanted |= {*_MARKS, "/Contents"}
    elif kind in ("/FreeText", "/Link"):
        unwanted |= set(_MARKS)
    if "/ByteRange" in found:
        # a signature: it names its signer, and does not fit what is written anew
        unwanted |= set(found.keys())
    for key in unwanted & set(found.keys()):
        del found[key]


def _filters(stream: Any) -> list[str]:
    said = stream.get("/Filter")
    if isinstance(said, Array):
        return [str(each) for each in said]
    return [str(said)] if isinstance(said, Name) else []


def _forget_in_picture(stream: Any) -> None:
    *outer, last = _filters(stream) or [""]
    if last not in _PICTURES:
        return
    content = stream.read_raw_bytes()
    if outer:
        # what is packed once more is unpacked by the reader of PDFs itself
        with Pdf.new() as aside:
            packed = aside.make_stream(content)
            packed["/Filter"] = Array([Name(each) for each in outer])
            content = packed.read_bytes()
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, Array):
        parameters = parameters[len(outer)] if len(parameters) > len(outer) else None
    plain = _PICTURES[last](content)
    stream.write(plain, filter=Name(last), decode_parms=parameters or None)


def _plain_jpeg(content: bytes) -> bytes:
    return b"".join(
        content[at : at + length]
        for marker, at, length in segments(content)
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _READ_BY
    )


def _plain_jpeg2000(content: bytes) -> bytes:
    if not content.startswith(b"\0\0\0\x0cjP"):
        return content
    picture = BytesIO(content)
    for box in boxes(picture, 0, len(content)):
        if box.word in (b"xml ", b"uuid", b"uinf"):
            blank(picture, box)
    return picture.getvalue()


_PICTURES = {"/DCTDecode": _plain_jpeg, "/JPXDecode": _plain_jpeg2000}
