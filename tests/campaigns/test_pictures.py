"""The map and the bars: well-formed, escaped, and nothing in them leads away."""

import re
from xml.etree import ElementTree

import pytest

from tests.campaigns.conftest import Stage
from tests.conftest import LANGUAGES

HOSTILE = '</title><script>alert(1)</script>"&<'


def svg(stage: Stage, picture: str, language: str = "en", name: str | None = None) -> str:
    path = f"/{language}/campaigns/{stage.id}/{picture}.svg"
    answer = stage.network.as_(name).get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("image/svg+xml")
    return answer.text


@pytest.mark.parametrize("picture", ["map", "kinds"])
def test_a_picture_is_well_formed_and_leads_nowhere(stage: Stage, picture: str) -> None:
    stage.set(title=HOSTILE, titles="{}")
    stage.hold("ca-1")
    drawn = svg(stage, picture)
    root = ElementTree.fromstring(drawn)  # noqa: S314
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert not tags & {"script", "image", "use", "a", "foreignObject", "style"}
    for each in root.iter():
        for name, value in each.attrib.items():
            assert not name.rpartition("}")[2].startswith(("href", "on")), name
            assert "url(" not in value or "url(#" in value
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", drawn)
    assert "<script" not in drawn


def test_the_page_escapes_a_hostile_title(stage: Stage) -> None:
    stage.set(title=HOSTILE, titles="{}")
    assert "<script>alert" not in stage.page(None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bars_are_labelled_in_the_readers_language(stage: Stage, language: str) -> None:
    stage.hold("ca-1", kind="round_table")
    said = {"en": "Round table", "ru": "Круглый стол", "tk": "Tegelek stol", "tg": "Мизи мудаввар"}
    assert said[language] in svg(stage, "kinds", language)


def test_the_map_counts_by_settlement_what_one_sees(stage: Stage) -> None:
    stage.hold("ca-1")
    stage.hold("ca-2", held_on="2026-06-02")
    stage.hold("ca-coming", held_on="2026-12-01")
    assert ">2</text>" in svg(stage, "map")
    assert ">3</text>" in svg(stage, "map", name="cem")


def test_without_regions_and_places_there_is_no_map(stage: Stage) -> None:
    stage.set(regions=[])
    stage.hold("ca-1", place_id=None)
    assert stage.network.as_(None).get(f"{stage.path}/map.svg").status_code == 404
    assert "map.svg" not in stage.page(None)


def test_bars_are_drawn_for_a_small_phone_and_keep_their_place(stage: Stage) -> None:
    stage.hold("ca-1")
    stage.hold("ca-2", kind="debate")
    page = stage.page(None)
    assert 'kinds.svg" width="300" height="' in page
    svg = stage.network.as_(None).get(f"{stage.path}/kinds.svg").text
    assert 'width="300"' in svg
    assert "Debate" in svg
