"""The typeahead's words, the list by region, and a point that is snapped and forgotten."""

from typing import Annotated

import msgspec


class Typed(msgspec.Struct, frozen=True):
    """What was typed so far, or the region whose list is wanted."""

    q: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    place: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    region: Annotated[str, msgspec.Meta(max_length=10)] | None = None


class Point(msgspec.Struct, frozen=True):
    """A position in degrees."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
