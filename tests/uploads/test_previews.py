"""Pictures of files and lighter versions: small, upright, and never the reason to lose a file."""

from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from portal.uploads.previews import make_renditions
from portal.uploads.rules import Kind


def kind_of(ending: str) -> Kind:
    media_types = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
    return Kind(ending, media_types.get(ending, "application/octet-stream"), ())


def photograph(path: Path, size: tuple[int, int] = (3000, 2000)) -> Path:
    """Something with detail everywhere, as photographs have."""
    noise = Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size)
    Image.merge("RGB", (noise, noise.rotate(180), noise)).save(path, quality=90)
    return path


def leaflet(path: Path, picture: Path | None = None, pages: int = 1) -> Path:
    """A pdf with a picture across each page, or with a line of text's worth of drawing."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        drawing = b"0.1 0.3 0.5 rg 60 600 300 90 re f"
        if picture is not None:
            with Image.open(picture) as opened:
                stream = pdf.make_stream(
                    picture.read_bytes(),
                    Type=pikepdf.Name.XObject,
                    Subtype=pikepdf.Name.Image,
                    Width=opened.width,
                    Height=opened.height,
                    ColorSpace=pikepdf.Name.DeviceRGB,
                    BitsPerComponent=8,
                    Filter=pikepdf.Name.DCTDecode,
                )
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
            drawing = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
        page.Contents = pdf.make_stream(drawing)
    pdf.save(path)
    return path


def by_name(made: list) -> dict:
    return {each.kind: each for each in made}


def test_a_photograph_gets_all_three(tmp_path):
    path = photograph(tmp_path / "a.jpg")
    made = by_name(make_renditions(path, kind_of("jpg"), tmp_path))
    assert set(made) == {"thumbnail", "preview", "light"}
    assert made["thumbnail"].path.stat().st_size <= 3 * 1024
    assert made["preview"].path.stat().st_size <= 60 * 1024
    assert made["light"].path.stat().st_size * 2 <= path.stat().st_size
    assert {each.media_type for each in made.values()} == {"image/webp"}
    for name, box in (("thumbnail", (150, 200)), ("preview", (900, 1200)), ("light", (1280, 1280))):
        with Image.open(made[name].path) as written:
            assert written.size == (made[name].width, made[name].height)
            assert all(side <= most for side, most in zip(written.size, box, strict=True))


def test_a_small_picture_is_not_made_larger(tmp_path):
    path = tmp_path / "small.png"
    Image.new("RGB", (40, 30), "navy").save(path)
    made = by_name(make_renditions(path, kind_of("png"), tmp_path))
    assert (made["thumbnail"].width, made["thumbnail"].height) == (40, 30)
    assert "light" not in made or made["light"].path.stat().st_size * 2 <= path.stat().st_size


def test_what_shows_through_is_white(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (400, 400), (0, 0, 0, 0)).save(path)
    made = by_name(make_renditions(path, kind_of("png"), tmp_path))
    with Image.open(made["thumbnail"].path) as written:
        assert min(written.convert("RGB").getpixel((70, 70))) > 250


def test_a_turned_photograph_stands_upright(tmp_path):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200), "navy").save(path, exif=exif)
    made = by_name(make_renditions(path, kind_of("jpg"), tmp_path))
    assert made["thumbnail"].height > made["thumbnail"].width
    with Image.open(made["light" if "light" in made else "preview"].path) as written:
        assert not written.getexif()


def test_the_first_page_of_a_pdf_is_shown(tmp_path):
    made = by_name(make_renditions(leaflet(tmp_path / "a.pdf"), kind_of("pdf"), tmp_path))
    assert set(made) == {"thumbnail", "preview"}
    with Image.open(made["preview"].path) as written:
        assert written.height > 1100
        assert len(written.convert("RGB").getcolors(written.width * written.height)) > 1


def test_a_heavy_pdf_gets_a_light_version_that_still_opens(tmp_path):
    picture = photograph(tmp_path / "in.jpg", (1500, 2000))
    path = leaflet(tmp_path / "heavy.pdf", picture, pages=2)
    made = by_name(make_renditions(path, kind_of("pdf"), tmp_path))
    light = made["light"]
    assert light.media_type == "application/pdf"
    assert light.path.stat().st_size * 2 <= path.stat().st_size
    with pikepdf.open(light.path) as opened:
        assert len(opened.pages) == 2
        assert max(opened.pages[0].Resources.XObject.Im0.Width, 0) <= 1000
    shown = by_name(make_renditions(light.path, kind_of("pdf"), tmp_path / ".."))
    assert "preview" in shown


def test_a_vast_page_is_drawn_small(tmp_path):
    path = tmp_path / "vast.pdf"
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14400, 14400))
    pdf.save(path)
    made = by_name(make_renditions(path, kind_of("pdf"), tmp_path))
    assert made["preview"].width == 900


@pytest.mark.parametrize("ending", ["pdf", "png", "jpg", "mp4", "mp3", "docx"])
def test_what_cannot_be_drawn_costs_only_the_picture(tmp_path, ending):
    path = tmp_path / f"broken.{ending}"
    path.write_bytes(b"nothing of the kind" * 50)
    assert make_renditions(path, kind_of(ending), tmp_path) == []


def test_a_picture_of_too_many_pixels_is_not_unpacked(tmp_path):
    path = tmp_path / "vast.png"
    Image.new("1", (8000, 6000)).save(path)
    assert make_renditions(path, kind_of("png"), tmp_path) == []


def test_a_picture_with_drawing_stays_within_its_bytes(tmp_path):
    path = tmp_path / "poster.png"
    poster = Image.new("RGB", (1400, 2000), "white")
    drawn = ImageDraw.Draw(poster)
    for row in range(0, 2000, 20):
        drawn.line((0, row, 1400, row + 9), fill=(row % 255, 90, 140), width=6)
    poster.save(path)
    made = by_name(make_renditions(path, kind_of("png"), tmp_path))
    assert made["thumbnail"].path.stat().st_size <= 3 * 1024
    assert made["preview"].path.stat().st_size <= 60 * 1024
