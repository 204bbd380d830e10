"""Texts that members write in markdown, as HTML that can do nothing but be read."""

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# the page has its own headings: those of a text begin below them
_FIRST_HEADING = 3

_TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "em",
        "strong",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def render(text: str) -> Markup:
    """The HTML of a text: no images, no scripts, no styles; links lead out without a referrer."""
    html = re.sub(r"<(/?)h([1-6])>", _lower, _markdown.render(text))
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="nofollow noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704  security: nh3 has just cleaned it


def _lower(found: re.Match[str]) -> str:
    level = min(int(found.group(2)) + _FIRST_HEADING - 1, 6)
    return f"<{found.group(1)}h{level}>"
