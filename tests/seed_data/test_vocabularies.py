"""The word lists: every word in four languages, every code once, every reference known."""

import re
import unicodedata

import pytest

from seed_data.tables import HERE, read_rows

NAMES = sorted(path.stem for path in (HERE / "vocabularies").glob("*.csv"))
EXPECTED = (
    "age_groups agreement_states card_fields consent_scopes contact_policies contact_purposes "
    "distance_bands event_kinds genders kept_reasons languages membership_states modes "
    "organisation_kinds parts professions report_kinds services specialisations ticket_states "
    "transports visibilities visits_with weekdays"
)
LANGUAGES = ("en", "ru", "tk", "tg")


def vocabulary(name: str) -> list[dict[str, str]]:
    return read_rows(f"vocabularies/{name}.csv")


def codes(name: str) -> set[str]:
    return {row["code"] for row in vocabulary(name)}


def test_every_expected_list_is_there() -> None:
    assert set(EXPECTED.split()) <= set(NAMES)


@pytest.mark.parametrize("name", [*NAMES, "regions"])
def test_every_word_is_there_in_four_languages(name: str) -> None:
    for row in read_rows("regions.csv") if name == "regions" else vocabulary(name):
        for language in LANGUAGES:
            assert row[language].strip() == row[language] != ""


@pytest.mark.parametrize("name", NAMES)
def test_a_code_or_a_word_stands_for_one_thing(name: str) -> None:
    rows = vocabulary(name)
    for column in ("code", *LANGUAGES):
        assert len({row[column] for row in rows}) == len(rows), column


@pytest.mark.parametrize("name", [*NAMES, "regions"])
def test_words_are_composed_and_in_the_script_of_their_language(name: str) -> None:
    for row in read_rows("regions.csv") if name == "regions" else vocabulary(name):
        for language in LANGUAGES:
            word = row[language]
            assert unicodedata.is_normalized("NFC", word)
            script = "CYRILLIC" if language in ("ru", "tg") else "LATIN"
            letters = [letter for letter in word if letter.isalpha()]
            assert all(unicodedata.name(letter).startswith(script) for letter in letters), word


def test_specialisations_belong_to_known_professions() -> None:
    for row in vocabulary("specialisations"):
        assert set(row["professions"].split(";")) <= codes("professions")


def test_close_languages_share_a_group() -> None:
    groups = {row["code"]: row["close"] for row in vocabulary("languages")}
    assert groups["tg"] == groups["prs"] == groups["fa"] == "persian"
    assert groups["ru"] == ""


def test_weekdays_have_short_forms_and_begin_on_monday() -> None:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert [row["code"] for row in vocabulary("weekdays")] == days
    for row in vocabulary("weekdays"):
        assert all(row[f"short_{language}"] for language in LANGUAGES)


def test_codes_are_plain_words() -> None:
    for name in set(NAMES) - {"countries", "distance_bands"}:
        assert all(re.fullmatch(r"[a-z_]+", code) for code in codes(name)), name
