"""Dates, names and alphabets, each in its own language."""

from portal.i18n.language import load_language
from portal.i18n.sorting import sort_key
from tests.conftest import LANGUAGES


def test_names_sort_by_the_turkmen_alphabet() -> None:
    names = ["Ýagmyr", "Zöhre", "Ärtogrul", "Aman", "Žale", "Jemal", "Çary", "Cemal", "Ňy", "Nar"]
    assert sorted(names, key=sort_key) == [
        "Aman",
        "Ärtogrul",
        "Cemal",
        "Çary",
        "Jemal",
        "Žale",
        "Nar",
        "Ňy",
        "Ýagmyr",
        "Zöhre",
    ]


def test_names_sort_by_the_tajik_alphabet() -> None:
    names = ["Ҷамшед", "Ғафур", "Гул", "Қодир", "Карим", "Ҳасан", "Хуршед", "Ёр", "Ӯктам", "Умед"]
    assert sorted(names, key=sort_key) == [
        "Гул",
        "Ғафур",
        "Ёр",
        "Карим",
        "Қодир",
        "Умед",
        "Ӯктам",
        "Хуршед",
        "Ҳасан",
        "Ҷамшед",
    ]


def test_sorting_does_not_depend_on_composed_letters() -> None:
    assert sort_key("Йод") == sort_key("И\u0306од".replace("И\u0306", "Й"))
    assert sort_key("A\u0308rtogrul") == sort_key("Ärtogrul")


def test_dates_speak_the_language() -> None:
    said = {code: load_language(code).date("2026-11-23") for code in LANGUAGES}
    assert said["en"] == "November 23, 2026"
    assert said["ru"].replace("\u202f", " ") == "23 ноября 2026 г."
    assert len(set(said.values())) == 4


def test_each_language_is_called_by_its_own_name() -> None:
    names = [load_language(code).own_name for code in LANGUAGES]
    assert names[:2] == ["English", "Русский"]
    assert all(name[0].isupper() for name in names)
