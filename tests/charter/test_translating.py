"""Translations: one coordinator writes, another person checks, the original never moves."""

from datetime import timedelta
from typing import Any

from portal.charter.queries import find_version
from tests.charter.test_drafting import DRAFT, begin, seen_on
from tests.network import Network

OF = "/en/criteria/versions/2/translations"
RU = {"title": "Сведения подтверждены", "body": "Каждые 90 дней.", "evidence": "Кто следит."}


def point(stage: Network, code: str, version: int = 2) -> Any:
    with stage.store.read() as db:
        charter = find_version(db, version)
    assert charter is not None
    return next(each for each in charter.points if each.code == code)


def translate(stage: Network, who: str, sent: dict[str, str], into: str = "ru") -> Any:
    page = stage.as_(who).get(f"{OF}/{into}/new").text
    form = page.split("Save the translation")[0].rsplit("<form", 1)[1]
    return stage.post(who, f"{OF}/{into}/new", {**sent, "seen": seen_on(form)})


def check(stage: Network, who: str, into: str = "ru") -> Any:
    page = stage.as_(who).get(f"{OF}/{into}/new").text
    return stage.post(who, f"{OF}/{into}/new/check", {"seen": seen_on(page)})


def test_one_translates_and_another_person_checks(stage: Network) -> None:
    stage.join("ana2", None, "coordinator", name="Ana")
    assert translate(stage, "ana", RU).status_code == 303
    assert point(stage, "new").state("ru") == "unchecked"
    public = stage.as_(None).get("/ru/criteria").text
    assert "Сведения подтверждены" in public
    assert "Перевод ещё не проверен" in public
    assert stage.ask("SELECT entity_id FROM outbox WHERE entity = 'criteria'").count("new") >= 1
    for name in ("ana", "ana2"):
        answer = check(stage, name)
        assert answer.status_code == 422, name
        assert "another coordinator has to check" in answer.text
    assert point(stage, "new").state("ru") == "unchecked"
    assert check(stage, "beg").status_code == 303
    found = point(stage, "new")
    assert found.state("ru") == "checked"
    assert found.title.original == "Zealously confirmed"
    who = "SELECT DISTINCT by || checked_by FROM charter_texts WHERE language = 'ru'"
    assert stage.ask(who + " AND code = 'new'") == ["a-anaa-beg"]
    for verb in ("translate", "check"):
        assert stage.ask("SELECT count(*) FROM audit WHERE verb = :v", v=verb) == [1]


def test_a_changed_translation_is_checked_anew_and_an_empty_one_is_none(stage: Network) -> None:
    translate(stage, "ana", RU)
    check(stage, "beg")
    translate(stage, "beg", {**RU, "title": "Данные подтверждены"})
    assert point(stage, "new").title.states["ru"] == "unchecked"
    assert point(stage, "new").text.states["ru"] == "checked"
    translate(stage, "ana", {**RU, "evidence": ""})
    assert point(stage, "new").evidence.state("ru") == "missing"


def test_two_people_translate_and_the_second_sees_both(stage: Network) -> None:
    stage.as_("beg")
    seen = seen_on(stage.client.get(f"{OF}/ru/new").text)
    translate(stage, "ana", RU)
    again = stage.post("beg", f"{OF}/ru/new", {"title": "Моё", "seen": seen})
    assert again.status_code == 422
    assert "Сведения подтверждены" in again.text
    assert "Моё" in again.text
    stale = stage.post("beg", f"{OF}/ru/new/check", {"seen": seen})
    assert stale.status_code == 422
    assert point(stage, "new").title.others["ru"] == "Сведения подтверждены"
    assert point(stage, "new").state("ru") == "unchecked"


def test_the_original_and_what_is_not_there_cannot_be_translated(stage: Network) -> None:
    for path in ("en/new", "xx/new", "ru/nothing"):
        assert stage.as_("ana").get(f"{OF}/{path}").status_code == 404
        assert stage.post("ana", f"{OF}/{path}", RU).status_code == 404
    assert stage.as_("mira").get(OF).status_code == 403
    assert stage.as_("ana").get(f"{OF}?language=xx").status_code == 422
    page = stage.as_("ana").get(f"{OF}?language=tk").text
    assert "Çagalar howpsuz" in page


def test_who_translates_sees_how_the_original_changed(stage: Network) -> None:
    begin(stage)
    path, to_draft = "/en/criteria/versions/3/translations/ru/safe", f'href="{DRAFT}"'
    fresh = stage.as_("ana").get(path).text
    assert "The original has changed" not in fresh
    assert to_draft in fresh
    stage.clock.moment += timedelta(minutes=1)
    was = point(stage, "safe", 3)
    words = {"language": "en", "title": was.title.original, "evidence": was.evidence.original}
    seen = seen_on(stage.client.get(f"{DRAFT}/points/safe").text)
    sent = {**words, "body": "There are drawn rules for work with children.", "seen": seen}
    assert stage.post("ana", f"{DRAFT}/points/safe", {**sent, "asks_file": "1"}).status_code == 303

    page = stage.as_("beg").get(path).text
    assert "The original has changed since this was translated. Compared with version 2" in page
    assert "written</del>" in page.replace('<span class="hidden">]</span>', "")
    assert "drawn</ins>" in page.replace('<span class="hidden">]</span>', "")
    # first the words, then whether they are still right: the other way round one agrees too soon
    assert page.index('class="button">Save the translation') < page.index("I have checked it")
    listed = stage.client.get("/en/criteria/versions/3/translations?language=ru").text
    assert listed.count("The original has changed") == 1
    assert to_draft in listed
    asked = stage.client.get(f"{DRAFT}/adoption").text
    assert "texts missing" in asked
    assert "Русский</a>: " in asked
    assert "1 text not checked" in asked.split("Русский</a>")[1].split("</li>")[0]
    for text in (asked, stage.client.get(DRAFT).text):
        assert ">0 texts" not in text
        assert " 0 texts" not in text

    assert stage.post("beg", f"{path}/check", {"seen": seen_on(page)}).status_code == 303
    assert "The original has changed" not in stage.as_("beg").get(path).text


def test_a_drafts_translations_are_its_own(stage: Network) -> None:
    begin(stage)
    path = "/en/criteria/versions/3/translations/ru/new"
    seen = seen_on(stage.as_("ana").get(path).text)
    assert stage.post("ana", path, {**RU, "seen": seen}).status_code == 303
    assert point(stage, "new", 3).state("ru") == "unchecked"
    assert point(stage, "new", 2).state("ru") == "missing"
    assert "1 text missing" not in stage.as_("ana").get(DRAFT).text
