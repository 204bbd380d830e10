"""One key for every spelling of a name, whatever the alphabet, the keyboard or the case."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.folding import compounds, fold, fold_words, spans
from search.letters import LETTERS

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
TAJIK = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя"
TURKMEN = "abçdeäfgžhijklmnňoöprsştuüwyýz"
ENGLISH = "abcdefghijklmnopqrstuvwxyz"
FOUR_ALPHABETS = "".join(dict.fromkeys(RUSSIAN + TAJIK + TURKMEN + ENGLISH)) + "'’ -"

SAME_NAMES = [
    "Ашгабат Aşgabat Ashgabat Ašgabat Aschgabat AŞGABAT",
    "Хуҷанд Худжанд Khujand Khudzhand Xujand Hujand",
    "Чарджев Çärjew Charjev Chardzhev Čardžev",
    "Қӯрғонтеппа Qŭrghonteppa Qurghonteppa Курғонтеппа",
    "Ҳисор Хисор Hisor Khisor Ḩisor",
    "Türkmenbaşy Turkmenbashi Туркменбаши Türkmenbaşı",
    "Ýolöten Yoloten Ёлотен",
    "Daşoguz Dashoguz Дашогуз Daşoğuz",
    "Панҷакент Panjakent Панджакент Pandžakent",
    "Annaýewa Annayeva Annaeva Аннаева",
    "Hudaýberdiýew Khudayberdiyev Худайбердиев Hudaiberdiew",
    "Çaryýewa Charyyeva Chariyeva Чарыева",
    "Ғафуров Ghafurov Gafurov Гафуров G'afurov",
    "Сӯҳроб Сухроб Suhrob Sukhrob",
    "Ҷамшед Джамшед Jamshed Dzhamshed Djamshed",
    "Юсупов Ýusupow Yusupov Iusupov",
    "Bal'juan Bal’juan Балҷуан Baljuan",
]


@pytest.mark.parametrize("spellings", SAME_NAMES)
def test_spellings_of_one_name_share_a_key(spellings: str) -> None:
    assert len({fold(spelling) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Мургаб", "Марғоб"), ("Mary", "Maral"), ("Annaýew", "Ataýew"), ("Кӯлоб", "Куляб-Дарья")],
)
def test_other_names_keep_other_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_folds_like_its_transliteration(letter: str) -> None:
    assert fold(f"lu{letter}ru") == fold(f"lu{LETTERS[letter]}ru")
    assert fold(f"lu{letter.upper()}ru") == fold(f"lu{letter}ru")


@pytest.mark.parametrize("letter", sorted({*RUSSIAN, *TAJIK, *TURKMEN, *ENGLISH}))
def test_no_letter_of_the_four_languages_is_lost(letter: str) -> None:
    assert len(fold(letter)) == (0 if letter in "ъь" else 1)


def test_decomposed_letters_fold_like_composed_ones() -> None:
    assert fold("Го\u0308кдепе Иӣ") == fold("Гӧкдепе Иӣ")
    assert fold("s\u0327a\u0301") == fold("şá")


def test_apostrophes_join_and_hyphens_part() -> None:
    assert fold_words("Tovil’-Dora") == ["tovil", "dora"]
    assert fold_words("Roshtqal'a") == fold_words("Роштқалъа")
    assert [word.folded for word in compounds("Kara-Kala, Ju-Ju-Klu")] == ["karakala", "jujuklu"]


def test_numbers_stay_as_they_are() -> None:
    assert fold_words("2010, 1100 & № 33") == ["2010", "1100", "33"]


def test_spans_point_into_the_text_as_given() -> None:
    text = "  «Го\u0308кдепе», Ашгабат!"
    assert [text[span.start : span.end] for span in spans(text)] == ["Го\u0308кдепе", "Ашгабат"]


@given(st.text())
def test_folding_never_fails_and_gives_plain_words(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", fold(text))


@given(st.text() | st.text(alphabet=FOUR_ALPHABETS))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=FOUR_ALPHABETS))
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.title())
