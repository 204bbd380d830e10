"""A cell of a material that cannot be used is named with its row, its column, and what to do."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.transfer.conftest import said
from tests.transfer.test_materials import A_WORK, shelf_size


@pytest.fixture
def poster(desk: Any) -> Path:
    path = desk.folder / "poster_ru.png"
    Image.new("RGB", (60, 80), "navy").save(path)
    return Path(path)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../poster_ru.png",
        "files/../../poster_ru.png",
        "files\\poster_ru.png",
        "C:/poster_ru.png",
        "file:///etc/passwd",
        "..",
    ],
)
def test_a_path_that_leads_out_of_the_folder(desk: Any, poster: Path, path: str) -> None:
    before = desk.counts()
    report = desk.bring("materials", {**A_WORK, "files": path})
    assert list(said(report)) == [(2, "files")]
    assert "must lie in that folder" in said(report)[2, "files"]
    assert desk.counts() == before


def test_a_link_that_leads_out_of_the_folder(desk: Any, poster: Path) -> None:
    outside = desk.folder.parent / "outside_ru.png"
    poster.rename(outside)
    (desk.folder / "inside_ru.png").symlink_to(outside)
    report = desk.bring("materials", {**A_WORK, "files": "inside_ru.png"})
    assert "must lie in that folder" in said(report)[2, "files"]


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("files", "none_ru.png", "none_ru.png: This file is not beside the table"),
        ("files", "poster", "poster: This file is not beside the table"),
        ("files", ".", "This file is not beside the table"),
        ("files", "x" * 300 + ".png", "This file is not beside the table"),
        ("kind", "billboard", "Choose one of: poster"),
        ("languages", "ru;xx", "Choose one of"),
        ("languages", "tk", "Files are there in: ru"),
        ("licence", "mine", "Choose one of: cc_zero"),
        ("audiences", "youth;everybody", "Choose one of: youth"),
        ("topics", "love", "Choose one of: identification"),
        ("region", "TM-X", "Write the code of a region"),
        ("campaign", "c-none", "There is no record with this id in campaigns"),
        ("organisation", "o-none", "No organisation has this id"),
        ("year", "20", "Write a whole number from 1990 to 2100"),
        ("visibility", "secret", "Choose one of: public, members"),
        ("adapted_from", "m-none", "There is no record with this id in materials"),
        ("adapted_from", "m-new", "would be an adaptation of itself"),
        ("links", "ru=http://x.example", "Write each address as language=https://"),
        ("links", "ru=https://a.example;ru=https://b.example", "every language once"),
        ("title", "", "Fill this in"),
    ],
)
def test_bad_cells(desk: Any, poster: Path, column: str, text: str, words: str) -> None:
    before, on_shelf = desk.counts(), shelf_size(desk)
    good = {"id": "m-good", "title": "Good", "kind": "poster", "languages": "ru"}
    columns = {**A_WORK, "files": "poster_ru.png", column: text}
    rows = [{**dict.fromkeys(columns, ""), **good}, columns]
    report = desk.bring("materials", *rows)
    found = said(report)
    assert words in found[3, column]
    assert {row for row, _column in found} == {3}
    assert (desk.counts(), shelf_size(desk)) == (before, on_shelf)


def test_a_file_that_is_not_what_it_says(desk: Any) -> None:
    (desk.folder / "poster_ru.pdf").write_bytes(b"MZ\x90\x00 not a poster")
    report = desk.bring("materials", {**A_WORK, "files": "poster_ru.pdf"})
    assert said(report)[2, "files"].startswith("poster_ru.pdf: ")
    assert list(desk.settings.incoming.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a\x07b", b"x" * 20_001])
def test_a_text_that_cannot_be_read(desk: Any, content: bytes) -> None:
    (desk.folder / "note_ru.md").write_bytes(content)
    report = desk.bring("materials", {**A_WORK, "files": "note_ru.md"})
    assert said(report)[2, "files"].startswith("note_ru.md: ")


def test_a_file_without_a_language_takes_the_only_one(desk: Any, poster: Path) -> None:
    poster.rename(desk.folder / "poster.png")
    row = {**A_WORK, "files": "poster.png", "languages": "ru;tk"}
    report = desk.bring("materials", row)
    assert "Write the language at the end of the file's name" in said(report)[2, "files"]
    assert desk.bring("materials", {**row, "languages": "ru"}).added == 1


def test_what_is_there_cannot_be_lost_by_leaving_it_out(desk: Any, poster: Path) -> None:
    Image.new("RGB", (60, 80), "teal").save(desk.folder / "poster_tk.png")
    row = {**A_WORK, "languages": "ru;tk", "files": "poster_ru.png;poster_tk.png"}
    desk.bring("materials", row)
    report = desk.bring("materials", {"id": "m-new", "files": "poster_ru.png"})
    assert "something in tk that would be lost" in said(report)[2, "files"]
    report = desk.bring("materials", {"id": "m-new", "files": ""})
    assert "something in ru, tk" in said(report)[2, "files"]


def test_a_screening_guide_is_never_public(desk: Any, poster: Path) -> None:
    guide = {**A_WORK, "kind": "screening_guide", "visibility": "public"}
    assert "members only" in said(desk.bring("materials", guide))[2, "visibility"]
    assert desk.bring("materials", {**guide, "visibility": ""}).added == 1
    assert desk.stored("materials", "m-new")["visibility"] == "members"
    public = {**A_WORK, "id": "m-other", "visibility": "public"}
    assert desk.bring("materials", public).added == 1
    report = desk.bring("materials", {"id": "m-other", "kind": "screening_guide"})
    assert "members only" in said(report)[2, "visibility"]


def test_originals_may_stand_below_their_adaptations(desk: Any, poster: Path) -> None:
    rows = [
        {**A_WORK, "id": "m-two", "adapted_from": "m-one"},
        {**A_WORK, "id": "m-one", "adapted_from": ""},
    ]
    assert desk.bring("materials", *rows).added == 2
    report = desk.bring("materials", {"id": "m-one", "adapted_from": "m-two"})
    assert "adaptation of itself" in said(report)[2, "adapted_from"]


def test_links_stand_beside_files(desk: Any, poster: Path) -> None:
    row = {
        **A_WORK,
        "languages": "ru;tk",
        "files": "poster_ru.png",
        "links": "tk=https://video.example/watch?v=1",
    }
    assert said(desk.bring("materials", row)) == {}
    assert desk.bring("materials", row).unchanged == 1
    assert desk.stored("materials", "m-new")["links"] == row["links"]
    assert desk.stored("materials", "m-new")["languages"] == "ru;tk"
