"""Figures are made of accepted results, each by the version it was reported under."""

from datetime import date

import msgspec
import pytest

from portal.db import Store
from portal.errors import Invalid, NotFound
from portal.indicators.actions import define, reword
from portal.indicators.figures import count_all_anew, count_anew
from portal.indicators.periods import read_period
from portal.indicators.queries import find_definition, find_figures, find_parts
from portal.indicators.rules import value_of
from portal.schemas import MIGRATIONS
from tests.conftest import MOMENT, OPERATOR
from tests.defined import defined_as

ASSISTED = defined_as(starts=date(2026, 1, 1))


@pytest.fixture
def empty(tmp_path: object) -> Store:
    store = Store(tmp_path / "portal.db")  # type: ignore[operator]
    store.migrate(MIGRATIONS)
    with store.transaction() as db:
        for organisation in ("o-1", "o-2", "o-3"):
            row = {"id": organisation, "name": organisation, "names": "{}", "sort_name": ""}
            more = {"kind": "ngo", "visibility": "members", "summaries": "{}"}
            db.table("organisations").insert({**row, **more})
        define(db, OPERATOR, MOMENT, ASSISTED)
    return store


def report(
    store: Store, organisation: str, region: str, *cells: tuple[str, str, int | None]
) -> None:
    with store.transaction() as db:
        for sex, state, number in cells:
            db.table("results").insert(
                {
                    "code": "assisted",
                    "version": 1,
                    "organisation_id": organisation,
                    "region": region,
                    "period": "2026-Q1",
                    "sex": sex,
                    "age_group": "",
                    "form": "",
                    "state": state,
                    "numerator": number,
                    "at": "2026-04-10T05:00:00Z",
                    "accepted_at": "2026-04-12T05:00:00Z",
                }
            )


def test_figures_of_organisations_regions_and_parts(empty: Store) -> None:
    report(empty, "o-1", "TJ-SU", ("female", "value", 4), ("male", "value", 2))
    report(empty, "o-1", "TJ-KT", ("", "value", 5))
    report(empty, "o-2", "TJ-SU", ("female", "value", 3), ("male", "zero", None))
    report(empty, "o-3", "TJ-DU", ("", "not_reported", None))
    with empty.transaction() as db:
        count_anew(db, "assisted", "2026-Q1")
        (whole,) = find_figures(db, code="assisted")
        kept = {
            (each.organisation_id, each.region, each.sex): each.numerator
            for each in find_parts(db, "assisted", "2026-Q1")
        }
    assert (whole.numerator, whole.reported, whole.expected) == (14, 3, 4)
    assert whole.figure.is_partial
    assert kept == {
        ("", "", ""): 14,
        ("", "TJ", ""): 14,
        ("", "TJ", "female"): 7,
        ("", "TJ", "male"): 2,
        ("", "TJ-SU", ""): 9,
        ("", "TJ-KT", ""): 5,
        ("", "TJ-DU", ""): None,
        ("", "", "female"): 7,
        ("", "", "male"): 2,
        ("", "TJ-SU", "female"): 7,
        ("", "TJ-SU", "male"): 2,
        ("o-1", "", ""): 11,
        ("o-1", "TJ-SU", ""): 6,
        ("o-1", "TJ-KT", ""): 5,
        ("o-2", "", ""): 7 - 4,
        ("o-2", "TJ-SU", ""): 3,
        ("o-3", "", ""): None,
        ("o-3", "TJ-DU", ""): None,
    }


def test_made_anew_figures_are_the_same(empty: Store) -> None:
    report(empty, "o-1", "TJ-SU", ("female", "value", 4), ("male", "value", 2))
    with empty.transaction() as db:
        count_anew(db, "assisted", "2026-Q1")
        before = find_parts(db, "assisted", "2026-Q1")
        assert count_all_anew(db) == 1
        assert find_parts(db, "assisted", "2026-Q1") == before


def test_a_definition_with_results_is_changed_by_a_further_version(empty: Store) -> None:
    report(empty, "o-1", "TJ-SU", ("", "value", 4))
    changed = msgspec.structs.replace(ASSISTED, total_rule="unique")
    later = msgspec.structs.replace(changed, version=2, starts=date(2026, 4, 1))
    with empty.transaction() as db:
        with pytest.raises(Invalid):
            define(db, OPERATOR, MOMENT, changed)
        define(db, OPERATOR, MOMENT, later)
        count_all_anew(db)
        first = find_definition(db, "assisted", read_period("2026-Q1"))
        second = find_definition(db, "assisted", read_period("2026-Q2"))
        (whole,) = find_figures(db, code="assisted")
    assert first is not None
    assert second is not None
    assert (first.version, second.version) == (1, 2)
    assert (first.total_rule, second.total_rule) == ("sum", "unique")
    assert (whole.version, value_of("count", whole.figure)) == (1, 4)


def test_texts_are_mended_under_results_and_nothing_else_is(empty: Store) -> None:
    report(empty, "o-1", "TM-A", ("female", "value", 3))
    titles = {"en": "People helped", "tg": "Ёридашудагон"}
    mended = msgspec.structs.replace(ASSISTED, titles=titles, verification={})
    with empty.transaction() as db:
        reword(db, OPERATOR, MOMENT, mended)
    for other in ({"direction": "down"}, {"dimensions": []}, {"counts_people": False}):
        with pytest.raises(Invalid), empty.transaction() as db:
            reword(db, OPERATOR, MOMENT, msgspec.structs.replace(mended, titles={}, **other))
    with pytest.raises(NotFound), empty.transaction() as db:
        reword(db, OPERATOR, MOMENT, msgspec.structs.replace(mended, version=2))
    with empty.read() as db:
        assert find_definition(db, "assisted", read_period("2026-Q1")) == mended
        sql = "SELECT verb, detail ->> 'version' FROM audit WHERE entity_id = 'assisted'"
        assert db.execute(sql).fetchall() == [("define", 1), ("reword", 1)]
