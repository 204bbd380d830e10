"""The demonstration's charter: whole in four languages, the same words translated alike."""

from collections import defaultdict

from seed_data.tables import read_rows

LANGUAGES = ("en", "ru", "tk", "tg")
LONGEST_TITLE = 60

# left out on purpose: one text shows how a missing translation looks
GAP = ("2", "care_for_team", "evidence", "tk")

ROWS = read_rows("charter.csv")


def texts(version: str, language: str) -> dict[tuple[str, str], str]:
    """The texts of a version in a language by code and field."""
    return {(row["code"], row["field"]): row[language] for row in ROWS if row["version"] == version}


def codes(version: str, kind: str) -> list[str]:
    """The codes of a version's criteria or principles."""
    of_kind = [row for row in ROWS if (row["version"], row["kind"]) == (version, kind)]
    return list(dict.fromkeys(row["code"] for row in of_kind))


def test_each_version_is_a_whole_charter() -> None:
    for version in ("1", "2"):
        assert len(codes(version, "criterion")) >= 8
        assert len(codes(version, "principle")) >= 6
        for code in codes(version, "criterion"):
            assert {field for c, field in texts(version, "en") if c == code} == {
                "title",
                "text",
                "evidence",
            }


def test_every_text_stands_in_four_languages_but_one() -> None:
    missing = [
        (row["version"], row["code"], row["field"], language)
        for row in ROWS
        for language in LANGUAGES
        if not row[language].strip()
    ]
    assert missing == [GAP]


def test_the_same_words_have_the_same_translation_and_others_another() -> None:
    for language in LANGUAGES[1:]:
        before, after = texts("1", language), texts("2", language)
        english_before, english_after = texts("1", "en"), texts("2", "en")
        for key in before.keys() & after.keys():
            if ("2", *key, language) != GAP:
                same = english_before[key] == english_after[key]
                assert same == (before[key] == after[key]), (key, language)


def test_the_second_version_changes_one_criterion_and_adds_one() -> None:
    before, after = texts("1", "en"), texts("2", "en")
    changed = {key[0] for key, text in after.items() if before.get(key) != text and key[0]}
    assert changed == {"child_safety", "confirms"}


def test_titles_fit_a_narrow_screen_and_are_each_their_own() -> None:
    for language in LANGUAGES:
        titles = defaultdict(set)
        for row in ROWS:
            if row["field"] == "title":
                assert len(row[language]) <= LONGEST_TITLE
                titles[row[language]].add(row["code"])
        assert all(len(of) == 1 for of in titles.values())


def test_only_checked_translations_say_so() -> None:
    assert {row["checked"] for row in ROWS if row["field"]} == {"ru"}
