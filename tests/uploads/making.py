"""Files made by hand, with everything in them that must not be stored."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import pikepdf
import vl_convert
from mutagen.id3 import COMM, ID3, TPE1
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, PngImagePlugin

# planted in every file that may be stored, and never found in what is
AUTHOR = "Gulnara-Planted"
CAMERA = "SpyCam-3000"
PROGRAM = "Planted-Program-7"
PLACE = "+37.9601+058.3261"
WORDS = "a planted remark"
PLANTED = (AUTHOR, CAMERA, PROGRAM, PLACE, WORDS)

XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{AUTHOR} {PROGRAM}</x:xmpmeta>".encode()
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">'
    '<rect width="200" height="100" fill="#eef"/><text x="10" y="50">Call 112</text></svg>'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "application/vnd.openxmlformats-officedocument."

Parts = Mapping[str, bytes | str]


def picture(size: tuple[int, int] = (64, 40), mode: str = "RGB") -> Image.Image:
    drawn = Image.linear_gradient("L").resize(size)
    return drawn.convert(mode)


def saved(image: Image.Image, format_: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, format_, **options)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    said = Image.Exif()
    said[0x0112] = orientation
    said[0x010F] = CAMERA
    said[0x0131] = PROGRAM
    said[0x013B] = AUTHOR
    said.get_ifd(0x8825)[1] = "N"
    said.get_ifd(0x8825)[2] = (37.0, 57.0, 36.0)
    said.get_ifd(0x8825)[29] = PLACE
    return said


def jpeg(orientation: int = 1) -> bytes:
    return saved(
        picture(), "JPEG", exif=exif(orientation), comment=WORDS.encode(), xmp=XMP, quality=90
    )


def png() -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", AUTHOR)
    said.add_text("Comment", WORDS, zip=True)
    said.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(picture(mode="RGBA"), "PNG", pnginfo=said, exif=exif())


def chunk(word: bytes, content: bytes) -> bytes:
    check = zlib.crc32(word + content)
    return struct.pack(">I", len(content)) + word + content + struct.pack(">I", check)


def webp() -> bytes:
    return saved(picture(), "WEBP", exif=exif(), xmp=XMP)


def plain_pdf() -> bytes:
    return vl_convert.svg_to_pdf(_SVG)


def pdf() -> bytes:
    """One page with a photo, and words about it wherever a PDF has room for them."""
    made = Pdf.open(BytesIO(plain_pdf()))
    made.docinfo["/Author"], made.docinfo["/Creator"] = AUTHOR, PROGRAM
    made.Root["/Metadata"] = made.make_stream(XMP, Type=Name.Metadata, Subtype=Name.XML)
    made.trailer["/ID"] = Array([pikepdf.String(AUTHOR[:16]), pikepdf.String(AUTHOR[:16])])
    page = made.pages[0]
    page["/PieceInfo"] = Dictionary(A=Dictionary(Private=pikepdf.String(PROGRAM)))
    page["/Thumb"] = made.make_stream(WORDS.encode())
    photo = made.make_stream(jpeg())
    for key, value in (
        ("/Type", Name.XObject), ("/Subtype", Name.Image), ("/Width", 64), ("/Height", 40),
        ("/BitsPerComponent", 8), ("/ColorSpace", Name.DeviceRGB), ("/Filter", Name.DCTDecode),
    ):  # fmt: skip
        photo[key] = value
    packed = made.make_stream(zlib.compress(jpeg()))
    for key in photo.keys():  # noqa: SIM118  a stream is no mapping
        if key != "/Length":
            packed[key] = photo[key]
    packed["/Filter"] = Array([Name.FlateDecode, Name.DCTDecode])
    packed["/Metadata"] = made.make_stream(XMP)
    page.add_resource(photo, Name.XObject, Name.Photo)
    page.add_resource(packed, Name.XObject, Name.Packed)
    page.contents_add(b"q 64 0 0 40 0 0 cm /Photo Do /Packed Do Q")
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=AUTHOR, Contents=WORDS
    )
    mark = Dictionary(
        Type=Name.Annot, Subtype=Name.Highlight, Rect=[0, 0, 9, 9], T=AUTHOR, Contents=WORDS,
        QuadPoints=[0, 0, 9, 0, 0, 9, 9, 9],
    )  # fmt: skip
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9],
        A=Dictionary(S=Name.URI, URI=pikepdf.String("https://help.example/")),
    )  # fmt: skip
    page["/Annots"] = Array([made.make_indirect(each) for each in (note, mark, link)])
    made.Root["/OpenAction"] = Dictionary(S=Name.GoTo, D=Array([page.obj, Name.Fit]))
    return written_pdf(made)


def written_pdf(made: Pdf, **options: object) -> bytes:
    written = BytesIO()
    made.save(written, **options)
    return written.getvalue()


def packed(parts: Parts, **options: object) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            is_plain = name == "mimetype"
            opened.writestr(name, content, zipfile.ZIP_STORED if is_plain else None)
        opened.comment = str(options.get("comment", "")).encode()
    return written.getvalue()


def relations(*rows: tuple[str, str, str]) -> str:
    said = "".join(
        f'<Relationship Id="r{n}" Type="{kind if ":" in kind else f"{REL}/{kind}"}"'
        f' Target="{target}"{more}/>'
        for n, (kind, target, more) in enumerate(rows)
    )
    return f'<Relationships xmlns="{PACKAGE_REL}">{said}</Relationships>'


def types(main: str, kind: str) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/{main}" ContentType="{TYPES}{kind}"/>'
        f'<Override PartName="/docProps/custom.xml" ContentType="{TYPES}custom-properties+xml"/>'
        "</Types>"
    )


_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:creator>{AUTHOR}</dc:creator><cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>"
    "</cp:coreProperties>"
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    f'extended-properties"><Application>{PROGRAM}</Application></Properties>'
)
_ABOUT = {
    "docProps/core.xml": _CORE,
    "docProps/app.xml": _APP,
    "docProps/custom.xml": f"<Properties>{AUTHOR}</Properties>",
    "docProps/thumbnail.jpeg": WORDS,
    "customXml/item1.xml": f"<who>{AUTHOR}</who>",
}
_PROPERTIES = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"


def _root_relations(main: str) -> str:
    return relations(
        ("officeDocument", main, ""),
        (f"{_PROPERTIES}/core-properties", "docProps/core.xml", ""),
        (f"{_PROPERTIES}/thumbnail", "docProps/thumbnail.jpeg", ""),
        ("extended-properties", "docProps/app.xml", ""),
        ("custom-properties", "docProps/custom.xml", ""),
    )


def docx_parts() -> dict[str, bytes | str]:
    body = (
        f'<w:p w:rsidR="00AB12CD"><w:commentRangeStart w:id="0"/><w:r><w:t>Call 112</w:t></w:r>'
        f'<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        f'<w:ins w:id="1" w:author="{AUTHOR}" w:date="2026-01-01T00:00:00Z">'
        f"<w:r><w:t>at any hour</w:t></w:r></w:ins>"
        f'<w:del w:id="2" w:author="{AUTHOR}"><w:r><w:delText>{WORDS}</w:delText></w:r></w:del>'
        f'<w:hyperlink r:id="r0"><w:r><w:t>help</w:t></w:r></w:hyperlink></w:p>'
    )
    return {
        "[Content_Types].xml": types("word/document.xml", "wordprocessingml.document.main+xml"),
        "_rels/.rels": _root_relations("word/document.xml"),
        **_ABOUT,
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{REL}"><w:body>{body}</w:body>'
        "</w:document>",
        "word/_rels/document.xml.rels": relations(
            ("hyperlink", "https://help.example/", ' TargetMode="External"'),
            ("image", "media/image1.jpeg", ""),
            ("comments", "comments.xml", ""),
            ("customXml", "../customXml/item1.xml", ""),
        ),
        "word/comments.xml": f'<w:comments xmlns:w="{W}"><w:comment w:id="0"'
        f' w:author="{AUTHOR}"><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:comment></w:comments>',
        "word/people.xml": f'<w:people xmlns:w="{W}" w:who="{AUTHOR}"/>',
        "word/settings.xml": f'<w:settings xmlns:w="{W}"><w:rsids><w:rsid w:val="00AB12CD"/>'
        "</w:rsids></w:settings>",
        "word/media/image1.jpeg": jpeg(),
        "word/media/image2.png": png(),
    }


def pptx_parts() -> dict[str, bytes | str]:
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"
    return {
        "[Content_Types].xml": types(
            "ppt/presentation.xml", "presentationml.presentation.main+xml"
        ),
        "_rels/.rels": _root_relations("ppt/presentation.xml"),
        **_ABOUT,
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{p}" xmlns:r="{REL}"/>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("slide", "slides/slide1.xml", ""), ("commentAuthors", "commentAuthors.xml", "")
        ),
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="{p}"><p:cmAuthor name="{AUTHOR}"/>'
        "</p:cmAuthorLst>",
        "ppt/comments/comment1.xml": f'<p:cmLst xmlns:p="{p}"><p:text>{WORDS}</p:text></p:cmLst>',
        "ppt/slides/slide1.xml": f'<p:sld xmlns:p="{p}"><p:cSld/></p:sld>',
        "ppt/media/image1.png": png(),
    }


def odt_parts() -> dict[str, bytes | str]:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    listed = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type=""/>'
        for path in ("/", "content.xml", "meta.xml", "Pictures/a.jpg", "Thumbnails/thumbnail.png")
    )
    spaces = (
        f'xmlns:office="{office}" xmlns:text="{text}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    )
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}><office:body><office:text>"
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
        f"<dc:creator>{AUTHOR}</dc:creator></office:change-info><text:p>{WORDS}</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:p>Call 112<office:annotation><dc:creator>{AUTHOR}</dc:creator><text:p>{WORDS}"
        '</text:p></office:annotation> at any hour <text:a xlink:href="https://help.example/">help'
        '</text:a><draw:frame><draw:image xlink:href="Pictures/a.jpg"/></draw:frame></text:p>'
        "</office:text></office:body></office:document-content>",
        "meta.xml": f"<office:document-meta {spaces}><office:meta><dc:creator>{AUTHOR}"
        "</dc:creator></office:meta></office:document-meta>",
        "settings.xml": f'<office:document-settings {spaces} xmlns:config="urn:c">'
        f'<config:config-item config:name="PrinterName">{PROGRAM}</config:config-item>'
        "</office:document-settings>",
        "Pictures/a.jpg": jpeg(),
        "Thumbnails/thumbnail.png": png(),
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">{listed}</m:manifest>',
    }


def frames(n: int = 12) -> bytes:
    return (b"\xff\xfb\x90\x64" + bytes(413)) * n


def mp3() -> bytes:
    tags = ID3()
    tags.add(TPE1(encoding=3, text=AUTHOR))
    tags.add(COMM(encoding=3, lang="eng", desc="", text=WORDS))
    head = BytesIO()
    tags.save(head, padding=lambda _info: 64)
    old = b"TAG" + AUTHOR.encode().ljust(125, b"\0")
    item = AUTHOR.encode()
    items = struct.pack("<II", len(item), 0) + b"Artist\0" + item
    size = struct.pack("<III", 2000, len(items) + 32, 1)
    ape = b"".join(
        (
            b"APETAGEX" + size + struct.pack("<I", 0xA0000000) + bytes(8),
            items,
            b"APETAGEX" + size + struct.pack("<I", 0x80000000) + bytes(8),
        )
    )
    return head.getvalue() + frames() + ape + old


def box(word: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), word) + body


def mp4(
    handler: bytes = b"vide",
    chunk_at: int | None = None,
    source: bytes = b"\0\0\0\1",
    unused: bytes = b"",
    detail: bytes = b"",
) -> bytes:
    """A film of no pictures, with a place, a camera and times wherever a film has room for them."""
    times = struct.pack(">II", 3_800_000_001, 3_800_000_002)
    ftyp = box(b"ftyp", b"isom", bytes(4), b"isommp42")
    mdat = box(b"mdat", bytes(range(200)), unused)
    at = len(ftyp) + 8 if chunk_at is None else chunk_at
    packer = CAMERA.encode().ljust(32, b"\0")
    sound = box(b"wave", box(b"frma", b"mp4a"), box(b"diry", AUTHOR.encode()), bytes(4))
    described = (
        box(b"avc1", bytes(42), packer, bytes(4), detail, box(b"diry", WORDS.encode()), bytes(4)),
        box(b"mp4a", bytes(28), sound),
    )
    stbl = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 2), *described),
        box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 1, 1)),
        box(b"stsz", bytes(4), struct.pack(">III", 0, 1, 200)),
        box(b"stco", bytes(4), struct.pack(">II", 1, at)),
        box(b"diry", PLACE.encode()),
    )
    dref = box(b"dref", bytes(4), struct.pack(">I", 1), box(b"url ", source, AUTHOR.encode()))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(12), f"{CAMERA} handler\0".encode())
    mdia = box(
        b"mdia",
        box(b"mdhd", bytes(4), times, bytes(12)),
        hdlr,
        box(b"minf", box(b"dinf", dref), stbl),
    )
    tkhd = box(b"tkhd", bytes(4), times, bytes(64), struct.pack(">II", 320 << 16, 240 << 16))
    place = box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0), PLACE.encode())
    moov = box(
        b"moov",
        box(b"mvhd", bytes(4), times, bytes(88)),
        box(b"trak", tkhd, mdia, box(b"loci", bytes(6), PLACE.encode())),
        box(b"\xa9xyz", PLACE.encode()),
        box(b"udta", place, box(b"\xa9too", PROGRAM.encode())),
        box(b"meta", bytes(4), AUTHOR.encode()),
    )
    second = box(b"mdat", unused) if unused else b""
    return ftyp + mdat + second + moov + box(b"uuid", bytes(16), XMP) + box(b"free", WORDS.encode())
