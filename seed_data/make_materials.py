"""Development step: make the files of the invented materials out of material_words.json.

Run as `python -m seed_data.make_materials` where python-docx, python-pptx, imageio-ffmpeg and
espeakng-loader are installed and the fonts DejaVu are; the portal itself never needs it. The files
are committed, without anything that tells who made them or when.
"""

import ctypes
import io
import json
import subprocess
import tempfile
import wave
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pikepdf
import vl_convert
from PIL import Image

from seed_data.posters import Page, leaflet, poster, slide
from seed_data.tables import HERE

FOLDER = HERE / "materials"
DEFAULTS = {"poster": "pdf", "list": "pdf", "slide": "pdf"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)
ODT = "application/vnd.oasis.opendocument.text"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def make_all() -> None:
    """Every file of every work, anew."""
    for work in json.loads((HERE / "material_words.json").read_text(encoding="utf-8")):
        for language, pages in work["words"].items():
            ending = work.get("as", {}).get(language) or DEFAULTS[work["design"]]
            content = MAKERS[ending](work, pages, language)
            path = FOLDER / f"{work['stem']}_{language}.{ending}"
            path.write_bytes(content)
            path.write_bytes(as_taken(path))


def as_taken(path: Path) -> bytes:
    """The file as an upload would keep it, so that taking it in again finds nothing to change."""
    # by name: the seed data knows nothing of the portal, but this step may try it
    check = import_module("portal.uploads.checking").check
    with tempfile.TemporaryDirectory() as folder:
        return bytes(check(path, path.name, Path(folder)).path.read_bytes())


def drawn(work: Page, pages: list[Page], language: str) -> list[str]:
    """The pages as SVG."""
    if work["design"] == "poster":
        return [poster(work, page, language) for page in pages]
    draw = leaflet if work["design"] == "list" else slide
    return [draw(work, page, language, number) for number, page in enumerate(pages, start=1)]


def pdf(work: Page, pages: list[Page], language: str) -> bytes:
    """One file of all pages, which a screen reader is told the language of."""
    book = pikepdf.new()
    for svg in drawn(work, pages, language):
        with pikepdf.open(io.BytesIO(vl_convert.svg_to_pdf(svg))) as one:
            book.pages.extend(one.pages)
    book.Root.Lang = pikepdf.String(language)
    for each in book.objects:
        _name_plainly(each)
    content = io.BytesIO()
    book.save(
        content,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        recompress_flate=True,
    )
    return content.getvalue()


def _picture(form: str, **how: Any) -> Callable[[Page, list[Page], str], bytes]:
    return lambda work, pages, language: picture(work, pages, language, form, how)


def picture(work: Page, pages: list[Page], language: str, form: str, how: dict[str, Any]) -> bytes:
    """The first page as a picture."""
    png = vl_convert.svg_to_png(drawn(work, pages, language)[0], scale=1.0)
    content = io.BytesIO()
    flat = Image.open(io.BytesIO(png)).convert("RGB")
    if form == "PNG":
        flat = flat.quantize(32, dither=Image.Dither.NONE)
    flat.save(content, form, **how)
    return content.getvalue()


def docx(_work: Page, pages: list[Page], language: str) -> bytes:
    """A text document with a heading and a list."""
    book = import_module("docx").Document()
    for page in pages:
        book.add_heading(page["head"], 1)
        book.add_paragraph(page["lead"])
        for point in page["points"]:
            book.add_paragraph(point, style="List Number")
    core = book.core_properties
    core.author, core.comments, core.language = "", "", language
    return _repacked(book)


def pptx(work: Page, pages: list[Page], _language: str) -> bytes:
    """Slides with a title and a few words."""
    show = import_module("pptx").Presentation()
    colour = import_module("pptx.dml.color").RGBColor.from_string
    for page in pages:
        one = show.slides.add_slide(show.slide_layouts[1])
        one.background.fill.solid()
        one.background.fill.fore_color.rgb = colour(work["colours"][0][1:].upper())
        texts = (page["head"], "\n".join(page["points"]))
        for shape, text in zip(one.placeholders, texts, strict=True):
            shape.text_frame.text = text
            for paragraph in shape.text_frame.paragraphs:
                paragraph.font.color.rgb = colour(work["colours"][1][1:].upper())
    show.core_properties.author = show.core_properties.last_modified_by = ""
    return _repacked(show)


def odt(_work: Page, pages: list[Page], _language: str) -> bytes:
    """A text document in the open format: a heading, a sentence, points."""
    texts = "".join(
        f'<text:h text:outline-level="1">{page["head"]}</text:h><text:p>{page["lead"]}</text:p>'
        + "".join(f"<text:p>– {point}</text:p>" for point in page["points"])
        for page in pages
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{OFFICE}" '
        f'xmlns:text="{TEXT}" office:version="1.2"><office:body><office:text>{texts}'
        "</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{MANIFEST}" '
        f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{ODT}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return _zipped(
        [("mimetype", ODT), ("content.xml", content), ("META-INF/manifest.xml", manifest)]
    )


def mp4(work: Page, pages: list[Page], language: str) -> bytes:
    """A silent film of the pages, two seconds each."""
    with tempfile.TemporaryDirectory() as folder:
        for number, svg in enumerate(drawn(work, pages, language)):
            (Path(folder) / f"{number}.png").write_bytes(vl_convert.svg_to_png(svg, scale=0.5))
        shown = ["-framerate", "1/2", "-i", f"{folder}/%d.png", "-r", "5", "-c:v", "libx264"]
        return _ffmpeg(folder, "film.mp4", *shown, "-pix_fmt", "yuv420p", "-crf", "30")


def mp3(_work: Page, pages: list[Page], language: str) -> bytes:
    """The words spoken by a machine."""
    with tempfile.TemporaryDirectory() as folder:
        with wave.open(f"{folder}/said.wav", "wb") as said:
            rate, sound = _spoken(pages[0]["head"], language)
            said.setparams((1, 2, rate, 0, "NONE", ""))
            said.writeframes(sound)
        slim = ["-ar", "16000", "-ac", "1", "-b:a", "24k", "-id3v2_version", "0"]
        return _ffmpeg(folder, "said.mp3", "-i", f"{folder}/said.wav", *slim, "-write_xing", "0")


MAKERS = {
    "pdf": pdf,
    "png": _picture("PNG", optimize=True),
    "jpg": _picture("JPEG", quality=60),
    "webp": _picture("WEBP", quality=60),
    "docx": docx,
    "pptx": pptx,
    "odt": odt,
    "mp3": mp3,
    "mp4": mp4,
}


def _name_plainly(found: Any) -> None:
    """Fonts of which a part is embedded bear a chance name: the same letters for the same part."""
    for key in ("/BaseFont", "/FontName"):
        if isinstance(found, pikepdf.Dictionary) and key in found:
            plain = str(found[key]).partition("+")[2]
            found[key] = pikepdf.Name("/PARTOF+" + plain)


def _repacked(book: Any) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        parts = [
            (each.filename, archive.read(each))
            for each in archive.infolist()
            if not each.filename.endswith(("thumbnail.jpeg", "printerSettings1.bin"))
        ]
    return _zipped(parts)


def _zipped(parts: list[tuple[str, Any]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inside in parts:
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), inside, kind, 9)
    return content.getvalue()


def _ffmpeg(folder: str, name: str, *how: str) -> bytes:
    tool = import_module("imageio_ffmpeg").get_ffmpeg_exe()
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    target = Path(folder) / name
    command = [tool, "-v", "error", *how, *plain, "-flags:a", "+bitexact", str(target)]
    subprocess.run(command, check=True)  # noqa: S603
    return target.read_bytes()


def _spoken(text: str, language: str) -> tuple[int, bytes]:
    """Samples a second, and 16-bit samples, of a text said by eSpeak NG."""
    loader = import_module("espeakng_loader")
    speaker = ctypes.CDLL(loader.get_library_path())
    samples = bytearray()
    heard = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )

    def keep(sound: Any, count: int, _events: Any) -> int:
        if sound and count:
            samples.extend(ctypes.string_at(sound, 2 * count))
        return 0

    kept = heard(keep)
    rate = speaker.espeak_Initialize(2, 0, loader.get_data_path().encode(), 0)
    speaker.espeak_SetSynthCallback(kept)
    speaker.espeak_SetVoiceByName(language.encode())
    said = text.encode() + b"\0"
    speaker.espeak_Synth(said, ctypes.c_size_t(len(said)), 0, 0, 0, 1, None, None)
    speaker.espeak_Synchronize()
    return rate, bytes(samples)


if __name__ == "__main__":
    make_all()
