"""Where a recruit reaches the most people: against every choice there is."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.coverage.rules import MOST_RECRUITS, Recruit, Spot, best_recruits
from portal.geo import distance_km

DEGREES = st.integers(0, 8).map(lambda n: 37 + n / 8)
SPOTS = st.lists(
    st.tuples(DEGREES, DEGREES, st.sampled_from([0, 5, 5, 70, 900]), st.booleans()),
    max_size=12,
).map(lambda rows: [Spot(f"{n:02}", *row) for n, row in enumerate(rows)])
REACH = st.sampled_from([10.0, 20.0, 40.0, 80.0])


def gained(spots: list[Spot], home: Spot, km: float) -> tuple[int, int]:
    """How many people, in how many settlements, come within reach of somebody who lives there."""
    within = [
        each
        for each in spots
        if not each.is_reached
        and distance_km((home.latitude, home.longitude), (each.latitude, each.longitude)) <= km
    ]
    return sum(each.population for each in within), len(within)


@settings(max_examples=200, deadline=None)
@given(SPOTS, REACH)
def test_each_recruit_is_the_best_one_given_those_before(spots: list[Spot], km: float) -> None:
    chosen, left = best_recruits(spots, km), spots
    by_id = {each.id: each for each in spots}
    for each in chosen:
        best = max((gained(left, home, km) for home in left), default=(0, 0))
        ties = [home.id for home in left if gained(left, home, km) == best]
        assert each == Recruit(min(ties), *best)
        assert each.people > 0
        home = by_id[each.id]
        left = [
            msgspec.structs.replace(
                e,
                is_reached=e.is_reached
                or distance_km((home.latitude, home.longitude), (e.latitude, e.longitude)) <= km,
            )
            for e in left
        ]
    before = sum(each.population for each in spots if each.is_reached)
    after = sum(each.population for each in left if each.is_reached)
    assert before + sum(each.people for each in chosen) == after
    if len(chosen) < MOST_RECRUITS:
        assert all(not gained(left, home, km)[0] for home in left)
    # the order in which settlements are told changes nothing
    assert best_recruits(spots[::-1], km) == chosen
