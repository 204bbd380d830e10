"""Dates, names and alphabets, each in its own language."""

from datetime import UTC, date, datetime, timedelta

from portal.i18n.language import Message, load_language
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
    assert said["en"] == "23 November 2026"
    assert said["ru"].replace("\u202f", " ") == "23 ноября 2026 г."
    assert len(set(said.values())) == 4


def test_a_sentence_that_ends_with_a_day_ends_in_one_full_stop() -> None:
    russian, day = load_language("ru"), date(2026, 11, 23)
    shown = russian.date(day)
    assert shown.endswith("г.")
    message = Message("Adopted on %(day)s.", {"day": day})
    for said in (russian.say(message), russian.gettext(message.text, day=shown)):
        assert said.endswith(shown)
        assert not said.endswith("..")
    # what somebody wrote keeps its dots, in the middle of a sentence and at its end
    english = load_language("en")
    assert english.gettext("%(a)s, %(b)s…", a="etc...", b="v. 2.") == "etc..., v. 2.…"
    assert english.gettext("%(a)s.", a="v2") == "v2."
    assert english.ngettext("%(n)s by %(day)s.", "%(n)s by %(day)s.", 2, day="1 г.") == "2 by 1 г."


def test_moments_have_no_seconds_and_plans_have_a_weekday() -> None:
    at = datetime(2026, 12, 8, 22, 35, 1, tzinfo=UTC)
    said = {c: load_language(c).moment(at, "Asia/Ashgabat") for c in LANGUAGES}
    assert said["en"] == "9 December 2026, 03:35"
    assert all(text.endswith(", 03:35") for text in said.values())
    planned = {c: load_language(c).day(date(2026, 11, 28)) for c in LANGUAGES}
    assert planned["en"] == "Saturday, 28 November 2026"
    assert "суббота" in planned["ru"]
    assert "şenbe" in planned["tk"]
    assert "Шанбе" in planned["tg"]


def test_what_is_near_is_said_as_people_say_it() -> None:
    english, zone = load_language("en"), "Asia/Ashgabat"
    now = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)
    assert english.soon(now, now, zone) == "19:59 today"
    # past midnight in Ashgabat
    assert english.soon(now + timedelta(hours=5), now, zone) == "00:59 tomorrow"
    assert english.soon(now + timedelta(days=2), now, zone) == "25 November 2026, 19:59"


def test_each_language_is_called_by_its_own_name() -> None:
    names = [load_language(code).own_name for code in LANGUAGES]
    assert names[:2] == ["English", "Русский"]
    assert all(name[0].isupper() for name in names)
