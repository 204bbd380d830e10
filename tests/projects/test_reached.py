"""What a project has reached: against a plain oracle, by its rules, and as others are told it."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from portal.actor import Actor
from portal.errors import Invalid
from portal.indicators.periods import periods_within
from portal.indicators.rules import Figure, Kind
from portal.projects.actions import change_project
from portal.projects.registry import Accepted, count_reached
from portal.projects.rules import Given, exactly, guarded
from portal.publication.rules import policy_on
from tests.conftest import JSON, SignIn
from tests.defined import defined_as

POLICY = policy_on(date(2026, 11, 23))
QUARTERS = [each.code for each in periods_within(date(2026, 1, 1), date(2026, 12, 31), "quarter")]


def cell(period: str, organisation: str, sex: str, people: int, whole: int | None) -> Accepted:
    """So many people of so many; nobody at all is a zero."""
    state = "value" if people else "zero"
    share = None if whole is None else float(whole)
    return Accepted(organisation, "", "", sex, "", "", state, float(people), share, period)


cells = st.dictionaries(
    st.tuples(st.sampled_from(QUARTERS), st.sampled_from("ab"), st.sampled_from(["f", "m"])),
    st.integers(0, 40),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150)
@given(cells, st.sampled_from(["sum", "last", "mean"]))
def test_counts_are_those_of_a_plain_oracle(
    found: dict[tuple[str, str, str], int], rule: str
) -> None:
    accepted = [cell(*key, people, None) for key, people in found.items()]
    figure, periods = count_reached([defined_as(period_rule=rule)], accepted)
    by_quarter = [
        sum(people for (quarter, _o, _s), people in found.items() if quarter == each)
        for each in QUARTERS
        if any(quarter == each for quarter, _o, _s in found)
    ]
    wanted = {
        "sum": sum(by_quarter),
        "last": by_quarter[-1],
        "mean": sum(by_quarter) / len(by_quarter),
    }[rule]
    assert exactly("count", figure) == Given(pytest.approx(wanted))
    assert [each.code for each in periods] == sorted({quarter for quarter, _o, _s in found})


@settings(max_examples=100)
@given(cells)
def test_a_share_is_divided_at_the_very_end(found: dict[tuple[str, str, str], int]) -> None:
    accepted = [cell(*key, people, people + 7) for key, people in found.items()]
    rules = defined_as(kind="percent")
    figure, _periods = count_reached([rules], accepted)
    people = sum(found.values())
    whole = sum((n + 7) if n else 7 for n in found.values())
    assert exactly("percent", figure).value == pytest.approx(100 * people / whole)


def test_each_period_is_counted_by_the_version_that_held_then() -> None:
    older = defined_as(total_rule="unique")
    newer = defined_as(version=2, starts=date(2026, 7, 1))
    whole = cell("2026-Q1", "a", "", 5, None)
    parts = [cell("2026-Q1", "a", sex, 4, None) for sex in "fm"]
    later = [cell("2026-Q3", "a", sex, 4, None) for sex in "fm"]
    figure, _periods = count_reached([newer, older], [whole, *parts, *later])
    assert figure.numerator == 5 + 8


def test_nothing_accepted_is_unknown_and_no_zero() -> None:
    figure, periods = count_reached([defined_as()], [])
    assert (exactly("count", figure), periods) == (Given(), [])


@given(st.integers(0, 10_000))
def test_others_never_read_an_exact_number_of_people(people: int) -> None:
    told = guarded("count", Figure(people), POLICY)
    if people < 10:
        assert told == Given(fewer_than=10)
    else:
        assert told.value is not None
        assert told.value % 10 == 0
        assert abs(told.value - people) <= 5


@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from(["percent", "ratio"]))
def test_a_share_is_given_only_of_parts_that_may_be(part: int, rest: int, kind: Kind) -> None:
    told = guarded(kind, Figure(float(part), float(part + rest)), POLICY)
    if part < 10 or (kind == "percent" and rest < 10):
        assert told == Given()
    else:
        near = [(n + 5) // 10 * 10 for n in (part, part + rest)]
        assert told.value == pytest.approx(near[0] / near[1] * (100 if kind == "percent" else 1))


def test_a_median_of_people_is_not_given() -> None:
    assert guarded("median", Figure(4.5), POLICY) == Given()


def lines_of(client: TestClient, project_id: str) -> dict[str, dict[str, object]]:
    shown = client.get(f"/en/projects/{project_id}", headers=JSON).json()
    return {line["code"]: line for aim in shown["logframe"] for line in aim["lines"]}


def test_keepers_read_exact_numbers_and_others_rounded_ones(as_role: SignIn) -> None:
    exact = lines_of(as_role("member", "o-h8p2zd"), "pr-murgap")
    assert lines_of(as_role("coordinator"), "pr-murgap") == exact
    others = [lines_of(as_role(role), "pr-murgap") for role in ("member", "observer")]
    assert others[0] == others[1]
    told = others[0]
    # leaflets are no people
    assert told["leaflets"]["baseline"] == exact["leaflets"]["baseline"]
    assert told["leaflets"]["actual"]["fewer_than"] is None
    assert told["prevented"]["baseline"] == {"value": None, "fewer_than": 10}
    assert exact["prevented"]["baseline"] == {"value": 8.0, "fewer_than": None}
    assert told["prevented"]["actual"] != exact["prevented"]["actual"]
    assert told["prevented"]["progress"] is None


def test_a_line_counts_what_carries_the_project(lived_site: TestClient) -> None:
    lived_site.post("/demo/sign-in", data={"role": "coordinator"})
    before = lines_of(lived_site, "pr-murgap")["leaflets"]["actual"]["value"]
    sql = """
        SELECT sum(numerator) FROM results WHERE project_id = 'pr-murgap' AND code = 'leaflets'
        AND accepted_at IS NOT NULL AND replaced_at IS NULL
    """
    with lived_site.app.state.site.store.transaction() as db:
        assert db.execute(sql).fetchone() == (before,)
        # what is of the organisation alone counts only where a line says so
        db.execute("UPDATE results SET project_id = NULL WHERE period = '2026-Q1'")
        less = db.execute(sql).fetchone()[0]
    assert lines_of(lived_site, "pr-murgap")["leaflets"]["actual"]["value"] == less < before
    with lived_site.app.state.site.store.transaction() as db:
        db.execute("UPDATE project_lines SET counts = 'organisation'")
        inside = db.execute(
            "SELECT sum(numerator) FROM results WHERE organisation_id = 'o-h8p2zd'"
            " AND code = 'leaflets' AND accepted_at IS NOT NULL AND replaced_at IS NULL"
            " AND period >= '2024-Q3'"
        ).fetchone()[0]
    assert lines_of(lived_site, "pr-murgap")["leaflets"]["actual"]["value"] == inside == before


def test_an_open_quarter_is_told_to_keepers_alone(as_role: SignIn) -> None:
    spoken = {
        role: lines_of(as_role(role, organisation), "pr-sughd")["leaflets"]["last"]
        for role, organisation in (("member", "o-s2k6bd"), ("observer", ""))
    }
    with as_role("observer").app.state.site.store.read() as db:
        accepted: Sequence[tuple[str]] = db.execute(
            "SELECT DISTINCT period FROM results WHERE project_id = 'pr-sughd'"
            " AND code = 'leaflets' AND accepted_at IS NOT NULL ORDER BY period"
        ).fetchall()
    periods = list(itertools.chain(*accepted))
    assert spoken["observer"] == "2026-06-30"
    assert spoken["member"] == ("2026-09-30" if "2026-Q3" in periods else "2026-06-30")


def test_a_hidden_organisation_has_no_id_and_no_regions(as_role: SignIn) -> None:
    shown = as_role("observer").get("/en/projects/pr-house", headers=JSON).json()
    assert (shown["organisation_id"], shown["organisation"], shown["regions"]) == (None, None, [])
    assert (
        as_role("coordinator").get("/en/projects/pr-house", headers=JSON).json()["organisation_id"]
    )


def test_whoever_got_a_project_reads_nothing_exactly_that_is_not_its_own(
    lived_site: TestClient,
) -> None:
    with lived_site.app.state.site.store.transaction() as db:
        db.execute("UPDATE projects SET organisation_id = 'o-3vd8xw' WHERE id = 'pr-murgap'")
    lived_site.post("/demo/sign-in", data={"role": "member"})
    mine = lines_of(lived_site, "pr-murgap")["prevented"]["actual"]
    lived_site.cookies.clear()
    lived_site.post("/demo/sign-in", data={"role": "observer"})
    assert lines_of(lived_site, "pr-murgap")["prevented"]["actual"] == mine


def test_a_project_that_results_carry_stays_where_it_is(lived_site: TestClient) -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    by = Actor("coordinator", "a-coordinator")
    with lived_site.app.state.site.store.transaction() as db:
        was = dict(db.table("projects").get("pr-murgap"))
        row = {"code": was["code"], "organisation_id": "o-3vd8xw"}
        with pytest.raises(Invalid) as refused:
            change_project(db, by, at, "pr-murgap", row)
        assert list(refused.value.fields) == ["organisation"]
        assert dict(db.table("projects").get("pr-murgap")) == was
