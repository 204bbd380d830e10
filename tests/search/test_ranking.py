"""The one order of answers: exact, begun, mistyped; title, other name, body; then weight."""

import pytest

from search.engine import Document
from search.query import allowance, read_query
from search.ranking import Ranker


def order(text: str, *documents: Document) -> list[str]:
    return [ranked.document.id for ranked in Ranker(read_query(text)).rank(documents)]


def called(id: str, title: str, **more: object) -> Document:
    return Document(id, "places", {"": title}, **more)  # type: ignore[arg-type]


def test_exact_before_begun_before_mistyped() -> None:
    towns = [called("typo", "Merw"), called("begun", "Maryam"), called("exact", "Mary")]
    assert order("mary", *towns)[:2] == ["exact", "begun"]
    assert order("gurban", called("typo", "Kurban"), called("begun", "Gurbanow"))[0] == "begun"


def test_a_mistyped_name_goes_after_a_begun_one_whatever_its_weight() -> None:
    assert order("bereke", called("t", "Bereki", weight=1e6), called("b", "Bereket")) == ["b", "t"]


def test_title_before_other_name_before_body() -> None:
    title, alias = called("title", "Bokhtar"), called("alias", "Vakhsh", names=("Bokhtar",))
    body = called("body", "Seminar", body="It was held in Bokhtar.")
    assert order("бохтар", body, alias, title) == ["title", "alias", "body"]


def test_a_whole_name_before_a_part_of_one() -> None:
    part, whole = called("part", "Tagta-Bazar", weight=9), called("whole", "Tagta")
    assert order("тагта", part, whole) == ["whole", "part"]


def test_weight_decides_between_equals_and_ids_between_those() -> None:
    equals = [called("b", "Bereket"), called("a", "Bereket"), called("big", "Bereket", weight=2)]
    assert order("Bereket", *equals) == ["big", "a", "b"]


def test_as_typed_before_folded_alike() -> None:
    assert order("Гекдепе", called("other", "Гокдепе", weight=9), called("typed", "Гекдепе")) == [
        "typed",
        "other",
    ]


def test_one_word_of_a_name_answers_one_word_of_the_question() -> None:
    people = [called("twice", "Çary Ataýew", weight=9), called("once", "Çary Çaryýew")]
    assert order("Charyyev Cha", *people)[0] == "once"


def test_words_may_be_written_as_one_or_apart() -> None:
    other = called("other", "Garagum")
    assert order("karakala", other, called("apart", "Kara-Kala"))[0] == "apart"
    assert order("kara kala", other, called("one", "Karakala"))[0] == "one"


@pytest.mark.parametrize("begun", ["Тод", "Тодж", "Toj", "Tojin", "Todzh"])
def test_an_unfinished_word_may_end_within_a_letter(begun: str) -> None:
    assert order(begun, called("other", "Топаз"), called("right", "Тоҷинисо"))[0] == "right"


def test_tajik_o_and_persian_a_begin_alike() -> None:
    assert order("Yak", called("no", "Ширин"), called("yes", "Ёқуб"))[0] == "yes"


def test_short_words_may_hold_no_slip_and_long_ones_more() -> None:
    lengths = ("ab", "abu", "aburo", "aburodelim")
    assert [allowance(read_query(word).whole) for word in lengths] == [0, 1, 2, 3]


def test_small_words_between_others_are_not_asked_for() -> None:
    def words(text: str) -> list[str]:
        return [word.plain for word in read_query(text).words]

    assert words("psychologist in Ashgabat") == ["psychologist", "ashgabat"]
    assert words("психолог в Мары") == ["psikholog", "mary"]
    assert words("равоншинос дар Хуҷанд")[-1] == "khujand"
    assert words("В. Иванов") == ["v", "ivanov"], "an initial"
    assert words("for the") == ["the"], "the last may be the beginning of a word"
    assert read_query("Дар роҳ").whole.folded == "daroh"
