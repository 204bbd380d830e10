"""What applicants of the demo write and show: whole, in several languages, and nobody's own."""

import re
from pathlib import Path

import pytest

from portal.uploads.checking import check
from seed_data.tables import HERE, read_rows

PAPERS = sorted((HERE / "evidence").iterdir())
LARGEST = 4096
APPLICATIONS = {row["id"]: row for row in read_rows("demo_applications.csv")}
CRITERIA = {row["code"] for row in read_rows("charter.csv") if row["kind"] == "criterion"}
WRITTEN = ("demo_answers.csv", "demo_reviews.csv", "demo_decisions.csv", "demo_appeals.csv")
SCRIPT = {"ru": "[а-яё]", "tg": "[ғӣқӯҳҷ]", "tk": "[äçňöşüýž]", "en": "[a-z]"}


@pytest.mark.parametrize("name", [*WRITTEN, "demo_steps.csv"])
def test_what_is_said_belongs_to_an_application_and_a_criterion(name: str) -> None:
    for row in read_rows(name):
        assert row["application"] in APPLICATIONS or row["language"]
        assert row.get("code", "") in CRITERIA | {""}


def test_each_language_has_an_answer_to_every_criterion() -> None:
    rows = read_rows("demo_answers.csv")
    used = {row["language"] for row in APPLICATIONS.values()}
    assert used == set(SCRIPT)
    for language in used:
        assert {row["code"] for row in rows if row["language"] == language} == CRITERIA


def test_answers_are_in_the_language_of_the_applicant() -> None:
    for row in read_rows("demo_answers.csv"):
        language = row["language"] or APPLICATIONS[row["application"]]["language"]
        assert re.search(SCRIPT[language], row["answer"].casefold())
        assert row["answer"].endswith((".", "!"))


@pytest.mark.parametrize("name", WRITTEN)
def test_no_address_and_no_number_of_a_telephone_is_written(name: str) -> None:
    words = " ".join(text for row in read_rows(name) for text in row.values())
    assert not re.search(r"@|https?:|\+99|\d{5}", words)


def test_papers_are_few_and_small() -> None:
    assert len(PAPERS) <= 6
    assert max(path.stat().st_size for path in PAPERS) <= LARGEST


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_a_paper_is_taken_as_it_is_and_says_nothing_of_who_made_it(
    path: Path, tmp_path: Path
) -> None:
    assert check(path, path.name, tmp_path).path.read_bytes() == path.read_bytes()
    assert b"/Producer" not in path.read_bytes()
    assert b"CreationDate" not in path.read_bytes()
