"""Who is not a coordinator reads exact figures of places and parts only where all may be read."""

from pathlib import Path

import pytest

from portal.actor import PUBLIC, Actor
from portal.db import Store, fetch
from portal.indicators.actions import define
from portal.indicators.figures import count_anew
from portal.indicators.locks import lock
from portal.indicators.periods import read_period
from portal.indicators.queries import Counted
from portal.indicators.results import Kept, keep_results
from portal.indicators.sight import only_seen
from portal.schemas import MIGRATIONS
from tests.conftest import MOMENT, OPERATOR
from tests.defined import defined_as

QUARTER = "2026-Q1"
ORGANISATIONS = [f"o-{n}" for n in range(6)]
COORDINATOR = Actor(role="coordinator", account_id="a-1", organisation_id="o-0")

Cell = tuple[str, str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "portal.db")
    store.migrate(MIGRATIONS)
    with store.transaction() as db:
        for organisation in ORGANISATIONS:
            row = {"id": organisation, "name": organisation, "names": "{}", "sort_name": ""}
            more = {"kind": "ngo", "visibility": "members", "summaries": "{}"}
            db.table("organisations").insert({**row, **more})
        define(db, OPERATOR, MOMENT, defined_as(code="leaflets", counts_people=False))
        lock(db, OPERATOR, MOMENT, read_period(QUARTER))
    return store


def seen(store: Store, actor: Actor = PUBLIC, **reported: list[Cell]) -> set[Cell]:
    """The places and parts that somebody sees, when so many organisations report each of them."""
    cells = [
        Kept("leaflets", 1, QUARTER, organisation, region, sex=sex, numerator=50)
        for organisation, theirs in reported.items()
        for region, sex in theirs
    ]
    named = [cell.organisation_id.replace("_", "-") for cell in cells if cell.organisation_id]
    assert set(named) <= set(ORGANISATIONS)
    with store.transaction() as db:
        keep_results(db, OPERATOR, MOMENT, [_named(cell) for cell in cells])
        count_anew(db, "leaflets", QUARTER)
        kept = fetch(db, Counted, "SELECT * FROM figures WHERE organisation_id = ''")
        return {(each.region, each.sex) for each in only_seen(db, actor, kept)}


def _named(cell: Kept) -> Kept:
    return Kept(
        cell.code,
        cell.version,
        cell.period,
        str(cell.organisation_id).replace("_", "-"),
        cell.region,
        sex=cell.sex,
        numerator=cell.numerator,
    )


def test_regions_are_given_where_each_rests_on_three(store: Store) -> None:
    of_three = {f"o_{n}": [("TJ-SU", ""), ("TJ-KT", "")] for n in range(3)}
    assert seen(store, **of_three) == {("", ""), ("TJ", ""), ("TJ-SU", ""), ("TJ-KT", "")}


def test_one_region_that_is_hidden_hides_the_others_of_its_country(store: Store) -> None:
    of_three = {f"o_{n}": [("TJ-SU", ""), ("TM-A", "")] for n in range(3)}
    of_three["o_3"] = [("TJ-KT", "")]
    shown = seen(store, **of_three)
    # the rest of Tajikistan would be what o-3 did
    assert shown == {("", ""), ("TJ", ""), ("TM", ""), ("TM-A", "")}
    assert seen(store, COORDINATOR) > shown


def test_one_country_that_is_hidden_hides_the_other(store: Store) -> None:
    of_three = {f"o_{n}": [("TJ-SU", "")] for n in range(3)}
    assert seen(store, **of_three, o_3=[("TM-A", "")]) == {("", "")}


def test_whoever_names_no_region_is_not_the_network_minus_its_countries(store: Store) -> None:
    of_three = {f"o_{n}": [("TJ-SU", "")] for n in range(3)}
    assert seen(store, **of_three, o_3=[("", "")]) == {("", "")}


def test_a_part_that_is_hidden_hides_the_other_parts(store: Store) -> None:
    women = {f"o_{n}": [("", "female")] for n in range(3)}
    assert seen(store, **women, o_3=[("", "male")]) == {("", "")}
    both = {f"o_{n}": [("", "female"), ("", "male")] for n in range(6)}
    assert seen(store, **both) == {("", ""), ("", "female"), ("", "male")}
