"""Hostile and broken files: each is refused with its own words, and leaves nothing behind."""

import os
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from portal.errors import Invalid
from portal.i18n.language import load_language
from portal.settings import Settings, read_settings
from portal.uploads import apart
from portal.uploads.apart import check_apart
from portal.uploads.checking import check
from portal.uploads.intake import inspected
from portal.uploads.rules import KINDS, MB, REFUSALS, Kind
from tests.uploads import making
from tests.uploads.making import packed, relations

ENGLISH = load_language("en")
PK_ZIP = packed({"a.txt": "hidden"})
JS = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def pdf_with(**root: object) -> bytes:
    made = Pdf.open(BytesIO(making.plain_pdf()))
    for key, value in root.items():
        made.Root[f"/{key}"] = value
    return making.written_pdf(made)


def pdf_on_page(annotation: Dictionary) -> bytes:
    made = Pdf.open(BytesIO(making.plain_pdf()))
    made.pages[0]["/Annots"] = Array([made.make_indirect(annotation)])
    return making.written_pdf(made)


def link_to(action: Dictionary) -> bytes:
    return pdf_on_page(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action))


def pdf_drawing(**more: object) -> bytes:
    """A page that draws a form with more keys than it needs."""
    made = Pdf.open(BytesIO(making.plain_pdf()))
    drawn = made.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], **more)
    made.pages[0].add_resource(drawn, Name.XObject, Name.Drawn)
    return making.written_pdf(made)


def pdf_stroking(strokes: bytes) -> bytes:
    made = Pdf.open(BytesIO(making.plain_pdf()))
    made.pages[0].contents_add(strokes)
    return making.written_pdf(made)


def pdf_with_stream(content: bytes, **keys: object) -> bytes:
    made = Pdf.open(BytesIO(making.plain_pdf()))
    made.Root["/Odd"] = made.make_stream(content, **keys)
    written = BytesIO()
    made.save(written, compress_streams=False)
    return written.getvalue()


def uri(said: object) -> bytes:
    return link_to(Dictionary(S=Name.URI, URI=said))


SHARE = String("\\\\evil\\x.pdf")


def locked_pdf(user: str) -> bytes:
    made = Pdf.open(BytesIO(making.plain_pdf()))
    return making.written_pdf(made, encryption=pikepdf.Encryption(owner="o", user=user))


def pdf_with_attachment() -> bytes:
    made = Pdf.open(BytesIO(making.plain_pdf()))
    made.attachments["a.exe"] = b"MZ"
    return making.written_pdf(made)


def docx(**more: bytes | str) -> bytes:
    return packed({**making.docx_parts(), **more})


def docx_with(parts: dict[str, bytes | str]) -> bytes:
    return packed({**making.docx_parts(), **parts})


def docx_relation(kind: str, target: str, more: str = ' TargetMode="External"') -> bytes:
    return docx_with({"word/_rels/document.xml.rels": relations((kind, target, more))})


def docx_saying(body: str, before: str = "") -> bytes:
    said = f'<w:document xmlns:w="{making.W}"><w:body>{body}</w:body></w:document>'
    return docx_with({"word/document.xml": before + said})


def docx_using_link(body: str) -> bytes:
    parts = making.docx_parts()
    document = parts["word/document.xml"]
    assert isinstance(document, str)
    return docx_with({"word/document.xml": document.replace("</w:body>", f"{body}</w:body>")})


def field(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def svg(inner: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'


def begun(*said: str) -> str:
    """A field of a DOCX that begins, says something, and ends."""
    turn = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return turn.format("begin") + "".join(said) + turn.format("separate") + turn.format("end")


def simple(text: str) -> str:
    return f"<w:fldSimple w:instr='{text}'/>"


def deleted(said: str) -> str:
    return f"<w:del>{said}</w:del>"


def odt_with(parts: dict[str, bytes | str]) -> bytes:
    return packed({**making.odt_parts(), **parts})


def odt_saying(body: str) -> bytes:
    head = making.odt_parts()["content.xml"]
    assert isinstance(head, str)
    return odt_with({"content.xml": head.replace("</office:text>", f"{body}</office:text>")})


def twice_named() -> bytes:
    written = BytesIO(docx_with({}))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(written, "a") as opened:
        opened.writestr("word/document.xml", "<other/>")
    return written.getvalue()


def with_locked_member() -> bytes:
    content = bytearray(docx_with({}))
    at = content.index(b"PK\1\2")
    content[at + 8] |= 1
    return bytes(content)


def overlapping() -> bytes:
    """Two parts of the list that stand at the same place."""
    content = bytearray(docx_with({}))
    first = content.index(b"PK\1\2")
    second = content.index(b"PK\1\2", first + 4)
    content[second + 42 : second + 46] = bytes(4)
    return bytes(content)


def png_of(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + making.chunk(b"IHDR", header)
        + making.chunk(b"IDAT", b"x")
        + making.chunk(b"IEND", b"")
    )


def moving(format_: str) -> bytes:
    more = [making.picture(mode="L").rotate(90)]
    return making.saved(making.picture(), format_, save_all=True, append_images=more)


def linked_zip() -> bytes:
    written = BytesIO(docx_with({}))
    with zipfile.ZipFile(written, "a") as opened:
        info = zipfile.ZipInfo("word/link")
        info.external_attr = 0o120777 << 16
        opened.writestr(info, "/etc/passwd")
    return written.getvalue()


LAUGHS = '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;">]>'
FAR_ENTITY = '<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]>'
MACRO_TYPES = making.types("word/document.xml", "wordprocessingml.document.main+xml").replace(
    f"{making.TYPES}wordprocessingml.document.main", "application/vnd.ms-word.macroEnabled.main"
)
LISTENER = '<s:event-listener xmlns:s="urn:oasis:names:tc:opendocument:xmlns:script:1.0"/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)

# what it is, its name, its bytes, and the code of the words
HOSTILE: list[tuple[str, str, bytes, str]] = [
    ("empty", "a.pdf", b"", "empty"),
    ("a program", "a.exe", b"MZ" + bytes(99), "type"),
    ("a page", "a.html", b"<html><script>1</script>", "type"),
    ("no ending", "poster", making.plain_pdf(), "type"),
    ("two endings", "a.pdf.exe", making.plain_pdf(), "type"),
    ("a program named PDF", "a.pdf", b"MZ" + bytes(99), "ending"),
    ("a page named JPG", "a.jpg", b"<!DOCTYPE html><html></html>", "ending"),
    ("an SVG named PNG", "a.png", b"<svg xmlns='x'/>", "ending"),
    ("a GIF named PNG", "a.png", moving("GIF"), "ending"),
    ("a photo named PDF", "a.pdf", making.jpeg(), "ending"),
    ("a PPTX named DOCX", "a.docx", packed(making.pptx_parts()), "ending"),
    ("a ZIP named DOCX", "a.docx", PK_ZIP, "ending"),
    ("noise named JPG", "a.jpg", bytes(range(1, 99)), "not_its_ending"),
    ("an iPhone's film", "a.mp4", making.mp4().replace(b"ftypisom", b"ftypqt  "), "ending"),
    ("an old DOC", "a.doc", OLE, "old_office"),
    ("a locked DOCX", "a.docx", OLE, "old_office"),
    ("half a PDF", "a.pdf", making.plain_pdf()[:700], "cut"),
    ("half a photo", "a.jpg", making.jpeg()[:-300], "cut"),
    ("half a PNG", "a.png", making.png()[:-20], "cut"),
    ("half a WebP", "a.webp", making.webp()[:-20], "cut"),
    ("half a DOCX", "a.docx", docx()[:-900], "cut"),
    ("half an MP3", "a.mp3", making.frames()[:-100], "cut"),
    ("half an MP4", "a.mp4", making.mp4()[:-20], "cut"),
    ("an MP4 whose pictures are elsewhere", "a.mp4", making.mp4(chunk_at=9_999_999), "cut"),
    ("a PDF of nothing", "a.pdf", b"%PDF-1.7\nnothing\n%%EOF\n", "damaged"),
    (
        "a PNG with a wrong sum",
        "a.png",
        making.png().replace(b"IDAT", b"IDAT\1", 1)[:-1],
        "damaged",
    ),
    ("a PNG of noise", "a.png", png_of(8, 8), "damaged"),
    ("a DOCX of torn XML", "a.docx", docx_saying("<w:p>"), "damaged"),
    ("an MP3 of one frame", "a.mp3", making.frames(1), "damaged"),
    ("macros by name", "a.docm", docx(), "macro"),
    ("macros", "a.docx", docx_with({"word/vbaProject.bin": OLE}), "macro"),
    ("macros elsewhere", "a.docx", docx_with({"word/other/vbaProject.bin": OLE}), "macro"),
    ("macro sheets", "a.docx", docx_with({"xl/macrosheets/sheet1.xml": "<a/>"}), "macro"),
    ("a macro type", "a.docx", docx_with({"[Content_Types].xml": MACRO_TYPES}), "macro"),
    ("a macro in an ODT", "a.odt", odt_with({"Basic/Standard/Module1.xml": "<a/>"}), "macro"),
    ("a Python macro", "a.odt", odt_with({"Scripts/python/run.py": "1"}), "macro"),
    (
        "a listener in an ODT",
        "a.odt",
        odt_saying(LISTENER),
        "macro",
    ),
    (
        "a slide that runs",
        "a.pptx",
        packed(
            {**making.pptx_parts(), "ppt/slides/slide1.xml": '<a action="ppaction://program"/>'}
        ),
        "macro",
    ),
    ("a script at once", "a.pdf", pdf_with(OpenAction=JS), "script"),
    ("a script by name", "a.pdf", pdf_with(Names=Dictionary(JavaScript=Dictionary())), "script"),
    ("a script in a link", "a.pdf", link_to(JS), "script"),
    (
        "a script as an address",
        "a.pdf",
        link_to(Dictionary(S=Name.URI, URI=String("JavaScript:1"))),
        "script",
    ),
    (
        "a script after a step",
        "a.pdf",
        link_to(Dictionary(S=Name.GoTo, D=String("x"), Next=Array([JS]))),
        "script",
    ),
    (
        "a PDF that acts",
        "a.pdf",
        pdf_with(OpenAction=Dictionary(S=Name.Named, N=Name.Print)),
        "by_itself",
    ),
    (
        "a PDF that acts at its end",
        "a.pdf",
        pdf_with(AA=Dictionary(WC=Dictionary(S=Name.URI))),
        "by_itself",
    ),
    ("a PDF that opens", "a.pdf", link_to(Dictionary(S=Name.Launch, F=String("cmd"))), "launch"),
    (
        "a PDF that opens afar",
        "a.pdf",
        link_to(Dictionary(S=Name.GoToR, F=String("//h/x"))),
        "launch",
    ),
    (
        "a PDF with a file link",
        "a.pdf",
        link_to(Dictionary(S=Name.URI, URI=String("file:///x"))),
        "launch",
    ),
    ("a form that sends", "a.pdf", link_to(Dictionary(S=Name.SubmitForm, F=String("h"))), "form"),
    ("a form that fetches", "a.pdf", link_to(Dictionary(S=Name.ImportData, F=String("h"))), "form"),
    ("a living form", "a.pdf", pdf_with(AcroForm=Dictionary(XFA=String("<xdp/>"))), "form"),
    ("an attachment", "a.pdf", pdf_with_attachment(), "attached"),
    (
        "a film in a PDF",
        "a.pdf",
        pdf_on_page(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)),
        "rich",
    ),
    ("a PDF with a password", "a.pdf", locked_pdf("secret"), "encrypted"),
    ("a PDF that forbids", "a.pdf", locked_pdf(""), "encrypted"),
    ("a locked part", "a.docx", with_locked_member(), "encrypted"),
    (
        "a locked ODT",
        "a.odt",
        odt_with({"META-INF/manifest.xml": "<m><file-entry><encryption-data/></file-entry></m>"}),
        "encrypted",
    ),
    ("a link to a share in a PDF", "a.pdf", uri(SHARE), "launch"),
    ("a link without a scheme", "a.pdf", uri(String("//evil.example/x")), "launch"),
    ("a link to a place beside", "a.pdf", uri(String("x.exe")), "launch"),
    ("an address as a name", "a.pdf", uri(Name("/file:///x")), "launch"),
    ("a script as a name", "a.pdf", uri(Name("/javascript:1")), "script"),
    ("an article afar", "a.pdf", link_to(Dictionary(S=Name.Thread, F=SHARE)), "launch"),
    ("an unknown step", "a.pdf", link_to(Dictionary(S=Name.OpenIt, X=String("x"))), "launch"),
    (
        "an unknown step later",
        "a.pdf",
        link_to(Dictionary(S=Name.GoTo, D=String("x"), Next=Array([Dictionary(S=Name.OpenIt)]))),
        "launch",
    ),
    ("a menu of the reader", "a.pdf", link_to(Dictionary(S=Name.Named, N=Name.SaveAs)), "launch"),
    (
        "a page of another PDF",
        "a.pdf",
        pdf_drawing(Ref=Dictionary(F=Dictionary(F=SHARE), Page=0)),
        "launch",
    ),
    ("a picture of a printer", "a.pdf", pdf_drawing(OPI=Dictionary(Version=1)), "launch"),
    ("a file by name", "a.pdf", pdf_with(Odd=Dictionary(F=SHARE)), "launch"),
    ("a file by dictionary", "a.pdf", pdf_with(Odd=Dictionary(F=Dictionary(UF=SHARE))), "launch"),
    ("a file of the web", "a.pdf", pdf_with(Odd=Dictionary(FS=Name.URL)), "launch"),
    ("a hidden file", "a.pdf", pdf_with_stream(b"MZ", Type=Name.EmbeddedFile), "attached"),
    (
        "a photo among strokes",
        "a.pdf",
        pdf_stroking(b"BI /W 64 /H 40 /BPC 8 /CS /RGB /F /DCT ID " + making.jpeg() + b" EI"),
        "damaged",
    ),
    ("a ZIP inside a PDF", "a.pdf", pdf_with_stream(PK_ZIP), "polyglot"),
    ("a PDF and a ZIP", "a.pdf", making.plain_pdf() + PK_ZIP, "polyglot"),
    ("a PDF and a ZIP and its end", "a.pdf", making.plain_pdf() + PK_ZIP + b"%%EOF", "polyglot"),
    ("a PDF and a page", "a.pdf", making.plain_pdf() + b"<html>", "polyglot"),
    ("a photo and a ZIP", "a.jpg", making.jpeg() + PK_ZIP, "polyglot"),
    ("a photo and a page", "a.jpg", making.jpeg() + b"<script>1</script>", "polyglot"),
    ("a PNG and a ZIP", "a.png", making.png() + PK_ZIP, "polyglot"),
    ("a WebP and a ZIP", "a.webp", making.webp() + PK_ZIP, "polyglot"),
    ("a GIF and a DOCX", "a.docx", moving("GIF") + docx(), "polyglot"),
    ("a DOCX and a page", "a.docx", docx() + b"<html>", "polyglot"),
    ("a ZIP and a DOCX", "a.docx", b"PK\3\4hidden" + docx(), "polyglot"),
    ("an MP3 and a page", "a.mp3", making.frames() + b"<html></html>", "polyglot"),
    ("an MP4 and a ZIP", "a.mp4", making.mp4() + making.box(b"free", PK_ZIP), "polyglot"),
    ("an MP4 and a box of its own", "a.mp4", making.mp4() + making.box(b"evil", b"1"), "polyglot"),
    (
        "too many parts",
        "a.docx",
        docx_with({f"word/x{n}.xml": "<a/>" for n in range(200)}),
        "too_many_parts",
    ),
    ("a bomb", "a.docx", docx_with({"word/x.xml": b"<a>" + bytes(9 * MB) + b"</a>"}), "bomb"),
    ("parts over each other", "a.docx", overlapping(), "bomb"),
    ("a way out", "a.docx", docx_with({"../../evil.xml": "<a/>"}), "paths"),
    ("a way from the root", "a.odt", odt_with({"/etc/evil.xml": "<a/>"}), "paths"),
    ("a way of Windows", "a.docx", docx_with({"C:\\evil.xml": "<a/>"}), "paths"),
    ("one name twice", "a.docx", twice_named(), "paths"),
    ("one name in two sizes", "a.docx", docx_with({"WORD/Document.xml": "<a/>"}), "paths"),
    ("a link to a file", "a.docx", linked_zip(), "paths"),
    ("an archive inside", "a.docx", docx_with({"word/media/a.zip": PK_ZIP}), "embedded"),
    ("an archive named PNG", "a.docx", docx_with({"word/media/a.png": PK_ZIP}), "embedded"),
    ("an archive in an ODT", "a.odt", odt_with({"Pictures/a.zip": PK_ZIP}), "embedded"),
    ("OLE", "a.docx", docx_with({"word/embeddings/oleObject1.bin": OLE}), "embedded"),
    ("ActiveX", "a.docx", docx_with({"word/activeX/activeX1.xml": "<a/>"}), "embedded"),
    ("OLE in an ODT", "a.odt", odt_with({"Object 1": OLE}), "embedded"),
    ("a page inside", "a.docx", docx_relation("aFChunk", "a.html", ""), "embedded"),
    (
        "a remote template",
        "a.docx",
        docx_relation("attachedTemplate", "http://evil.example/a.dotm"),
        "remote",
    ),
    ("a remote picture", "a.docx", docx_relation("image", "http://evil.example/a.png"), "remote"),
    (
        "a remote picture in an ODT",
        "a.odt",
        odt_saying('<draw:image xlink:href="http://e.example/"/>'),
        "remote",
    ),
    ("a link to a share", "a.docx", docx_relation("hyperlink", "\\\\evil\\share"), "file_link"),
    (
        "a link to a file in an ODT",
        "a.odt",
        odt_saying('<text:a xlink:href="file:///x">x</text:a>'),
        "file_link",
    ),
    (
        "DDE in two pieces",
        "a.docx",
        docx_saying(field("DDEA") + field("UTO cmd")),
        "remote",
    ),
    *(
        (f"a field: {case}", "a.docx", docx_saying(body), reason)
        for case, body, reason in (
            (
                "DDE after a page",
                begun(field("PAGE")) + begun(field("DDEAUTO c:\\\\cmd")),
                "remote",
            ),
            ("DDE behind a word", begun(deleted(field("PAGE ")), field("DDEAUTO x")), "remote"),
            ("DDE as words", begun("<w:r><w:t>DDEAUTO x</w:t></w:r>"), "remote"),
            ("DDE inside", begun(field("IF "), begun(field("DDE x")), field(" a")), "remote"),
            ("a word put together", begun(begun(field("QUOTE 68")), field("PAGE")), "remote"),
            (
                "a picture",
                begun(field("PAGE")) + begun(field('INCLUDEPICTURE "http://e"')),
                "remote",
            ),
            ("a picture at once", simple('INCLUDEPICTURE "http://e"'), "remote"),
            ("another document", begun(field("RD x.docx")), "remote"),
            ("a button", begun(field("MACROBUTTON Run x")), "remote"),
            ("a button at once", simple("MACROBUTTON Run x"), "remote"),
            ("left open", '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + field("DDE"), "remote"),
            ("a share", begun(field('HYPERLINK "file:////evil/share/x.exe"')), "file_link"),
            ("a search", begun(field("PAGE ")) + simple('HYPERLINK "search-ms:q"'), "file_link"),
            ("a share later", simple('HYPERLINK \\l "x" "\\\\\\\\evil\\\\x"'), "file_link"),
            ("an address put together", begun(field("HYPERLINK "), simple("REF x")), "file_link"),
            ("a macro of a form", begun('<w:ffData><w:entryMacro w:val="x"/></w:ffData>'), "macro"),
        )
    ),
    (
        "a task pane",
        "a.docx",
        docx_with({"word/webextensions/taskpanes.xml": "<a/>"}),
        "embedded",
    ),
    ("a ribbon", "a.docx", docx_with({"customUI/customUI14.xml": "<a/>"}), "embedded"),
    (
        "a ribbon elsewhere",
        "a.docx",
        docx_relation(
            "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "x.xml", ""
        ),
        "embedded",
    ),
    (
        "a picture under a link",
        "a.docx",
        docx_using_link('<a:blip xmlns:a="a" r:link="r0"/>'),
        "remote",
    ),
    (
        "a picture of old drawings",
        "a.docx",
        docx_using_link('<v:imagedata xmlns:v="v" src="http://evil.example/a.png"/>'),
        "remote",
    ),
    ("a far part inside", "a.docx", docx_relation("image", "//evil/a.png", ""), "remote"),
    *(
        (f"a drawing: {case}", "a.docx", docx_with({"word/media/a.svg": svg(inner)}), "remote")
        for case, inner in (
            ("a far style", "<style>@import url(http://e.example/a.css)</style>"),
            ("a far letter", "<style>a{src:url('//e.example/a')}</style>"),
            ("a hidden address", "<style>a{fill:\\75rl(x)}</style>"),
            ("a far filling", '<rect style="fill:url(http://e.example/a)"/>'),
            ("a far mask", '<rect mask="url( http://e.example/a#b)"/>'),
            ("an SVG inside", '<image href="data:image/svg+xml,x"/>'),
            ("a changed link", '<a><set attributeName="href" to="http://e"/></a>'),
            ("a listener", "<listener/>"),
        )
    ),
    *(
        (f"{name} that is none", "a.docx", docx_with({f"word/x/{name}": content}), reason)
        for name, content, reason in (
            ("a.ttf", b"Rar!" + bytes(99), "embedded"),
            ("a.otf", b"MZ" + bytes(99), "embedded"),
            ("a.odttf", bytes(range(200)), "embedded"),
            ("a.fntdata", bytes(99), "embedded"),
            ("a.wmf", b"\x7fELF" + bytes(99), "embedded"),
            ("b.ttf", b"\0\1\0\0" + PK_ZIP, "embedded"),
            ("a.emf", bytes(40) + b" EMF" + bytes(99), "damaged"),
            ("b.emf", b"\1" + bytes(39) + b" EMF" + bytes(99) + PK_ZIP, "embedded"),
        )
    ),
    *(
        (f"an ODT: {case}", "a.odt", odt_saying(body), reason)
        for case, body, reason in (
            ("a script of no space", "<script>x</script>", "macro"),
            ("a script as words", "<text:script>x</text:script>", "macro"),
            ("a sum that fetches", '<text:p text:formula="of:=WEBSERVICE(1)"/>', "remote"),
            ("a sum of DDE", """<text:p text:formula="DDE('a';'b')"/>""", "remote"),
            ("a sum of a file", """<text:p text:formula="='file:///x'#A1"/>""", "remote"),
            ("a form with data", '<text:p text:datasource="x"/>', "remote"),
            ("a form with a source", "<text:connection-resource/>", "remote"),
            ("another document", '<text:section-source xlink:href="x.odt"/>', "remote"),
            ("a picture beside", '<draw:image xlink:href="x.png"/>', "remote"),
            ("a picture of a share", '<draw:image xlink:href="\\\\evil\\x.png"/>', "remote"),
        )
    ),
    ("a billion laughs", "a.docx", docx_saying("<w:p>&m;</w:p>", LAUGHS), "entities"),
    ("a file as an entity", "a.docx", docx_saying("<w:p>&l;</w:p>", FAR_ENTITY), "entities"),
    (
        "a billion laughs in UTF-16",
        "a.odt",
        odt_with({"styles.xml": f"{LAUGHS}<a/>".encode("utf-16")}),
        "entities",
    ),
    ("a picture too wide", "a.png", png_of(60_000, 60_000), "pixels"),
    ("a picture a little too wide", "a.png", png_of(10_000, 4_001), "pixels"),
    (
        "a picture too wide in a DOCX",
        "a.docx",
        docx_with({"word/media/x.png": png_of(60_000, 60_000)}),
        "pixels",
    ),
    ("a PNG that moves", "a.png", moving("PNG"), "animated"),
    ("a WebP that moves", "a.webp", moving("WEBP"), "animated"),
    ("a film from elsewhere", "a.mp4", making.mp4(source=bytes(4)), "remote"),
    (
        "a film of unknown pictures",
        "a.mp4",
        making.mp4().replace(b"avc1", b"evil"),
        "damaged",
    ),
    (
        "a ZIP in the pictures of a film",
        "a.mp4",
        making.mp4(detail=making.box(b"colr", PK_ZIP)),
        "polyglot",
    ),
    ("a ZIP in the last sound", "a.mp3", making.frames()[: -len(PK_ZIP)] + PK_ZIP, "polyglot"),
    ("a film that notes places", "a.mp4", making.mp4(handler=b"meta"), "track"),
]


@pytest.mark.parametrize(
    ("name", "content", "reason"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_a_hostile_file_is_refused_with_its_own_words(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    given, made = tmp_path / "given", tmp_path / "made"
    made.mkdir()
    given.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        check(given, name, made)
    assert list(refused.value.fields) == ["file"]
    (said,) = refused.value.fields["file"]
    assert not isinstance(said, str)
    assert said.text == REFUSALS[reason].text, ENGLISH.say(said)
    assert "%(" not in ENGLISH.say(said)


def test_every_reason_is_proved() -> None:
    elsewhere = {"disk", "large", "quota", "slow", "infected"}
    assert {row[3] for row in HOSTILE} | elsewhere == set(REFUSALS)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(making.plain_pdf())
    os.truncate(given, KINDS["pdf"].most_bytes + 1)
    with pytest.raises(Invalid) as refused:
        check(given, "a.pdf", tmp_path)
    assert ENGLISH.say(refused.value.fields["file"][0]).startswith("The file is larger than 20 MB.")
    assert KINDS["mp4"] == Kind("mp4", "video/mp4", 200 * MB)


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    return read_settings({"PORTAL_DATA_DIR": str(tmp_path / "data"), "PORTAL_ENV": "demo"})


def test_what_is_refused_leaves_nothing(bare: Settings, tmp_path: Path) -> None:
    for name, content in (("a.pdf", pdf_with(OpenAction=JS)), ("a.docx", docx()[:-900])):
        given = tmp_path / "given"
        given.write_bytes(content)
        with pytest.raises(Invalid), inspected(bare, given, name):
            pass
    assert list(bare.incoming.iterdir()) == []
    assert not bare.files.exists()


def test_what_is_taken_is_there_as_long_as_it_is_looked_at(bare: Settings, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(making.jpeg())
    with inspected(bare, given, "photo.JPEG\0;x'.jpg") as found:
        assert found.scan == "none"
        assert (
            found.checked.path.stat().st_mode & 0o077 == 0
            or bare.incoming.stat().st_mode & 0o077 == 0
        )
        assert {each.kind for each in found.checked.renditions} >= {"thumbnail", "preview"}
    assert list(bare.incoming.iterdir()) == []
    assert bare.incoming.stat().st_mode & 0o777 == 0o700


def test_a_parser_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(making.jpeg())
    with pytest.raises(Invalid) as refused:
        check_apart(given, "a.jpg", tmp_path, seconds=0)
    said = ENGLISH.say(refused.value.fields["file"][0])
    assert said.startswith("The file could not be read within 0 seconds.")


def test_a_third_file_waits_for_its_turn(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(making.jpeg())
    with apart._TURNS, apart._TURNS, pytest.raises(Invalid) as refused:
        check_apart(given, "a.jpg", tmp_path, patience=0)
    said = ENGLISH.say(refused.value.fields["file"][0])
    assert said.startswith("The file could not be read within 0 seconds.")
    assert check_apart(given, "a.jpg", tmp_path).kind == KINDS["jpg"]
