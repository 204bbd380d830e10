"""The invented materials are real small files, and what their tables name is there."""

import json
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from portal.settings import Settings, read_settings
from portal.uploads.checking import check
from seed_data import world
from seed_data.tables import HERE, read_rows

TODAY = date(2026, 11, 23)
FOLDER = HERE / "materials"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".md")
PDFS = [path for path in FILES if path.suffix == ".pdf"]
LETTERS = {"tk": set("äçňöşüýž"), "tg": set("ғӣқӯҳҷ"), "ru": set("ыщэц"), "en": set("abcdefgh")}
LARGEST = 44 * 1024
LARGEST_OF_ALL = 1_258_291  # 1.2 MB


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_ENV": "demo"})


def codes(name: str) -> set[str]:
    return {row["code"] for row in read_rows(f"vocabularies/{name}.csv")}


def language_of(path: Path) -> str:
    return path.stem.rpartition("_")[2]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_taken_as_what_it_is(settings: Settings, path: Path) -> None:
    """And as it is: only pictures of less quality are drawn anew each time."""
    settings.incoming.mkdir()
    found = check(path, path.name, settings.incoming)
    assert found.kind.ending == path.suffix[1:]
    if path.suffix not in (".jpg", ".webp"):
        assert found.path.read_bytes() == path.read_bytes()


def test_small_enough_for_a_slow_line() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert {name for name, size in sizes.items() if size > LARGEST} == set()
    assert sum(sizes.values()) <= LARGEST_OF_ALL


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_words_of_its_language_can_be_read_out_of_it(path: Path) -> None:
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document).lower()
    document.close()
    assert LETTERS[language_of(path)] & set(text)
    in_cyrillic = any("а" <= letter <= "я" for letter in text)
    assert in_cyrillic == (language_of(path) in ("ru", "tg"))


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_a_pdf_says_nothing_of_who_made_it(path: Path) -> None:
    content = path.read_bytes()
    assert b"/Producer" not in content
    assert b"/Author" not in content
    assert b"CreationDate" not in content


def test_all_four_languages_and_every_kind_of_file_are_there() -> None:
    assert {language_of(path) for path in FOLDER.iterdir()} == {"en", "ru", "tk", "tg"}
    kinds = {path.suffix for path in FOLDER.iterdir()}
    assert kinds >= {".pdf", ".png", ".jpg", ".webp", ".docx", ".odt", ".pptx", ".mp3", ".mp4"}


def test_every_file_is_named_once_and_every_name_is_a_file() -> None:
    rows = [*world.materials(), *world.first_editions()]
    named = {path for row in rows for path in row["files"].split(";")}
    there = {f"materials/{path.name}" for path in FOLDER.iterdir()}
    assert named <= there
    assert there - named == {"materials/ask_now_tk.pdf"}  # it waits for a second person


def test_every_file_made_has_its_words() -> None:
    works = json.loads((HERE / "material_words.json").read_text(encoding="utf-8"))
    stems = {f"{work['stem']}_{language}" for work in works for language in work["words"]}
    assert {path.stem for path in FILES} == stems


def test_materials_speak_of_what_is_there() -> None:
    organisations = {row["id"] for row in world.organisations(TODAY)}
    campaigns = {row["id"] for row in world.campaigns(TODAY)}
    works = {row["id"]: row for row in world.materials()}
    for row in works.values():
        assert row["kind"] in codes("material_kinds")
        assert row["licence"] in codes("licences")
        assert set(row["topics"].split(";")) <= codes("topics")
        assert set(row["audiences"].split(";")) <= codes("audiences")
        assert row["organisation"] in organisations
        assert row["campaign"] in campaigns | {""}
        assert row["adapted_from"] in works.keys() | {""}
        languages = {language_of(Path(path)) for path in row["files"].split(";")}
        assert set(row["languages"].split(";")) == languages
    assert {row["kind"] for row in works.values()} == codes("material_kinds")
    assert {row["visibility"] for row in works.values()} == {"public", "members"}
    assert any(row["adapted_from"] for row in works.values())


def test_campaigns_and_activities_fit_each_other() -> None:
    campaigns = {row["id"]: row for row in world.campaigns(TODAY)}
    works = {row["id"] for row in world.materials()}
    places = {row["id"]: row["region"] for row in read_rows("places.csv")}
    for row in world.activities(TODAY):
        campaign = campaigns[row["campaign"]]
        assert row["kind"] in codes("activity_kinds")
        assert set(row["materials"].split(";")) <= works | {""}
        assert places[row["place"]][:2] == campaign["regions"][:2]
        assert campaign["starts_on"] <= row["held_on"] <= campaign["ends_on"], row["id"]
        counted = [row[name] for name in ("women", "men", "girls", "boys")]
        if row["held_on"] > TODAY.isoformat():
            assert not any(counted)
    assert 30 <= len(world.activities(TODAY)) <= 40
    assert any(row["ends_on"] > TODAY.isoformat() for row in campaigns.values())


def test_what_is_invented_says_so() -> None:
    assert all("(demo)" in row["title"] for row in world.campaigns(TODAY))
