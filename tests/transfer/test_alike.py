"""Whoever is in the register already is pointed out at an import, and nobody is merged."""

from typing import Any

import pytest

from portal.actor import Actor
from portal.i18n.language import load_language
from portal.practitioners.registry import find_registered
from portal.transfer.report import Report
from tests.transfer.conftest import MONDAY, OPERATOR

SAME = [  # as it stands in the register, as a file has it
    ("Aýgül Annaýewa", "Аннаева Айгуль"),
    ("Oguljahan Muhammetgulyýewa", "Огулджахан Мухаммедгулыева"),
    ("Җемал Өвезова", "Jemal Öwezowa"),
    ("Şirin Ýazmyradowa", "Sirin Yazmyradowa"),
    ("Ҷамшед Раҳмонов", "Джамшед Рахманов"),
    ("Ғуломов Сӯҳроб Баҳромович", "Gulomov Suhrob"),
    ("Зарина Раҳимзода", "Рахимзаде Зарина"),
    ("Фёдор Семёнов", "Fedor Semenov"),
    ("Екатерина Щербакова", "Yekaterina Shcherbakova"),
    ("Ўткир Хўжаев", "O‘tkir Xo‘jayev"),
    ("Ғайрат Қосимов", "G'ayrat Kosimov"),
    ("Baxtiyor Yo‘ldoshev", "Бахтиёр Йўлдошев"),
    ("Мадина Саидова", "М. Саидова"),
    ("Гульнара Рахимова", "Гулнора Рахимова"),
    ("Рустам Каримов", "Рустма Каримов"),
]
OTHER = [
    ("Гулова Мадина", "Гуля Мадина"),
    ("Рустам Каримов", "Рустам Каримова"),
    ("Рустам Каримов", "Рустам Салимов"),
    ("Мадина Саидова", "Мавлуда Саидова"),
    ("Мадина Саидова", "Мадина"),
    ("Ahmet Mämmedow", "Ahmet Mämmedowa"),
]


def pointed_out(report: Report) -> dict[int, str]:
    english = load_language("en")
    return {each.row: english.say(each.message) for each in report.doubts}


def row_of(record_id: str, name: str, organisation: str, place: str = "") -> dict[str, str]:
    return {
        "id": record_id,
        "name": name,
        "profession": "psychologist",
        "organisation": organisation,
        "place": place or "1221874",
    }


@pytest.fixture
def homes(desk: Any) -> tuple[str, str]:
    """Two organisations."""
    return tuple(desk.ask("SELECT id FROM organisations ORDER BY id LIMIT 2"))


def test_whoever_is_there_in_another_spelling_is_pointed_out_and_not_merged(
    desk: Any, homes: tuple[str, str]
) -> None:
    own, other = homes
    first = [row_of(f"old-{n}", name, own) for n, (name, _) in enumerate(SAME)]
    assert not desk.bring("practitioners", *first[:5], dry_run=True).errors
    desk.bring("practitioners", *first)
    again = [row_of(f"new-{n}", name, other) for n, (_, name) in enumerate(SAME)]
    report = desk.bring("practitioners", *again)
    said = pointed_out(report)
    missed = [SAME[n] for n in range(len(SAME)) if f"old-{n}" not in said.get(n + 2, "")]
    assert not missed
    assert (report.added, report.errors) == (len(SAME), [])
    assert desk.stored("practitioners", "old-0")["name"] == SAME[0][0]
    assert desk.bring("practitioners", *again).doubts == []  # told when it comes, not ever after


def test_other_people_are_not_pointed_out(desk: Any, homes: tuple[str, str]) -> None:
    for name, another in OTHER:
        rows = row_of("one", name, homes[0]), row_of("two", another, homes[0])
        assert pointed_out(desk.bring("practitioners", *rows, dry_run=True)) == {}


def test_a_namesake_elsewhere_with_others_is_nobody_to_ask_about(
    desk: Any, homes: tuple[str, str]
) -> None:
    desk.bring("practitioners", row_of("old", "Ҷамшед Қурбонзода", homes[0]))
    far = row_of("far", "Jamshed Qurbonzoda", homes[1], "162183")
    assert desk.bring("practitioners", far, dry_run=True).doubts == []
    same_organisation = {**far, "organisation": homes[0]}
    assert len(desk.bring("practitioners", same_organisation, dry_run=True).doubts) == 1
    same_settlement = {**far, "place": "1221874"}
    assert len(desk.bring("practitioners", same_settlement, dry_run=True).doubts) == 1


def test_two_rows_of_one_file_are_pointed_out_at_both(desk: Any, homes: tuple[str, str]) -> None:
    rows = [row_of("a", "Бахтиёр Зокиров", homes[0]), row_of("b", "Zokirov Bakhtiyor", homes[0])]
    said = pointed_out(desk.bring("practitioners", *rows, dry_run=True))
    assert "same as b" in said[2]
    assert "same as a" in said[3]


def test_an_organisation_that_is_there_is_pointed_out(desk: Any) -> None:
    desk.bring("organisations", {"id": "o-old", "name": "«Ak ýol» merkezi", "kind": "ngo"})
    new = {"id": "o-new", "name": "Merkezi Ak Yol", "name_ru": "Светлый путь", "kind": "ngo"}
    report = desk.bring("organisations", new)
    assert "o-old" in pointed_out(report)[2]
    assert (report.added, report.errors) == (1, [])
    russian = {"id": "o-third", "name": "СВЕТЛЫЙ ПУТЬ", "kind": "ngo"}
    assert "o-new" in pointed_out(desk.bring("organisations", russian, dry_run=True))[2]
    part = {"id": "o-part", "name": "Ak ýol", "kind": "ngo"}
    assert desk.bring("organisations", part, dry_run=True).doubts == []


def test_only_an_operator_is_told_of_those_who_are_not_listed(desk: Any, listed: str) -> None:
    everybody = set(desk.ask("SELECT id FROM practitioners"))
    outsider = Actor(role="member", account_id="m", organisation_id="none", name="Nobody Here")
    with desk.store.read() as db:
        assert {each.id for each in find_registered(db, OPERATOR, MONDAY)} == everybody
        assert find_registered(db, outsider, MONDAY) == []
