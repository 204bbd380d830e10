"""The page of an event: figures as chart and table, in the reader's language; and counts of all."""

from datetime import date
from xml.etree import ElementTree

import pytest
from litestar.testing import TestClient

from portal.charts import Bar, Group, bar_chart, draw_chart, size_of
from portal.db import Store
from portal.events.registry import count_trainings, sum_trained
from portal.events.rules import days_of
from tests.conftest import JSON, LANGUAGES

WORDS = {
    "en": "forced labour is widespread",
    "ru": "принудительный труд широко распространён",
    "tk": "mejbury zähmet giň ýaýran",
    "tg": "меҳнати маҷбурӣ паҳн шудааст",
}


def texts(svg: str) -> list[str]:
    tree = ElementTree.fromstring(svg)  # noqa: S314
    return [each.text or "" for each in tree.iter() if each.tag.endswith("text")]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_evaluation_of_2014_is_a_chart_and_a_table(visitor: TestClient, code: str) -> None:
    page = visitor.get(f"/{code}/events/e-2014tj").text
    table = page.split("<table")[1].split("</table>")[0]
    chart = visitor.get(f"/{code}/events/e-2014tj/evaluation.svg")
    assert chart.status_code == 200
    assert chart.headers["content-type"].startswith("image/svg+xml")
    said = texts(chart.text)
    assert WORDS[code] in table
    assert WORDS[code] in " ".join(said)
    for number in (44, 32, 56, 8):
        assert f"{number} %" in said
        assert f"{number} %" in table
    assert 'alt="' in page.split("<img")[1].split(">")[0]


def test_the_chart_is_sent_once(visitor: TestClient) -> None:
    path = "/en/events/e-2014tj/evaluation.svg"
    first = visitor.get(path)
    again = visitor.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_no_chart_without_answers_and_none_of_ours_for_the_public(
    client: TestClient, store: Store
) -> None:
    assert client.get("/en/events/e-2010tm/evaluation.svg", headers=JSON).status_code == 404
    assert client.get("/en/events/e-3k7p9d", headers=JSON).status_code == 200
    assert client.get("/en/events/e-3k7p9d/evaluation.svg", headers=JSON).status_code == 404
    shown = client.get("/en/events/e-3k7p9d", headers=JSON).json()
    assert shown["evaluation_words"] == {}


def test_members_see_the_figures_of_our_own_meetings(member: TestClient) -> None:
    shown = member.get("/ru/events/e-3k7p9d", headers=JSON).json()
    assert shown["participants"] == 24
    assert member.get("/ru/events/e-3k7p9d/evaluation.svg").status_code == 200
    assert "полезно для повседневной работы" in member.get("/ru/events/e-3k7p9d").text


def test_words_in_a_chart_are_text_and_bars_stay_inside() -> None:
    groups = [
        Group("<script>x</script> & ]]> " + "long " * 30, [Bar(250, "250 %"), Bar(-3, "-3 %")]),
        Group("", [Bar(50, '" onload="x')]),
    ]
    spec = bar_chart(groups, "about <b>")
    svg = draw_chart(spec)
    tree = ElementTree.fromstring(svg)  # noqa: S314
    tags = {each.tag.rpartition("}")[2] for each in tree.iter()}
    assert tags <= {"svg", "g", "rect", "path", "text"}
    assert (int(tree.get("width")), int(tree.get("height"))) == size_of(spec)
    assert not [name for each in tree.iter() for name in each.attrib if name.startswith("on")]
    assert draw_chart(bar_chart([], "nothing"))


def test_a_yearly_event_may_go_past_new_year() -> None:
    assert days_of("--12-31", "--01-02", 2026) == (date(2026, 12, 31), date(2027, 1, 2))
    assert days_of("--02-29", None, 2026) == (date(2026, 2, 28), date(2026, 2, 28))
    assert days_of("2014-01-30", None, 2026) == (date(2014, 1, 30), date(2014, 1, 30))


def test_trainings_and_people_trained_are_counted_once(client: TestClient, store: Store) -> None:
    year = date(2026, 1, 1), date(2026, 11, 23)
    with store.transaction() as db:
        held, trained = count_trainings(db, *year), sum_trained(db, *year)
        assert (held, trained) == (2, 44)
        assert count_trainings(db, date(2014, 1, 1), date(2014, 12, 31)) == 0  # quoted
        db.execute("UPDATE events SET cancelled_at = '2026-01-01' WHERE id = 'e-3k7p9d'")
        assert (count_trainings(db, *year), sum_trained(db, *year)) == (1, 20)
        db.execute("UPDATE events SET participants = NULL")
        assert sum_trained(db, *year) == 0
        assert count_trainings(db, *year, organisation="o-else") == 0
