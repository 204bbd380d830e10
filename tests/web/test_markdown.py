"""A practice note is read, and does nothing else."""

import pytest

from portal.web.markdown import render

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![picture](https://elsewhere.example/x.png)",
    "[here](javascript:alert(1))",
    "[here](data:text/html,<script>alert(1)</script>)",
    "<a href='https://x.example' onclick='alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "[x](https://x.example 'a\" onmouseover=alert(1) \"')",
    "<div hx-get=/exit hx-trigger=load>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    html = str(render(text)).replace("&lt;", "").replace("&quot;", "")
    for tag in (
        "<script",
        "<img",
        "<svg",
        "<style",
        "<div",
        'javascript:"',
        'href="data',
        'href="java',
    ):
        assert tag not in html.lower()
    assert "onclick=" not in html.split(">")[0]


def test_headings_stand_below_those_of_the_page() -> None:
    assert "<h3>What worked</h3>" in render("# What worked")
    assert "<h6>" in render("###### deep")


def test_lists_tables_and_links_are_kept() -> None:
    html = render("- one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n\n[page](https://example.org/x)")
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html
    assert 'rel="nofollow noopener noreferrer"' in html
