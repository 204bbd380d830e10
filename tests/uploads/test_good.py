"""Good files pass, and nothing that was planted in them is stored."""

import struct
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image

from portal.errors import Invalid
from portal.uploads.checking import Checked, check
from tests.uploads import making
from tests.uploads.making import AUTHOR, CAMERA, PLANTED, WORDS, packed

GOOD: dict[str, tuple[str, bytes]] = {
    "a poster drawn to PDF": ("poster.pdf", making.plain_pdf()),
    "a PDF with a photo and notes": ("poster.PDF", making.pdf()),
    "a photo": ("photo.jpg", making.jpeg()),
    "a photo on its side": ("photo.jpeg", making.jpeg(6)),
    "a photo with a second one behind it": ("photo.jpg", making.jpeg() + making.jpeg()),
    "a photo of a phone with notes of its maker": ("photo.jpg", making.jpeg() + b"\0\0note SEFT"),
    "a grey photo": ("g.jpg", making.saved(making.picture(mode="L"), "JPEG")),
    "a photo for printing": ("cmyk.jpg", making.saved(making.picture(mode="CMYK"), "JPEG")),
    "a PNG": ("logo.png", making.png()),
    "a PNG of few colours": ("p.png", making.saved(making.picture(mode="P"), "PNG")),
    "a WebP": ("photo.webp", making.webp()),
    "a DOCX": ("leaflet.docx", packed(making.docx_parts(), comment=making.WORDS)),
    "a PPTX": ("training.pptx", packed(making.pptx_parts())),
    "an ODT": ("leaflet.odt", packed(making.odt_parts())),
    "an MP3": ("spot.mp3", making.mp3()),
    "an MP3 without tags": ("spot.mp3", making.frames()),
    "an MP4": ("film.mp4", making.mp4()),
}


def checked(folder: Path, name: str, content: bytes) -> Checked:
    given, made = folder / "given", folder / "made"
    made.mkdir(exist_ok=True)
    given.write_bytes(content)
    return check(given, name, made)


def everything_in(path: Path) -> bytes:
    """What is in a stored file: as it is, and unpacked."""
    content = path.read_bytes()
    found = [content, content.decode("utf-16-le", "ignore").encode()]
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            for each in pdf.objects:
                found.append(each.unparse(resolved=True))
                if isinstance(each, pikepdf.Stream):
                    found.append(each.read_raw_bytes())
                    if each.get("/Filter") == pikepdf.Name.FlateDecode:
                        found.append(each.read_bytes())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as opened:
            found += [name.encode() + opened.read(name) for name in opened.namelist()]
    return b"\n".join(found)


@pytest.mark.parametrize("case", GOOD)
def test_a_good_file_is_taken_without_what_it_said_of_people(case: str, tmp_path: Path) -> None:
    name, content = GOOD[case]
    found = checked(tmp_path, name, content)
    stored = everything_in(found.path)
    assert not [word for word in PLANTED if word.encode() in stored]
    assert b"Exif" not in stored
    assert b"<x:xmpmeta" not in stored
    assert found.kind.ending in (found.path.suffix[1:], "jpg")


@pytest.mark.parametrize("case", GOOD)
def test_a_stored_file_is_taken_again_and_stays_what_it_is(case: str, tmp_path: Path) -> None:
    name, content = GOOD[case]
    first = checked(tmp_path, name, content).path.read_bytes()
    again = checked(tmp_path, name, first).path.read_bytes()
    # what is drawn with loss differs a little each time
    assert again == first or case not in ("a PNG", "a PPTX", "an MP3", "an MP4")


def test_the_planted_words_are_in_the_files_as_they_are_given(tmp_path: Path) -> None:
    for case in ("a PDF with a photo and notes", "a DOCX", "a PPTX", "an ODT", "an MP4"):
        name, content = GOOD[case]
        path = tmp_path / name.lower()
        path.write_bytes(content)
        assert sum(word.encode() in everything_in(path) for word in PLANTED) >= 4, case
    assert CAMERA.encode() in making.jpeg()


def test_a_photo_on_its_side_stands_upright(tmp_path: Path) -> None:
    found = checked(tmp_path, "photo.jpg", making.jpeg(6))
    assert (found.width, found.height) == (40, 64)
    with Image.open(found.path) as image:
        assert image.size == (40, 64)
        assert not image.getexif()
        assert "comment" not in image.info


def test_a_clear_colour_of_a_png_stays_clear(tmp_path: Path) -> None:
    content = making.saved(making.picture(), "PNG", transparency=(0, 0, 0))
    with Image.open(checked(tmp_path, "a.png", content).path) as image:
        assert image.mode == "RGBA"


def test_a_pdf_says_how_many_pages_it_has_and_its_links_stay(tmp_path: Path) -> None:
    found = checked(tmp_path, "a.pdf", making.pdf())
    assert found.pages == 1
    with pikepdf.open(found.path) as pdf:
        assert "/Info" not in pdf.trailer
        kinds = [str(each.Subtype) for each in pdf.pages[0].Annots]
        assert kinds == ["/Highlight", "/Link"]
        assert str(pdf.pages[0].Annots[1].A.URI) == "https://help.example/"
        for name in ("/Photo", "/Packed"):
            image = pikepdf.PdfImage(pdf.pages[0].Resources.XObject[name]).as_pil_image()
            assert image.size == (64, 40)


def test_changes_of_a_docx_are_accepted_and_its_links_stay(tmp_path: Path) -> None:
    path = checked(tmp_path, "a.docx", packed(making.docx_parts())).path
    with zipfile.ZipFile(path) as opened:
        names = opened.namelist()
        document = opened.read("word/document.xml").decode()
        related = opened.read("word/_rels/document.xml.rels").decode()
        listed = opened.read("[Content_Types].xml").decode()
        assert {each.date_time for each in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "at any hour" in document
    assert "w:ins" not in document
    assert "rsid" not in document
    assert "comment" not in document + related + " ".join(names)
    assert "https://help.example/" in related
    assert "image1.jpeg" in related
    assert "customXml" not in related + listed
    assert "custom.xml" not in listed


def test_a_pdf_forgets_articles_signers_and_remarks(tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(making.pdf())) as made:
        page, said = made.pages[0], pikepdf.String(AUTHOR)
        bead = made.make_indirect(Dictionary(R=[0, 0, 9, 9]))
        article = made.make_indirect(Dictionary(F=bead, I=Dictionary(Title=said, Author=said)))
        bead["/T"] = article
        made.Root["/Threads"], page["/B"] = Array([article]), Array([bead])
        made.Root["/Odd"] = Dictionary(Type=Name.Sig, Name=said, Reason=said)
        made.Root["/URI"] = Dictionary(Base=pikepdf.String("javascript:"))
        made.Root["/AcroForm"] = Dictionary(
            Fields=[made.make_indirect(Dictionary(FT=Name.Sig, T="s", V=Dictionary(Name=said)))]
        )
        page.contents_add(f"%{AUTHOR}\nq 1 0 0 1 0 0 cm (100%) pop Q".encode())
        page.contents_add(b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI Q")
        form = made.make_stream(f"% {AUTHOR}\n0 g".encode(), Subtype=Name.Form, BBox=[0, 0, 9, 9])
        page.add_resource(form, Name.XObject, Name.Remark)
        content = making.written_pdf(made)
    path = checked(tmp_path, "a.pdf", content).path
    assert AUTHOR.encode() not in everything_in(path)
    with pikepdf.open(path) as pdf:
        assert "/URI" not in pdf.Root
        strokes = pdf.pages[0].Contents.read_bytes()
        assert b"(100%)" in strokes
        assert b"/Photo Do" in strokes
        assert b"BI" in strokes


def document_of(folder: Path, parts: dict[str, bytes | str]) -> dict[str, str]:
    path = checked(folder, "a.docx", packed({**making.docx_parts(), **parts})).path
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name).decode("latin-1") for name in opened.namelist()}


def docx_body(body: str) -> dict[str, bytes | str]:
    head = f'<w:document xmlns:w="{making.W}"><w:body>'
    return {"word/document.xml": f"{head}{body}</w:body></w:document>"}


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def field(said: str, result: str = "") -> str:
    words = f"<w:r><w:instrText>{said}</w:instrText></w:r>"
    shown = f"<w:r><w:t>{result}</w:t></w:r>"
    return FIELD.format("begin") + words + FIELD.format("separate") + shown + FIELD.format("end")


@pytest.mark.parametrize(
    "said",
    [
        " PAGE  \\* MERGEFORMAT ",
        'TOC \\o "1-3" \\h \\z \\u',
        'HYPERLINK "https://help.example/?a=b#c" \\o "file: help" \\t "_blank"',
        'HYPERLINK \\l "_Toc1" \\* MERGEFORMAT',
        "HYPERLINK mailto:help@help.example",
        'DATE \\@ "dd.MM.yyyy"',
        "=2*(3+1)",
        "SHAPE \\* MERGEFORMAT",
    ],
)
def test_fields_that_read_only_the_document_stay(said: str, tmp_path: Path) -> None:
    document = document_of(tmp_path, docx_body(field(said, "shown")))["word/document.xml"]
    assert said in document
    assert "shown" in document


def test_a_field_inside_another_stays(tmp_path: Path) -> None:
    body = field(f'IF </w:instrText></w:r>{field("PAGE", "3")}<w:r><w:instrText> > 1 "a" "b"')
    assert "PAGE" in document_of(tmp_path, docx_body(body))["word/document.xml"]


def test_fields_no_longer_show_who_wrote_it(tmp_path: Path) -> None:
    body = field("AUTHOR", AUTHOR) + field("FILENAME \\p", AUTHOR)
    body += f'<w:fldSimple w:instr="USERNAME"><w:r><w:t>{AUTHOR}</w:t></w:r></w:fldSimple>'
    assert AUTHOR not in document_of(tmp_path, docx_body(body))["word/document.xml"]


def test_remarks_under_other_names_and_paths_of_pictures_go(tmp_path: Path) -> None:
    parts = document_of(
        tmp_path,
        {
            **docx_body(
                f'<docPr id="1" name="C:\\{AUTHOR}\\a.png" descr="/home/{AUTHOR}/a"/>'
                '<docPr id="2" name="Picture 2" descr="Help 24/7, day and/or night"/>'
            ),
            "word/remarks7.xml": f'<x:comments xmlns:x="x"><x:t>{WORDS}</x:t></x:comments>',
            "word/folk.xml": f'<x:people xmlns:x="x" who="{AUTHOR}"/>',
            "word/settings.xml": f'<w:settings xmlns:w="{making.W}"><w:docVars><w:docVar w:name="a"'
            f' w:val="{AUTHOR}"/></w:docVars><w:mailMerge><w:query w:val="{AUTHOR}"/></w:mailMerge>'
            "</w:settings>",
            "word/_rels/document.xml.rels": making.relations(
                ("x:comments", "remarks7.xml", ""), ("x:people", "/word/folk.xml", "")
            ),
        },
    )
    everything = "".join(name + content for name, content in parts.items())
    for word in (AUTHOR, WORDS, "remarks7", "folk.xml"):
        assert word not in everything
    assert "Help 24/7, day and/or night" in parts["word/document.xml"]
    assert "Picture 2" in parts["word/document.xml"]


def test_an_odt_begins_with_what_it_is_and_keeps_its_text(tmp_path: Path) -> None:
    path = checked(tmp_path, "a.odt", packed(making.odt_parts())).path
    with zipfile.ZipFile(path) as opened:
        first = opened.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        content = opened.read("content.xml").decode()
        listed = opened.read("META-INF/manifest.xml").decode()
    assert "Call 112 at any hour" in content
    assert 'full-path="Pictures/a.jpg"' in listed
    assert "Thumbnails" not in listed


def test_typefaces_and_drawings_of_a_docx_stay(tmp_path: Path) -> None:
    table = b"name" + bytes(4) + struct.pack(">II", 60, 4)
    kept: dict[str, bytes | str] = {
        "word/fonts/font1.odttf": bytes(range(44)) + table + bytes(9),
        "word/fonts/font2.ttf": b"\0\1\0\0" + bytes(60),
        "ppt/fonts/font1.fntdata": struct.pack("<I", 90) + bytes(30) + b"LP" + bytes(54),
        "word/media/a.wmf": b"\xd7\xcd\xc6\x9a" + bytes(40),
        "word/media/b.wmf": b"\1\0\x09\0\0\3" + bytes(40),
        "word/media/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"><style>a{fill:url(#b);}'
        '</style><rect fill="url(#b)" style="fill:#fff" transform="scale(2)"/></svg>',
    }
    assert set(kept) < set(document_of(tmp_path, kept))


def test_an_odt_no_longer_shows_who_wrote_it(tmp_path: Path) -> None:
    parts = dict(making.odt_parts())
    shown = (
        f"<text:author-name>{AUTHOR}</text:author-name>"
        f"<text:author-initials>{AUTHOR}</text:author-initials>"
        f"<text:sender-lastname>{AUTHOR}</text:sender-lastname>"
        f"<text:file-name>/home/{AUTHOR}</text:file-name> and more"
        f'<draw:frame draw:name="C:\\{AUTHOR}\\a.png"/></office:text>'
    )
    parts["content.xml"] = str(parts["content.xml"]).replace("</office:text>", shown, 1)
    path = checked(tmp_path, "a.odt", packed(parts)).path
    with zipfile.ZipFile(path) as opened:
        content = opened.read("content.xml").decode()
    assert AUTHOR not in content
    assert " and more" in content


def test_a_film_keeps_its_pictures_where_they_were(tmp_path: Path) -> None:
    found = checked(tmp_path, "a.mp4", making.mp4())
    stored, sent = found.path.read_bytes(), making.mp4()
    assert (found.width, found.height) == (320, 240)
    assert len(stored) == len(sent)
    at = sent.index(b"mdat")
    assert stored[at : at + 204] == sent[at : at + 204]
    assert (3_800_000_001).to_bytes(4, "big") not in stored


def test_a_film_holds_nothing_that_no_track_shows(tmp_path: Path) -> None:
    sent = making.mp4(unused=AUTHOR.encode())
    stored = checked(tmp_path, "a.mp4", sent).path.read_bytes()
    assert AUTHOR.encode() not in stored
    assert len(stored) == len(sent)
    assert bytes(range(200)) in stored
    assert b"frma" in stored


SMALL = [GOOD[case] for case in GOOD if case not in ("a poster drawn to PDF",)]


@pytest.mark.filterwarnings("ignore")  # parsers warn of what is broken; here much is
@examples(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_broken_file_is_refused_in_words_or_can_be_read(
    data: st.DataObject, tmp_path: Path
) -> None:
    name, content = data.draw(st.sampled_from(SMALL))
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        broken = content[:at]
    else:
        flipped = bytes([content[at] ^ 1 << data.draw(st.integers(0, 7))])
        broken = content[:at] + flipped + content[at + 1 :]
    # any other exception fails
    with suppress(Invalid):
        found = checked(tmp_path, name, broken)
        again = found.path.read_bytes()
        assert checked(tmp_path, name, again).kind == found.kind
