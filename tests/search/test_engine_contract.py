"""What every engine keeps to; a new one is added in conftest.py and must pass unchanged."""

import threading
import time
from collections.abc import Iterator

import pytest

from search.engine import Answer, Circle, Document, Engine, Position, Question


def person(id: str, title: str, *, region: str = "TM-A", **more: object) -> Document:
    facets = {"region": (region,), "profession": ("lawyer",)}
    return Document(f"practitioners:{id}", "practitioners", {"": title}, facets=facets, **more)  # type: ignore[arg-type]


ASHGABAT = Document(
    "places:162183",
    "places",
    {"": "Aşgabat", "en": "Ashgabat", "ru": "Ашхабад", "tg": "Ашқобод"},
    ("Ashkhabad", "Poltoratsk"),
    url="/places/162183",
    weight=1_030_063,
)
LEAFLET = Document(
    "materials:1",
    "materials",
    {"": "Don't hurry", "ru": "Не спешите"},
    body="Do you plan to travel abroad? Call the hotline of the network in Ashgabat first.",
    url="/materials/1",
    facets={"language": ("en", "ru")},
)
AYGUL = person("1", "Aýgül Annaýewa", names=("Aygul Orazova",), weight=1)
MARAL = person("2", "Maral Gurbanow", region="TM-M")
FARZONA = person("3", "Фарзона Раҳимова", region="TJ-SU")
EVERYTHING = [ASHGABAT, LEAFLET, AYGUL, MARAL, FARZONA]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.replace("members", EVERYTHING)
    return engine


def ask(engine: Engine, text: str, **more: object) -> Answer:
    return engine.ask("members", Question(text, **more))  # type: ignore[arg-type]


def found(engine: Engine, text: str, **more: object) -> list[str]:
    return [hit.id for hit in ask(engine, text, **more).hits]


# --- finding ---


@pytest.mark.parametrize("spelling", ["Ашгабат", "ashgabat", "Aşgabat", "ASHGABAT", "Ašgabat"])
def test_a_place_is_found_in_any_alphabet(filled: Engine, spelling: str) -> None:
    assert found(filled, spelling)[0] == ASHGABAT.id


@pytest.mark.parametrize("text", ["Айгуль Аннаева", "annayeva aygul", "Aygul Anna", "анна айг"])
def test_a_person_is_found_by_words_in_any_order_the_last_unfinished(
    filled: Engine, text: str
) -> None:
    assert found(filled, text)[0] == AYGUL.id


@pytest.mark.parametrize("text", ["Айгуль Аннеава", "Aygul Anayveva", "Maral Kurbanov"])
def test_a_mistyped_name_is_found(filled: Engine, text: str) -> None:
    assert found(filled, text)[0] == (MARAL if "Maral" in text else AYGUL).id


def test_a_former_name_is_found_and_said(filled: Engine) -> None:
    hit = ask(filled, "Полторацк").hits[0]
    assert (hit.id, hit.title, hit.matched_name) == (ASHGABAT.id, "Aşgabat", "Poltoratsk")
    assert ask(filled, "Aşgabat").hits[0].matched_name is None
    assert ask(filled, "hotline", language="ru").hits[0].matched_name is None, "it is in the body"


def test_what_nobody_has_is_not_found(filled: Engine) -> None:
    answer = ask(filled, "zzyzxwv")
    assert (answer.total, answer.hits) == (0, ())


def test_best_first(engine: Engine) -> None:
    names = {"exact": "Serdar", "begun": "Serdarow", "typo": "Serdal", "body": "Notes"}
    engine.put(
        "members", [person(i, t, body="serdar" if i == "body" else "") for i, t in names.items()]
    )
    order = [id.split(":")[1] for id in found(engine, "serdar")]
    assert order.index("exact") < order.index("begun")
    assert order.index("exact") < order.index("body")
    assert order[0] == "exact"


def test_weight_decides_between_equals(engine: Engine) -> None:
    engine.put("members", [person(str(w), "Maral Ataýewa", weight=w) for w in (1, 3, 2)])
    assert found(engine, "Марал Атаева") == [f"practitioners:{w}" for w in (3, 2, 1)]


# --- what a hit shows ---


def test_the_title_comes_in_the_language_asked(filled: Engine) -> None:
    assert ask(filled, "Ashgabat", language="ru").hits[0].title == "Ашхабад"
    assert ask(filled, "Ashgabat", language="tk").hits[0].title == "Aşgabat"


def test_marks_point_at_the_words_found(filled: Engine) -> None:
    hit = ask(filled, "Гурбанов").hits[0]
    assert [hit.title[start:end] for start, end in hit.title_marks] == ["Gurbanow"]
    hit = ask(filled, "hotline").hits[0]
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["hotline"]
    assert hit.url == "/materials/1"


def test_a_long_body_is_cut_around_the_word(engine: Engine) -> None:
    body = "слово " * 500 + "приют" + " слово" * 500
    engine.put("members", [person("1", "Правила", body=body)])
    hit = ask(engine, "priyut").hits[0]
    assert len(hit.snippet) < 250
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["приют"]


def test_a_better_spelling_is_suggested_only_after_a_slip(filled: Engine) -> None:
    assert ask(filled, "Gurbnaow").suggestion == "Gurbanow"
    assert ask(filled, "Гурбнаов").hits[0].id == MARAL.id
    assert ask(filled, "Гурбнаов").suggestion is None, "it would be in another alphabet"
    assert ask(filled, "Гурбанов").suggestion is None


def test_no_name_is_suggested_for_words_of_a_body(engine: Engine) -> None:
    engine.put("members", [person("9", "Maral Gurbanow", body="Psiholog, Mary"), AYGUL])
    assert ask(engine, "Gurbnaow psiholog").hits[0].id == "practitioners:9"
    assert ask(engine, "Gurbnaow psiholog").suggestion is None


# --- narrowing ---


def test_kind_and_filters_narrow(filled: Engine) -> None:
    assert found(filled, "ashgabat", kind="materials") == [LEAFLET.id]
    assert set(found(filled, "", filters={"profession": "lawyer"})) == {
        AYGUL.id,
        MARAL.id,
        FARZONA.id,
    }
    both = {"profession": "lawyer", "region": "TM-M"}
    assert found(filled, "", filters=both) == [MARAL.id]
    assert found(filled, "maral", filters={"region": "TM-A"}) == []
    assert found(filled, "", filters={"language": "ru"}) == [LEAFLET.id]


MARY, TEJEN, BEREKET = Position(37.5938, 61.8303), Position(37.3834, 60.5055), Position(39.24, 55.5)


def test_a_circle_narrows_to_what_has_a_place_in_it(filled: Engine) -> None:
    filled.put("members", [person("m", "Maral M", position=MARY), person("t", "T", position=TEJEN)])
    filled.put("members", [person("b", "Maral B", position=BEREKET)])

    def within(kilometres: float, text: str = "") -> set[str]:
        return set(found(filled, text, within=Circle(MARY, kilometres)))

    assert within(10) == {"practitioners:m"}
    assert within(120) == {"practitioners:m", "practitioners:t"}  # they are 119.2 km apart
    assert within(118) == {"practitioners:m"}
    assert within(700) == {"practitioners:m", "practitioners:t", "practitioners:b"}
    assert within(700, "maral") == {"practitioners:m", "practitioners:b"}
    answer = ask(filled, "", within=Circle(MARY, 120), facets=("kind",), limit=1)
    assert (answer.total, answer.facets) == (2, {"kind": {"practitioners": 2}})


def test_facets_count_everything_that_answers(filled: Engine) -> None:
    answer = ask(filled, "", facets=("kind", "region"), limit=1)
    assert answer.facets["kind"] == {"places": 1, "materials": 1, "practitioners": 3}
    assert answer.facets["region"] == {"TM-A": 1, "TM-M": 1, "TJ-SU": 1}
    assert ask(filled, "Annaýewa", facets=("region",)).facets == {"region": {"TM-A": 1}}
    assert ask(filled, "zzyzxwv").facets == {"kind": {}}


def test_what_the_asker_may_not_find_leaves_no_trace(filled: Engine) -> None:
    for text in ("Gurbanow", "Gurbnaow", "Maral", "", "Maral Gur"):
        answer = ask(filled, text, without=(MARAL.id,), facets=("kind", "region"))
        assert MARAL.id not in [hit.id for hit in answer.hits]
        assert "TM-M" not in answer.facets["region"]
        assert "Gurbanow" not in (answer.suggestion or "")
        assert answer.total == len(answer.hits)


def test_indexes_are_apart(filled: Engine) -> None:
    filled.put("public", [LEAFLET])
    assert filled.ids("public") == {LEAFLET.id}
    for text in ("Annaýewa", "Anayewa", ""):
        hits = filled.ask("public", Question(text)).hits
        assert {hit.id for hit in hits} <= {LEAFLET.id}
    assert filled.count("members") == len(EVERYTHING)


# --- paging and browsing ---


def test_pages_follow_each_other_without_gap_or_repeat(engine: Engine) -> None:
    engine.put(
        "members", [person(f"{n:03}", f"Maral Ataýewa {n}", weight=n % 7) for n in range(150)]
    )
    for text in ("", "Марал", "Марла"):
        pages = [found(engine, text, limit=20, offset=start) for start in range(0, 180, 20)]
        seen = [id for page in pages for id in page]
        assert len(seen) == len(set(seen)) == ask(engine, text).total == 150
        assert pages[-1] == []


def test_blank_text_browses_by_weight(filled: Engine) -> None:
    for blank in ("", "  \n"):
        assert found(filled, blank)[:2] == [ASHGABAT.id, AYGUL.id]
        assert ask(filled, blank).total == len(EVERYTHING)


def test_no_hits_are_given_when_none_are_wanted(filled: Engine) -> None:
    answer = ask(filled, "Annaýewa", limit=0)
    assert (answer.hits, answer.total) == ((), 1)


# --- writing ---


def test_put_overwrites(filled: Engine) -> None:
    filled.put("members", [person("1", "Aýgül Orazowa", region="TM-L")])
    assert found(filled, "Annaýewa") == []
    assert found(filled, "Оразова") == [AYGUL.id]
    assert found(filled, "", filters={"region": "TM-A"}) == []
    assert filled.count("members") == len(EVERYTHING)


def test_removed_documents_are_not_found(filled: Engine) -> None:
    filled.remove("members", [AYGUL.id, "practitioners:nobody"])
    assert filled.ids("members") == {d.id for d in EVERYTHING} - {AYGUL.id}
    assert found(filled, "Annaýewa") == []
    assert found(filled, "Anayewa") == []


def test_replace_leaves_only_what_is_given(filled: Engine) -> None:
    filled.replace("members", iter([MARAL]))
    assert filled.ids("members") == {MARAL.id}
    filled.replace("members", [])
    assert filled.count("members") == 0
    assert found(filled, "maral") == found(filled, "") == []


def test_a_failed_replace_leaves_the_old_index(filled: Engine) -> None:
    def broken() -> Iterator[Document]:
        yield MARAL
        raise RuntimeError("the source went away")

    with pytest.raises(RuntimeError):
        filled.replace("members", broken())
    assert filled.ids("members") == {d.id for d in EVERYTHING}
    assert found(filled, "Annaýewa") == [AYGUL.id]


def test_a_mark_is_kept_with_what_it_was_given_with(engine: Engine) -> None:
    assert engine.mark("members") is None
    engine.replace("members", EVERYTHING, mark="a:7")
    assert (engine.mark("members"), engine.mark("public")) == ("a:7", None)
    engine.put("members", [MARAL])
    assert engine.mark("members") == "a:7"
    engine.put("members", [], mark="a:8")
    engine.remove("members", [MARAL.id], mark="a:9")
    assert engine.mark("members") == "a:9"
    assert engine.count("members") == len(engine.ids("members")) == len(EVERYTHING) - 1
    assert ask(engine, "").total == len(EVERYTHING) - 1
    engine.replace("members", [MARAL])
    assert engine.mark("members") is None


def test_an_answer_names_its_engine(filled: Engine) -> None:
    for text in ("", "maral", "zzyzxwv", "!"):
        answer = ask(filled, text)
        assert (answer.engine, answer.stands_in) == (filled.name, False)


def test_an_index_nobody_wrote_to_is_empty(engine: Engine) -> None:
    assert (engine.ids("members"), engine.count("members")) == (set(), 0)
    assert ask(engine, "Aşgabat") == ask(engine, "")
    assert ask(engine, "Aşgabat").total == 0


def test_readers_see_the_old_index_or_the_new_one(engine: Engine) -> None:
    generations = [[person(f"{g}-{n}", f"Maral G{g}") for n in range(30)] for g in range(2)]
    engine.replace("members", generations[0])
    wrong: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                answer = ask(engine, "maral", limit=50)
                kinds = {hit.title for hit in answer.hits}
                if answer.total != 30 or len(kinds) != 1:
                    wrong.append((answer.total, kinds))
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(1, 8):
        engine.replace("members", iter(generations[turn % 2]))
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


# --- hostile and odd questions ---

HOSTILE = [
    '"',
    "'",
    '"unbalanced (quotes',
    "Aşgabat\x00Mary",
    "a AND OR NOT NEAR(b c)",
    "named:maral",
    "^maral*",
    "{named body}: x",
    "'; DROP TABLE document; --",
    "%_%",
    "🙂🙂",
    "!?…",
    "-- - -",
    "עברית العربية",
    "Ашgабаt Aşгабат",
    "ъ ь ъь",
    "\u202eAşgabat\u202c",
    "\ud800",
    "a" * 5_000,
    "a " * 5_000,
    "Aýgül Annaýewa " * 100,
    "é́́́́" * 300,
    "杜尚别 दुशान्बे",
    "1" * 1_200,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_gets_an_answer_soon(filled: Engine, text: str) -> None:
    begun = time.monotonic()
    assert ask(filled, text, kind=text, filters={text: text}).total == 0
    assert ask(filled, text).total >= 0
    assert time.monotonic() - begun < 5


def test_text_without_a_letter_or_digit_finds_nothing(filled: Engine) -> None:
    assert ask(filled, "!?… 🙂").total == 0


def test_negative_limits_are_none(filled: Engine) -> None:
    assert found(filled, "maral", limit=-1, offset=-5) == []
    assert found(filled, "", limit=-1, offset=-5) == []


def test_odd_documents_are_kept_and_found(engine: Engine) -> None:
    odd = [
        Document("x:1", "x", {}),
        Document("x:2", "x", {"": ""}, ("", "!!!"), "\x00\ud7ff 🙂"),
        Document('x:"3"', "x", {"": 'O\'Brien "Aşgabat"'}, facets={"a b": ("c'd", "")}),
    ]
    engine.put("members", odd)
    assert engine.ids("members") == {document.id for document in odd}
    assert found(engine, "obrien") == ['x:"3"']
    assert found(engine, "", filters={"a b": "c'd"}) == ['x:"3"']
