"""The table of letters is whole: every letter of every alphabet has its row, no row is idle."""

import pytest

from search.folding import fold, words_of
from search.letters import (
    BEGINNINGS,
    KAZAKH_AND_KYRGYZ,
    LATIN,
    LETTERS,
    OTHER,
    PERSIAN,
    RUSSIAN,
    SAME_SOUND,
    SECOND_READING,
    TAJIK,
    TURKMEN,
    UZBEK,
)

ALPHABETS = {  # as the laws and school books have them; digraphs of Uzbek are among the sounds
    "Turkmen of 1999": "abçdeäfghijžklmnňoöprsştuüwyýz",
    "Turkmen of 1993": "abçdeêfghijklmnñoöprsştuüwyÿzž",
    "Turkmen Cyrillic": "абвгдеёжҗзийклмнңоөпрстуүфхцчшщъыьэәюя",
    "Tajik": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
    "Tajik until 1998": "цщыь",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Uzbek Latin": "abdefghijklmnopqrstuvxyz",
    "Uzbek Cyrillic": "абвгдеёжзийклмнопрстуфхцчшъьэюяўқғҳ",
    "Kazakh": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "Kazakh Latin of 2021": "aäbdefgğhiıjklmnñoöpqrsştuūüvyz",
    "Kyrgyz": "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "Persian": "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیء",
}
UZBEK_DIGRAPHS = {"o‘": "ў", "g‘": "ғ", "sh": "ш", "ch": "ч"}
LEFT_TO_ANYASCII = "êū"  # a letter with an accent that changes nothing here
SILENT = "ъьعء"
TABLES = (LATIN, RUSSIAN, TAJIK, TURKMEN, UZBEK, KAZAKH_AND_KYRGYZ, PERSIAN, OTHER)


@pytest.mark.parametrize("name", ALPHABETS)
def test_every_letter_of_an_alphabet_has_its_row(name: str) -> None:
    for letter in ALPHABETS[name]:
        assert letter in LETTERS or letter in LEFT_TO_ANYASCII
        assert len(fold(letter)) == (0 if letter in SILENT else 1), letter


def test_no_letter_has_two_rows() -> None:
    assert sum(map(len, TABLES)) == len(LETTERS)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_row_is_reached_in_either_case(letter: str) -> None:
    before, after = ("лу", "ну") if "\u0400" <= letter <= "\u04ff" else ("lu", "nu")
    folded = fold(before + letter + after)
    assert folded == fold(f"lu{LETTERS[letter]}nu")
    assert fold((before + letter + after).upper()) == folded


@pytest.mark.parametrize("digraph", UZBEK_DIGRAPHS)
def test_digraphs_of_uzbek_sound_as_their_cyrillic_letter(digraph: str) -> None:
    latin, cyrillic = words_of(f"lu{digraph}nu"), words_of(f"лу{UZBEK_DIGRAPHS[digraph]}ну")
    assert latin[0].sounds_like(cyrillic[0])


@pytest.mark.parametrize("spelling", SAME_SOUND)
def test_every_sound_is_reached_and_stays(spelling: str) -> None:
    assert fold(f"bo{spelling}on") == fold(f"bo{SAME_SOUND[spelling]}on") != f"bo{spelling}on"
    assert fold(SAME_SOUND[spelling]) == fold(spelling)


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_every_beginning_is_reached_and_only_there(beginning: str) -> None:
    assert fold(f"{beginning}on") == fold(f"{BEGINNINGS[beginning]}on")
    assert fold(f"b{beginning}on") != fold(f"b{BEGINNINGS[beginning]}on")


@pytest.mark.parametrize("spelling", SECOND_READING)
def test_every_second_reading_is_reached(spelling: str) -> None:
    word = words_of(f"b{spelling}m" if spelling.isascii() else f"{spelling}м")[0]
    assert word.also != word.folded
