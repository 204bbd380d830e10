"""The map: the settlements around a place as dots, drawn on the server as an SVG image.

A small inset shows where in the country the window lies.
"""

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import Annotated

import msgspec
from jinja2 import Environment

from portal.errors import Invalid
from portal.geo import BANDS, distance_km
from portal.i18n.language import Message
from portal.places.drawing import KM_PER_DEGREE, Paper, sheet_over
from portal.places.queries import Place

WIDTH, HEIGHT = 640, 440
INSET_WIDTH, INSET_HEIGHT = 150, 100
NEAREST_KM, FARTHEST_KM = 60.0, 260.0


class Drawn(msgspec.Struct, frozen=True):
    """What the page asks to be drawn: `at` is `id:number;id:number`."""

    place: str
    at: Annotated[str, msgspec.Meta(max_length=4000)] = ""

    def matches(self) -> dict[str, int]:
        """How many matches live in each settlement; `Invalid` when `at` is not of that form."""
        try:
            pairs = [pair.rsplit(":", 1) for pair in self.at.split(";") if pair]
            return {place: min(int(number), 999) for place, number in pairs}
        except ValueError as error:
            raise Invalid({"at": [Message("This value cannot be used.")]}) from error


def draw(
    templates: Environment, country: Sequence[Place], chosen: Place, matches: Mapping[str, int]
) -> str:
    """The SVG of a place's surroundings, with rings at the distance bands around it."""
    paper = _around(chosen, _half_height_km(country, chosen, matches))
    inset = sheet_over(country, INSET_WIDTH, INSET_HEIGHT)
    return templates.get_template("nearby_map.svg").render(
        paper=paper,
        inset=inset,
        dots=[dot for place in country if paper.shows(dot := paper.dot(place, matches))],
        chosen=paper.dot(chosen, matches),
        inset_dots=[inset.dot(place, {}) for place in country],
        inset_chosen=inset.dot(chosen, {}),
        rings=[{"km": round(km), "radius": paper.pixels(km)} for _band, km in BANDS[1:-1]],
    )


def _half_height_km(country: Sequence[Place], chosen: Place, matches: Mapping[str, int]) -> float:
    here = (chosen.latitude, chosen.longitude)
    far = [
        distance_km(here, (place.latitude, place.longitude))
        for place in country
        if place.id in matches
    ]
    return min(max([*far, NEAREST_KM]) * 1.1, FARTHEST_KM)


def _around(chosen: Place, half_height_km: float) -> Paper:
    half = half_height_km / KM_PER_DEGREE
    scale = HEIGHT / (2 * half)
    shortened = cos(radians(chosen.latitude))
    west = chosen.longitude - WIDTH / (2 * scale * shortened)
    return Paper(chosen.latitude + half, west, shortened, scale, WIDTH, HEIGHT)
