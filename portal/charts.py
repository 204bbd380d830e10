"""Charts drawn on the server: a Vega-Lite specification becomes an SVG image.

They are served as images beside a table of the same numbers; a browser runs nothing for them.
"""

from functools import lru_cache
from typing import Any

import msgspec
import vl_convert


def draw_chart(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite specification; what was drawn lately is not drawn again."""
    return _drawn(msgspec.json.encode(spec))


@lru_cache(maxsize=64)
def _drawn(spec: bytes) -> str:
    return str(vl_convert.vegalite_to_svg(spec.decode(), allowed_base_urls=[]))
