"""Pictures are whole, name themselves, load nothing, and no label lies on another."""

from itertools import combinations, pairwise
from math import hypot
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import settings as drawn_with
from hypothesis import strategies as st
from litestar.testing import TestClient

from portal.charts import PADDING, WIDTH, titled
from portal.lines import HEIGHT, NEAREST_YEARS, TOP, Named, Point, line_chart, ticks_to
from tests.conftest import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"
COMPARED = "compare.svg?region=all&region=TJ-RA&region=TJ-GB&period=2025&period=2026-Q1"


def parsed(picture: str) -> ElementTree.Element:
    """The tree of a picture of ours."""
    return ElementTree.fromstring(picture)  # noqa: S314  our own


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_whole_and_loads_nothing(coordinator: TestClient, language: str) -> None:
    for name in ("chart.svg", "chart.svg?region=TJ-RA", "parts.svg", "map.svg", COMPARED):
        answer = coordinator.get(f"/{language}/indicators/assisted/{name}")
        assert answer.status_code == 200, name
        picture = parsed(answer.text)
        assert picture.find(f"{SVG}title").text
        assert picture.find(f"{SVG}desc").text
        names = {each.tag.removeprefix(SVG) for each in picture.iter()}
        assert not names & {"script", "image", "foreignObject", "style", "use"}
        attributes = [item for each in picture.iter() for item in each.attrib.items()]
        assert not any("href" in key or key.startswith("on") for key, _ in attributes)
        assert not any("url(" in value or "//" in value for _, value in attributes)
        assert int(float(picture.attrib["width"])) <= 320


def test_the_dots_of_the_map_lie_apart_and_are_named_below(coordinator: TestClient) -> None:
    text = coordinator.get("/ru/indicators/leaflets/map.svg?period=2026-Q2").text
    picture = parsed(text)
    for country in picture.iter(f"{SVG}g"):
        dots = [
            [float(each.attrib[name]) for name in ("cx", "cy", "r")]
            for each in country.iter(f"{SVG}circle")
            if float(each.attrib["r"]) > 2
        ]
        assert dots
        for one, other in combinations(dots, 2):
            assert hypot(one[0] - other[0], one[1] - other[1]) >= one[2] + other[2] - 0.5
        lines = [float(e.attrib["y"]) for e in country.iter(f"{SVG}text") if e.get("x") == "32"]
        assert all(b - a >= 18 for a, b in pairwise(lines))
    assert "Районы республиканского" in text


known = st.none() | st.floats(0, 1e7, allow_nan=False)
points = st.builds(
    Point,
    year=st.integers(2010, 2030).map(str),
    value=known,
    is_partial=st.booleans(),
    target=known,
    baseline=known,
    begins=st.sampled_from(["", "", "2"]),
)
LONG = "Сведения, подтверждённые специалистами за последние девяносто дней"


@drawn_with(max_examples=60, deadline=None)
@given(st.lists(points, max_size=40))
def test_a_line_stays_on_its_paper(drawn: list[Point]) -> None:
    drawn = sorted(drawn, key=lambda each: each.year)
    spec = line_chart(drawn, Named(LONG, LONG, LONG, LONG, LONG), "about", lambda n: f"{n:g}")
    texts = []
    for layer in spec["layer"]:
        for row in layer["data"]["values"]:
            assert all(-PADDING <= row[key] <= WIDTH + PADDING for key in ("x", "x2") if key in row)
            assert all(-PADDING <= row[key] <= spec["height"] for key in ("y", "y2") if key in row)
        if layer["mark"]["type"] == "text":
            texts += layer["data"]["values"]
    legend = sorted(row["y"] for row in texts if row["y"] > TOP + HEIGHT + 20)
    assert all(b > a for a, b in pairwise(legend))
    years = sorted(row["x"] for row in texts if row["y"] == TOP + HEIGHT + 18)
    assert all(b - a >= NEAREST_YEARS for a, b in pairwise(years))


@given(st.floats(0, 1e9, allow_nan=False))
def test_a_scale_reaches_the_highest_in_few_steps(highest: float) -> None:
    ticks = ticks_to(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-6)
    assert 2 <= len(ticks) <= 6


def test_a_title_is_text() -> None:
    picture = titled('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "<b>&", "]]>")
    assert parsed(picture).find(f"{SVG}title").text == "<b>&"
