"""What is drawn on the pages of a PDF: pictures without their notes, strokes without remarks."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from portal.uploads.films import blank, boxes
from portal.uploads.images import segments
from portal.uploads.rules import refuse

# APP0 and APP14 of a JPEG say how to read its colours; all other notes in it go
_READ_BY = frozenset({0xE0, 0xEE})
_WRITTEN = re.compile(rb"\((?:[^()\\]|\\.)*+\)", re.DOTALL)
_PICTURE_BEGINS = re.compile(rb"\bBI\b")
_PACKED_PICTURES = frozenset({"/DCTDecode", "/DCT", "/JPXDecode"})


def filters(stream: Any) -> list[str]:
    """How a stream is packed, outermost first."""
    said = stream.get("/Filter")
    if isinstance(said, Array):
        return [str(each) for each in said]
    return [str(said)] if isinstance(said, Name) else []


def forget_in_picture(stream: Any) -> None:
    """Take the notes out of a picture that has its own format."""
    *outer, last = filters(stream) or [""]
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


def forget_remarks(pdf: Pdf) -> None:
    """Write strokes anew that hold remarks; refuse pictures among them that may hold notes."""
    for page in pdf.pages:
        # every page has its strokes as one stream afterwards
        if "/Contents" in page:
            page.contents_coalesce()
            if isinstance(page.obj["/Contents"], Stream):
                _write_anew(page.obj["/Contents"])
    for each in _other_strokes(pdf):
        _write_anew(each)


def _other_strokes(pdf: Pdf) -> Iterator[Any]:
    """Forms, patterns, and the letters of typefaces that are drawn."""
    for each in pdf.objects:
        if isinstance(each, Stream):
            if str(each.get("/Subtype")) == "/Form" or str(each.get("/PatternType")) == "1":
                yield each
        elif isinstance(each, Dictionary) and isinstance(each.get("/CharProcs"), Dictionary):
            yield from (drawn for _, drawn in each["/CharProcs"].items())


def _write_anew(stream: Any) -> None:
    content = stream.read_bytes()
    if not _is_remarked(content):
        return
    strokes = pikepdf.parse_content_stream(stream)
    for each in strokes:
        if isinstance(each, pikepdf.ContentStreamInlineImage):
            packed = each.iimage.obj.get("/Filter")
            said = packed if isinstance(packed, Array) else [packed]
            if any(str(one) in _PACKED_PICTURES for one in said):
                raise refuse("damaged")
    stream.write(pikepdf.unparse_content_stream(strokes))


def _is_remarked(content: bytes) -> bool:
    """Whether strokes hold a remark or a picture, words that are written left aside."""
    if b"%" not in content and not _PICTURE_BEGINS.search(content):
        return False
    is_shorter = True
    while is_shorter:
        shorter = _WRITTEN.sub(b"", content)
        is_shorter, content = len(shorter) < len(content), shorter
    return b"%" in content or _PICTURE_BEGINS.search(content) is not None


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
