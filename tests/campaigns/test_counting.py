"""What indicators will ask: activities and people in a period, by what and where."""

from datetime import date

import pytest

from portal.campaigns.registry import Held, count_activities, sum_participants
from tests.campaigns.conftest import VILLAGE, Stage

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def held(stage: Stage) -> Stage:
    stage.hold("ca-1", women=1, men=2, girls=4, boys=8, held_on="2026-01-01")
    stage.hold("ca-2", women=16, men=None, girls=None, boys=None, kind="debate")
    stage.hold("ca-3", women=None, men=None, girls=None, boys=None, place_id=None)
    stage.hold(
        "ca-4", women=32, men=0, girls=0, boys=0, organisation_id=stage.second, place_id=VILLAGE
    )
    stage.hold("ca-5", held_on="2025-12-31")
    stage.hold("ca-6", held_on="2027-01-01")
    return stage


def test_activities_are_counted_in_a_period_both_days_included(held: Stage) -> None:
    with held.network.store.read() as db:
        assert count_activities(db, Held(*YEAR)) == 4
        assert count_activities(db, Held(*YEAR, kind="debate")) == 1
        assert count_activities(db, Held(*YEAR, region="TM-M")) == 3
        assert count_activities(db, Held(*YEAR, organisation=held.first)) == 3
        assert count_activities(db, Held(*YEAR, organisation=held.second)) == 1


def test_participants_are_summed_by_sex_and_age_group(held: Stage) -> None:
    with held.network.store.read() as db:
        assert sum_participants(db, Held(*YEAR)) == 63
        assert sum_participants(db, Held(*YEAR), sex="female") == 53
        assert sum_participants(db, Held(*YEAR), sex="male", age_group="child") == 8
        assert sum_participants(db, Held(*YEAR), age_group="adult") == 51
        assert sum_participants(db, Held(*YEAR, kind="debate"), sex="male") is None
        assert sum_participants(db, Held(*YEAR, kind="film")) is None


def test_only_what_a_second_person_has_seen_counts(held: Stage) -> None:
    held.set(state="withdrawn")
    with held.network.store.read() as db:
        assert count_activities(db, Held(*YEAR)) == 0
