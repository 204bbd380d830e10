"""Every number can be followed to the rows it was made of."""

import pytest
from litestar.testing import TestClient

from portal.db import Store, fetch
from portal.explaining.rules import Which
from portal.indicators.queries import Counted, find_versions
from portal.tracing.queries import find_inputs
from portal.tracing.rules import recount
from tests.conftest import JSON, LANGUAGES, settings_for
from tests.explaining.conftest import OWN, Ask, split_versions


def test_every_figure_of_the_demo_is_what_its_rows_make(lived) -> None:  # type: ignore[no-untyped-def]
    store = Store(settings_for(lived).database)
    wrong, counted = [], 0
    with store.read() as db:
        pairs = db.execute("SELECT DISTINCT code, period FROM figures").fetchall()
        for code, period in pairs:
            rules = {each.version: each.rules for each in find_versions(db, code)}
            rows = find_inputs(db, code, period)
            sql = "SELECT * FROM figures WHERE code = :code AND period = :period"
            for kept in fetch(db, Counted, sql, code=code, period=period):
                which = Which(kept.organisation_id, kept.region, *kept.part)
                counted += 1
                if recount(rules[kept.version], rows, which) != kept.figure:
                    wrong.append(kept)
    store.close()
    assert counted > 10_000
    assert wrong == []


def test_a_coordinator_reads_every_row(ask: Ask) -> None:
    found = ask("coordinator", "leaflets/explain?period=2026-Q1&region=TJ-SU")
    rows = found["inputs"]["results"]
    assert found["organisations"] == len({each["organisation"] for each in rows}) > 1
    assert found["others"] == 0
    assert sum(each["numerator"] for each in rows) == found["figure"]["value"]
    terms = " + ".join(f"{each['numerator']:,.0f}" for each in rows)
    assert f"{terms} = {found['figure']['value']:,.0f}" in found["steps"]
    assert all(each["report"] and each["accepted_by"] for each in rows)
    assert found["closed_by"]
    assert found["silent"] == len(found["silent_names"])


def test_a_member_reads_its_own_row_and_how_many_others(ask: Ask) -> None:
    seen = ask("coordinator", "leaflets/explain?period=2026-Q1")
    own = ask("member", "leaflets/explain?period=2026-Q1")
    assert {each["organisation"] for each in own["inputs"]["results"]} == {OWN}
    assert own["others"] == seen["organisations"] - 1
    nobody = ask("visitor", "leaflets/explain?period=2026-Q1")
    assert nobody["inputs"]["results"] == []
    assert nobody["others"] == seen["organisations"]
    for found in (own, nobody):
        assert found["figure"]["value"] == seen["figure"]["value"]
        assert found["silent"] == seen["silent"]
        assert found["silent_names"] == []
        assert found["closed_by"] is None
        # a sum written out would be the rows of the others
        assert not any(" = " in each for each in found["steps"])


def test_what_was_corrected_says_what_it_was(ask: Ask, visitor: TestClient) -> None:
    with visitor.app.state.site.store.read() as db:
        sql = """SELECT n.period, n.organisation_id, e.numerator FROM results AS e
            JOIN results AS n USING (code, period, organisation_id, region, sex, age_group, form)
            WHERE code = 'assisted' AND e.replaced_at IS NOT NULL AND n.replaced_at IS NULL
            AND n.accepted_at IS NOT NULL LIMIT 1"""
        period, organisation, before = db.execute(sql).fetchone()
    path = f"assisted/explain?period={period}&organisation={organisation}"
    rows = ask("coordinator", path)["inputs"]["results"]
    corrected = [each["corrected_from"] for each in rows if each["corrected_from"]]
    assert [each["numerator"] for each in corrected] == [before]
    assert "Corrected: it was" in visitor.get(f"/en/indicators/{path}").text


def test_a_longer_period_names_those_it_is_made_of(ask: Ask) -> None:
    year = ask("coordinator", "members/explain?period=2025")
    assert [each["period"] for each in year["made_of"]] == [f"2025-Q{n}" for n in (1, 2, 3, 4)]
    assert year["figure"]["value"] == year["made_of"][-1]["value"]
    assert year["steps"][0] == "The last period counts."
    calls = ask("coordinator", "hotline_calls/explain?period=2025-Q1")
    assert calls["figure"]["value"] == sum(each["value"] for each in calls["made_of"])
    share = ask("coordinator", "exploited_again/explain?period=2025")
    some, whole = (
        sum(each[name] for each in share["made_of"]) for name in ("numerator", "denominator")
    )
    assert share["figure"]["value"] == pytest.approx(100 * some / whole)


def test_a_change_of_counting_leaves_no_number_over_it(client: TestClient, store: Store) -> None:
    split_versions(store, "leaflets", "2025-07-01", "2025-Q3")
    with store.transaction() as db:
        sql = "UPDATE indicator_versions SET period_rule = 'last' WHERE code = ? AND version = 2"
        db.execute(sql, ["leaflets"])
    client.post("/demo/sign-in", data={"role": "coordinator"})
    found = client.get("/en/indicators/leaflets/explain?period=2025", headers=JSON).json()
    assert found["figure"]["value"] is None
    assert "The definition changed meanwhile" in found["steps"][0]
    page = client.get("/en/indicators/leaflets").text
    assert "new definition: version 2" in page
    assert "how parts make the whole" in page
    picture = client.get("/en/indicators/leaflets/chart.svg").text
    assert "The definition changed" in picture


def test_a_quoted_figure_names_its_source(ask: Ask, visitor: TestClient) -> None:
    found = ask("visitor", "assisted_published/explain?period=2018&sex=female&region=TJ")
    assert found["figure"]["value"] == 19
    (quoted,) = found["figure"]["quoted"]
    assert quoted["source"].startswith("Published report")
    assert quoted["note"]
    page = visitor.get("/en/indicators/assisted_published").text
    assert "Published report on direct assistance" in page
    assert "January to July" in page


def test_a_part_says_so_and_a_silent_one_is_unknown(ask: Ask) -> None:
    part = ask("coordinator", "assisted/explain?period=2026-Q1&form=forced_labour")
    assert any("Forced labour" in each for each in part["steps"])
    assert {each["form"] for each in part["inputs"]["results"]} == {"forced_labour"}
    whole = ask("coordinator", "leaflets/explain?period=2026-Q1")
    assert whole["figure"]["expected"] > whole["figure"]["reported"]
    assert any("not counted as zero" in each for each in whole["steps"])


def test_it_is_told_in_four_languages_as_page_and_block(visitor: TestClient) -> None:
    for language in LANGUAGES:
        page = visitor.get(f"/{language}/indicators/leaflets/explain").text
        assert f'lang="{language}"' in page
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    block = visitor.get("/en/indicators/leaflets/explain", headers=partial).text
    assert "<!doctype" not in block


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/explain", 404),
        ("leaflets/explain?period=2026-Q9", 422),
        ("leaflets/explain?period=2026-01", 404),
        ("leaflets/explain?period=1999", 404),
        ("leaflets/explain?region=nowhere", 422),
        ("leaflets/explain?sex=x", 422),
        ("leaflets/explain?sex=female", 404),
        ("leaflets/explain?form=%00", 200),
        ("leaflets/explain?organisation=o-nothing", 404),
        ("leaflets/explain?page=999999999999", 422),
        ("leaflets/explain?else=1", 422),
        ("leaflets?region=TJ-SU&region=nowhere", 422),
        ("leaflets?period=last", 422),
        ("%3Cscript%3E", 404),
        ("leaflets%27--", 404),
    ],
)
def test_what_cannot_be_is_refused(visitor: TestClient, path: str, status: int) -> None:
    assert visitor.get(f"/en/indicators/{path}").status_code == status


def test_a_region_from_which_nothing_came_says_so_to_who_sees_the_whole(
    ask: Ask, visitor: TestClient
) -> None:
    with visitor.app.state.site.store.transaction() as db:
        db.execute("DELETE FROM figures WHERE region = 'TJ-SU' AND period = '2026-Q1'")
    path = "explain?period=2026-Q1&region=TJ-SU"
    for role in ("coordinator", "visitor"):
        found = ask(role, f"leaflets/{path}")
        assert found["figure"]["value"] is None
        assert found["steps"] == ["Nothing was reported from there."]
        assert found["inputs"]["results"] == found["made_of"] == []
    assert ask("visitor", f"assisted/{path}") == 404
    assert ask("coordinator", "leaflets/explain?period=2019-Q1&region=TJ-SU") == 404


def test_it_is_told_what_came_late_and_what_the_portal_wrote(ask: Ask, visitor: TestClient) -> None:
    before = ask("coordinator", "leaflets/explain?period=2026-Q1")
    own, *_ = before["inputs"]["results"]
    assert before["changed_at"] is None
    assert before["unaccepted"] == 0
    with visitor.app.state.site.store.transaction() as db:
        report = own["report"]
        db.execute("DELETE FROM report_states WHERE report_id = ? AND state = 'accepted'", [report])
        sql = "UPDATE results SET state = 'not_reported', numerator = NULL, report_id = NULL"
        late = ", accepted_at = '2026-11-20T20:30:00Z' WHERE report_id = ? AND code = 'leaflets'"
        db.execute(sql + late, [report])
    found = ask("coordinator", "leaflets/explain?period=2026-Q1")
    row = next(e for e in found["inputs"]["results"] if e["organisation"] == own["organisation"])
    assert (row["is_own"], row["accepted_by"]) == (True, "")
    assert found["changed_at"] == "2026-11-20T20:30:00Z"
    assert found["unaccepted_names"] == [own["name"]]
    assert own["name"] not in found["silent_names"]
    page = visitor.get("/en/indicators/leaflets/explain?period=2026-Q1").text
    assert "Changed after closing, on 21 November 2026, by an exception." in page
    assert "Handed in, not accepted before closing" in page
    assert ask("visitor", "leaflets/explain?period=2026-Q1")["unaccepted_names"] == []
