"""Take a report as a workbook, fill it in without the network, look, and save."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.i18n.language import load_language
from portal.reports.rules import Key, Written
from portal.worksheets.rules import COLUMNS
from tests.worksheets.conftest import OTHER, Offline, put, rows_of

LINE = {"indicator": "prevented", "region": "TM-M"}


def test_the_sheet_says_what_is_written_and_what_is_asked(offline: Offline) -> None:
    book = offline.take()
    assert book.sheetnames == ["report", "codes", "about"]
    sheet, find = book["report"], rows_of(book)
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet["A2"].value == "# Indicator"
    row = find(**LINE, sex="", age_group="")
    values = {name: cell.value for name, cell in zip(COLUMNS, sheet[row], strict=True)}
    assert (values["state"], values["value"]) == ("value", 7)
    # what looks like a formula is a text, and stays one
    note = sheet[row][COLUMNS.index("note")]
    assert (note.data_type, note.value) == ("s", "=2+2 of them by telephone")
    # few parts are all there, and each month of what is told monthly
    assert find(**LINE, sex="other", age_group="unknown")
    assert [find(indicator="hotline_calls", period=each) for each in ("2026-08", "2026-09")]
    assert len(sheet.data_validations.dataValidation) >= 7
    assert {each[0].value: each[1].value for each in book["about"]}["revision"] == "1"


def test_an_unchanged_sheet_changes_nothing(offline: Offline) -> None:
    before = offline.written()
    answer = offline.bring(offline.take())
    assert answer.status_code == 200
    assert (answer.json()["changes"], answer.json()["problems"]) == ([], [])
    assert offline.save(answer).status_code == 303
    assert offline.written() == before


def test_what_was_filled_in_is_shown_then_saved(offline: Offline) -> None:
    book = offline.take()
    find = rows_of(book)
    put(book, find(**LINE, sex="", age_group=""), value=9, note=None)
    put(book, find(**LINE, sex="female", age_group="adult"), value=8)
    put(book, find(**LINE, sex="male", age_group="child"), value="1")
    put(book, find(indicator="hotline_calls", period="2026-07"), state=None)
    before = offline.written()
    answer = offline.bring(book)
    found = answer.json()
    assert [(each["before"], each["after"]) for each in found["changes"]] == [
        ("7 · =2+2 of them by telephone", "9"),
        ("7", "8"),
        ("", "1"),
        ("Nothing was done", ""),
    ]
    assert offline.written() == before
    saved = offline.save(answer).headers["location"]
    assert saved == f"/en/reports/{offline.report}?done=saved"
    kept = {each.key: each for each in offline.written()}
    assert kept[Key("prevented", "2026-Q3", "TM-M")].numerator == 9
    assert kept[Key("exploited_again", "2026-Q3")].denominator == 8
    assert Key("hotline_calls", "2026-07") not in kept
    # the same once more is no second save
    assert offline.save(answer).status_code == 303


def test_words_of_the_list_do_as_well_as_codes(offline: Offline) -> None:
    book = offline.take()
    row = rows_of(book)(**LINE, sex="female", age_group="adult")
    put(book, row, sex="Female", age_group="Adult (18 and older)", region="Mary", value=7)
    found = offline.bring(book).json()
    assert (found["changes"], found["problems"]) == ([], [])


def test_columns_may_stand_in_any_order(offline: Offline) -> None:
    book = offline.take()
    put(book, rows_of(book)(**LINE, sex="", age_group=""), value=9)
    put(book, rows_of(book)(**LINE, sex="female", age_group="adult"), value=9)
    rows = [[cell.value for cell in row] for row in book["report"].iter_rows()]
    book.remove(book["report"])
    shuffled = book.create_sheet("report")
    for row in rows:
        shuffled.append(["" if each is None else each for each in reversed(row)])
    for row in shuffled.iter_rows():
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    found = offline.bring(book).json()
    assert found["problems"] == []
    assert [each["after"] for each in found["changes"]] == ["9 · =2+2 of them by telephone", "9"]


def test_an_indicator_without_a_row_stays_as_it_is(offline: Offline) -> None:
    book = offline.take()
    row = rows_of(book)(indicator="days_to_help")
    for number in reversed(range(3, book["report"].max_row + 1)):
        if number != row:
            book["report"].delete_rows(number)
    put(book, 3, value="5,5")
    answer = offline.bring(book)
    assert len(answer.json()["changes"]) == 1
    offline.save(answer)
    assert len(offline.written()) == 5
    assert Written(Key("days_to_help", "2026-Q3"), "value", 5.5) in offline.written()


@pytest.mark.parametrize(
    ("put_in", "column", "says"),
    [
        ({"value": "many"}, "value", "such as 12"),
        ({"value": -3}, "value", "zero or more"),
        ({"value": 2.5}, "value", "whole numbers"),
        ({"value": "=1+1"}, "value", "formula"),
        ({"state": "guessed"}, "state", "not_applicable"),
        ({"state": "zero"}, "value", "not both"),
        ({"region": "XX"}, "region", "TM-M"),
        ({"period": "2026-Q2"}, "period", "2026-Q3"),
        ({"sex": "neither"}, "sex", "female"),
        ({"form": "slavery"}, "form", "no parts"),
        ({"project": "SECRET"}, "project", "Choose"),
        ({"denominator": 9}, "denominator", "one number"),
        ({"note": "Her number is +993 65 123456"}, "note", "one person"),
        ({"indicator": "members"}, "indicator", "does not ask"),
        ({"sex": "female", "age_group": "adult"}, "indicator", "Keep one"),
        ({"value": 3}, "value", "larger than the whole"),
    ],
)
def test_each_cell_that_cannot_be_is_named(
    offline: Offline, put_in: dict[str, object], column: str, says: str
) -> None:
    book, before = offline.take(), offline.written()
    row = rows_of(book)(**LINE, sex="", age_group="")
    put(book, row, **put_in)
    answer = offline.bring(book)
    found = answer.json()
    assert answer.status_code == 422
    told = [each for each in found["problems"] if says in each["message"]]
    assert [each["column"] for each in told] == [column]
    assert told[0]["letter"] == "ABCDEFGHIJKL"[COLUMNS.index(column)]
    page = offline.bring(book, "text/html").text
    assert f"{told[0]['letter']}{told[0]['row']}" in page
    # a page that was made by hand saves nothing either
    assert offline.save(answer).status_code == 422
    assert offline.written() == before


def test_percentages_and_parts_of_a_row_are_told_together(offline: Offline) -> None:
    book = offline.take()
    put(book, rows_of(book)(indicator="exploited_again"), value=9, region="TM-M", state="no")
    found = offline.bring(book).json()["problems"]
    assert [each["column"] for each in found] == ["region", "state"]
    again = offline.take()
    put(again, rows_of(again)(indicator="exploited_again"), value=9)
    (over,) = offline.bring(again).json()["problems"]
    assert (over["column"], "100" in over["message"]) == ("value", True)


def test_missing_and_unknown_columns_are_named(offline: Offline) -> None:
    book = offline.take()
    book["report"].cell(1, COLUMNS.index("state") + 1).value = "status"
    found = offline.bring(book).json()
    told = [(each["row"], each["column"]) for each in found["problems"]]
    assert told == [(1, "state"), (1, "status")]
    assert found["changes"] == []


def test_a_file_that_is_none_is_refused(offline: Offline) -> None:
    assert "XLSX" in offline.bring(b"PK no workbook").json()["error"]["fields"]["workbook"][0]
    bare = Workbook()
    assert "about" in offline.bring(bare).json()["error"]["fields"]["workbook"][0]
    book = offline.take()
    book["about"]["B1"].value = "0000"
    assert "another report" in offline.bring(book).json()["error"]["fields"]["workbook"][0]
    page = offline.bring(b"", "text/html")
    assert page.status_code == 422


def test_of_two_people_the_second_is_told(offline: Offline) -> None:
    book = offline.take()
    put(book, rows_of(book)(indicator="days_to_help"), value=6)
    looked = offline.bring(book)
    offline.keep(Written(Key("days_to_help", "2026-Q3"), "value", 8))
    late = offline.save(looked)
    assert late.status_code == 422
    assert "Meanwhile" in late.text
    assert [each.numerator for each in offline.written()] == [8]
    assert "saved by somebody since" in offline.bring(book, "text/html").text


def test_what_is_sent_back_is_looked_at_again(offline: Offline) -> None:
    book, before = offline.take(), offline.written()
    put(book, rows_of(book)(indicator="days_to_help"), value=6)
    answer = offline.bring(book)
    bad = answer.json()["rows"].replace("days_to_help", "members")
    assert offline.save(answer, rows=bad).status_code == 422
    assert offline.save(answer, rows="[[1]]").status_code == 422
    assert offline.save(answer, rows="{").status_code == 422
    assert offline.save(answer, csrf="00").status_code == 403
    assert offline.written() == before


def test_only_its_own_people_bring_a_sheet(offline: Offline) -> None:
    book = offline.take()
    put(book, rows_of(book)(indicator="days_to_help"), value=6)
    offline.client.post("/demo/sign-in", data={"role": "coordinator"})
    assert offline.client.get(offline.path).status_code == 200
    assert offline.bring(book).status_code == 404
    for role, other in (("member", OTHER), ("practitioner", ""), ("admin", "")):
        offline.client.post("/demo/sign-in", data={"role": role, "organisation": other})
        assert offline.client.get(offline.path).status_code == 404
        assert offline.client.get(f"/en/reports/{offline.report}/offline").status_code == 404
    offline.client.cookies.clear()
    assert (
        offline.client.get(offline.path, headers={"Accept": "application/json"}).status_code == 401
    )


def test_pages_speak_four_languages(offline: Offline) -> None:
    for language in ("en", "ru", "tk", "tg"):
        page = offline.client.get(f"/{language}/reports/{offline.report}/offline")
        assert page.status_code == 200
        assert load_language(language).period("2026-Q3") in page.text
        assert offline.client.get(f"/{language}/reports/{offline.report}/sheet").status_code == 200


NUMBERS = st.integers(0, 10_000)
NOTES = st.sampled_from([None, "Counted anew.", "=1", "+", "'quoted'", "-1 or so"])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_written_comes_back_the_same(offline: Offline, data: st.DataObject) -> None:
    female, male = data.draw(NUMBERS), data.draw(NUMBERS)
    line = {"region": data.draw(st.sampled_from(["", "TM-A", "TJ-SU", "TM"]))}
    state = data.draw(st.sampled_from(["zero", "no_activity", "not_reported", "not_applicable"]))
    key = Key("in_reintegration", "2026-Q3", **line)
    offline.keep(
        Written(Key("in_reintegration", "2026-Q3", sex="female", **line), "value", female),
        Written(Key("in_reintegration", "2026-Q3", sex="male", **line), "value", male),
        Written(key, "value", female + male, None, data.draw(NOTES)),
        Written(Key("days_to_help", "2026-Q3"), "value", data.draw(NUMBERS) / 8),
        Written(Key("exploited_again", "2026-Q3"), "value", female, female + male + 1),
        Written(Key("leaflets", "2026-Q3"), state, None, None, data.draw(NOTES)),
        Written(Key("assisted", "2026-Q3", sex="unknown", age_group="unknown"), "value", 1),
    )
    answer = offline.bring(offline.take())
    assert (answer.json()["changes"], answer.json()["problems"]) == ([], [])
