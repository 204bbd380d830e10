"""Four catalogs with the same keys and placeholders, and nothing left untranslated."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from portal.i18n.catalogs import extracted
from portal.i18n.language import FOLDER, load_language
from tests.conftest import LANGUAGES

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _read(code: str) -> Catalog:
    with (FOLDER / code / "portal.po").open("rb") as source:
        return read_po(source, locale=code)


@cache
def _said() -> set[object]:
    """What the code and the templates say; reading all of them takes seconds."""
    return _keys(extracted())


def _keys(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def _forms(text: object) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (str(text),)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalog_holds_exactly_what_the_portal_says(code: str) -> None:
    assert len(_said()) > 150
    assert _keys(_read(code)) == _said()


@pytest.mark.parametrize("code", ["ru", "tk", "tg"])
def test_nothing_is_left_untranslated(code: str) -> None:
    empty = [m.id for m in _read(code) if m.id and not all(_forms(m.string))]
    assert empty == []
    assert not [m.id for m in _read(code) if m.id and m.fuzzy]


@pytest.mark.parametrize("code", ["ru", "tk", "tg"])
def test_translations_keep_the_placeholders(code: str) -> None:
    for message in _read(code):
        if not message.id:
            continue
        wanted = {name for form in _forms(message.id) for name in PLACEHOLDER.findall(form)}
        for form in _forms(message.string):
            found = set(PLACEHOLDER.findall(form))
            assert found == wanted or found == wanted - {"n"}, message.id


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", {0: 1, 1: 0, 2: 1, 5: 1, 11: 1, 21: 1}),
        ("ru", {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 21: 0}),
        ("tk", {0: 1, 1: 0, 2: 1, 5: 1, 11: 1, 21: 1}),
        ("tg", {0: 1, 1: 0, 2: 1, 5: 1, 11: 1, 21: 1}),
    ],
)
def test_plurals_are_those_of_the_language(code: str, forms: dict[int, int]) -> None:
    plural = load_language(code)._catalog.plural  # type: ignore[attr-defined]
    assert {n: plural(n) for n in forms} == forms


def test_a_language_is_a_folder() -> None:
    assert {path.parent.name for path in Path(FOLDER).glob("*/portal.po")} == set(LANGUAGES)
